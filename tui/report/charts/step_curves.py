"""Kaplan-Meier curves as text: steps in braille or ASCII, numbers at risk below the axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui.report.charts.axes import DOTS_ACROSS, DOTS_DOWN, Scale, scale, spread, tick_labels
from tui.report.charts.canvas import Canvas
from tui.report.charts.text import cells, clean, fit

LEAST_PLOT = 20
"""Columns that the plot needs; long labels are cut to leave them."""

_AT_RISK = "At risk"


@dataclass(frozen=True, slots=True)
class Curve:
    """One arm.

    Attributes:
        label: What the curve is called.
        glyph: What marks its end, one cell wide.
        steps: Time and height of the curve from then on, ascending; it begins at 0 with 100. The
            last one is where the curve ends.
        censored: The times of censorings.
        at_risk: The number at risk at each tick of the axis.
    """

    label: str
    glyph: str
    steps: tuple[tuple[float, float], ...]
    censored: tuple[float, ...]
    at_risk: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is settled before anything is drawn: margin, axis, plot and labels, from the left."""

    curves: tuple[Curve, ...]
    ticks: tuple[float, ...]
    last: float
    columns: int
    y: Scale
    margin: int
    side: int
    ascii: bool

    def x(self, time: float) -> int:
        """The dot column of a time."""
        return round(time / self.last * (self.columns * DOTS_ACROSS - 1))


def step_curves(
    curves: Sequence[Curve],
    ticks: Sequence[float],
    *,
    width: int,
    height: int,
    ascii: bool = False,
    y_label: str = "",
    x_label: str = "",
) -> list[str]:
    """The curves on one axis from 0 to 100, `height` lines high without the axis.

    A censoring is a dot above its curve, `+` in ASCII. The ticks are times, 0 the first.
    """
    drawn = tuple(
        Curve(clean(one.label, ascii=ascii), one.glyph, one.steps, one.censored, one.at_risk)
        for one in curves
    )
    last = max((time for one in drawn for time, _ in one.steps), default=0.0)
    if not last > 0:
        return ["no data"]
    margin = max(len(_AT_RISK), len("100"))
    side = min(max(cells(_name(one)) for one in drawn), max(8, width - margin - 3 - LEAST_PLOT))
    columns = max(LEAST_PLOT, width - margin - 3 - side)
    y = scale(0.0, 100.0, height)
    frame = _Frame(drawn, tuple(ticks), last, columns, y, margin, side, ascii)
    lines = [clean(y_label, ascii=ascii), *_plot(frame), *_axis(frame), *_at_risk(frame)]
    label = clean(x_label, ascii=ascii)
    lines.insert(height + 3, " " * (margin + 2 + (columns - cells(label)) // 2) + label)
    return [line.rstrip() for line in lines]


def _plot(frame: _Frame) -> Iterator[str]:
    """The curves with the axis before and the names behind them."""
    canvas = Canvas(frame.columns, frame.y.rows)
    for number, curve in enumerate(frame.curves):
        _draw(canvas, frame, curve, number)
    for number, curve in enumerate(frame.curves):
        if curve.steps:
            time, height = curve.steps[-1]
            canvas.glyph(frame.x(time), frame.y.dot(height), curve.glyph, number)
    names = _names(frame)
    line, tick = "|+" if frame.ascii else "│┤"
    figures = {row: f"{value:g}" for row, value in frame.y.ticks() if 0 <= value <= 100}
    for row in range(frame.y.rows):
        text = figures.get(row, "")
        cell = "".join(character for character, _ in canvas.cells(row, ascii=frame.ascii))
        name = fit(names.get(row, ""), frame.side, ascii=frame.ascii)
        yield f"{text:>{frame.margin}} {tick if text else line}{cell} {name}"


def _draw(canvas: Canvas, frame: _Frame, curve: Curve, number: int) -> None:
    """The steps, then the censorings on them."""
    x, y = 0, frame.y.dot(100.0)
    for time, height in curve.steps:
        to_x, to_y = frame.x(time), frame.y.dot(height)
        canvas.line((x, y), (to_x, y), number)
        canvas.line((to_x, y), (to_x, to_y), number)
        x, y = to_x, to_y
    heights = dict(curve.steps)
    for time in curve.censored:
        at = frame.x(time), frame.y.dot(heights[time])
        if frame.ascii:
            canvas.glyph(*at, "+", number)
        else:
            canvas.dot(at[0], at[1] - 1, number)


def _names(frame: _Frame) -> dict[int, str]:
    """Every name beside the end of its curve, or near it where two would stand in one line."""
    ends = sorted(
        (frame.y.dot(one.steps[-1][1] if one.steps else 0.0) // DOTS_DOWN, place)
        for place, one in enumerate(frame.curves)
    )[: frame.y.rows]
    rows = spread([row for row, _ in ends], frame.y.rows)
    curves = [frame.curves[place] for _, place in ends]
    return {row: _name(one) for row, one in zip(rows, curves, strict=True)}


def _name(curve: Curve) -> str:
    """What stands at the end of the curve."""
    return f"{curve.glyph} {curve.label}" + ("" if curve.steps else " (no data)")


def _axis(frame: _Frame) -> list[str]:
    corner, tick, line = "++-" if frame.ascii else "└┬─"
    places = [frame.x(time) // DOTS_ACROSS for time in frame.ticks]
    ruler = "".join(tick if column in places else line for column in range(frame.columns))
    labels = [(place, f"{time:g}") for place, time in zip(places, frame.ticks, strict=True)]
    indent = " " * (frame.margin + 2)
    return [indent[1:] + corner + ruler, indent + tick_labels(labels, frame.columns)]


def _at_risk(frame: _Frame) -> Iterator[str]:
    """A line an arm: its glyph, the numbers below the ticks, its name."""
    places = [frame.x(time) // DOTS_ACROSS for time in frame.ticks]
    yield _AT_RISK
    for one in frame.curves:
        numbers = list(zip(places, map(str, one.at_risk), strict=True))
        line = f"{one.glyph:>{frame.margin}}  {tick_labels(numbers, frame.columns)}"
        yield f"{line} {fit(one.label, frame.side, ascii=frame.ascii)}"
