"""A chart of Excel's own over the cells of a sheet: means with intervals, Kaplan-Meier curves.

Whatever comes from the data, names of arms and axes too, stands in a cell that the chart refers to:
given as a text it would be taken as a formula where it looks like one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from tui.analyses.answer import Answer
from tui.report import courses, curves, provenance
from tui.report.cells import fitting
from tui.report.charts.axes import scale
from tui.report.charts.line_chart import Series
from tui.report.charts.step_curves import Curve
from tui.report.looks import LOOKS

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.chart_scatter import ChartScatter
    from xlsxwriter.worksheet import Worksheet

NAME = "Chart"
"""Of the sheet."""

HEADS = 29
"""Rows above the figures: title and notice, the chart, what the axes are, arms, headings."""

_TITLE, _CHART, _AXES, _ARMS = 0, 1, HEADS - 3, HEADS - 2


def add(book: Workbook, answer: Answer) -> None:
    """A sheet with the chart of an answer and its figures; none where there is no chart."""
    if answer.question.kind == "survival":
        drawn = curves.curves(answer)
        blocks = [_steps(one) for one in drawn.curves]
        labels = drawn.x_label, "S(t), % without the event; +: censored"
        arms: Sequence[Series | Curve] = drawn.curves
    elif answer.question.kind in courses.KINDS:
        course = courses.course(answer)
        blocks = [_means(one) for one in course.series]
        labels, arms = (course.x_label, course.y_label), course.series
    else:
        return
    sheet, chart = book.add_worksheet(NAME), book.add_chart({"type": "scatter"})
    _text(sheet, _TITLE, 0, ". ".join(filter(None, (answer.title, provenance.warning(answer)))))
    for column, text in enumerate(labels):
        _text(sheet, _AXES, column, text)
    for place, (one, block) in enumerate(zip(arms, blocks, strict=True)):
        first = place * _APART
        _text(sheet, _ARMS, first, one.label)
        _write(sheet, first, block)
        _draw(chart, one, first, block[1])
    _finish(chart, arms)
    sheet.set_column(0, _APART * len(arms), 10)
    sheet.insert_chart(_CHART, 0, chart)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


_APART = 5
"""Columns from one arm's figures to the next's."""

_Rows = list[tuple[Any, ...]]
_Block = tuple[tuple[str, ...], _Rows]
"""Headings, and rows of figures; None is an empty cell."""


def _means(one: Series) -> _Block:
    """Visits, means, and how far their intervals reach below and above."""

    def beyond(limit: float | None, mean: float | None) -> float | None:
        return None if limit is None or mean is None else abs(limit - mean)

    rows = [(p.x, p.mean, beyond(p.lower, p.mean), beyond(p.upper, p.mean)) for p in one.points]
    return ("visit", "mean", "below", "above"), rows


def _steps(one: Curve) -> _Block:
    """Both ends of each step; beside them the censorings, each at its height."""
    heights = dict(one.steps)
    censored = [(time, heights[time]) for time in one.censored]
    rows = zip_longest(_corners(one), censored, fillvalue=(None, None))
    return ("time", "S(t), %", "censored", "S(t), %"), [(*corner, *mark) for corner, mark in rows]


def _corners(one: Curve) -> Iterator[tuple[float, float]]:
    before = 100.0
    if one.steps:
        yield 0.0, before
    for time, height in one.steps:
        if height != before:
            yield time, before
        yield time, height
        before = height


def _write(sheet: Worksheet, first: int, block: _Block) -> None:
    """Figures under their headings."""
    headings, rows = block
    sheet.write_row(HEADS - 1, first, headings)
    for row, figures in enumerate(rows, HEADS):
        for column, figure in enumerate(figures, first):
            if figure is not None:
                sheet.write_number(row, column, figure)


def _draw(chart: ChartScatter, one: Series | Curve, first: int, rows: _Rows) -> None:
    look, last = LOOKS[one.glyph], HEADS + max(len(rows), 1) - 1
    dash, shape = look.excel
    line = {"color": look.color, "width": 1.5, "dash_type": dash}
    fill = {"color": look.color if look.filled else "#ffffff"}
    marker = {"type": shape, "size": 7, "fill": fill, "border": {"color": look.color}}

    def cells(column: int) -> list[Any]:
        return [NAME, HEADS, first + column, last, first + column]

    def formula(column: int) -> str:
        from xlsxwriter.utility import xl_range_formula

        return f"={xl_range_formula(*cells(column))}"

    series: dict[str, Any] = {
        "name": [NAME, _ARMS, first],
        "categories": cells(0),
        "values": cells(1),
        "line": line,
    }
    if isinstance(one, Curve):
        chart.add_series(series | {"marker": {"type": "none"}})
        border = {"color": look.color}
        signs = {"type": "plus", "size": 6, "border": border}
        censored = {"categories": cells(2), "values": cells(3), "line": {"none": True}}
        chart.add_series(series | censored | {"marker": signs})
        return
    reach = {
        "type": "custom",
        "plus_values": formula(3),
        "minus_values": formula(2),
        # What is shown before Excel has read the cells.
        "plus_data": [row[3] for row in rows],
        "minus_data": [row[2] for row in rows],
        "line": {"color": look.color, "width": 0.75},
    }
    chart.add_series(series | {"marker": marker, "y_error_bars": reach})


def _finish(chart: ChartScatter, arms: Sequence[Series | Curve]) -> None:
    """Title, axes and legend; a curve and its censorings are one entry of it."""
    survival = any(isinstance(one, Curve) for one in arms)
    chart.set_title({"name": [NAME, _TITLE, 0], "name_font": {"size": 10, "bold": False}})
    x: dict[str, Any] = {"label_position": "low", "major_gridlines": {"visible": False}}
    chart.set_x_axis(x | {"name": [NAME, _AXES, 0]} | ({"min": 0} if survival else {}))
    low, high = (0.0, 100.0) if survival else _reach(arms)
    grid = {"visible": True, "line": {"color": "#dddddd"}}
    y = {"name": [NAME, _AXES, 1], "name_font": {"size": 9}, "major_gridlines": grid}
    chart.set_y_axis(y | {"min": low, "max": high})
    censored = list(range(1, 2 * len(arms), 2)) if survival else []
    chart.set_legend({"position": "right", "delete_series": censored})
    chart.set_size({"width": 800, "height": 460})
    chart.show_blanks_as("gap")


def _reach(arms: Sequence[Series | Curve]) -> tuple[float | None, float | None]:
    """From tick to tick around the intervals: of a custom one Excel would cut off the ends."""
    points = [point for one in arms if isinstance(one, Series) for point in one.points]
    values = [v for p in points for v in (p.mean, p.lower, p.upper) if v is not None]
    if not values:
        return None, None
    ticks = sorted(value for _, value in scale(min(values), max(values), 15).ticks())
    apart = ticks[1] - ticks[0]
    beyond = min(values) < ticks[0], max(values) > ticks[-1]
    return round(ticks[0] - apart * beyond[0], 12), round(ticks[-1] + apart * beyond[1], 12)


def _text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    if text:
        sheet.write_string(row, column, fitting(text))
