"""Subjects whose planned and actual arms differ.

ADaM IG 1.1, section 3.2 (ADSL): TRT01P is the arm of the randomization, TRT01A the one that was
given. Efficacy goes by the one and safety by the other, so each subject counts in two arms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from tui.queries.notes.note import REMARK, Found, Note, Search, search
from tui.queries.notes.said import count, note
from tui.study.model import Dataset, Study
from tui.study.roles import SUBJECT


def check(study: Study, dataset: Dataset, rows: pl.LazyFrame) -> Iterator[Search]:
    """Planned and actual arm of each subject at subject level."""
    planned, actual = study.arm_columns["planned"], study.arm_columns["actual"]
    if dataset is not study.subjects or planned == actual:
        return
    arms = [one.label for one in study.arms]
    both = (
        study.subject_rows.lazy()
        .with_row_index("row", offset=1)
        .select(
            "row",
            subject=pl.col(SUBJECT).cast(pl.String),
            code=pl.lit(None, pl.String),
            planned=pl.col(planned).cast(pl.String),
            actual=pl.col(actual).cast(pl.String),
        )
        .filter(pl.col("planned").is_in(arms) | pl.col("actual").is_in(arms))
    )

    def different(found: Found) -> Iterable[Note]:
        what = f"{count(found.subjects, 'subject')} got another arm ({actual}) than {planned}"
        yield note(study, dataset, "other-arm", REMARK, found, what, "planned", "actual")

    def untreated(found: Found) -> Iterable[Note]:
        what = f"{count(found.subjects, 'subject')} with a planned arm but no actual one ({actual})"
        yield note(study, dataset, "no-actual-arm", REMARK, found, what, "planned")

    yield search(both.filter(pl.col("planned") != pl.col("actual")), different)
    nowhere = pl.col("actual").is_null() | (pl.col("actual").str.strip_chars() == "")
    yield search(both.filter(nowhere & pl.col("planned").is_in(arms)), untreated)
