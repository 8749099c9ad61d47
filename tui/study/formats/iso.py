"""Dates and times that stand in a file as text, of ISO 8601 or as SAS prints them.

Either all values of a column are whole and written in one way, or the column is text: partial dates
(`2012-03`), hours beyond 23 and two-digit years are neither guessed at nor dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

KINDS: Mapping[str, pl.DataType] = {
    "date": pl.Date(),
    "datetime": pl.Datetime("us"),
    "time": pl.Time(),
}
"""The type of each sort of value."""


@dataclass(frozen=True)
class Way:
    """A way of writing dates or times: its shape as a regular expression, and as chrono has it.

    chrono alone takes 2012-3-4 for a date, the year 14 for 2014 and 23:59:60 for midnight.
    """

    sort: str
    shape: str
    pattern: str


_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"  # \d is every digit of Unicode, and takes polars 0.4 ms longer
_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-5][0-9](\.[0-9]{1,6})?"
_SAS = "(?i)^[0-9]{2}(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[0-9]{4}"
ISO = {
    "date": Way("date", rf"^{_DAY}$", "%Y-%m-%d"),
    "datetime": Way("datetime", rf"^{_DAY}T{_CLOCK}$", "%Y-%m-%dT%H:%M:%S%.f"),
    "time": Way("time", rf"^{_CLOCK}$", "%H:%M:%S%.f"),
}
"""As Dataset-JSON has them."""

OF_TEXT_FILES = (
    ISO["date"],
    ISO["datetime"],
    Way("datetime", rf"^{_DAY}T{_CLOCK}Z$", "%Y-%m-%dT%H:%M:%S%.fZ"),  # readr::write_csv
    Way("datetime", rf"^{_DAY} {_CLOCK}$", "%Y-%m-%d %H:%M:%S%.f"),
    Way("date", rf"{_SAS}$", "%d%b%Y"),  # PROC EXPORT writes DATE9.
    Way("datetime", rf"{_SAS}:{_CLOCK}$", "%d%b%Y:%H:%M:%S%.f"),
)
"""As programs write them into CSV files; 01/02/2014 is no date, for it may be two."""


def values(texts: pl.Expr, way: Way) -> pl.Expr:
    """Dates or times from texts; null for what is not written in this way."""
    fitting = pl.when(texts.str.contains(way.shape)).then(texts).str
    if way.sort == "time":
        return fitting.to_time(way.pattern, strict=False)
    if way.sort == "date":
        return fitting.to_date(way.pattern, strict=False)
    return fitting.to_datetime(way.pattern, time_unit="us", strict=False)


def misfits(texts: pl.Expr, way: Way) -> pl.Expr:
    """How many of the texts that are there are not written in this way."""
    return (values(texts, way).is_null() & texts.is_not_null()).sum()
