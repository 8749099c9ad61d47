"""A Python program that recomputes responders: counts, intervals, tests of two proportions."""

from __future__ import annotations

from tui.analyses import recompute
from tui.queries.records import Records
from tui.queries.responders import Threshold
from tui.study.model import Study
from tui.study.roles import SUBJECT

_COUNT = '''
def outcomes(visit):
    """One row a subject: the arm, whether there is a value, and whether it is a response."""
    rows = table.filter((pl.col("visit") == visit) & ~pl.col("baseline"))
    rows = rows.select("subject", own="arm", met={met})
    rows = people.join(rows, on="subject", how="left").with_columns(
        arm=pl.coalesce("own", "arm"), seen=pl.col("met").is_not_null()
    )
    counted = rows if missing == "nonresponder" else rows.filter("seen")
    return counted.with_columns(pl.col("met").fill_null(False))
'''

_TAIL = '''
# Left out: adjusted p values. Boschloo's p is SciPy's, which searches for the worst common
# proportion less finely.


def newcombe(x1, n1, x0, n0):
    """The hybrid of two score intervals: method 10 of Newcombe 1998."""
    one, zero = (wilson(x, n) for x, n in ((x1, n1), (x0, n0)))
    difference = x1 / n1 - x0 / n0
    return (
        difference - np.hypot(x1 / n1 - one.low, zero.high - x0 / n0),
        difference + np.hypot(one.high - x1 / n1, x0 / n0 - zero.low),
    )


def wilson(x, n):
    return stats.binomtest(x, n).proportion_ci(1 - alpha, method="wilson")


def miettinen_nurminen(x1, n1, x0, n0):
    """Where the score statistic of a difference, its variance times n / (n - 1), reaches z."""
    z, n, x, seen = stats.norm.ppf(1 - alpha / 2), n1 + n0, x1 + x0, x1 / n1 - x0 / n0

    def beyond(delta):
        a = ((n1 + 2 * n0) * delta - n - x) / (3 * n)
        b = ((n0 * delta - n - 2 * x0) * delta + x) / n
        q = a**3 - a * b / 2 + x0 * delta * (1 - delta) / n / 2
        p = np.copysign(np.sqrt(max(a**2 - b / 3, 0)), q)
        angle = (np.pi + np.arccos(np.clip(q / (p**3 or 1), -1, 1))) / 3
        zero = np.clip(2 * p * np.cos(angle) - a, max(0, -delta), min(1, 1 - delta))
        one = np.clip(zero + delta, 0, 1)
        variance = (one * (1 - one) / n1 + zero * (1 - zero) / n0) * n / (n - 1)
        return (seen - delta) ** 2 - z**2 * variance

    def inside(delta):  # the difference itself is never beyond, not even by rounding
        return -1 if delta == seen else beyond(delta)

    return [
        seen if seen == end else optimize.brentq(inside, end, seen, xtol=1e-14) for end in (-1, 1)
    ]


def against(x1, n1, x0, n0):
    """The comparison of two proportions."""
    two = np.array([[x1, n1 - x1], [x0, n0 - x0]])
    row = {"difference": x1 / n1 - x0 / n0, "fisher_p": stats.fisher_exact(two).pvalue}
    if x1 + x0:
        row |= zip(("newcombe_lower", "newcombe_upper"), newcombe(x1, n1, x0, n0))
        names = "miettinen_nurminen_lower", "miettinen_nurminen_upper"
        row |= zip(names, miettinen_nurminen(x1, n1, x0, n0))
    if 0 < x1 + x0 < n1 + n0:
        chi = stats.chi2_contingency(two, correction=False)
        row |= {"chi_square": chi.statistic, "chi_square_p": chi.pvalue}
        odds = stats.contingency.odds_ratio(two)
        limits = odds.confidence_interval(1 - alpha)
        row |= {"odds_ratio": odds.statistic}
        row |= {"odds_ratio_lower": limits.low, "odds_ratio_upper": limits.high}
    exact = stats.boschloo_exact(two.T) if 0 < x1 + x0 < n1 + n0 else None
    return row | {"boschloo_p": exact.pvalue if exact else 1.0}


for visit in later:
    found = outcomes(visit)
    cells = {arm: found.filter(pl.col("arm") == arm) for arm in arms}
    count = {arm: (int(cell["met"].sum()), cell.height) for arm, cell in cells.items()}
    for arm, (x, n) in count.items():
        if not n:
            continue
        one, exact = wilson(x, n), stats.binomtest(x, n).proportion_ci(1 - alpha)
        row = {"n": n, "responders": x, "percent": 100 * x / n}
        row |= {"wilson_lower": 100 * one.low, "wilson_upper": 100 * one.high}
        row |= {"exact_lower": 100 * exact.low, "exact_upper": 100 * exact.high}
        seen = cells[arm]["seen"].any() or cells[reference]["seen"].any()
        if arm != reference and count[reference][1] and seen:
            row |= against(x, n, *count[reference])
        show(visit_number=visit, arm=arm, **row)
'''


def counting(
    study: Study,
    records: Records,
    rule: Threshold,
    missing_is: str,
    later: list[float],
    strata: tuple[str, ...] = (),
) -> str:
    """The function that says who responded; `people` is the table of the subjects in force."""
    arm = study.arm_columns[str(records.selection.arm)]
    near = 1e-9 * max(1.0, abs(rule.limit))
    signed = near if rule.operator in ("<=", ">") else -near
    met = f'pl.col("{rule.column}") - {rule.limit!r} {rule.operator} {signed!r}'
    stratum = (
        f'pl.concat_str(pl.col({list(strata)}).cast(pl.String).fill_null(""), separator="\\n")'
        if strata
        else 'pl.lit("")'
    )
    return (
        f"later, missing = {later}, {missing_is!r}\n"
        f'people = subjects.select(subject="{SUBJECT}", arm="{arm}", stratum={stratum})\n'
        'people = people.filter(pl.col("arm").is_in(arms))\n\n' + _COUNT.replace("{met}", met)
    )


def program(
    study: Study, records: Records, rule: Threshold, missing_is: str, later: list[float]
) -> str:
    """The program of all visits after baseline."""
    return recompute.whole(
        study,
        records,
        f"{records.endpoint.title}, responders ({rule})",
        counting(study, records, rule, missing_is, later) + _TAIL,
        scipy="optimize, stats",
    )
