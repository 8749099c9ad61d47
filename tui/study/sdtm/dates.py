"""ISO 8601 dates of SDTM as text, compared as far as both are known."""

from __future__ import annotations

import polars as pl

from tui.study.model import Derived
from tui.study.roles import SUBJECT

REFERENCES = ("RFXSTDTC", "TRTSDT", "RFSTDTC")
"""Subject-level columns of the first dose: the first one that holds any date."""

_DAY = 10
"""Characters of a date with its day: 2014-01-02."""


def reference(rows: pl.DataFrame, columns: tuple[str, ...] = REFERENCES) -> str | None:
    """The first of the columns that holds a date of any subject."""
    there = [name for name in columns if name in rows.columns]
    dated = rows.select(pl.col(there).cast(pl.String).str.strip_chars().ne("").any())
    return next((name for name in there if dated[name].item()), None)


def of_subject(rows: pl.DataFrame, column: str) -> pl.Expr:
    """A subject-level date as text, looked up by USUBJID."""
    known = rows.select(pl.col(SUBJECT, column).cast(pl.String)).drop_nulls()
    return (
        pl.col(SUBJECT)
        .cast(pl.String)
        .replace_strict(known[SUBJECT], known[column], default=None, return_dtype=pl.String)
    )


def is_after(date: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Whether a date is later than another, as far as both go: the same day is not later.

    Null where either lacks its day.
    """
    known = (date.str.len_chars() >= _DAY) & (other.str.len_chars() >= _DAY)
    length = pl.min_horizontal(date.str.len_chars(), other.str.len_chars())
    return pl.when(known).then(date.str.head(length) > other.str.head(length))


def study_day(name: str, source: str, rows: pl.DataFrame) -> Derived | None:
    """SDTM's study day: 1 is the day of RFSTDTC and -1 the day before; there is no day 0."""
    column = reference(rows, ("RFSTDTC", *REFERENCES))
    if column is None:
        return None
    first = _day_of(of_subject(rows, column))
    days = (_day_of(pl.col(source).cast(pl.String)) - first).dt.total_days()
    day = (days + (days >= 0).cast(pl.Int64)).cast(pl.Float64)
    return Derived(name, day, f"{name} is derived from {source} and {column}")


def _day_of(text: pl.Expr) -> pl.Expr:
    return text.str.head(_DAY).str.to_date("%Y-%m-%d", strict=False)
