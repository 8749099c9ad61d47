"""SAS dates, times and datetimes: numbers, which the display format alone tells from others.

A date is a number of days since 1960-01-01, a datetime of seconds since its midnight, a time of
seconds since midnight (SAS Language Reference, "About SAS Date, Time, and Datetime Values").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

import polars as pl

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SEPARATORS = ("", "B", "C", "D", "N", "P", "S")


def _with_separators(*names: str) -> Iterable[str]:
    return (name + mark for name in names for mark in _SEPARATORS)


_DATES = frozenset(
    (
        *("DATE", "DAY", "DOWNAME", "WEEKDAY", "WEEKDATE", "WEEKDATX", "WORDDATE", "WORDDATX"),
        *("WEEKU", "WEEKV", "WEEKW", "MONTH", "MONNAME", "MONYY", "YYMON", "YEAR", "JULDAY"),
        *("JULIAN", "PDJULG", "PDJULI", "QTR", "QTRR", "NENGO", "MINGUO", "NLDATE", "NLDATEW"),
        *("E8601DA", "B8601DA", "IS8601DA", "ND8601DA"),
        *_with_separators("DDMMYY", "MMDDYY", "YYMMDD", "YYMM", "MMYY", "YYQ", "YYQR"),
    )
)
_DATETIMES = frozenset(
    (
        *("DATETIME", "DATEAMPM", "MDYAMPM", "DTDATE", "DTMONYY", "DTWKDATX", "DTYEAR", "DTYYQC"),
        *("NLDATM", "NLDATMAP", "NLDATMW", "IS8601DT", "IS8601DN", "IS8601DX", "IS8601DZ"),
        *(f"{basis}8601{kind}" for basis in "BE" for kind in ("DN", "DT", "DX", "DZ", "LX")),
    )
)
_TIMES = frozenset(
    (
        *("TIME", "TIMEAMPM", "HHMM", "HOUR", "MMSS", "TOD", "NLTIME", "NLTIMAP", "IS8601TM"),
        *(f"{basis}8601{kind}" for basis in "BE" for kind in ("TM", "TX", "TZ", "LZ")),
    )
)

DATE, DATETIME, TIME, NUMBER = pl.Date(), pl.Datetime("us"), pl.Time(), pl.Float64()

Numbers = TypeVar("Numbers", pl.Series, pl.Expr)

UNITS: dict[pl.DataType, str] = {
    DATE: "days since 1960-01-01",
    DATETIME: "seconds since 1960-01-01",
    TIME: "seconds since midnight",
}

_TO_1970 = 3653  # days
_LIMITS: dict[pl.DataType, tuple[float, float]] = {
    DATE: (-138_061, 2_936_547),  # 1582-01-01, where SAS's calendar begins, to 9999-12-31
    DATETIME: (-138_061 * 86_400, 2_936_548 * 86_400 - 1e-6),
    TIME: (0, 86_400 - 1e-6),
}


def kind_of(name: str) -> pl.DataType:
    """What numbers under a display format are: DATE9. makes them dates."""
    stem = re.fullmatch(r"([A-Z]*(?:8601)?[A-Z]*)\d*(?:\.\d*)?", name.strip().upper())
    if stem is None:
        return NUMBER
    for kind, names in ((DATE, _DATES), (DATETIME, _DATETIMES), (TIME, _TIMES)):
        if stem[1] in names:
            return kind
    return NUMBER


def misfits(numbers: pl.Series | NDArray[np.float64], kind: pl.DataType) -> int:
    """How many numbers are no such moment: beyond the calendar, or a date that is not whole.

    A time of 24 hours and more is a duration, and no time of a day. What is missing is none of
    them: a null, or in an array NaN.
    """
    low, high = _LIMITS[kind]
    beyond = (numbers < low) | (numbers > high)
    return int((beyond | (numbers % 1 > 0) if kind == DATE else beyond).sum())


def moments(numbers: Numbers, kind: pl.DataType) -> Numbers:
    """Numbers as moments, once `misfits` has found none; to the microsecond."""
    if kind == DATE:
        return (numbers.cast(pl.Int32) - _TO_1970).cast(DATE)
    if kind == DATETIME:
        return ((numbers * 1e6).round().cast(pl.Int64) - _TO_1970 * 86_400_000_000).cast(DATETIME)
    if kind == TIME:
        return ((numbers * 1e6).round().cast(pl.Int64) * 1_000).cast(TIME)
    return numbers
