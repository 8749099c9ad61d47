"""Record flags (ANL01FL) that leave a subject without any record of an endpoint.

ADaM IG 1.1, section 3.3: ANLzzFL = Y marks the records of an analysis. It is meant to choose among
records; where it leaves none, it also chooses among subjects, which no population flag says. A
flag that most subjects lack of an endpoint marks something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from tui.queries.notes.note import REMARK, Found, Note, Search, search
from tui.queries.notes.rows import record_flags
from tui.queries.notes.said import count, note
from tui.study.model import Dataset, Role, Study


def check(study: Study, dataset: Dataset, rows: pl.LazyFrame) -> Iterator[Search]:
    """Every flag of a findings dataset: subjects with values of an endpoint, none marked."""
    flags = record_flags(dataset)
    if dataset.role is not Role.FINDINGS or not flags:
        return
    at_visits = rows.filter(pl.col("value").is_not_null() & pl.col("visit").is_not_null())
    marked = (
        at_visits.with_columns(pl.col(flag).eq_missing("Y") for flag in flags)
        .group_by("subject", "code")
        .agg(pl.col("row").min(), *(pl.col(flag).sum() for flag in flags), records=pl.len())
        .unpivot(flags, index=["subject", "code", "row", "records"], variable_name="flag")
        .rename({"value": "marked"})
        .with_columns(
            usual=(pl.col("marked") > 0).mean().over("flag", "code") > 0.5,
            entirely=pl.col("marked").sum().over("flag", "subject") == 0,
            of=pl.col("subject").n_unique(),
        )
        .filter((pl.col("marked") == 0) & pl.col("usual"))
    )
    named = rows.select("row", "visit", "number", "timepoint", "basetype")

    def said(found: Found) -> Iterable[Note]:
        entirely = found.counts["entirely"]
        what = (
            f"{found.counts['by']} = Y keeps no record of an endpoint for {found.subjects} of "
            f"{count(found.counts['of'], 'subject')}, of any endpoint for {entirely}"
        )
        yield note(study, dataset, "flag-drops-subjects", REMARK, found, what, "records")

    yield search(
        marked.join(named, on="row"),
        said,
        each=pl.col("records"),
        by="flag",
        of=pl.col("of").first(),
        entirely=pl.col("subject").filter(pl.col("entirely")).n_unique(),
    )
