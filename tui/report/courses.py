"""The course of each arm over the visits: what a chart of an answer shows, whoever draws it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tui.analyses.answer import Answer
from tui.report.charts.line_chart import GLYPHS, Point, Series, in_order
from tui.report.visible import visible

KINDS = ("visits", "trends")
"""The answers that have one."""


@dataclass(frozen=True)
class Course:
    """Means with their intervals.

    Attributes:
        series: An arm each, in the order of the study.
        y_label: What the means are, and what their intervals.
        x_label: What the visit numbers count.
        zero: Whether they are changes, which are held against none.
    """

    series: tuple[Series, ...]
    y_label: str
    x_label: str
    zero: bool


def course(answer: Answer, glyphs: str = GLYPHS) -> Course:
    """That of the trends, or of the week-by-week table with the interval in force.

    LS means have their confidence intervals; where a method compares without a model, observed
    means have one standard error on either side.
    """
    of_change = answer.selection.value == "CHG"
    level = f"{100 * (1 - answer.selection.level):g}% CI"
    point: Callable[[Any], Point]
    if answer.question.kind == "trends":
        mean, bars = "mean", level
        point = _trend
    elif any(row.lsmean is not None for row in answer.rows):
        mean, bars = "LS mean", f"{level} ({answer.method.name})"
        point = _ls_mean
    else:
        mean, bars = "mean", "one standard error on either side"
        point = _change if of_change else _value
    unit = f" ({answer.unit})" if answer.unit else ""
    what = "change from baseline" if of_change else "value"
    return Course(
        tuple(
            Series(
                arm.label,
                glyphs[arm.order % len(glyphs)],
                in_order(point(row) for row in answer.rows if row.arm == arm.label),
            )
            for arm in answer.arms
        ),
        visible(f"{answer.selection.endpoint}{unit}, {mean} {what} with {bars}"),
        axis(answer),
        of_change,
    )


def axis(answer: Answer) -> str:
    """What the visit numbers count: weeks only where the visits are called by them.

    SDTM numbers visits one after the other, so that week 4 may be visit 5.
    """
    called = {
        (float(week[1]), row.visit_number)
        for row in answer.rows
        if (week := re.search(r"\bweek\s*(\d+)", row.visit, re.IGNORECASE))
    }
    return "Week" if called and all(week == number for week, number in called) else "Visit"


def _trend(row: Any) -> Point:
    return Point(row.visit_number, row.mean, row.lower, row.upper)


def _ls_mean(row: Any) -> Point:
    return Point(row.visit_number, row.lsmean, row.lsmean_lower, row.lsmean_upper)


def _change(row: Any) -> Point:
    return _with_error(row.visit_number, row.change_mean, row.change_se)


def _value(row: Any) -> Point:
    return _with_error(row.visit_number, row.mean, row.se)


def _with_error(visit: float, mean: float | None, error: float | None) -> Point:
    if mean is None or error is None:
        return Point(visit, mean)
    return Point(visit, mean, mean - error, mean + error)
