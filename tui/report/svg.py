"""The charts of an answer as SVG: means with intervals over visits, and Kaplan-Meier curves.

Drawn by ourselves, as text without script, style or anything that is fetched. Whatever comes from
the data is escaped, and what acts in it is visible text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from textwrap import wrap

from tui.analyses.answer import Answer
from tui.report import courses, curves, provenance
from tui.report.charts.axes import scale, spread
from tui.report.charts.line_chart import Point, Series
from tui.report.charts.step_curves import Curve
from tui.report.charts.text import cells, clean, fit
from tui.report.looks import LOOKS
from tui.report.numbers import Precision, fixed
from tui.report.visible import visible

LEFT, PLOT, SIDE = 66, 520, 190
"""Widths in pixels: before the y axis, of the plot, and of the arms' names behind it."""

TOP, HIGH = 30, 300
"""Pixels above the plot, and its height."""

LINE = 17
"""Pixels from one line of text to the next."""

_NAME, _DIGIT = 22, 7
"""Characters of an arm's name; the width of one in pixels."""


@dataclass(frozen=True)
class _Axis:
    """A straight scale: values from `low` to `high` on pixels from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        part = (value - self.low) / ((self.high - self.low) or 1.0)
        return round(self.start + part * (self.end - self.start), 1)


def figure(answer: Answer) -> str:
    """The chart of an answer; empty where there is none to draw."""
    if answer.question.kind == "survival":
        body, below = _survival(answer)
    elif answer.question.kind in courses.KINDS:
        body, below = _course(answer)
    else:
        return ""
    if not body:
        return ""
    notice = wrap(visible(provenance.warning(answer)), 105)
    end = TOP + HIGH + below + LINE
    said = [_text(0, end + LINE * place, line) for place, line in enumerate(notice)]
    height, width = end + LINE * len(notice), LEFT + PLOT + SIDE
    title = escape(visible(f"{answer.title} - {answer.study.id}"), quote=True)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img" aria-label="{title}" '
            'font-family="sans-serif" font-size="12" fill="#111">',
            f"<title>{title}</title>",
            *body,
            *said,
            "</svg>",
        ]
    )


# -- means


def _course(answer: Answer) -> tuple[list[str], int]:
    """The arms side by side at each visit, and the height of what stands below the plot."""
    course = courses.course(answer)
    points = [point for one in course.series for point in one.points if point.mean is not None]
    if not points:
        return [], 0
    known = [
        value for one in points for value in (one.mean, one.lower, one.upper) if value is not None
    ] + [0.0] * course.zero
    visits = sorted({point.x for one in course.series for point in one.points})
    x = _Axis(visits[0], visits[-1], LEFT + 30, LEFT + PLOT - 30)
    y, ticks = _y_axis(min(known), max(known))
    apart = min((x.at(right) - x.at(left) for left, right in pairwise(visits)), default=60.0)
    step = min(7.0, 0.8 * apart / max(1, len(course.series)))
    decimals = Precision(answer.decimals).mean
    body = _frame(
        course.y_label, course.x_label, [(y.at(one), fixed(one, decimals)) for one in ticks]
    )
    if course.zero:
        body.append(f'<path d="M{LEFT} {y.at(0.0)}h{PLOT}" stroke="#999" stroke-dasharray="1 3"/>')
    body += _x_ticks([(x.at(one), f"{one + 0.0:g}") for one in visits])
    for place, one in enumerate(course.series):
        by = (place - (len(course.series) - 1) / 2) * step
        body += _line(one, replace(x, start=x.start + by, end=x.end + by), y)
    ends = ([y.at(p.mean) for p in one.points if p.mean is not None] for one in course.series)
    body += _names(course.series, [heights[-1] if heights else None for heights in ends])
    return body, 2 * LINE + 8


def _y_axis(low: float, high: float) -> tuple[_Axis, list[float]]:
    """From tick to tick, so that each of the values lies between two."""
    found = scale(low, high, 15)
    ticks = sorted(value for _, value in found.ticks())
    return _Axis(min(low, ticks[0]), max(high, ticks[-1]), TOP + HIGH - 8, TOP + 8), ticks


def _line(one: Series, x: _Axis, y: _Axis) -> Iterator[str]:
    """The means of an arm, joined where none is missing between them, with their intervals."""
    look, path, ready = LOOKS[one.glyph], "", False
    for point in one.points:
        if point.mean is not None:
            path += f"{'L' if ready else 'M'}{x.at(point.x)} {y.at(point.mean)}"
        ready = point.mean is not None
    yield f'<g stroke="{look.color}" fill="none" stroke-width="1.6">'
    yield f'<path d="{path}" stroke-dasharray="{look.dash or "none"}"/>'
    for point in one.points:
        yield from _mean(point, x.at(point.x), y, one.glyph)
    yield "</g>"


def _mean(point: Point, x: float, y: _Axis, glyph: str) -> Iterator[str]:
    if point.mean is None:
        return
    if point.lower is not None and point.upper is not None:
        low, high = y.at(point.lower), y.at(point.upper)
        yield f'<path d="M{x} {low}V{high}M{x - 3} {low}h6M{x - 3} {high}h6" stroke-width="1"/>'
    yield _marker(glyph, x, y.at(point.mean))


# -- times to an event


def _survival(answer: Answer) -> tuple[list[str], int]:
    """Steps, a stroke at each censoring, and the numbers at risk below the ticks."""
    drawn = curves.curves(answer)
    last = max((time for one in drawn.curves for time, _ in one.steps), default=0.0)
    if not last > 0:
        return [], 0
    x, y = _Axis(0.0, last, LEFT, LEFT + PLOT - 10), _Axis(0.0, 100.0, TOP + HIGH - 8, TOP + 8)
    heights = [(y.at(value), f"{value:g}") for value in range(0, 101, 20)]
    label = "S(t), % without the event; a stroke: censored"
    body = _frame(visible(label), drawn.x_label, heights)
    ticks = [(x.at(one), f"{one:g}") for one in drawn.ticks if one <= last]
    body += _x_ticks(ticks)
    for one in drawn.curves:
        body += _steps(one, x, y)
    ends = [y.at(one.steps[-1][1]) if one.steps else None for one in drawn.curves]
    body += _names(drawn.curves, ends)
    row = TOP + HIGH + 3 * LINE + 8
    body.append(_text(0, row, "At risk"))
    for one in drawn.curves:
        row += LINE
        body.append(_marker(one.glyph, 30, row - 4, LOOKS[one.glyph].color))
        numbers = zip(ticks, one.at_risk, strict=False)
        body += [_text(at, row, str(number), "middle") for (at, _), number in _apart(numbers)]
        body.append(_text(LEFT + PLOT + 12, row, fit(clean(one.label), _NAME).rstrip()))
    return body, row - TOP - HIGH


def _apart(
    numbers: Iterator[tuple[tuple[float, str], int]],
) -> Iterator[tuple[tuple[float, str], int]]:
    """Those that do not run into the one before."""
    free = float("-inf")
    for (at, text), number in numbers:
        half = _DIGIT * len(str(number)) / 2 + 2
        if at - half >= free:
            yield (at, text), number
            free = at + half


def _steps(one: Curve, x: _Axis, y: _Axis) -> Iterator[str]:
    look, heights = LOOKS[one.glyph], dict(one.steps)
    path = "".join(f"H{x.at(time)}V{y.at(height)}" for time, height in one.steps)
    marks = "".join(f"M{x.at(time)} {y.at(heights[time]) - 4}v8" for time in one.censored)
    yield f'<g stroke="{look.color}" fill="none" stroke-width="1.6">'
    yield f'<path d="M{x.at(0.0)} {y.at(100.0)}{path}" stroke-dasharray="{look.dash or "none"}"/>'
    yield f'<path d="{marks}" stroke-width="1"/>' if marks else ""
    if one.steps:
        time, height = one.steps[-1]
        yield _marker(one.glyph, x.at(time), y.at(height))
    yield "</g>"


# -- what both have


def _frame(y_label: str, x_label: str, heights: Sequence[tuple[float, str]]) -> list[str]:
    """The axes with the ticks of y; the label of y stands above it, where no width cuts it off."""
    low = TOP + HIGH
    strokes = "".join(f"M{LEFT - 5} {at}h5" for at, _ in heights)
    return [
        _text(0, 14, y_label),
        f'<path d="M{LEFT} {TOP}V{low}h{PLOT}{strokes}" stroke="#111" fill="none"/>',
        *(_text(LEFT - 9, at + 4, said, "end") for at, said in heights),
        _text(LEFT + PLOT / 2, low + 2 * LINE + 4, x_label, "middle"),
    ]


def _x_ticks(ticks: Sequence[tuple[float, str]]) -> Iterator[str]:
    """Ticks, and as many of their numbers as stand apart: the last first, where a trial is read."""
    low = TOP + HIGH
    yield f'<path d="{"".join(f"M{at} {low}v5" for at, _ in ticks)}" stroke="#111"/>'
    taken: list[tuple[float, float]] = []
    for at, said in [*ticks[-1:], *ticks[:-1]]:
        half = _DIGIT * len(said) / 2 + 2
        if all(at + half <= left or at - half >= right for left, right in taken):
            taken.append((at - half, at + half))
            yield _text(at, low + LINE + 2, said, "middle")


def _names(drawn: Sequence[Series | Curve], ends: Sequence[float | None]) -> Iterator[str]:
    """Each arm's name with its marker and line at the height of its end, or near it."""
    rows = HIGH // LINE
    lowest = float(TOP + HIGH)
    order = sorted(range(len(drawn)), key=lambda place: ends[place] or lowest)[:rows]
    wanted = [int(((ends[place] or lowest) - TOP) // LINE) for place in order]
    for place, row in zip(order, spread(wanted, rows), strict=True):
        one, at = drawn[place], TOP + row * LINE + LINE / 2
        look, x = LOOKS[one.glyph], LEFT + PLOT + 12
        name = clean(one.label) + ("" if ends[place] is not None else " (no data)")
        short = fit(name, _NAME).rstrip() if cells(name) > _NAME else name
        yield (
            f'<path d="M{x} {at}h26" stroke="{look.color}" stroke-width="1.6" '
            f'stroke-dasharray="{look.dash or "none"}"/>'
        )
        yield _marker(one.glyph, x + 13, at, look.color)
        yield _text(x + 34, at + 4, short)


def _marker(glyph: str, x: float, y: float, stroke: str = "") -> str:
    look = LOOKS[glyph]
    own = f' stroke="{stroke}"' if stroke else ""
    fill = look.color if look.filled else "#fff"
    return f'<path d="{look.shape}" transform="translate({x} {y})" fill="{fill}"{own}/>'


def _text(x: float, y: float, said: str, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(visible(said))}</text>'
