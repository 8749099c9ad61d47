"""Rows that were imputed or derived, by DTYPE.

ADaM IG 1.1, section 3.3: DTYPE says how a row came about that was not observed (LOCF, AVERAGE).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from tui.queries.notes.note import REMARK, Found, Note, Search, search
from tui.queries.notes.said import count, note
from tui.study.model import Dataset, Role, Study


def check(study: Study, dataset: Dataset, rows: pl.LazyFrame) -> Iterator[Search]:
    """One note for each findings dataset, with the rows of each DTYPE."""
    if dataset.role is not Role.FINDINGS or not dataset.has("DTYPE"):
        return

    def said(found: Found) -> Iterable[Note]:
        kinds = sorted(found.counts["kinds"], key=lambda one: (-one["count"], one["imputed"]))
        each = ", ".join(f"{one['imputed']} {one['count']}" for one in kinds)
        what = (
            f"{found.rows} of {count(dataset.rows, 'row')} were not observed (DTYPE {each}), of "
            f"{count(found.subjects, 'subject')}; imputed=drop leaves them out"
        )
        yield note(study, dataset, "imputed", REMARK, found, what, "visit", "imputed", "value")

    found = rows.filter(pl.col("imputed").is_not_null())
    yield search(found, said, kinds=pl.col("imputed").value_counts())
