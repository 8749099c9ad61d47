"""Measurements of which no value is published: glucose, insulin, weight and blood pressure.

They keep step with HbA1c and with each other, and show no difference between the arms, save that
insulin is lower on 1.0 and 2.0 than on placebo at weeks 8 and 12 (N, Q: the direction alone).
"""

from collections.abc import Callable
from dataclasses import dataclass

from calibrate import Figure, Figures, Span, ancova, climb, to_int
from chance import Chance
from published import ARMS
from subjects import ARM_OF, EVERYONE, Subject
from visits import WEEKS, Missed, Values, changes

LEVEL = Span(-1.0, 1.0)  # t against placebo: unremarkable
LOWER = Span(-1.6, -0.8)  # lower, by a modest amount
INSULIN_CHANGE = Span(-6.0, -0.3)  # mean change on 1.0 and 2.0 at weeks 8 and 12

Draw = Callable[[int, int], float]  # row, week -> planned value


@dataclass(frozen=True)
class Measure:
    """How a measurement is drawn, in whole units of 1/scale."""

    code: str
    scale: int
    limits: tuple[int, int]
    steps: tuple[int, ...]
    draw: Draw


def ratio_span(code: str, arm: int, week: int) -> Span:
    """Return the span of t against placebo."""
    if code != "INSULIN":
        return LEVEL
    if arm == 1:
        return Span(-0.6, 0.6)
    if week == 0:
        return Span(-0.4, 0.1)
    return LOWER if week >= 8 else Span(-1.0, 0.1)


def week_figures(measure: Measure, week: int, rows: list[int], base: list[int]) -> Figures:
    """Return the function that computes the figures of a week from its values."""

    def figures(cells: list[int]) -> list[Figure]:
        fit = ancova(rows, ARM_OF, base, changes(cells, base), measure.scale)
        result = [
            Figure(ARMS[arm].label, fit.ratio(arm), ratio_span(measure.code, arm, week))
            for arm in (1, 2, 3)
        ]
        if measure.code == "INSULIN" and week >= 8:
            result += [Figure(ARMS[arm].label, fit.mean[arm], INSULIN_CHANGE) for arm in (2, 3)]
        return result

    return figures


def fitted(measure: Measure, missed: Missed, known: list[int] | None = None) -> Values:
    """Return a measurement at every week, drawn and then fitted; `known` is a given baseline."""
    values: Values = {}
    for week in WEEKS:
        if week == 0 and known is not None:
            values[0] = known
            continue
        rows = [row for row in EVERYONE if (row, week) not in missed]
        base = values.get(0, [0] * len(EVERYONE))
        plan = [to_int(measure.draw(row, week)) for row in EVERYONE]
        figures = week_figures(measure, week, rows, base)
        bounds = [measure.limits] * len(plan)
        values[week] = climb(f"{measure.code} week {week}", plan, bounds, figures, measure.steps)
    return values


def traits(name: str) -> list[float]:
    """Draw what sets each subject apart for good."""
    chance = Chance(name)
    return [chance.normal() for _ in EVERYONE]


def glucose(hba1c: Values, missed: Missed) -> Values:
    """Return fasting glucose in mg/dL, around the estimated average glucose of the HbA1c."""
    chance, own = Chance("glucose"), traits("glucose subject")

    def draw(row: int, week: int) -> float:
        average = 28.7 * hba1c[week][row] / 10 - 46.7
        return 0.85 * average + 14 + 15 * own[row] + 15 * chance.normal()

    return fitted(Measure("GLUC", 1, (74, 330), (1, 4), draw), missed)


def insulin(subjects: list[Subject], missed: Missed) -> Values:
    """Return fasting insulin in tenths of uIU/mL: skewed, higher with a higher BMI."""
    chance, own = Chance("insulin"), traits("insulin subject")

    def draw(row: int, week: int) -> float:
        subject = subjects[row]
        root = 3.9 + 0.06 * (subject.bmi_tenths / 10 - 33.5) + 0.8 * own[row]
        effect = (0.0, 0.0, -0.1, -0.12)[subject.arm] * min(week, 8) / 8
        return 10 * root * root * (1 + effect + 0.16 * chance.normal()) + 12

    return fitted(Measure("INSULIN", 10, (31, 620), (1, 5, 12), draw), missed)


def weight(subjects: list[Subject], missed: Missed) -> Values:
    """Return body weight in tenths of a kilogram, drifting slowly from its baseline."""
    chance, trend = Chance("weight visits"), traits("weight subject")
    base = [subject.weight_tenths for subject in subjects]

    def draw(row: int, week: int) -> float:
        return base[row] + week * (1.4 * trend[row] - 0.3) + 5 * chance.normal()

    return fitted(Measure("WEIGHT", 10, (450, 1550), (1, 3), draw), missed, known=base)


def pressure(missed: Missed) -> tuple[Values, Values]:
    """Return systolic and diastolic blood pressure in mmHg, the two moving together."""
    chance, high, low = Chance("pressure"), traits("systolic"), traits("diastolic")

    def systolic(row: int, _week: int) -> float:
        return 130 + 11 * high[row] + 7 * chance.normal()

    upper = fitted(Measure("SYSBP", 1, (98, 172), (1, 3), systolic), missed)

    def diastolic(row: int, week: int) -> float:
        return 78 + 0.3 * (upper[week][row] - 130) + 5.5 * low[row] + 4 * chance.normal()

    return upper, fitted(Measure("DIABP", 1, (55, 102), (1, 2), diastolic), missed)
