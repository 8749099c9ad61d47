"""What a careful reviewer notices in the first ten minutes. To add a check: a file and a line.

A check takes the study, one of its datasets, and that dataset's rows not yet read; it gives
searches, each a query that counts and what is to be said of the counts. All searches of a dataset
are read at once, and of a dataset no more than counts and first rows are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import polars as pl

from tui.queries.notes import (
    arms,
    baseline,
    dates,
    duplicates,
    emergent,
    flags,
    imputed,
    numbers,
    subjects,
    units,
    visits,
)
from tui.queries.notes.note import CONTRADICTION, FirstRow, Note, Search, See
from tui.queries.notes.rows import read
from tui.study import files
from tui.study.model import Dataset, Study
from tui.study.roles import SUBJECT

Check = Callable[[Study, Dataset, pl.LazyFrame], Iterable[Search]]

NOTES: tuple[Check, ...] = (
    subjects.check,
    arms.check,
    numbers.check,
    baseline.check,
    duplicates.check,
    flags.check,
    units.check,
    dates.check,
    emergent.check,
    imputed.check,
    visits.check,
)
"""Every check, in the order in which its notes stand."""

IN_MEMORY = 1_000_000
"""Rows up to which a dataset is read once for all its searches; a larger one is streamed.

A million rows take some 200 MB under the columns of `read`.
"""


def find(study: Study, only: Dataset | None = None) -> tuple[Note, ...]:
    """All notes on a study, contradictions first; or those on one of its datasets."""
    wanted = [only] if only else [one for one in study.datasets if one.has(SUBJECT)]
    notes = [note for dataset in wanted for note in _of(study, dataset)]
    return tuple(sorted(notes, key=lambda note: note.severity != CONTRADICTION))


def _of(study: Study, dataset: Dataset) -> Iterator[Note]:
    rows = read(dataset)
    if dataset.rows <= IN_MEMORY:
        rows = files.collect(dataset, rows).lazy()
    searches = [search for check in NOTES for search in check(study, dataset, rows)]
    queries = [search.query for search in searches]
    found = files.collect_all(dataset, queries, streaming=dataset.rows > IN_MEMORY)
    for search, lines in zip(searches, found, strict=True):
        yield from search.notes(lines)


__all__ = ["FirstRow", "Note", "See", "find"]
