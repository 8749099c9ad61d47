"""BASE, CHG and the baseline record, and what does not fit together in them.

ADaM IG 1.1, section 3.3 (BDS): CHG is AVAL - BASE; ABLFL = Y marks the baseline record of each
subject, parameter and BASETYPE, and where BASE is populated there is one; BASE is its AVAL. Where
baselines are taken a time point (ATPT) each, there is one for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from tui.queries.endpoint import change_differs, unequal
from tui.queries.notes.note import CONTRADICTION, REMARK, Found, Note, Search, search
from tui.queries.notes.said import count, note
from tui.study.model import Dataset, Role, Study

_KEY = ["subject", "code", "basetype", "timepoint"]
_WHERE = ("visit", "timepoint", "basetype")


def check(study: Study, dataset: Dataset, rows: pl.LazyFrame) -> Iterator[Search]:
    """Changes, baseline records and BASE of a findings dataset."""
    if dataset.role is not Role.FINDINGS:
        return
    if dataset.has("CHG", "BASE"):
        yield _changes(study, dataset, rows)
    if dataset.has("ABLFL"):
        keys = _keys(rows)
        yield _several(study, dataset, rows)
        yield _none(study, dataset, rows, keys)
        yield _base_differs(study, dataset, rows, keys)


def _changes(study: Study, dataset: Dataset, rows: pl.LazyFrame) -> Search:
    """CHG that is not AVAL - BASE, by more than a millionth; CHG may be empty (at baseline)."""

    def said(found: Found) -> Iterable[Note]:
        what = (
            f"CHG is not AVAL - BASE in {count(found.rows, 'row')} "
            f"of {count(found.subjects, 'subject')}"
        )
        named = (*_WHERE, "value", "base", "change")
        yield note(study, dataset, "change-differs", CONTRADICTION, found, what, *named)

    return search(rows.filter(change_differs()), said)


def _several(study: Study, dataset: Dataset, rows: pl.LazyFrame) -> Search:
    """More than one baseline record for a subject, parameter, BASETYPE and time point."""
    found = rows.filter("baseline").filter(pl.len().over(_KEY) > 1)

    def said(found: Found) -> Iterable[Note]:
        what = (
            f"{count(found.rows, 'record')} of {count(found.subjects, 'subject')} are baseline "
            "(ABLFL = Y) where one is due"
        )
        named = (*_WHERE, "value")
        yield note(study, dataset, "several-baselines", CONTRADICTION, found, what, *named)

    return search(found, said)


def _keys(rows: pl.LazyFrame) -> pl.LazyFrame:
    """A line for each subject, parameter, BASETYPE and time point; of the one baseline, its AVAL.

    Sums and extremes alone: what is found is joined back to its few rows, so that a group of ten
    million costs no more than a number.
    """
    return (
        rows.with_columns(
            later=_later(),
            based=pl.col("base").is_not_null(),
            at_baseline=pl.when("baseline").then("value"),
        )
        .group_by(_KEY)
        .agg(
            pl.col("at_baseline").max(),
            baselines=pl.col("baseline").sum(),
            based=pl.col("based").sum(),
            later=pl.col("later").sum(),
            least=pl.col("base").min(),
            most=pl.col("base").max(),
        )
        .filter(pl.col("code").is_not_null())
    )


def _later() -> pl.Expr:
    """Whether a row has a value after baseline: at a visit, and not before the first dose."""
    measured = pl.col("value").is_not_null() & pl.col("visit").is_not_null()
    return measured & ~pl.col("baseline") & (pl.col("day").fill_null(2) > 1)


def _none(study: Study, dataset: Dataset, rows: pl.LazyFrame, keys: pl.LazyFrame) -> Search:
    """Values after baseline, or a BASE, without a baseline record.

    A parameter that few have a baseline record of has none by design (height, measured once; cells
    that are counted where they are seen), and so have the rows outside every BASETYPE; a subject
    may have one at some time points only. A BASE without its record is a contradiction always.
    """
    key = ["subject", "code", "basetype"]
    alone = (
        keys.group_by(key)
        .agg(pl.col("baselines", "based", "later").sum())
        .with_columns(usual=(pl.col("baselines") > 0).mean().over("code", "basetype") > 0.5)
        .filter(pl.col("baselines") == 0)
        .filter((pl.col("based") > 0) | (pl.col("usual") & (pl.col("later") > 0)))
        .select(*key, contradicts=pl.col("based") > 0)
    )
    concerned = pl.when("contradicts").then(pl.col("base").is_not_null()).otherwise(_later())
    found = rows.join(alone, on=key, nulls_equal=True).filter(concerned)

    def said(found: Found) -> Iterable[Note]:
        rows, subjects = count(found.rows, "row"), count(found.subjects, "subject")
        if found.counts["by"]:
            what = f"BASE stands in {rows} of {subjects} without a baseline record (ABLFL = Y)"
            id = "base-without-record"
            yield note(study, dataset, id, CONTRADICTION, found, what, "visit", "base")
        else:
            what = f"{rows} after baseline, of {subjects} without a baseline record"
            yield note(study, dataset, "no-baseline", REMARK, found, what, "visit")

    return search(found, said, by="contradicts")


def _base_differs(study: Study, dataset: Dataset, rows: pl.LazyFrame, keys: pl.LazyFrame) -> Search:
    """BASE that is not the AVAL of the one baseline record."""
    at_baseline = pl.col("at_baseline")
    unlike = [
        unequal(pl.col(base), at_baseline, pl.col(base), at_baseline) for base in ("least", "most")
    ]
    some = keys.filter((pl.col("baselines") == 1) & pl.any_horizontal(unlike))
    base = pl.col("base")
    found = rows.join(some.select(*_KEY, "at_baseline"), on=_KEY, nulls_equal=True).filter(
        unequal(base, at_baseline, base, at_baseline)
    )

    def said(found: Found) -> Iterable[Note]:
        what = (
            f"BASE is not the AVAL of the baseline record in {count(found.rows, 'row')} "
            f"of {count(found.subjects, 'subject')}"
        )
        named = (*_WHERE, "base", "at_baseline")
        yield note(study, dataset, "base-differs", CONTRADICTION, found, what, *named)

    return search(found, said)
