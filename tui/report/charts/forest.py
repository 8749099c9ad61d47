"""Intervals on one axis, a line each: subgroups, sensitivity, what could have been detected."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tui.report.charts.axes import tick_labels
from tui.report.charts.text import cells, clean, fit
from tui.report.numbers import fixed

LEAST_AXIS = 20
"""Cells that the axis needs; a long label is cut to leave them."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A line of the chart.

    Attributes:
        label: What stands before it.
        estimate, lower, upper: In one unit for all lines; None is missing.
        text: What stands behind it.
        marks: Further values on the axis, drawn as `x`.
    """

    label: str
    estimate: float | None
    lower: float | None = None
    upper: float | None = None
    text: str = ""
    marks: tuple[float, ...] = ()


def forest(
    intervals: Sequence[Interval], *, width: int, ascii: bool = False, decimals: int = 1
) -> list[str]:
    """The intervals below each other, a dotted line at zero, and the axis under them."""
    known = [
        value
        for one in intervals
        for value in (one.estimate, one.lower, one.upper, *one.marks)
        if value is not None and math.isfinite(value)
    ]
    if not known:
        return ["no data"]
    low, high = min(0.0, *known), max(0.0, *known)
    if high == low:
        low, high = -1.0, 1.0
    labels = [clean(one.label, ascii=ascii) for one in intervals]
    texts = [clean(one.text, ascii=ascii) for one in intervals]
    behind = max(map(cells, texts))
    label = min(max(map(cells, labels)), max(8, width - behind - LEAST_AXIS - 4))
    room = max(LEAST_AXIS, width - label - behind - 4)
    lines = [
        f"{fit(name, label, ascii=ascii)}  {_bar(one, low, high, room, ascii)}  {text}".rstrip()
        for name, one, text in zip(labels, intervals, texts, strict=True)
    ]
    return [*lines, " " * (label + 2) + _axis(low, high, room, decimals).rstrip()]


def _place(value: float, low: float, high: float, room: int) -> int:
    return round((value - low) / (high - low) * (room - 1))


def _bar(one: Interval, low: float, high: float, room: int, ascii: bool) -> str:
    """One interval: its line, the ends, the estimate, the marks; zero shows where nothing is."""
    drawn = [" "] * room
    drawn[_place(0.0, low, high, room)] = ":" if ascii else "┊"
    line, left, right, dot = "-||o" if ascii else "─├┤●"
    if one.lower is not None and one.upper is not None:
        first, last = (_place(value, low, high, room) for value in (one.lower, one.upper))
        drawn[first : last + 1] = line * (last + 1 - first)
        drawn[first], drawn[last] = left, right
    for mark in one.marks:
        drawn[_place(mark, low, high, room)] = "x"
    if one.estimate is not None and math.isfinite(one.estimate):
        drawn[_place(one.estimate, low, high, room)] = dot
    return "".join(drawn)


def _axis(low: float, high: float, room: int, decimals: int) -> str:
    """The ends of the axis, and zero, by their figures."""
    figures = sorted({low, 0.0, high})
    labels = [(_place(value, low, high, room), fixed(value, decimals)) for value in figures]
    return tick_labels(labels, room)
