"""An answer as an Excel workbook: its tables as printed, its rows unrounded, its provenance."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tui.analyses.answer import Answer
from tui.errors import TrialdeckError
from tui.report import provenance
from tui.report.cells import fitting, is_number
from tui.report.formats import flat_rows
from tui.report.numbers import Precision
from tui.report.table import Table
from tui.report.tables import tables_of

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

ROWS, COLUMNS = 1_048_576, 16_384
"""What a sheet of Excel holds."""

_EXACT = 15
"""Digits that Excel keeps of a number: a longer one, such as an identifier, stays text."""

_WIDEST = 60

_NO_CLOCK = datetime(1980, 1, 1, tzinfo=UTC)
"""When the workbook says it was made, which a workbook must: the first day that a zip archive
knows, as its entries have it. The same answer then gives the same bytes, which can be compared."""


def render(answer: Answer) -> bytes:
    """The workbook: a sheet for each table, `Chart` of what is drawn, `Rows`, and `Provenance`.

    Raises:
        TrialdeckError: when a sheet of Excel cannot hold it.
    """
    book = _Book()
    tables = tables_of(answer)
    for number, table in enumerate(tables, 1):
        book.add(f"Table {number}", _printed(table, answer), heads=2 + _has_groups(table))
    book.add_chart(answer)
    book.add("Rows", _unrounded(answer), heads=1, decimals=_decimals(answer, tables))
    book.add("Provenance", _provenance(answer), heads=0)
    return book.finished()


class _Book:
    """A workbook that is put together in memory: none of its parts lies in a folder of others."""

    def __init__(self) -> None:
        import xlsxwriter

        self._out = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._out, {"in_memory": True})
        self._book.set_properties({"created": _NO_CLOCK})
        self._bold = self._book.add_format({"bold": True})
        self._formats: dict[int, Format] = {}

    def add(
        self,
        name: str,
        rows: Iterable[Sequence[Any]],
        heads: int,
        decimals: dict[str, int] | None = None,
    ) -> None:
        """A sheet whose first rows stay in place.

        Args:
            name: Its name.
            rows: Texts and numbers; what text prints a number is one, with as many decimals.
            heads: How many rows stay.
            decimals: How many a number is shown with, by its column's name in the first row; what
                is not in it is shown as Excel likes.
        """
        cells = list(rows)
        if len(cells) > ROWS or any(len(row) > COLUMNS for row in cells):
            raise TrialdeckError(
                f"A sheet of Excel holds {ROWS:,} rows and {COLUMNS:,} columns, and this is more: "
                "write a .csv."
            )
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(heads, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)  # in print: one page wide
        shown = [(decimals or {}).get(str(name)) for name in (cells[0] if cells else ())]
        for place, row in enumerate(cells):
            for at, value in enumerate(row):
                if isinstance(value, str) or value is None:
                    data = decimals is not None  # not figures that were printed
                    self._text(sheet, place, at, value or "", place < heads, data)
                else:
                    self._number(sheet, place, at, value, shown[at])
        self._fit(sheet, cells, heads)

    def add_chart(self, answer: Answer) -> None:
        """A sheet with the chart of the answer, if it has one."""
        from tui.report import xlsx_chart  # the browser loads this module before its first screen

        xlsx_chart.add(self._book, answer)

    def _text(
        self, sheet: Worksheet, row: int, column: int, text: str, head: bool, data: bool
    ) -> None:
        text = fitting(text).strip()
        if not (head or data) and len(text) <= _EXACT and _is_figure(text):
            decimals = len(text.partition(".")[2])
            self._number(sheet, row, column, float(text), decimals)
        elif text:
            # `write_string` and no other: whatever stands in it, it is neither formula nor link.
            sheet.write_string(row, column, text, self._bold if head else None)

    def _number(
        self, sheet: Worksheet, row: int, column: int, value: Any, decimals: int | None
    ) -> None:
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, int) and len(str(value)) > _EXACT:
            sheet.write_string(row, column, str(value))
        elif not math.isfinite(value):
            sheet.write_string(row, column, f"{value:g}")  # Excel has no such number
        elif decimals is None or isinstance(value, int):
            sheet.write_number(row, column, value)
        else:
            sheet.write_number(row, column, value, self._with(decimals))

    def _with(self, decimals: int) -> Format:
        if decimals not in self._formats:
            pattern = f"0.{'0' * decimals}" if decimals else "0"
            self._formats[decimals] = self._book.add_format({"num_format": pattern})
        return self._formats[decimals]

    @staticmethod
    def _fit(sheet: Worksheet, cells: list[Sequence[Any]], heads: int) -> None:
        """Columns as wide as their texts; what stands above the headings may run over."""
        below = cells[max(heads - 1, 0) :]
        for at in range(max(map(len, below), default=0)):
            texts = (row[at] for row in below if at < len(row) and isinstance(row[at], str))
            sheet.set_column(at, at, min(max(map(len, texts), default=0) + 2, _WIDEST))

    def finished(self) -> bytes:
        """The file."""
        self._book.close()
        return self._out.getvalue()


def _is_figure(text: str) -> bool:
    """Whether a text is a number that is shown again as it stands: `8.28`, not `007`."""
    whole = text.removeprefix("-").partition(".")[0]
    return is_number(text) and (whole == "0" or whole[:1] not in ("", "0"))


def _has_groups(table: Table) -> bool:
    return any(column.group for column in table.columns)


def _printed(table: Table, answer: Answer) -> Iterable[Sequence[str]]:
    """The table cell for cell as it is printed, below its title."""
    own = f": {table.title}" if table.title != answer.title else ""
    yield [f"{answer.title}{own}"]
    if _has_groups(table):
        groups = groupby(column.group for column in table.columns)
        yield [cell for name, of in groups for cell in (name, *[""] * (len(list(of)) - 1))]
    yield [column.header for column in table.columns]
    yield from table.rows
    if table.marked:
        yield [table.legend]


def _unrounded(answer: Answer) -> Iterable[Sequence[Any]]:
    fields, rows = flat_rows(answer)
    yield fields
    for row in rows:
        yield [row.get(field) for field in fields]


def _decimals(answer: Answer, tables: Sequence[Table]) -> dict[str, int]:
    """How many decimals the numbers of a field are shown with, by its name.

    As in the printed column of that name; a number that has none of its own, such as an interval's
    upper limit, as a mean.
    """
    printed: dict[str, int] = {}
    for table in tables:
        for at, column in enumerate(table.columns):
            # A cell may hold two numbers or a sign: "7.70, 8.70", "0.0474*".
            words = (word for row in table.rows for word in row[at].split()[:1])
            texts = (word.strip("(,*<>") for word in words)
            count = [len(text.partition(".")[2]) for text in texts if is_number(text)]
            printed[column.key] = max([printed.get(column.key, 0), *count])
    fields, _ = flat_rows(answer)
    return {field: printed.get(field, Precision(answer.decimals).mean) for field in fields}


def _provenance(answer: Answer) -> Iterable[Sequence[str]]:
    yield "Study", provenance.study_line(answer)
    if provenance.warning(answer):
        yield "Data", provenance.warning(answer)
    yield "Shown", answer.title
    yield "Choices", provenance.in_force(answer)
    yield from provenance.lines(answer)
    if answer.funnel:
        yield ("",)
        yield provenance.FUNNEL
        yield from provenance.funnel_rows(answer)
