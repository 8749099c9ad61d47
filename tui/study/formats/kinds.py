"""The few types that the program knows, and how the many of Arrow and parquet become them.

Text, 64-bit whole numbers and doubles, yes or no, dates, datetimes, times. A number that is NaN is
a missing value: pandas and polars write one for the other, and SAS and Dataset-JSON have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from tui.study.header import Column, columns_of

_DATETIME = pl.Datetime("us")


def known(kind: pl.DataType) -> pl.DataType | None:
    """The type that values of a type get; None for lists and others that are no single value."""
    if kind in (pl.String, pl.Categorical, pl.Enum, pl.Binary, pl.Null):
        return pl.String()
    if kind.is_integer():
        return pl.Int64()
    if kind.is_float() or kind.is_decimal():
        return pl.Float64()
    if kind == pl.Datetime:
        return _DATETIME
    return kind if kind in (pl.Boolean, pl.Date, pl.Time) else None


def columns(kinds: Mapping[str, pl.DataType]) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """The columns of a file by its own names and types, and a note on those that are left out."""
    held = [(name, kind) for name, own in kinds.items() if (kind := known(own)) is not None]
    left = ", ".join(f"{name} ({kind})" for name, kind in kinds.items() if known(kind) is None)
    note = f"Columns that hold no single values are left out: {left}."
    return columns_of(held), (note,) if left else ()


def as_known(
    rows: pl.LazyFrame, own: Mapping[str, pl.DataType], held: Iterable[Column], *front: pl.Expr
) -> pl.LazyFrame:
    """The rows of a file with the columns, names and types of the program.

    Args:
        rows: The rows as they are in the file.
        own: The types there.
        held: What `columns` made of them.
        front: What to put in front of them.
    """
    return rows.select(*front, *(_cast(own[one.own_name], one) for one in held))


def _cast(own: pl.DataType, column: Column) -> pl.Expr:
    values = pl.col(column.own_name)
    if own.is_float():
        values = values.fill_nan(None)
    if isinstance(own, pl.Datetime) and own.time_zone:
        values = values.dt.replace_time_zone(None)  # what the clock there showed
    return (values if own == column.kind else values.cast(column.kind)).alias(column.name)


def labels_of(schema: Iterable[Any]) -> dict[str, str]:
    """Column labels by the names in capitals, from the metadata of an Arrow schema's fields."""
    found = {}
    for one in schema:
        label = (one.metadata or {}).get(b"label", b"").decode("utf-8", "replace").strip()
        if label:
            found[one.name.strip().upper()] = label
    return found
