"""Conditions on subject-level columns, parsed and never evaluated: `AGE>=65 SEX=F`."""

from __future__ import annotations

import datetime
import operator
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from tui.errors import SelectionError, one_of

_CONDITION = re.compile(r"([A-Za-z_]\w*)\s*(>=|<=|!=|==|=|>|<)(.*)", re.DOTALL)
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True)
class Condition:
    """One comparison of a column with a value, or (= and != on text) with any of several."""

    column: str
    operator: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        """As it is written: `RACE=WHITE,ASIAN`."""
        return f"{self.column}{self.operator}{','.join(self.values)}"


def parse(text: str) -> tuple[Condition, ...]:
    """The conditions in a text, separated by spaces; values with spaces are quoted."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise SelectionError(f"Cannot read the condition {text!r}: {error}.") from None
    conditions = []
    for word in words:
        match = _CONDITION.fullmatch(word)
        if not match or not match[3].strip():
            raise SelectionError(
                f"{word!r} is not a condition: write it without spaces, as in AGE>=65 or SEX=F."
            )
        sign = "=" if match[2] == "==" else match[2]
        values = tuple(value.strip() for value in match[3].split(","))
        if sign not in ("=", "!=") and len(values) > 1:
            raise SelectionError(f"{word!r} compares with one value, not with {len(values)}.")
        conditions.append(Condition(match[1].upper(), sign, values))
    return tuple(conditions)


def mask(rows: pl.DataFrame, conditions: tuple[Condition, ...]) -> pl.Series:
    """Which rows meet every condition; a missing value meets none.

    Raises:
        SelectionError: for a column that is not there, a value of another kind than the
            column, or a text that no row has.
    """
    met = pl.Series("met", [True]).new_from_index(0, rows.height)
    for condition in conditions:
        met &= _meets(rows, condition).fill_null(value=False)
    return met


def _meets(rows: pl.DataFrame, condition: Condition) -> pl.Series:
    if condition.column not in rows.columns:
        from difflib import get_close_matches  # of no use before somebody mistypes, for 1 ms

        near = get_close_matches(condition.column, rows.columns, 4, 0.5) or rows.columns
        raise SelectionError(
            f"There is no subject-level column {condition.column}: use {one_of(near, 8)}."
        )
    column = rows[condition.column].cast(compared_as(rows.schema[condition.column]))
    compare = _OPERATORS[condition.operator]
    values = pl.Series(literals(column, condition), dtype=column.dtype)
    if condition.operator in ("=", "!="):
        found = column.is_in(values.implode())
        return found if condition.operator == "=" else ~found & column.is_not_null()
    result: pl.Series = compare(column, values[0])
    return result


def compared_as(kind: pl.DataType) -> pl.DataType | type[pl.DataType]:
    """The kind that a column is compared as: numbers, dates, or text."""
    if kind.is_numeric():
        return pl.Float64
    return kind if kind in (pl.Date, pl.Datetime) else pl.String


def literals(column: pl.Series, condition: Condition) -> list[object]:
    """The values of a condition, of the kind that its column is compared as."""
    column = column.cast(compared_as(column.dtype))
    return [_value(column, condition, value) for value in condition.values]


def _value(column: pl.Series, condition: Condition, text: str) -> object:
    """The text as a value of the column's kind."""
    try:
        if column.dtype.is_numeric():
            return float(text)
        if column.dtype == pl.Date:
            return datetime.date.fromisoformat(text)
        if column.dtype == pl.Datetime:
            return datetime.datetime.fromisoformat(text)
    except ValueError:
        kind = "numbers" if column.dtype.is_numeric() else "dates (2013-05-31)"
        raise SelectionError(f"{condition.column} holds {kind}; {text!r} is none.") from None
    if condition.operator not in ("=", "!=") and re.fullmatch(r"-?[\d.]+", text):
        sample = column.filter(column.str.contains(r"^-?[\d.]+$").not_()).drop_nulls()
        such = f", such as {sample[0]!r}" if len(sample) else ""
        raise SelectionError(
            f"{condition.column} holds text{such}; it cannot be compared with a number."
        )
    if condition.operator in ("=", "!=") and not column.eq(text).any():
        there = [str(one) for one in column.drop_nulls().unique().sort().head(12)]
        choices = one_of(there) or "none"
        raise SelectionError(f"No subject has {condition.column}={text}: there is {choices}.")
    return text
