"""A Python program that recomputes the differences in subgroups and their interaction."""

from __future__ import annotations

from tui.analyses import methods, recompute
from tui.analyses.methods.method import Data
from tui.queries.records import Records
from tui.queries.subgroup import Subgroup
from tui.study.model import Study

_TAIL = '''

def fit(y, X):
    """The residual sum of squares, and the rank, of a model of any rank."""
    size = np.linalg.norm(X, axis=0)
    X, y = X / np.where(size > 0, size, 1), y - y.mean()
    residual = y - X @ (np.linalg.pinv(X, rcond=1e-7) @ y)
    return residual @ residual, np.linalg.matrix_rank(X, rtol=1e-7)


def is_(rows, name, values):
    """A column for each value: 1 where a row has it, else 0."""
    return np.column_stack([(rows[name] == one).cast(pl.Float64).to_numpy() for one in values])


def interactions(rows):
    """The p of arm x level: of each arm, and of all of them at once."""
    rows = rows.drop_nulls(["response", "base", "level", *covariates])
    y, others = rows["response"].to_numpy(), [arm for arm in arms if arm != reference]
    main = [is_(rows, "arm", arms), is_(rows, "level", levels)]
    for name in ["base", *covariates]:
        is_number = rows[name].dtype.is_numeric()
        column = (rows[name].to_numpy() - rows[name].mean())[:, None] if is_number else None
        main.append(column if is_number else is_(rows, name, rows[name].unique().sort()))
    own = {arm: is_(rows, "arm", [arm]) * is_(rows, "level", levels) for arm in others}
    squares, rank = fit(y, np.hstack([*main, *own.values()]))
    left, p = len(y) - rank, {}
    for arm in [None, *others]:
        kept = [own[one] for one in others if arm not in (None, one)]
        more, fewer = fit(y, np.hstack([*main, *kept]))
        if rank > fewer and left > 0 and squares > (1e-13 * np.linalg.norm(y)) ** 2:
            f = max(more - squares, 0) / (rank - fewer) / (squares / left)
            p[arm] = stats.f.sf(f, rank - fewer, left)
    return p


for visit in sorted(table["visit"].unique()):
    whole = table.filter(pl.col("visit") == visit)
    if not whole["response"].count():
        continue
    p = interactions(whole)
    for level in [None, *levels]:
        rows = whole if level is None else whole.filter(pl.col("level") == level)
        has_rows = rows.drop_nulls(["response", "base", *covariates]).height
        for arm, found in (compare(rows) if has_rows else dict.fromkeys(arms, {})).items():
            names = ("difference", "difference_se", "difference_df", "p")
            row = {name: found[name] for name in names if name in found}
            if "p" in row:
                margin = stats.t.ppf(1 - alpha / 2, row["difference_df"]) * row["difference_se"]
                row["difference_lower"] = row["difference"] - margin
                row["difference_upper"] = row["difference"] + margin
            if arm != reference:
                row |= {"interaction_p": p.get(arm), "interaction_all_p": p.get(None)}
                show(visit_number=visit, level=level, arm=arm, **row)
'''


def program(study: Study, records: Records, data: Data, chosen: Subgroup) -> str:
    """The program of one subgroup at the visits of the records."""
    ancova = methods.find("ancova")
    name, kind = chosen.name, records.people.frame.schema[chosen.name]
    text = (
        '.map_elements("{:g}".format, return_dtype=pl.String)'
        if kind.is_float()
        else ".cast(pl.String).str.strip_chars()"
    )
    level = (
        f"\n\nlevels = {list(chosen.levels)}\n"
        f'table = table.with_columns(level=pl.col("{name}"){text})\n'
    )
    return recompute.whole(
        study,
        records,
        f"{records.endpoint.title}, by {name}",
        recompute.function(ancova, "compare") + level + _TAIL,
        data.covariates,
        (name,),
    )
