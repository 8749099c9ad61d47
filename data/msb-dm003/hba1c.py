"""HbA1c at the visits, fitted to the published differences from placebo."""

from dataclasses import dataclass
from math import sqrt

import published as pub
from calibrate import Bounds, Figure, Figures, Fit, Span, ancova, both, climb, printed, to_int
from chance import Chance
from published import ARMS, SLOPE
from subjects import ARM_OF, EVERYONE, ROWS, Subject
from visits import Missed, Values, changes

NO_EFFECT = Span(-1.85, 1.0)  # t against placebo: no P < 0.05
EFFECT = Span(-2.2, -2.012)  # t of 2.0 at week 8: P < 0.05 (A), beyond 2.0032 on 56 df
NO_SHIFT = Span(0.33, 0.67)  # share of pairs in which the dose is higher: no P < 0.05 either
SUBGROUP_RATIO = Span(-2.03, -1.4)  # t in the subgroup: P gives no P value, so none below 0.05


@dataclass(frozen=True)
class Goal:
    """What HbA1c is fitted to at one week, in %: spans of differences and errors, by arm."""

    difference: tuple[Span, Span, Span]
    error: tuple[Span, Span, Span]
    placebo: Span  # mean change; Q: HbA1c rose on placebo
    low_dose: Span  # mean change; Q: and fell under treatment


def spans_of(difference: pub.Difference, mmol: pub.Difference) -> tuple[Span, Span]:
    """Return in which spans an estimate and its error print as given in % and in mmol/mol."""
    return (
        both(printed(difference.estimate), printed(mmol.estimate, SLOPE)),
        both(printed(difference.error), printed(mmol.error, SLOPE)),
    )


WEEK_8_SPANS = spans_of(*pub.WEEK_8_LOW), spans_of(*pub.WEEK_8_HIGH)
WEEK_12_SPANS = spans_of(*pub.WEEK_12_HIGH)

# Weeks 8 and 12: the outer doses as printed (A), the middle one in between. Weeks 1, 2 and 4 are
# not published but for the sign: no reduction at week 1, a reduction on every dose after it.
GOALS = {
    1: Goal(
        difference=(Span(0.0, 0.05), Span(-0.03, 0.03), Span(-0.03, 0.02)),
        error=(Span(0.06, 0.09),) * 3,
        placebo=Span(-0.03, 0.03),
        low_dose=Span(-0.03, 0.06),
    ),
    2: Goal(
        difference=(Span(-0.06, -0.02), Span(-0.08, -0.05), Span(-0.14, -0.09)),
        error=(Span(0.09, 0.12),) * 3,
        placebo=Span(0.01, 0.04),
        low_dose=Span(-0.05, -0.005),
    ),
    4: Goal(
        difference=(Span(-0.1, -0.05), Span(-0.17, -0.1), Span(-0.25, -0.19)),
        error=(Span(0.145, 0.175),) * 3,
        placebo=Span(0.02, 0.06),
        low_dose=Span(-0.07, -0.01),
    ),
    8: Goal(
        difference=(WEEK_8_SPANS[0][0], Span(-0.245, -0.185), WEEK_8_SPANS[1][0]),
        error=(WEEK_8_SPANS[0][1], WEEK_8_SPANS[0][1], WEEK_8_SPANS[1][1]),
        placebo=Span(0.035, 0.09),
        low_dose=Span(-0.1, -0.01),
    ),
    12: Goal(
        difference=(
            both(Span(-0.048, -0.002), printed(pub.WEEK_12_LOW[0].estimate)),
            Span(-0.19, -0.11),
            WEEK_12_SPANS[0],
        ),
        error=(WEEK_12_SPANS[1],) * 3,
        placebo=Span(0.012, 0.06),
        low_dose=Span(-0.06, -0.002),
    ),
}

# The plan the fit starts from: mean change by arm, its drift with baseline, the spread of single
# subjects around it, and how closely a week follows the neighbor it is drawn from.
MEANS = {
    1: (0.0, 0.02, 0.0, 0.0),
    2: (0.02, -0.02, -0.05, -0.08),
    4: (0.03, -0.04, -0.11, -0.19),
    8: (0.06, -0.04, -0.16, -0.35),
    12: (0.03, -0.02, -0.12, -0.28),
}
DRIFT = {1: -0.02, 2: -0.04, 4: -0.07, 8: -0.12, 12: -0.14}
SPREAD = {1: 0.2, 2: 0.29, 4: 0.44, 8: 0.55, 12: 0.69}
CHAIN = ((8, None, 0.0), (12, 8, 0.88), (4, 8, 0.85), (2, 4, 0.8), (1, 2, 0.6))
SUBGROUP_SHIFT = 0.18  # the 2.0 dose does more where baseline is 8 % or more, less below


