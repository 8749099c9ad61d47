"""The table on the screen: rows of finished text, drawn one line at a time.

Textual's own DataTable measures every cell, 11.7 s for 50,000 rows, and redraws the page for a
step. Here only the lines in view are composed, a step redraws two of them, and at the edge of the
pane the page moves by its half, so that holding a key costs a tenth of scrolling line by line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.browser.columns import Slot, arrange, fixed_of, left_for, measure, same_row
from tui.browser.lines import WHEEL_ROWS
from tui.browser.palette import Palette
from tui.browser.table_lines import TableLines
from tui.report.table import Column, Table

EMPTY = Table("", (), ())


class TableView(Widget):
    """A table with a cursor.

    Args:
        palette: Styles and signs.
        cursor: "cell" sets brackets around the current cell; "row" a marker left of the row.
        id: As for any widget.
        classes: As for any widget.
    """

    DEFAULT_CSS = """
    TableView { width: 1fr; height: 1fr; color: ansi_default; background: ansi_default; }
    """
    can_focus = True
    FOCUS_ON_CLICK = False  # where the keys go is the app's to say: a prompt keeps them

    class _About(Message):
        def __init__(self, table_view: TableView) -> None:
            super().__init__()
            self.table_view = table_view

        @property
        def control(self) -> TableView:
            """The sender, for `@on(..., selector)`."""
            return self.table_view

    class Moved(_About):
        """The cursor is at another row or column."""

    class Chosen(_About):
        """The row or cell at the cursor was chosen."""

    def __init__(
        self,
        palette: Palette | None = None,
        *,
        cursor: Literal["cell", "row"] = "cell",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.auto_links = False  # else Textual redraws the widget at every move of the mouse
        self.palette = palette or Palette()
        self.table = EMPTY
        self._places: Sequence[int] = ()
        self.total = 0  # rows of the answer, of which the table may show some
        self._marker = cursor == "row"
        self._widths: list[int] = []
        self._fitted = Size(0, 0)  # the size of the widget for which all this was found
        self._slots: list[Slot] = []
        self._row = self._column = 0
        self._top = self._left = 0  # the first row in view, the first column that is not fixed

    # -- what is shown

    def show(
        self,
        table: Table,
        *,
        keep: bool = True,
        row: int = 0,
        places: Sequence[int] = (),
        of: int | None = None,
    ) -> None:
        """Show a table; no `Moved` is posted.

        Args:
            table: The new table.
            keep: Stay at the row with the same fixed columns, at the same height on the screen,
                and in the column with the same key. Where these are gone, the place is kept.
            row: The row to begin at where it does not stay.
            places: Where each row stands among all of the answer; by default where it is here.
            of: How many rows the answer has; by default these.
        """
        old, self.table, self._places = self.table, table, places
        self.total = len(table.rows) if of is None else of
        self._widths = measure(table)
        if not keep:
            self._row, self._column, self._top, self._left = row, 0, 0, 0
        elif old.rows and table.rows:
            row = same_row(old, self._row, table)
            self._top += row - self._row
            self._row = row
            keys = [column.key for column in table.columns]
            key = old.columns[self._column].key
            self._column = keys.index(key) if key in keys else self._column
        self._settle()
        self.refresh()

    @property
    def row(self) -> int:
        """The index of the current row."""
        return self._row

    @property
    def place(self) -> int:
        """Where the current row stands among all rows of the answer."""
        return self._places[self._row] if self._places else self._row

    @property
    def column(self) -> int:
        """The index of the current column; of the first scrolled one if the cursor is a row."""
        return self._column

    @property
    def has_cells(self) -> bool:
        """Whether the cursor is at a cell, not at a whole row."""
        return not self._marker

    @property
    def cell_key(self) -> tuple[tuple[str, ...], Column] | None:
        """The current row and column, or None in an empty table."""
        if not self.table.rows:
            return None
        return self.table.rows[self._row], self.table.columns[self._column]

    def position(self) -> tuple[int, int]:
        """The number of the current row, counted from 1 (0 in an empty table), and the total."""
        total = len(self.table.rows)
        return min(self._row + 1, total), total

    def as_lines(self) -> list[str]:
        """What is on the widget now, as plain text without trailing blanks."""
        return [self.render_line(y).text.rstrip() for y in range(self.size.height)]

    # -- moves

    def move(self, rows: int = 0, columns: int = 0) -> None:
        """Move the cursor, as far as there is something."""
        self._go(self._row + rows, self._column + columns)

    def page(self, direction: int) -> None:
        """Move by a page, down (1) or up (-1); the cursor stays at its height on the screen."""
        self._jump(direction * self._height)

    def half_page(self, direction: int) -> None:
        """Move by half a page, down (1) or up (-1)."""
        self._jump(direction * max(1, self._height // 2))

    def go_to(self, number: int) -> None:
        """Move to a row, counted from 1."""
        self._go(number - 1, self._column)

    def last(self) -> None:
        """Move to the last row."""
        self._go(len(self.table.rows) - 1, self._column)

    def first_column(self) -> None:
        """Move to the first column, and show the columns from there."""
        self._go(self._row, 0, left=0)

    def last_column(self) -> None:
        """Move to the last column."""
        self._go(self._row, len(self.table.columns) - 1)

    def choose(self) -> None:
        """Post `Chosen`, if there is a row."""
        if self.table.rows:
            self.post_message(self.Chosen(self))

    def find(self, text: str, direction: int = 1) -> bool:
        """Move to the next (1) or previous (-1) row with this text, in whatever case.

        The search goes on at the other end, and comes back to the current row last.
        """
        rows, needle = self.table.rows, text.casefold()
        for step in range(1, len(rows) + 1):
            index = (self._row + direction * step) % len(rows)
            if needle in "\n".join(rows[index]).casefold():
                self._go(index, self._column)
                return True
        return False

    def _jump(self, rows: int) -> None:
        self._go(self._row + rows, self._column, top=self._top + rows)

    def _go(
        self, row: int, column: int, *, top: int | None = None, left: int | None = None
    ) -> None:
        was, view, before = (self._row, self._column), (self._top, self._left), self._line_region()
        self._row, self._column = row, column
        self._top = self._top if top is None else top
        self._left = self._left if left is None else left
        self._settle()
        if view != (self._top, self._left):
            self.refresh()
        elif was != (self._row, self._column):
            self.refresh(before, self._line_region())
        if was != (self._row, self._column):
            self.post_message(self.Moved(self))

    # -- where things stand

    @property
    def _head(self) -> int:
        """How many lines the headings take."""
        columns = self.table.columns
        return bool(columns) + any(column.group for column in columns)

    @property
    def _height(self) -> int:
        """How many rows fit."""
        return max(1, self.size.height - self._head)

    @property
    def _fixed(self) -> int:
        """How many columns stay in place."""
        return fixed_of(self.table, self._widths, self.size.width)

    def _settle(self) -> None:
        """Make cursor and view fit the table and the pane."""
        total, columns, height = len(self.table.rows), len(self._widths), self._height
        self._row = max(0, min(self._row, total - 1))
        if not self._top <= self._row < self._top + height:
            self._top = self._row - height // 2
        self._top = max(0, min(self._top, total - height))

        fixed, width = self._fixed, self.size.width
        furthest = left_for(columns - 1, self._widths, fixed, width)
        if self._marker:
            self._column = self._left = max(fixed, min(self._column, furthest))
        self._column = max(0, min(self._column, columns - 1))
        if self._column >= fixed:
            least = left_for(self._column, self._widths, fixed, width)
            self._left = max(least, min(self._left, self._column))
        self._left = max(fixed, min(self._left, furthest))
        self._slots = arrange(self.table, self._widths, fixed, self._left, width)
        self._fitted = self.size

    def _line_region(self) -> Region:
        """The line of the current row."""
        return Region(0, self._head + self._row - self._top, self.size.width, 1)

    # -- drawing

    def render_line(self, y: int) -> Strip:
        """Compose one line of the widget."""
        lines, index = self._lines(), self._top + y - self._head
        if y < self._head:
            return lines.header() if y == self._head - 1 else lines.groups()
        if index < len(self.table.rows):
            return lines.row(index)
        if not self.table.rows:
            return lines.reason(y - self._head, self._height)
        return lines.strip(())

    def _lines(self) -> TableLines:
        return TableLines(
            self.table,
            self.palette,
            self._slots,
            self.size.width,
            at=(self._row, None if self._marker else self._column),
            hidden_left=self._fixed if self._left > self._fixed else None,
            widths=self._widths,
            sign=self.palette.cursor if self.has_focus else self.palette.dim,
        )

    # -- events

    def on_resize(self) -> None:
        """Keep the cursor in view, where the table was not shown in this size already."""
        if self._fitted != self.size:
            self._settle()
            self.refresh()

    def on_focus(self, event: events.Focus) -> None:
        """Show the cursor at its full weight."""
        self._focused(event, has_focus=True)

    def on_blur(self, event: events.Blur) -> None:
        """Dim the cursor."""
        self._focused(event, has_focus=False)

    def _focused(self, event: events.Event, *, has_focus: bool) -> None:
        """Draws the line of the cursor; Textual would draw all, and look for styles."""
        event.prevent_default()
        self.set_reactive(TableView.has_focus, has_focus)
        self.refresh(self._line_region())

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to where the mouse is."""
        line = event.y - self._head
        row = self._top + line
        if line >= 0 and row < len(self.table.rows):
            under = (slot for slot in self._slots if slot.x - 1 <= event.x <= slot.x + slot.width)
            self._go(row, next(under, Slot(self._column, 0, 0)).column)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down."""
        self._scroll(event, WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up."""
        self._scroll(event, -WHEEL_ROWS)

    def _scroll(self, event: events.MouseEvent, rows: int) -> None:
        """Scroll the rows; the cursor stays on its own as long as that is in view."""
        event.stop()
        top = max(0, min(self._top + rows, len(self.table.rows) - self._height))
        row = max(top, min(self._row, top + self._height - 1))
        self._go(row, self._column, top=top)
