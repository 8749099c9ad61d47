"""How the lines of a table look: headings, rows, the cursor's signs, the reason of an empty one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.browser.columns import GUTTER, Slot, fit, width_of
from tui.browser.palette import Palette
from tui.report.table import Table
from tui.report.visible import visible


class Piece(NamedTuple):
    """Text of a known width, and where it stands on its line."""

    x: int
    width: int
    text: str
    style: Style | None


@dataclass(frozen=True)
class TableLines:
    """The lines of a table as it stands in its pane.

    Args:
        table: What is shown.
        palette: Styles and signs.
        slots: The columns in view.
        width: Cells of a line.
        at: The row and the column of the cursor; no column if it marks the whole row.
        hidden_left: The first column that is scrolled, if others are hidden before it.
        widths: How wide each column of the table is.
        sign: The style of the cursor and of the signs that there is more.
    """

    table: Table
    palette: Palette
    slots: Sequence[Slot]
    width: int
    at: tuple[int, int | None]
    hidden_left: int | None
    widths: Sequence[int]
    sign: Style | None

    def header(self) -> Strip:
        """The columns' headings, with signs where there is more on either side."""
        signs = {}
        if (first := self.hidden_left) is not None:
            x = next((slot.x for slot in self.slots if slot.column >= first), GUTTER)
            signs[x - 1] = self.palette.hidden_left
        last = self.slots[-1] if self.slots else Slot(-1, 0, 0)
        if last.column < len(self.widths) - 1 or last.width < self.widths[last.column]:
            signs[self.width - 1] = self.palette.hidden_right
        headers, style = [column.header for column in self.table.columns], self.palette.header
        return self.strip([self._piece(slot, headers, style) for slot in self.slots], signs)

    def groups(self) -> Strip:
        """Each group's heading in the middle of a rule over its columns."""
        pieces = []
        columns, palette = self.table.columns, self.palette
        for group, members in groupby(self.slots, key=lambda slot: columns[slot.column].group):
            if group:
                slots = list(members)
                width = slots[-1].x + slots[-1].width - slots[0].x
                text = f"{palette.rule} {visible(group)} {palette.rule}"
                spare = max(0, width - width_of(text))
                text = palette.rule * (spare // 2) + text + palette.rule * (spare - spare // 2)
                text = fit(text, width, "left", palette.cut)
                pieces.append(Piece(slots[0].x, width, text, palette.header))
        return self.strip(pieces)

    def row(self, index: int) -> Strip:
        """A row, with the cursor if that is here."""
        row = self.table.rows[index]
        pieces = [self._piece(slot, row, self._style_of(index, slot)) for slot in self.slots]
        return self.strip(pieces, self._cursor_signs() if index == self.at[0] else {})

    def reason(self, y: int, height: int) -> Strip:
        """Of an empty table the title, which says why; with columns it is known to be empty."""
        title = self.table.title
        reason = [visible(title)] if title else []
        reason += ["no rows"] if self.table.columns or not title else []
        line = y - max(0, height - len(reason)) // 2
        if not 0 <= line < len(reason):
            return self.strip(())
        room = max(0, self.width - 2)
        width = min(width_of(reason[line]), room)
        text = fit(reason[line], width, "left", self.palette.cut)
        return self.strip([Piece(1 + (room - width) // 2, width, text, None)])

    def strip(self, pieces: Iterable[Piece], signs: Mapping[int, str] | None = None) -> Strip:
        """A line of pieces, with single signs in the blanks between them."""
        x, segments = 0, []
        for piece in (*pieces, Piece(self.width, 0, "", None)):
            for at in sorted(at for at in signs or () if x <= at < piece.x):
                assert signs is not None
                segments += [Segment(" " * (at - x)), Segment(signs[at], self.sign)]
                x = at + 1
            segments += [Segment(" " * (piece.x - x)), Segment(piece.text, piece.style)]
            x = piece.x + piece.width
        return Strip([segment for segment in segments if segment.text], self.width)

    def _cursor_signs(self) -> dict[int, str]:
        current = self.at[1]
        if current is None:
            return {0: self.palette.marker}
        for column, x, width in self.slots:
            if column == current:
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
