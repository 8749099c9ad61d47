"""What `y` sends to the terminal's clipboard: a cell, rows, or the lines of a page, as plain text.

It goes by OSC 52, and whether the terminal takes it cannot be known: it is said to be sent.
"""

from __future__ import annotations

import csv
import io

from tui.errors import TrialdeckError
from tui.report.table import Table
from tui.report.visible import visible

MOST = 74_994
"""Bytes that are sent: in base64 99,992, and terminals that bound it take 100,000."""


def cell(table: Table, row: int, column: int) -> str:
    """The text of a cell, without the glyph or the indent it has on the screen."""
    text = visible(table.rows[row][column]).strip()
    if table.columns[column].key == "arm" and " " in text:  # see `panes.glyphs`
        return text.partition(" ")[2].strip()
    return text


def rows(table: Table, first: int, count: int) -> str:
    """Rows from one on, each a line of CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in range(first, min(first + count, len(table.rows))):
        writer.writerow([cell(table, row, column) for column in range(len(table.columns))])
    return out.getvalue().rstrip("\n")


def sent(text: str) -> str:
    """What is said of a text that is sent.

    Raises:
        TrialdeckError: when it is more than a terminal takes.
    """
    size = len(text.encode("utf-8", "replace"))
    if size > MOST:
        raise TrialdeckError(
            f"{size:,} bytes are more than a terminal takes ({MOST:,}): :copy FILE writes them."
        )
    return f"sent to the terminal: {len(text)} character{'' if len(text) == 1 else 's'}"
