"""How a table is divided into pages of RTF: column widths, lines of a row, rows of a page.

Courier New is counted, not measured: each of its characters is 0.6 of its size wide (a point is
1/72 in), and its lines are 1.14 of it high. rtflite's own division knows nothing of the space
beside a cell's text and of words that do not break, and lets long rows run over the end of a page.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from tui.report.table import Table

WIDTH, HEIGHT = 9.5, 8.5 - 0.85 - 0.5
"""Inches between the margins of a landscape letter page."""

SIZES = (9, 8, 7)
"""Points: the largest at which the columns are wide enough."""

_GAP = 3  # characters that the space on both sides of a cell takes (0.15 in), rounded up
_ENOUGH = 16  # characters to which a column of long texts may be cut before the type gets smaller
_NARROW = 8  # characters that a column keeps whatever comes
_SLACK = 0.95  # of a page's height: programs differ in the height of a line
_KEPT = 3  # rows that go with footnotes which have no place below the others


@dataclass(frozen=True)
class Page:
    """Rows that stand on one page.

    Attributes:
        rows: The rows.
        size: Of their type, in points.
        widths: Of the columns, in characters.
        last: Whether footnotes stand below them.
    """

    rows: tuple[tuple[str, ...], ...]
    size: int
    widths: tuple[int, ...]
    last: bool


def pages(table: Table, titles: Sequence[str], footnotes: Sequence[str]) -> list[Page]:
    """The pages of a table, each with its titles and headings, the last with the footnotes."""
    size, bounds = _fitted(table)
    widths = tuple(bound + _GAP for bound in bounds)
    heads = _height([column.header for column in table.columns], bounds, size)
    room = HEIGHT * 72 * _SLACK - _text_height(titles) - 2 * heads
    found: list[list[tuple[str, ...]]] = [[]]
    left = room
    for row in table.rows:
        height = _height(row, bounds, size)
        if height > left and found[-1]:
            found.append([])
            left = room
        found[-1].append(row)
        left -= height
    if _text_height(footnotes) > left and len(found[-1]) > _KEPT:
        found[-1:] = [found[-1][:-_KEPT], found[-1][-_KEPT:]]
    last = len(found) - 1
    return [Page(tuple(rows), size, widths, at == last) for at, rows in enumerate(found)]


def _fitted(table: Table) -> tuple[int, list[int]]:
    """The size of the type, and the characters of each column; the longest columns are cut even."""
    columns = zip(*table.rows, strict=True)
    wanted = [
        max(len(column.header), *map(len, texts))
        for column, texts in zip(table.columns, columns, strict=True)
    ]
    for size in SIZES:
        room = int(WIDTH * 72 / (0.6 * size)) - _GAP * len(wanted)
        longest = min(max(wanted), max(room, _NARROW))
        bound = next(
            (
                bound
                for bound in range(longest, _NARROW, -1)
                if sum(min(one, bound) for one in wanted) <= room
            ),
            _NARROW,
        )
        if bound >= min(longest, _ENOUGH):
            break
    return size, [min(one, bound) for one in wanted]


def _height(cells: Sequence[str], widths: Sequence[int], size: int) -> float:
    """Points that a row takes: its highest cell, and 30 twips around it."""
    lines = max(_lines(cell, width) for cell, width in zip(cells, widths, strict=True))
    return max(lines * 1.14 * size + 1.5, 10.8)


def _text_height(texts: Sequence[str]) -> float:
    per_line = int(WIDTH * 72 / (0.6 * SIZES[0]))
    return sum(_lines(text, per_line) for text in texts) * 1.14 * SIZES[0] + 6


def _lines(text: str, width: int) -> int:
    return 1 if len(text) <= width else len(textwrap.wrap(text, width))
