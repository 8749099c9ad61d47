"""The table on the screen: rows of finished text, drawn one line at a time.

Textual's own DataTable measures every cell, 11.7 s for 50,000 rows, and redraws the page for a
step. Here only the lines in view are composed, a step redraws two of them, and at the edge of the
pane the page moves by its half, so that holding a key costs a tenth of scrolling line by line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.browser.columns import GAP, GUTTER, Slot, arrange, fit, measure, same_row, width_of
from tui.browser.lines import WHEEL_ROWS
from tui.browser.palette import Palette
from tui.report.table import Column, Table
from tui.report.visible import visible

LEAST_SCROLLED = 12  # fixed columns that leave less to the others are scrolled like them

EMPTY = Table("", (), ())


class Piece(NamedTuple):
    """Text of a known width, and where it stands on its line."""

    x: int
    width: int
    text: str
    style: Style | None


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
        self._slots: list[Slot] = []
        self._row = self._column = 0
        self._top = self._left = 0  # the first row in view, the first column that is not fixed

    # -- what is shown

    def show(
        self,
        table: Table,
        *,
        keep: bool = True,
        places: Sequence[int] = (),
        of: int | None = None,
    ) -> None:
        """Show a table; no `Moved` is posted.

        Args:
            table: The new table.
            keep: Stay at the row with the same fixed columns, at the same height on the screen,
                and in the column with the same key. Where these are gone, the place is kept.
            places: Where each row stands among all of the answer; by default where it is here.
            of: How many rows the answer has; by default these.
        """
        old, self.table, self._places = self.table, table, places
        self.total = len(table.rows) if of is None else of
        self._widths = measure(table)
        if not keep:
            self._row = self._column = self._top = self._left = 0
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
        """How many columns stay in place: none in a pane too narrow for more than these."""
        fixed = self._widths[: self.table.fixed]
        room = self.size.width - GUTTER - 1 - sum(width + GAP for width in fixed)
        return len(fixed) if room >= LEAST_SCROLLED else 0

    def _settle(self) -> None:
        """Make cursor and view fit the table and the pane."""
        total, columns, height = len(self.table.rows), len(self._widths), self._height
        self._row = max(0, min(self._row, total - 1))
        if not self._top <= self._row < self._top + height:
            self._top = self._row - height // 2
        self._top = max(0, min(self._top, total - height))

        fixed = self._fixed
        furthest = self._left_for(columns - 1)
        if self._marker:
            self._column = self._left = max(fixed, min(self._column, furthest))
        self._column = max(0, min(self._column, columns - 1))
        if self._column >= fixed:
            self._left = max(self._left_for(self._column), min(self._left, self._column))
        self._left = max(fixed, min(self._left, furthest))
        self._slots = arrange(self.table, self._widths, fixed, self._left, self.size.width)

    def _left_for(self, column: int) -> int:
        """The first column to show so that `column` is just wholly in view."""
        fixed = self._fixed
        if column <= fixed:
            return fixed
        taken = (*self._widths[:fixed], self._widths[column])
        room = self.size.width - GUTTER - 1 - sum(taken) - GAP * fixed
        while column > fixed and (room := room - self._widths[column - 1] - GAP) >= 0:
            column -= 1
        return column

    def _line_region(self) -> Region:
        """The line of the current row."""
        return Region(0, self._head + self._row - self._top, self.size.width, 1)

    # -- drawing

    def render_line(self, y: int) -> Strip:
        """Compose one line of the widget."""
        head, index = self._head, self._top + y - self._head
        if y < head:
            return self._header_line() if y == head - 1 else self._group_line()
        if index < len(self.table.rows):
            return self._row_line(index)
        if not self.table.rows:
            return self._reason_line(y - head)
        return self._strip(())

    def _header_line(self) -> Strip:
        slots, fixed, signs = self._slots, self._fixed, {}
        if self._left > fixed:
            x = next((slot.x for slot in slots if slot.column >= fixed), GUTTER)
            signs[x - 1] = self.palette.hidden_left
        last = slots[-1] if slots else Slot(-1, 0, 0)
        if last.column < len(self._widths) - 1 or last.width < self._widths[last.column]:
            signs[self.size.width - 1] = self.palette.hidden_right
        headers, style = [column.header for column in self.table.columns], self.palette.header
        return self._strip([self._piece(slot, headers, style) for slot in slots], signs)

    def _group_line(self) -> Strip:
        """Each group's heading in the middle of a rule over its columns."""
        pieces = []
        columns, palette = self.table.columns, self.palette
        for group, members in groupby(self._slots, key=lambda slot: columns[slot.column].group):
            if group:
                slots = list(members)
                width = slots[-1].x + slots[-1].width - slots[0].x
                text = f"{palette.rule} {visible(group)} {palette.rule}"
                spare = max(0, width - width_of(text))
                text = palette.rule * (spare // 2) + text + palette.rule * (spare - spare // 2)
                text = fit(text, width, "left", palette.cut)
                pieces.append(Piece(slots[0].x, width, text, palette.header))
        return self._strip(pieces)

    def _row_line(self, index: int) -> Strip:
        row = self.table.rows[index]
        pieces = [self._piece(slot, row, self._style_of(index, slot)) for slot in self._slots]
        return self._strip(pieces, self._cursor_signs() if index == self._row else {})

    def _reason_line(self, y: int) -> Strip:
        """Of an empty table the title, which says why; with columns it is known to be empty."""
        title = self.table.title
        reason = [visible(title)] if title else []
        reason += ["no rows"] if self.table.columns or not title else []
        line = y - max(0, self._height - len(reason)) // 2
        if not 0 <= line < len(reason):
            return self._strip(())
        room = max(0, self.size.width - 2)
        width = min(width_of(reason[line]), room)
        text = fit(reason[line], width, "left", self.palette.cut)
        return self._strip([Piece(1 + (room - width) // 2, width, text, None)])

    def _cursor_signs(self) -> dict[int, str]:
        if self._marker:
            return {0: self.palette.marker}
        for column, x, width in self._slots:
            if column == self._column:
                return {x - 1: "[", x + width: "]"}
        return {}

    def _style_of(self, row: int, slot: Slot) -> Style | None:
        table, palette, column = self.table, self.palette, slot.column
        if (row, column) in table.marked:
            return palette.marked
        if table.arms and table.columns[column].key == "arm":
            arm = table.arms[row]
            return None if arm is None else palette.arm(arm)
        return palette.block if column == 0 and row in table.blocks else None

    def _piece(self, slot: Slot, texts: Sequence[str], style: Style | None) -> Piece:
        column, x, width = slot
        align = self.table.columns[column].align
        return Piece(x, width, fit(visible(texts[column]), width, align, self.palette.cut), style)

    def _strip(self, pieces: Iterable[Piece], signs: Mapping[int, str] | None = None) -> Strip:
        """A line of pieces, with single signs in the blanks between them."""
        width, x, segments = self.size.width, 0, []
        style = self.palette.cursor if self.has_focus else self.palette.dim
        for piece in (*pieces, Piece(width, 0, "", None)):
            for at in sorted(at for at in signs or () if x <= at < piece.x):
                assert signs is not None
                segments += [Segment(" " * (at - x)), Segment(signs[at], style)]
                x = at + 1
            segments += [Segment(" " * (piece.x - x)), Segment(piece.text, piece.style)]
            x = piece.x + piece.width
        return Strip([segment for segment in segments if segment.text], width)

    # -- events

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self._settle()
        self.refresh()

    def on_focus(self) -> None:
        """Show the cursor at its full weight."""
        self.refresh(self._line_region())

    def on_blur(self) -> None:
        """Dim the cursor."""
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
