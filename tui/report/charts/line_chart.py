"""Means with their confidence intervals over visits, one line to an arm, as text.

The chart is drawn in braille dots, eight to a cell, or in ASCII where the terminal has nothing
else. Color is the caller's: every run of text names its series, and every arm is also told by its
glyph and its label, so that color never carries meaning alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from operator import attrgetter, itemgetter

from tui.report.charts.axes import DOTS_DOWN, Scale, Visits, scale, spread, tick_labels, visits
from tui.report.charts.canvas import Canvas, Cell
from tui.report.charts.text import cells, clean, fit
from tui.report.numbers import fixed

GLYPHS = "●■▲◆○□△◇"
ASCII_GLYPHS = "oxA#*+%@"

MIN_WIDTH, MIN_HEIGHT = 30, 8

# A number longer than this on the y axis is printed in scientific notation.
_LONGEST_TICK = 10

# An x label up to this long stands in the margin, before the visits, and costs no line.
_INLINE = 6

# Beyond this, differences overflow: no measurement, but a missing-value code gone astray.
_LARGEST = 1e100


@dataclass(frozen=True, slots=True)
class Point:
    """One arm at one visit: visit number, mean, and its confidence limits; None is missing."""

    x: float
    mean: float | None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One arm: its label, the glyph that marks its means (one cell wide), and its visits."""

    label: str
    glyph: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one color: that of the series with this index, or None for the frame."""

    text: str
    series: int | None


ChartLine = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart: lines from the top down, each of the same width in cells."""

    lines: tuple[ChartLine, ...]

    def plain(self) -> str:
        """The chart without its colors."""
        return "\n".join("".join(run.text for run in line) for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is settled before anything is drawn.

    From the left: y ticks (`margin` cells), a space, the axis, the plot (`x.columns`), a space,
    the labels (`side`). From the top: the y label if there is one, the plot (`y.rows`), the axis,
    the visits, and the x label if it is too long to stand before the visits.
    """

    arms: tuple[Series, ...]
    references: tuple[tuple[float, str], ...]
    x: Visits
    y: Scale
    y_ticks: dict[int, str]
    x_label: str
    y_label: str
    margin: int
    side: int
    height: int
    ascii: bool


def chart(
    series: Sequence[Series],
    *,
    width: int,
    height: int,
    ascii: bool = False,
    y_label: str = "",
    x_label: str = "Week",
    reference_lines: Sequence[tuple[float, str]] = (),
    y_decimals: int = 1,
) -> Chart:
    """Draw up to eight arms in exactly `width` by `height` cells.

    `reference_lines` are (value, label) and drawn dotted across. A mean that is missing breaks
    its line; an interval is drawn where both limits are known. Under 30 by 8 cells the chart is
    one line, "too small"; without a single mean it says "no data".
    """
    if width < MIN_WIDTH or height < MIN_HEIGHT:
        return Chart(((Run("too small"[: max(width, 0)], None),),))
    arms = tuple(_cleaned(arm, number, ascii) for number, arm in enumerate(series))
    if not any(_means(arm) for arm in arms):
        return _no_data(width, height)
    references = tuple(_reference(*line, ascii) for line in reference_lines if _usable(line[0]))
    y_label, x_label = clean(y_label, ascii=ascii), clean(x_label, ascii=ascii)
    inline = cells(x_label) <= _INLINE
    rows = height - 2 - bool(y_label) - (not inline)
    y = scale(*_range(arms, references), rows)
    y_ticks = {row: _tick(value, max(y_decimals, -y.exponent, 0)) for row, value in y.ticks()}
    margin = max(cells(x_label) if inline else 0, *map(len, y_ticks.values()))
    names = [_name(arm) for arm in arms] + [text for _, text in references]
    side = min(max(map(cells, names)), width // 3)
    numbers = [point.x for arm in arms for point in arm.points]
    x = visits(numbers, width - margin - 2 - 1 - side, len(arms))
    frame = _Frame(arms, references, x, y, y_ticks, x_label, y_label, margin, side, height, ascii)
    return Chart(_lines(frame, _draw(frame)))


def _usable(value: float | None) -> bool:
    return value is not None and abs(value) < _LARGEST  # NaN fails too


def _cleaned(arm: Series, number: int, ascii: bool) -> Series:
    """The arm in order of visits, with None for whatever cannot be drawn."""
    glyph = clean(arm.glyph, ascii=ascii)
    if cells(glyph) != 1 or glyph in " ?":
        glyph = (ASCII_GLYPHS if ascii else GLYPHS)[number % len(GLYPHS)]
    return Series(clean(arm.label, ascii=ascii), glyph, in_order(arm.points))


def in_order(points: Iterable[Point]) -> tuple[Point, ...]:
    """Points in order of visits, with None for whatever cannot be drawn."""
    made = []
    for point in sorted((p for p in points if _usable(p.x)), key=attrgetter("x")):
        if not _usable(point.mean):
            point = replace(point, mean=None)
        if point.mean is None or not (_usable(point.lower) and _usable(point.upper)):
            point = replace(point, lower=None, upper=None)
        made.append(point)
    return tuple(made)


def _reference(value: float, label: str, ascii: bool) -> tuple[float, str]:
    label = clean(label, ascii=ascii)
    return value, f"{'-' if ascii else '┈'} {label}" if label else ""


def _means(arm: Series) -> list[float]:
    return [point.mean for point in arm.points if point.mean is not None]


def _name(arm: Series) -> str:
    """What stands at the end of the line."""
    return f"{arm.glyph} {arm.label}" + ("" if _means(arm) else " (no data)")


def _range(arms: Sequence[Series], references: Sequence[tuple[float, str]]) -> tuple[float, float]:
    points = [point for arm in arms for point in arm.points]
    drawn = [value for p in points for value in (p.mean, p.lower, p.upper) if value is not None]
    drawn += [value for value, _ in references]
    return min(drawn), max(drawn)


def _tick(value: float, decimals: int) -> str:
    text = fixed(value, decimals)
    return text if len(text) <= _LONGEST_TICK else f"{value:.3g}"


def _draw(frame: _Frame) -> Canvas:
    """Draw the plot: reference lines at the back, then intervals, lines, and glyphs in front."""
    x, y = frame.x, frame.y
    canvas = Canvas(x.columns, y.rows)
    for value, _ in frame.references:
        canvas.rule(y.dot(value), every=2 if frame.ascii else 1)
    for number, arm in enumerate(frame.arms):
        for point in arm.points:
            if point.lower is not None and point.upper is not None:
                canvas.bar(x.dot(point.x, number), y.dot(point.lower), y.dot(point.upper), number)
    places = [
        [None if p.mean is None else (x.dot(p.x, number), y.dot(p.mean)) for p in arm.points]
        for number, arm in enumerate(frame.arms)
    ]
    for number, course in enumerate(places):
        for start, end in pairwise(course):
            if start and end:
                canvas.line(start, end, number)
    for number, course in enumerate(places):
        for place in course:
            if place:
                canvas.glyph(*place, frame.arms[number].glyph, number)
    return canvas


def _names(frame: _Frame) -> dict[int, Run]:
    """Put every name beside the end of its line: {line of the chart: name}.

    Names that want one line move apart; more names than plot lines spread over the whole height,
    and what is more than that, reference lines first, is left out.
    """
    bottom = frame.y.rows * DOTS_DOWN - 1
    names: list[tuple[int, Run]] = []  # (dot row where the line ends, name)
    for number, arm in enumerate(frame.arms):
        means = _means(arm)
        names.append((frame.y.dot(means[-1]) if means else bottom, Run(_name(arm), number)))
    names += [(frame.y.dot(value), Run(text, None)) for value, text in frame.references if text]
    names = sorted(names[: frame.height], key=itemgetter(0))
    first = 1 if frame.y_label else 0
    wanted = [dot // DOTS_DOWN for dot, _ in names]
    if len(names) <= frame.y.rows:
        rows = [first + row for row in spread(wanted, frame.y.rows)]
    else:
        rows = spread([first + row for row in wanted], frame.height)
    return {row: name for row, (_, name) in zip(rows, names, strict=True)}


def _plot(frame: _Frame, canvas: Canvas) -> list[list[Cell]]:
    """The plot with its y axis, as wide as margin, axis and plot together."""
    line, tick = "|+" if frame.ascii else "│┤"
    lines: list[list[Cell]] = []
    for row in range(frame.y.rows):
        text = frame.y_ticks.get(row, "")
        start = f"{text:>{frame.margin}} {tick if text else line}"
        lines.append([(start, None), *canvas.cells(row, ascii=frame.ascii)])
    return lines


def _x_axis(frame: _Frame) -> list[str]:
    """The line under the plot, the visits' numbers, and the x label if it needs its own line."""
    corner, tick, line = "++-" if frame.ascii else "└┬─"
    columns = frame.x.columns
    # Adding 0.0 turns -0.0 into 0.0.
    ticks = {frame.x.column(p.x): f"{p.x + 0.0:g}" for arm in frame.arms for p in arm.points}
    ruler = "".join(tick if column in ticks else line for column in range(columns))
    numbers = tick_labels(sorted(ticks.items()), columns)
    indent = " " * (frame.margin + 2)
    before = frame.margin - cells(frame.x_label)
    if cells(frame.x_label) <= _INLINE:
        return [indent[1:] + corner + ruler, " " * before + frame.x_label + "  " + numbers]
    text = " " * ((columns - cells(frame.x_label)) // 2) + frame.x_label
    text = fit(text, columns, ascii=frame.ascii)
    return [indent[1:] + corner + ruler, indent + numbers, indent + text]


def _lines(frame: _Frame, canvas: Canvas) -> tuple[ChartLine, ...]:
    """Put the frame around the plot and the names beside it."""
    names = _names(frame)
    width = frame.margin + 2 + frame.x.columns
    lines = _plot(frame, canvas) + [[(line, None)] for line in _x_axis(frame)]
    if frame.y_label:
        # As a rule no name stands beside it, and it may run on to the edge.
        room = width if 0 in names else width + 1 + frame.side
        lines.insert(0, [(fit(frame.y_label, room, ascii=frame.ascii), None)])
    for row, line in enumerate(lines):
        if row in names or row or not frame.y_label:
            name = names.get(row, Run("", None))
            text = fit(name.text, frame.side, ascii=frame.ascii)
            line += [(" ", None), (text, name.series)]
    return tuple(_runs(line) for line in lines)


def _runs(line: Iterable[Cell]) -> ChartLine:
    """Join neighbors of one series."""
    return tuple(
        Run("".join(text for text, _ in run), series)
        for series, run in groupby(line, itemgetter(1))
    )


def _no_data(width: int, height: int) -> Chart:
    lines = [" " * width] * height
    lines[height // 2] = f"{'no data':^{width}}"
    return Chart(tuple((Run(line, None),) for line in lines))
