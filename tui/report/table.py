"""A table of finished text: what the command prints and the browser shows, cell for cell.

Every number has been formatted before it gets here, so that a screen and the command that
prints the same view cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Align = Literal["left", "right"]


@dataclass(frozen=True)
class Column:
    """One column: the field it shows, its heading, and the heading it shares with neighbors."""

    key: str
    header: str
    align: Align = "right"
    group: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of finished text under columns.

    Attributes:
        title: One line above the table.
        columns: The columns, in order.
        rows: One tuple of texts a row, as long as `columns`.
        fixed: How many leading columns stay in place when the table is scrolled sideways.
        arms: For each row the position of its arm in the study (its color and glyph), or None.
            Empty when no row belongs to an arm.
        marked: (row, column) of the cells that carry a sign, such as p below alpha. The sign
            itself stands in the text; a color may be added to it, never instead of it.
        legend: What the sign means; to be shown where a cell is marked.
        blocks: Rows that begin a new block (a visit, a body system), set off from the row above.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    fixed: int = 1
    arms: tuple[int | None, ...] = ()
    marked: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    legend: str = ""
    blocks: frozenset[int] = field(default_factory=frozenset)
