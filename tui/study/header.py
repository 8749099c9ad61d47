"""What a file says of a dataset before its rows are read: columns, types, labels, row count."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl


class Unreadable(Exception):  # noqa: N818 - a reason that readers give, turned into a StudyError
    """Why a file cannot be read, as the end of the sentence `FILE: …`, with its full stop."""


class NotADataset(Unreadable):
    """Why a file is of another kind than its ending says: beside data it is let be."""


MOST_COLUMNS = 32_767
"""As many as a SAS dataset has; a file with more of them is not one, and would take minutes."""

_PATTERN = re.compile(r"\*|\^.*\$", re.DOTALL)
"""Names that polars takes for a pattern, wherever a column is named."""


@dataclass(frozen=True)
class Column:
    """A column of a dataset.

    Attributes:
        name: Its name in capitals, as the program uses it.
        kind: The type its values get.
        own_name: Its name as the file has it.
        label: Its label in the file; may be empty.
        format: Its display format in the file (`DATE9.`, `$SEX.`); may be empty.
        decodes: Coded values and what they mean, where a format catalog lies beside the file.
    """

    name: str
    kind: pl.DataType
    own_name: str
    label: str = ""
    format: str = ""
    decodes: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Stretch:
    """Rows of a file that have the same values in some columns, or that stand after each other.

    Attributes:
        first: The place of the first one, from 0.
        rows: How many they are.
        same: The columns, and the value of each; empty where the rows only stand together.
    """

    first: int
    rows: int
    same: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Header:
    """A dataset of a file: a file of some formats holds several.

    Attributes:
        name: What it is called, in capitals (ADLB).
        columns: Its columns, in the file's order.
        rows: Number of rows.
        label: The dataset's own label; may be empty.
        notes: What the reader decided, in words (a code page, what became of special missing
            values).
        place: Where its rows lie, for the reader that found them and nobody else.
        stretches: Its rows, told apart by the values of some columns, where the file tells that
            without being asked; may be empty.
    """

    name: str
    columns: tuple[Column, ...]
    rows: int
    label: str = ""
    notes: tuple[str, ...] = ()
    place: object = None
    stretches: tuple[Stretch, ...] = ()

    @property
    def kinds(self) -> dict[str, pl.DataType]:
        """Column names and their types."""
        return {column.name: column.kind for column in self.columns}


def numbered(rows: pl.LazyFrame, number: str | None) -> pl.LazyFrame:
    """Rows with the place of each in the file, from 1, where a name for it is given."""
    return rows.with_row_index(number, offset=1) if number else rows


def columns_of(
    kinds: Iterable[tuple[str, pl.DataType]],
    labels: Mapping[str, str] | None = None,
    formats: Mapping[str, str] | None = None,
) -> tuple[Column, ...]:
    """Columns from a file's own names with their types; labels and formats by own name.

    Raises:
        Unreadable: when two names differ in nothing but case and blanks, one is blank or a pattern,
            or there are too many.
    """
    said, shown = labels or {}, formats or {}
    columns = tuple(
        Column(own.strip().upper(), kind, own, said.get(own, ""), shown.get(own, ""))
        for own, kind in kinds
    )
    if len(columns) > MOST_COLUMNS:
        raise Unreadable(f"it has {len(columns):,} columns; {MOST_COLUMNS:,} are the most.")
    if blank := [place for place, column in enumerate(columns, 1) if not column.name]:
        raise Unreadable(f"its column {blank[0]} has no name.")
    for place, column in enumerate(columns, 1):
        if _PATTERN.fullmatch(column.name):
            named = f"its column {place} is named {column.name}"
            raise Unreadable(f"{named}, which stands for several columns: it needs another name.")
    uses = Counter(column.name for column in columns)
    if twice := sorted(name for name, times in uses.items() if times > 1):
        raise Unreadable(f"its header names {', '.join(twice)} more than once.")
    return columns
