"""The rows of any dataset under names that do not depend on it, and dates as far as they are known.

A column that a dataset lacks holds nulls, so that a check of it finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from tui.queries.endpoint import text
from tui.study import files
from tui.study.model import Dataset, Study
from tui.study.roles import SUBJECT, TERM

_TEXTS = {
    "code": ("PARAMCD",),
    "basetype": ("BASETYPE",),
    "timepoint": ("ATPT", "ATPTN"),
    "visit": ("AVISIT", "AVISITN"),
    "imputed": ("DTYPE",),
    "term": TERM,
    "emergent": ("TRTEMFL",),
}
_NUMBERS = {
    "number": "AVISITN",
    "value": "AVAL",
    "base": "BASE",
    "change": "CHG",
    "day": "ADY",
}
_DATES = {
    "start": (("ASTDT", r"[A-Z]{2}STDTC"), "ASTDTF"),
    "end": (("AENDT", r"[A-Z]{2}ENDTC"), "AENDTF"),
    "date": (("ADT", r"[A-Z]{2}DTC"), "ADTF"),
}
_OF_SUBJECTS = {
    "consent": (("RFICDTC", "RFICDT", "ICDTC", "ICDT"), ""),
    "birth": (("BRTHDT", "BRTHDTC"), "BRTHDTF"),
    "death": (("DTHDT", "DTHDTC"), "DTHDTF"),
    "dose": (("TRTSDT", "RFXSTDTC", "RFSTDTC"), "TRTSDTF"),
    "last_dose": (("TRTEDT", "RFXENDTC"), "TRTEDTF"),
}


def read(dataset: Dataset) -> pl.LazyFrame:
    """`row` (1 is the first record), `subject`, texts, numbers, `baseline`, flags and dates.

    Where numbers came as text, a column of `not_numbers` holds the text that is none.

    A date `start` is the earliest that it can be, `start_last` the latest; both are the same where
    the day is known.
    """
    return files.scan(dataset, number="row").select(
        "row",
        _text(dataset, "subject", (SUBJECT,)),
        *(_text(dataset, name, sources) for name, sources in _TEXTS.items()),
        *(_number(dataset, name, source) for name, source in _NUMBERS.items()),
        *(_not_number(column) for column in not_numbers(dataset)),
        *(_text(dataset, flag, (flag,)) for flag in record_flags(dataset)),
        _text(dataset, "baseline", ("ABLFL",)).eq("Y").fill_null(value=False),
        *_dates(dataset, _DATES),
    )


def people(study: Study) -> pl.LazyFrame:
    """Of each subject the row at subject level, and the dates that bound all others."""
    return (
        study.subject_rows.lazy()
        .with_row_index("subject_row", offset=1)
        .select(
            "subject_row",
            _text(study.subjects, "subject", (SUBJECT,)),
            *_dates(study.subjects, _OF_SUBJECTS),
        )
    )


def has_date(study: Study, dataset: Dataset, name: str) -> bool:
    """Whether a date of `read` or `people` is there at all."""
    if name in _OF_SUBJECTS:
        return _source(study.subjects, _OF_SUBJECTS[name][0]) is not None
    return _source(dataset, _DATES[name][0]) is not None


def not_numbers(dataset: Dataset) -> list[str]:
    """The columns of analysis values that came as text."""
    return [one for one in ("AVAL", "BASE", "CHG") if dataset.schema.get(one) == pl.String]


def _not_number(column: str) -> pl.Expr:
    said = text(column)
    return pl.when(said.cast(pl.Float64, strict=False).is_null()).then(said).alias(column)


def record_flags(dataset: Dataset) -> list[str]:
    """ANL01FL and its kin: ADaM's flags of the records of an analysis."""
    return [name for name in dataset.schema if re.fullmatch(r"ANL\d\dFL", name)]


def _text(dataset: Dataset, name: str, sources: tuple[str, ...]) -> pl.Expr:
    source = dataset.first(*sources)
    if source is None:
        return pl.lit(None, pl.String).alias(name)
    return text(source).alias(name)


def _number(dataset: Dataset, name: str, source: str) -> pl.Expr:
    if not dataset.has(source):
        return pl.lit(None, pl.Float64).alias(name)
    column = pl.col(source)
    if dataset.schema[source] == pl.String:
        column = column.str.strip_chars()
    return column.cast(pl.Float64, strict=False).fill_nan(None).alias(name)


def _dates(dataset: Dataset, wanted: Mapping[str, tuple[tuple[str, ...], str]]) -> list[pl.Expr]:
    found = []
    for name, (patterns, flag) in wanted.items():
        first, last = _span(dataset, _source(dataset, patterns), flag)
        found += [first.alias(name), last.alias(f"{name}_last")]
    return found


def _source(dataset: Dataset, patterns: tuple[str, ...]) -> str | None:
    """The column that a date is taken from, by the first pattern that one has the name of."""
    return next(
        (
            column
            for pattern in patterns
            for column in dataset.schema
            if re.fullmatch(pattern, column)
        ),
        None,
    )


def _span(dataset: Dataset, source: str | None, flag: str) -> tuple[pl.Expr, pl.Expr]:
    """The earliest and the latest day that a date can be.

    A text is as exact as it is long (2013-05 is a month); of a date that was imputed, its flag
    (ASTDTF: D, M, Y) says what is known. A number is no date: which day is its 0, no file says.
    """
    nothing = pl.lit(None, pl.Date)
    if source is None:
        return nothing, nothing
    kind = dataset.schema[source]
    if kind == pl.String:
        known = pl.col(source).str.extract(r"^\s*(\d{4}(?:-\d{2}(?:-\d{2})?)?)")
        length = known.str.len_bytes()
        day = (
            pl.when(length == 4)
            .then(known + "-01-01")
            .when(length == 7)
            .then(known + "-01")
            .otherwise(known)
            .str.to_date("%Y-%m-%d", strict=False)
        )
        missing: pl.Expr = (
            pl.when(length == 4).then(pl.lit("M")).when(length == 7).then(pl.lit("D"))
        )
    elif kind in (pl.Date, pl.Datetime):
        day = pl.col(source).cast(pl.Date)
        if not flag or not dataset.has(flag):
            return day, day
        missing = pl.col(flag).cast(pl.String).str.strip_chars()
    else:
        return nothing, nothing
    year = pl.date(day.dt.year(), 1, 1), pl.date(day.dt.year(), 12, 31)
    month = day.dt.month_start(), day.dt.month_end()
    first, last = (
        pl.when(missing == "Y")
        .then(nothing)
        .when(missing == "M")
        .then(of_year)
        .when(missing == "D")
        .then(of_month)
        .otherwise(day)
        for of_year, of_month in zip(year, month, strict=True)
    )
    return first, last