def draw_plan(week: int, near: int | None, closeness: float, values: Values) -> list[int]:
    """Draw HbA1c at a week, each subject's deviation following the one at the week `near`."""
    chance = Chance(f"hba1c week {week}")
    plan = []
    for row in EVERYONE:
        fresh = chance.normal()
        deviation = fresh
        if near is not None:
            followed = (values[near][row] - planned_mean(near, row, values[0])) / 10 / SPREAD[near]
            deviation = closeness * followed + sqrt(1 - closeness * closeness) * fresh
        plan.append(to_int(planned_mean(week, row, values[0]) + 10 * SPREAD[week] * deviation))
    return plan


def planned_mean(week: int, row: int, base: list[int]) -> float:
    """Return the HbA1c the plan expects of a subject, in tenths."""
    arm = ARM_OF[row]
    change = MEANS[week][arm] + DRIFT[week] * (base[row] / 10 - 8.25)
    if arm == 3 and week > 2:
        change += SUBGROUP_SHIFT * (1 if base[row] < 80 else -1)
    return base[row] + 10 * change


def week_figures(week: int, base: list[int], rows: list[int]) -> Figures:
    """Return the function that computes all figures of a week from its values."""
    goal = GOALS[week]
    high = [row for row in rows if base[row] >= 80]
    members = [[row for row in rows if ARM_OF[row] == arm] for arm in range(len(ARMS))]

    def figures(cells: list[int]) -> list[Figure]:
        change = changes(cells, base)
        fit = ancova(rows, ARM_OF, base, change, 10)
        result = [
            Figure("placebo", fit.mean[0], goal.placebo),
            Figure("low dose", fit.mean[1], goal.low_dose),
        ]
        for arm in (1, 2, 3):
            name = ARMS[arm].label
            result.append(Figure(name, fit.difference[arm], goal.difference[arm - 1]))
            result.append(Figure(f"SE {name}", fit.error[arm], goal.error[arm - 1]))
            if week != 8 or arm != 3:
                shift = share_higher(change, members[arm], members[0])
                result.append(Figure(f"t {name}", fit.ratio(arm), NO_EFFECT))
                result.append(Figure(f"rank {name}", shift, NO_SHIFT))
        if week == 8:
            result.append(Figure("t 2.0 M/kg", fit.ratio(3), EFFECT))
            result += subgroup_figures(ancova(high, ARM_OF, base, change, 10))
        return result

    return figures


def share_higher(values: list[int], these: list[int], those: list[int]) -> float:
    """Return the share of pairs in which the first is higher, ties by half (Mann-Whitney)."""
    twice = 0
    for first in these:
        for second in those:
            twice += (values[first] > values[second]) + (values[first] >= values[second])
    return twice / (2 * len(these) * len(those))


def subgroup_figures(fit: Fit) -> list[Figure]:
    """Return the -0.6 of the subjects with 8 % or more, in each way it can be read."""
    exact = float(pub.SUBGROUP_WEEK_8)
    target = Span(exact - 0.035, exact + 0.035)  # well inside what rounds to it
    return [
        Figure("subgroup mean change", fit.mean[3], target),
        Figure("subgroup difference of means", fit.mean[3] - fit.mean[0], target),
        Figure("subgroup adjusted difference", fit.difference[3], target),
        Figure("subgroup t", fit.ratio(3), SUBGROUP_RATIO),
    ]


def subject_bounds(week: int, plan: list[int], values: Values) -> Bounds:
    """Return the limits of each subject; at week 12 they fix who is below 7 %."""
    base = values[0]
    bounds: Bounds = []
    for row in EVERYONE:
        reach = 4 if week == 1 else 7 if week == 2 else 25
        bounds.append((max(60, base[row] - reach), min(118, base[row] + reach)))
    if week == 12:
        for arm, rows in enumerate(ROWS):
            below = [row for row in rows if base[row] < 80]
            ranked = sorted(below, key=lambda row: (values[8][row] + plan[row], row))
            count = pub.RESPONDERS_OTHER.get(arm, pub.RESPONDERS_HIGH if arm == 3 else 0)
            for row in rows:
                low, high = bounds[row]
                wins = row in ranked[:count]
                bounds[row] = (low, 69) if wins else (max(low, 70), high)
    return bounds


def hba1c(subjects: list[Subject], missed: Missed) -> Values:
    """Return HbA1c in tenths of a percent at every week."""
    values: Values = {0: [subject.hba1c_tenths for subject in subjects]}
    for week, near, closeness in CHAIN:
        plan = draw_plan(week, near, closeness, values)
        rows = [row for row in EVERYONE if (row, week) not in missed]
        bounds = subject_bounds(week, plan, values)
        figures = week_figures(week, values[0], rows)
        values[week] = climb(f"HbA1c week {week}", plan, bounds, figures)
    return values
