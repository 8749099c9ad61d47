"""Rows as row groups of parquet: of a size that is read fast, and of one parameter where it can be.

Where a row group holds one parameter, its statistics say so: a query on another one skips it, and
to list the parameters no row is read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow

LEAST, MOST = 250_000, 1_000_000
"""Rows of a row group. With 64,000 a query takes twice as long; what is larger takes memory."""


@dataclass(frozen=True)
class Group:
    """Rows that stand together: how many, and they themselves, as they come."""

    rows: int
    tables: Iterator[pyarrow.Table]


def row_groups(
    groups: Iterable[Group], least: int = LEAST, most: int = MOST
) -> Iterator[pyarrow.Table]:
    """Tables of so many rows, in order: a parameter that fills one shares it with no other.

    Smaller ones are put together; less than `least` is what is left of them before a large one.
    """
    import pyarrow

    small: list[pyarrow.Table] = []
    held = 0
    for one in groups:
        if small and (one.rows >= least or held >= least):
            yield pyarrow.concat_tables(small)
            small, held = [], 0
        if one.rows >= least:
            yield from _cut(one, most)
        else:
            small += one.tables
            held += one.rows
    if small:
        yield pyarrow.concat_tables(small)


def _cut(group: Group, most: int) -> Iterator[pyarrow.Table]:
    """A large group in as few parts of equal size as there can be."""
    import pyarrow

    size = math.ceil(group.rows / math.ceil(group.rows / most))
    held: list[pyarrow.Table] = []
    rows = 0
    for table in group.tables:
        held.append(table)
        rows += table.num_rows
        while rows >= size:
            whole = pyarrow.concat_tables(held)
            yield whole.slice(0, size)
            held, rows = [whole.slice(size)], rows - size
    if rows:
        yield pyarrow.concat_tables(held)
