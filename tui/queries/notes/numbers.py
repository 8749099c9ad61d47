"""Text where a number is due: such a value takes part in nothing.

ADaM IG 1.1, section 3.3: AVAL, BASE and CHG are numeric. Files without types hold what was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from tui.queries.notes.note import CONTRADICTION, Found, Note, Search, search
from tui.queries.notes.rows import not_numbers
from tui.queries.notes.said import count, note
from tui.study.model import Dataset, Role, Study


def check(study: Study, dataset: Dataset, rows: pl.LazyFrame) -> Iterator[Search]:
    """Each number column of a findings dataset that came as text."""
    if dataset.role is not Role.FINDINGS:
        return
    for column in not_numbers(dataset):

        def said(found: Found, column: str = column) -> Iterable[Note]:
            rows = count(found.rows, "row")
            what = f"{column} is not a number in {rows} of {count(found.subjects, 'subject')}"
            id = "not-a-number"
            yield note(study, dataset, id, CONTRADICTION, found, what, "visit", column, shown=False)

        yield search(rows.filter(pl.col(column).is_not_null()), said)
