"""A findings domain (LB, VS, QS …) under the names of ADaM's BDS."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from tui.study.header import Header
from tui.study.model import Dataset, Derived
from tui.study.sdtm import dates, parameters

_RESULTS = ("STRESN", "STRESC", "ORRES")
_BASELINE = ("BLFL", "LOBXFL")
_WITHOUT_BASELINE = ("PC", "PP")
"""Concentrations and what is computed of them: before the drug there is none."""


def results(header: Header, domain: str) -> tuple[str, ...]:
    """The columns of a domain that hold a result."""
    return tuple(f"{domain}{name}" for name in _RESULTS if f"{domain}{name}" in header.kinds)


def derived(dataset: Dataset, domain: str, rows: pl.DataFrame) -> tuple[Derived, ...]:
    """The standard columns.

    Args:
        dataset: The dataset, as its file has it.
        domain: The two letters that its variables begin with.
        rows: The subject level, for the date of first dose.
    """
    header = dataset.header
    found = [
        *parameters.derived(dataset, domain, results(header, domain)),
        *_values(header, domain),
        *_visits(header),
        *_timepoints(header, domain),
        *_days(header, domain, rows),
    ]
    if flag := next((domain + one for one in _BASELINE if domain + one in header.kinds), None):
        found.append(Derived("ABLFL", pl.col(flag), f"ABLFL is {flag}"))
    return tuple(found)


def _values(header: Header, domain: str) -> Iterator[Derived]:
    """AVAL from the standardized number, else from text that is one; AVALC as text."""
    there = results(header, domain)
    text = next((one for one in there if not one.endswith("STRESN")), None)
    number = f"{domain}STRESN"
    if number in there:
        yield Derived("AVAL", pl.col(number), f"AVAL is {number}")
    elif text:
        value = pl.col(text).cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
        yield Derived("AVAL", value, f"AVAL is {text} where that is a number")
    if text:
        yield Derived("AVALC", pl.col(text), f"AVALC is {text}")


def _visits(header: Header) -> Iterator[Derived]:
    """The planned visits; an unscheduled one is no visit of a table."""
    if "VISIT" in header.kinds:
        label = pl.col("VISIT").cast(pl.String)
        unscheduled = label.str.contains(r"(?i)^\s*unsch")
        yield Derived(
            "AVISIT",
            pl.when(~unscheduled).then(label),
            "AVISIT is VISIT, empty where that is unscheduled",
        )
    if "VISITNUM" in header.kinds:
        yield Derived("AVISITN", pl.col("VISITNUM"), "AVISITN is VISITNUM")


def _timepoints(header: Header, domain: str) -> Iterator[Derived]:
    """The planned time point; else the position, in which blood pressure is another one."""
    there = [domain + one for one in ("TPT", "POS") if domain + one in header.kinds]
    if there:
        texts = [pl.col(one).cast(pl.String).replace("", None) for one in there]
        yield Derived("ATPT", pl.coalesce(texts), f"ATPT is {', else '.join(there)}")
    if (number := f"{domain}TPTNUM") in header.kinds:
        yield Derived("ATPTN", pl.col(number), f"ATPTN is {number}")


def _days(header: Header, domain: str, rows: pl.DataFrame) -> Iterator[Derived]:
    """The study day, and whether the record is of before or after the first dose.

    On the day of the first dose a record is taken as one before it, unless both have a time.
    """
    day, date = f"{domain}DY", f"{domain}DTC"
    study_day = dates.study_day("ADY", date, rows) if date in header.kinds else None
    if day in header.kinds:
        study_day = Derived("ADY", pl.col(day), f"ADY is {day}")
    if study_day:
        yield study_day
    if domain in _WITHOUT_BASELINE:
        return
    first = dates.reference(rows)
    if first and date in header.kinds:
        if first not in header.kinds:
            yield Derived(first, dates.of_subject(rows, first), "")
        after = dates.is_after(pl.col(date).cast(pl.String), pl.col(first).cast(pl.String))
        words = f"{date} is after {first}, the same day counting as before"
    elif study_day:
        after = pl.col("ADY").cast(pl.Float64, strict=False) > 1
        words = "ADY is after 1"
    else:
        return
    flag = after.replace_strict({True: "Y", False: "N"}, default=None, return_dtype=pl.String)
    yield Derived("APOBLFL", flag, f"APOBLFL is Y where {words}")
