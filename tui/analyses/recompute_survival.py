"""A Python program that recomputes times to an event from the study's files, without this one.

It is written out plainly, time by time, so that it checks the sums that this program cumulates.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui.analyses.recompute import SHOW, has_dates, head, keep, read, subject_rules
from tui.queries import where
from tui.queries.covariates import Covariates
from tui.queries.time_to_event import Times
from tui.study.model import Study
from tui.study.roles import SUBJECT

_TAIL = '''
arms, reference, alpha = {arms}, {reference!r}, {alpha}
tested, fitted = {tested}, {fitted}
numeric, classes = {numeric}, {classes}
end = table["time"].max()
{show}def sets_at_risk(one):
    """Who is at risk, and who has the event, at each time with an event in each stratum."""
    for _, rows in one.group_by("stratum", maintain_order=True):
        time, event, number = (rows[name].to_numpy() for name in ("time", "event", "number"))
        for t in np.unique(time[event]):
            yield number[time >= t], number[event & (time == t)]


def curve(one):
    time, event = one["time"].to_numpy(), one["event"].to_numpy()
    steps = np.unique(time)
    at_risk = np.array([(time >= t).sum() for t in steps])
    events = np.array([(time[event] == t).sum() for t in steps])
    survival = np.cumprod(1 - events / at_risk)
    reached, passed = steps[survival <= 0.5 + 1e-8], steps[survival < 0.5 - 1e-8]
    median = (reached[0] + [*passed, steps[-1]][0]) / 2 if len(reached) else None
    area = np.cumsum((np.array([1, *survival]) * np.diff([0, *steps, end]))[::-1])[::-1]
    left = at_risk * (at_risk - events)
    hazard = np.where(left > 0, events / np.maximum(left, 1), 0)
    se = np.sqrt((hazard * area[1:] ** 2).sum())
    return {{"median": median, "restricted_mean": area[0], "restricted_mean_se": se}}


def log_rank(one):
    labels = one["arm"].unique().sort()
    arm = np.column_stack([one["arm"] == label for label in labels]).astype(float)
    difference, variance = np.zeros(len(labels)), np.zeros((len(labels), len(labels)))
    for at, now in sets_at_risk(one):
        n, d, share = len(at), len(now), arm[at].mean(axis=0)
        difference += arm[now].sum(axis=0) - d * share
        variance += d * (n - d) / max(n - 1, 1) * (np.diag(share) - np.outer(share, share))
    statistic = difference @ np.linalg.pinv(variance, hermitian=True) @ difference
    df = np.linalg.matrix_rank(variance, hermitian=True)
    return {{"log_rank": statistic, "log_rank_p": stats.chi2.sf(statistic, df)}}


def cox(one):
    one = one.drop_nulls([*numeric, *classes]).with_columns(number=pl.int_range(pl.len()))
    columns = [one["arm"] != reference, *(one[name] for name in numeric)]
    for name in classes:
        texts = one[name].cast(pl.String)
        columns += [texts == level for level in texts.unique().sort()[1:]]
    x = np.column_stack(columns).astype(float)
    x[:, 1:] = (x[:, 1:] - x[:, 1:].mean(axis=0)) / x[:, 1:].std(axis=0)
    beta = np.zeros(x.shape[1])
    for _ in range(12):
        gradient, information = np.zeros(len(beta)), np.zeros((len(beta), len(beta)))
        for at, now in sets_at_risk(one):
            rows, has_event = x[at], np.isin(at, now)
            for k in range(len(now)):  # Efron
                weight = np.exp(rows @ beta) * (1 - k / len(now) * has_event)
                mean = weight @ rows / weight.sum()
                gradient += x[now].mean(axis=0) - mean
                information += (rows.T * weight) @ rows / weight.sum() - np.outer(mean, mean)
        beta += np.linalg.solve(information, gradient)
    se = np.sqrt(np.linalg.inv(information)[0, 0])
    margin = stats.norm.ppf(1 - alpha / 2) * se
    return {{
        "hazard_ratio": np.exp(beta[0]),
        "hazard_ratio_lower": np.exp(beta[0] - margin),
        "hazard_ratio_upper": np.exp(beta[0] + margin),
        "hazard_ratio_p": 2 * stats.norm.sf(abs(beta[0] / se)),
    }}


# Left out: S(t) at round times, quartiles but the median, limits of times, differences of
# restricted means, adjusted p values.
for arm in arms:
    rows = table.filter(pl.col("arm") == arm)
    if rows.height:
        show(arm=arm, **curve(rows))
for arm in tested:  # None is all of them
    rows = table if arm is None else table.filter(pl.col("arm").is_in([arm, reference]))
    rows = rows.with_columns(number=pl.int_range(pl.len()))
    show(arm=arm, **log_rank(rows), **(cox(rows) if arm in fitted else {{}}))
'''


def program(
    study: Study,
    found: Times,
    covariates: Covariates,
    tested: Sequence[str | None],
    fitted: Sequence[str],
) -> str:
    """The program; empty where the columns are not numbers, or cannot be read in a few lines.

    Args:
        study: The study.
        found: The times.
        covariates: Of the Cox models.
        tested: The arms that have a log-rank test against the reference; None is that of all.
        fitted: The arms whose Cox model has a maximum in all of its terms.
    """
    dataset, chosen = found.endpoint.dataset, found.selection
    if not all(dataset.schema[name].is_numeric() for name in ("AVAL", "CNSR")):
        return ""
    conditions = where.parse(chosen.where or "")
    named = list(dict.fromkeys([*covariates.names, *map(str.upper, chosen.strata or ())]))
    on_subjects = (SUBJECT, *(one.column for one in conditions), *named)
    on_rows = (SUBJECT, "PARAMCD", *(["PARAM"] if found.endpoint.param is not None else []))
    subjects, rows = read(study.subjects, on_subjects), read(dataset, on_rows)
    if not subjects or not rows:
        return ""
    parts = [
        head(found.title, subjects, rows, has_dates(study, conditions)),
        *subject_rules(study, chosen, conditions),
        *(keep("rows", rule) for rule in _rules(found)),
        _table(study, found, named),
        _TAIL.format(
            arms=[arm.label for arm in found.people.arms],
            reference=found.people.reference.label,
            alpha=chosen.level,
            tested=list(tested),
            fitted=list(fitted),
            numeric=covariates.numeric.columns,
            classes=covariates.classes.columns,
            show=SHOW,
        ),
    ]
    return "".join(parts)


def _rules(found: Times) -> list[str]:
    """The records that count."""
    endpoint, records = found.endpoint, str(found.selection.records)
    rules = [f'pl.col("PARAMCD") == {endpoint.code!r}']
    if endpoint.param is not None:
        rules.append(f'pl.col("PARAM").fill_null("") == {endpoint.param!r}')
    if records.endswith("FL"):
        rules.append(f'pl.col("{records}") == "Y"')
    return [*rules, '(pl.col("AVAL") >= 0) & pl.col("AVAL").is_finite()', 'pl.col("CNSR") >= 0']


def _table(study: Study, found: Times, named: Sequence[str]) -> str:
    """Arm, time, event, stratum and covariates of each subject."""
    dataset, chosen = found.endpoint.dataset, found.selection
    own = {"planned": "TRTP", "actual": "TRTA"}[found.people.arm_kind]
    arm = own if dataset.has(own) else study.arm_columns[found.people.arm_kind]
    taken = list(dict.fromkeys([SUBJECT, *([] if dataset.has(own) else [arm]), *named]))
    strata = [name.upper() for name in chosen.strata or ()]
    texts = f'pl.col({strata}).cast(pl.String).fill_null("")'
    stratum = f'pl.concat_str({texts}, separator="\\n")' if strata else 'pl.lit("")'
    columns = list(dict.fromkeys(named))
    return (
        f'rows = rows.sort("AVAL", "CNSR").unique("{SUBJECT}", keep="first", maintain_order=True)\n'
        f"rows = rows.drop({[name for name in taken[1:] if name in dataset.schema]})\n"
        f'table = rows.join(subjects.select({taken}), on="{SUBJECT}").select(\n'
        f'    {columns}, arm=pl.col("{arm}").str.strip_chars(), time="AVAL",\n'
        f'    event=pl.col("CNSR") == 0, stratum={stratum},\n'
        f').filter(pl.col("arm").is_in({[one.label for one in found.people.arms]}))\n'
    )
