"""Which rows of a table are on the screen, and in which order: the screen's alone, not the data's.

The command that prints a view, and what is exported, have every row in the order of the answer.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tui.errors import SelectionError, one_of
from tui.report.table import Column, Table

_NUMBER = re.compile(r"[(\s]*(<?)\s*(-?\d+(?:\.\d+)?)")
_DIGITS = re.compile(r"(\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Arrangement:
    """How a table is shown.

    Attributes:
        text: Only rows with this text in a cell, in whatever case; empty keeps all.
        column: The key of the column that the rows are sorted by; empty is the answer's order.
        descending: Whether the largest comes first.
    """

    text: str = ""
    column: str = ""
    descending: bool = False

    def sorted_by(self, column: str) -> Arrangement:
        """Sorted by a column; by the same again downwards, and once more not at all."""
        if column != self.column:
            return dataclasses.replace(self, column=column, descending=False)
        if not self.descending:
            return dataclasses.replace(self, descending=True)
        return dataclasses.replace(self, column="", descending=False)


def arranged(table: Table, how: Arrangement, ascii_only: bool) -> tuple[Table, Sequence[int]]:
    """The table as it is shown, and for each row its place among all.

    What is below a row in its block (the terms of a body system) stays below it: blocks are sorted
    by their first row, and the others within it. Where blocks are no more than rows with the same
    first cell (a visit's arms) all rows are sorted together.
    """
    places: Sequence[int] = range(len(table.rows))
    column = next((n for n, one in enumerate(table.columns) if one.key == how.column), None)
    if column is not None:
        places = _sorted(table, column, how.descending)
    if how.text:
        needle = how.text.casefold()
        places = [n for n in places if needle in "\n".join(table.rows[n]).casefold()]
    if places == range(len(table.rows)) and column is None:
        return table, places
    return _taken(table, places, _signed(table.columns, column, how, ascii_only)), places


def _signed(
    columns: tuple[Column, ...], column: int | None, how: Arrangement, ascii_only: bool
) -> tuple[Column, ...]:
    """The columns, with a sign at the heading of the one that is sorted by."""
    if column is None:
        return columns
    up, down = "^v" if ascii_only else "↑↓"
    sign = down if how.descending else up
    made = dataclasses.replace(columns[column], header=f"{columns[column].header} {sign}".strip())
    return (*columns[:column], made, *columns[column + 1 :])


def _taken(table: Table, places: Sequence[int], columns: tuple[Column, ...]) -> Table:
    rows = tuple(table.rows[n] for n in places)
    if _is_nested(table):
        blocks = frozenset(new for new, old in enumerate(places) if old in table.blocks)
    elif table.blocks:
        firsts = [None, *(row[0] for row in rows)]
        blocks = frozenset(n for n, row in enumerate(rows) if row[0] != firsts[n])
    else:
        blocks = table.blocks
    marks: dict[int, list[int]] = {}
    for row, cell in table.marked:
        marks.setdefault(row, []).append(cell)
    return dataclasses.replace(
        table,
        columns=columns,
        rows=rows,
        arms=tuple(table.arms[n] for n in places) if table.arms else (),
        marked=frozenset(
            (new, cell) for new, old in enumerate(places) for cell in marks.get(old, ())
        ),
        blocks=blocks,
    )


def _is_nested(table: Table) -> bool:
    """Whether the rows of a block stand below its first, indented."""
    return any(
        n not in table.blocks and row[0].startswith("  ") for n, row in enumerate(table.rows[:50])
    ) and bool(table.blocks)


def _sorted(table: Table, column: int, descending: bool) -> list[int]:
    value = _value_of(table, column)

    def ordered(places: Sequence[int]) -> list[int]:
        known = [n for n in places if value(n) is not None]
        missing = [n for n in places if value(n) is None]  # the last, whatever the direction
        return [*sorted(known, key=value, reverse=descending), *missing]

    if not _is_nested(table):
        return ordered(range(len(table.rows)))
    starts = sorted({0, *table.blocks})
    ends = dict(zip(starts, [*starts[1:], len(table.rows)], strict=True))
    return [
        n for first in ordered(starts) for n in (first, *ordered(range(first + 1, ends[first])))
    ]


def _value_of(table: Table, column: int) -> Callable[[int], Any]:
    """What a row is sorted by: an arm by its place in the study, a figure by its first number."""
    one = table.columns[column]
    if one.key == "arm" and table.arms:
        return lambda n: table.arms[n]
    if one.align == "right":
        return lambda n: _number(table.rows[n][column])
    return lambda n: _words(table.rows[n][column])


def _number(text: str) -> tuple[float, int] | None:
    """The first number of a cell; `<0.0001` comes before 0.0001."""
    found = _NUMBER.match(text)
    return (float(found[2]), -len(found[1])) if found else None


def _words(text: str) -> tuple[str | float, ...] | None:
    """A text in the order people expect: Week 8 before Week 12."""
    parts = _DIGITS.split(text.strip().casefold())
    made = tuple(float(part) if n % 2 else part for n, part in enumerate(parts))
    return None if made == ("",) else made


def column_names(table: Table) -> dict[str, str]:
    """What each column is called in words, and its key: its heading, with its group's if needed."""
    headers = [one.header for one in table.columns]
    names: dict[str, str] = {}
    for one in table.columns:
        alone = bool(one.header) and headers.count(one.header) == 1
        name = one.header if alone else f"{one.group} {one.header or one.key}".strip()
        names.setdefault(name, one.key)
    return names


def named_column(table: Table, words: str) -> str:
    """The key of the column with this name, or the one whose name begins so.

    Raises:
        SelectionError: when there is none, or several.
    """
    names, said = column_names(table), words.casefold()
    exact = [key for name, key in names.items() if said in (name.casefold(), key.casefold())]
    found = exact or [key for name, key in names.items() if name.casefold().startswith(said)]
    if len(found) != 1:
        raise SelectionError(
            f"{words!r} could be several columns."
            if found
            else f"There is no column {words!r}: there is {one_of(list(names), 30)}."
        )
    return found[0]
