"""A Python program that recomputes power, with SciPy's noncentral t distribution."""

from __future__ import annotations

from tui.analyses import recompute, recompute_r
from tui.analyses.methods.method import Data, Method
from tui.queries.records import Records
from tui.study.model import Study

_TAIL = '''

def power_of(difference, se, df):
    """The chance of p < alpha if this is the true difference."""
    bound, shift = stats.t.ppf(1 - alpha / 2, df), abs(difference) / se
    return stats.nct.sf(bound, df, shift) + stats.nct.cdf(-bound, df, shift)


def detectable(se, df):
    far = 2 * (stats.t.ppf(1 - alpha / 2, df) + stats.t.ppf(power, df)) + 2
    return optimize.brentq(lambda d: power_of(d, se, df) - power, 0, far * se, rtol=1e-13)


def subjects_per_arm(sd, taken):
    """By doubling and halving; `taken` are the degrees of freedom of the covariates."""

    def enough(n):
        return power_of(wanted, sd * np.sqrt(2 / n), 2 * n - 2 - taken) >= power

    few = many = taken // 2 + 2
    while not enough(many):
        few, many = many, 2 * many
        if many > 20_000_000:
            return None
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if enough(middle) else (middle, many)
    return many if many < 10_000_000 else None


for visit in later:
    rows = table.filter(pl.col("visit") == visit)
    for arm, found in compare(rows).items() if rows["response"].count() else []:
        if arm == reference:
            continue
        names = ("difference", "difference_se", "difference_df", "p")
        row = {name: found[name] for name in names if name in found}
        se, df = row.get("difference_se", 0), row.get("difference_df", 0)
        if se > 0 and df > 0 and power > alpha:
            row["detectable"] = detectable(se, df)
        if se > 0 and df > 0 and wanted is not None:
            row["wanted_power"] = power_of(wanted, se, df)
        if se > 0 and df > 0 and power > alpha and wanted:
            used = rows.drop_nulls(["response", *(["base", *covariates] if is_model else [])])
            taken = used.height - used["arm"].n_unique() - round(df) if is_model else 0
            row["wanted_n"] = subjects_per_arm(found["sd_within"], taken)
        show(visit_number=visit, arm=arm, **row)
'''


def program(
    study: Study,
    records: Records,
    method: Method,
    data: Data,
    later: list[float],
    power: float,
    wanted: float | None,
) -> str:
    """The program at the visits `later`; of an MMRM that in R, which gives its standard errors."""
    if method.id == "mmrm":
        return recompute_r.program(study, records, data)
    chosen = (
        f"\n\nlater, power, wanted = {later}, {power!r}, {wanted!r}\n"
        f"is_model = {method.id == 'ancova'}\n"
    )
    title = f"{records.endpoint.title}, power of {method.label}"
    tail = recompute.function(method, "compare") + chosen + _TAIL
    return recompute.whole(study, records, title, tail, data.covariates, scipy="optimize, stats")
