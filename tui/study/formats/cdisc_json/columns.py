"""The columns of Dataset-JSON: what may stand in a row, and what its values become.

`date`, `datetime` and `time` are text as SDTM has it, unless `targetDataType` makes them SAS's
numbers: then they are dates. Empty text is a missing value, as in SAS.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from tui.study.formats import iso
from tui.study.formats.cdisc_json.forms import Item
from tui.study.formats.sas import calendar
from tui.study.header import Unreadable

_TEXT, _WHOLE, _NUMBER = str | None, int | float | None, float | None
_JSON: dict[str, Any] = {
    "string": _TEXT,
    "uri": _TEXT,
    "date": _TEXT,
    "datetime": _TEXT,
    "time": _TEXT,
    "integer": _WHOLE,
    "float": _NUMBER,
    "double": _NUMBER,
    "decimal": str | int | float | None,
    "boolean": bool | None,
}
"""What the values of each dataType are in JSON; a decimal may be text, to keep its digits."""

_EXACT = 2**53  # the largest whole number up to which a double holds each


def sort_of(item: Item) -> str:
    """The dataType of a column, in small letters."""
    said = item.data_type or item.old_type or ""
    sort = said.lower()
    if sort not in _JSON:
        raise Unreadable(f"column {item.name} is of dataType {said[:20]!r}, which there is not.")
    return sort


def row_type(items: Iterable[Item]) -> Any:
    """The type of a row: a tuple with a type for each column, so that msgspec checks them all."""
    return tuple[tuple(_JSON[sort_of(item)] for item in items)]  # type: ignore[misc]


def wanted(item: Item) -> str:
    """What a value of the column has to be, in words."""
    sort = sort_of(item)
    if sort == "boolean":
        return "true or false"
    return "text" if _JSON[sort] is _TEXT else "a number"


def part(item: Item, values: Sequence[Any]) -> pl.Series:
    """The values of a column in one block of rows, exactly as they are."""
    sort = sort_of(item)
    if sort == "boolean":
        return pl.Series(values, dtype=pl.Boolean)
    if sort in ("float", "double"):
        return pl.Series(values, dtype=pl.Float64)
    if sort == "decimal":
        return pl.Series([None if one is None else str(one) for one in values], dtype=pl.String)
    if sort != "integer":
        return pl.Series(values, dtype=pl.String)
    try:
        return pl.Series(values, dtype=pl.Int64)
    except (TypeError, OverflowError):  # a fraction, or more than 64 bits
        if all(one is None or abs(one) <= _EXACT for one in values):
            return pl.Series(
                [None if one is None else float(one) for one in values], dtype=pl.Float64
            )
        return pl.Series([None if one is None else str(one) for one in values], dtype=pl.String)


def whole(item: Item, parts: Sequence[pl.Series]) -> tuple[pl.Series, str]:
    """The column of all blocks, with what had to be decided of it, in words."""
    column, sort = _joined(parts), sort_of(item)
    if sort == "integer" and column.dtype == pl.String:
        return column, f"{item.name} is text: it has whole numbers that a number would round."
    if sort == "decimal":
        return _decimals(item, column)
    if column.dtype == pl.String:
        texts = column.to_frame("").select(pl.when(pl.col("") != "").then(pl.col("")).alias(""))
        way = iso.ISO.get(sort)
        if way is None or item.target != "integer":
            return texts[""], ""
        if misfits := texts.select(iso.misfits(pl.col(""), way)).item():
            return texts[""], f"{item.name} is text: {misfits:,} of its values are no whole {sort}."
        return texts.select(iso.values(pl.col(""), way))[""], ""
    if column.dtype.is_numeric() and item.format:
        return _moments(item, column)
    return column, ""


def _joined(parts: Sequence[pl.Series]) -> pl.Series:
    kinds = {one.dtype for one in parts}
    if len(kinds) == 1:
        return pl.concat(parts)
    exact = all(one.is_between(-_EXACT, _EXACT).all() for one in parts if one.dtype == pl.Int64)
    kind = pl.Float64 if exact and pl.String not in kinds else pl.String
    return pl.concat([one.cast(kind) for one in parts])


def _decimals(item: Item, texts: pl.Series) -> tuple[pl.Series, str]:
    texts = texts.set(texts == "", None)
    numbers = texts.cast(pl.Float64, strict=False)
    if (bad := numbers.is_null() & texts.is_not_null()).any():
        raise Unreadable(f"row {(bad.arg_max() or 0) + 1:,}: {item.name} has to be a number.")
    long = texts.str.replace_all(r"\D", "").str.len_bytes() > 15
    note = f"{item.name} has decimals of more than 15 digits, which are rounded to doubles."
    return numbers, note if long.any() else ""


def _moments(item: Item, numbers: pl.Series) -> tuple[pl.Series, str]:
    """SAS's numbers of days and seconds, which v1.0 writes, as dates."""
    kind = calendar.kind_of(item.format or "")
    if kind == calendar.NUMBER:
        return numbers, ""
    if misfits := calendar.misfits(numbers.cast(pl.Float64), kind):
        unit = calendar.UNITS[kind]
        return numbers, (
            f"{item.name} stays numeric ({unit}): {misfits:,} of its values cannot be shown under "
            f"its format {item.format}."
        )
    return calendar.moments(numbers.cast(pl.Float64), kind), ""
