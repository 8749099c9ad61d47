"""Subjects of a dataset who are not at subject level, and the reverse.

ADaM IG 1.1, section 2.3.1: ADSL has a record for every subject of any other dataset. The reverse is
no fault (an empty visit, a subset by design) but changes who is analyzed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from tui.errors import SelectionError
from tui.queries import population
from tui.queries.notes.note import CONTRADICTION, REMARK, FirstRow, Found, Note, Search, See, search
from tui.queries.notes.rows import people
from tui.queries.notes.said import count, note
from tui.selection import Selection
from tui.study.model import Dataset, Role, Study
from tui.study.roles import SUBJECT

_EXPECTED = (Role.FINDINGS, Role.TIME_TO_EVENT)
"""Parts of which every subject is expected to have a record; who has no event has none to show."""


def check(study: Study, dataset: Dataset, rows: pl.LazyFrame) -> Iterator[Search]:
    """Both directions; the reverse for findings and times to event."""
    if dataset is study.subjects:
        return
    yield _unknown(study, dataset, rows)
    if dataset.role in _EXPECTED:
        yield from _without(study, dataset, rows)


def _unknown(study: Study, dataset: Dataset, rows: pl.LazyFrame) -> Search:
    """Rows whose subject is not at subject level, or that have none."""
    known = people(study).select("subject", known=True)
    found = rows.join(known, on="subject", how="left").filter(pl.col("known").is_null())
    found = found.with_columns(code=pl.lit(None, pl.String))  # of whichever endpoint: all are lost

    def said(found: Found) -> Iterable[Note]:
        what = (
            f"{count(found.rows, 'row')} of {count(found.subjects, 'subject')} who are not in "
            f"{study.subjects.name}"
        )
        id = "not-at-subject-level"
        yield note(study, dataset, id, CONTRADICTION, found, what, "visit", "term", shown=False)

    return search(found, said)


def _without(study: Study, dataset: Dataset, rows: pl.LazyFrame) -> Iterator[Search]:
    """Subjects of the population that the dataset is shown for, without a record in it."""
    try:
        expected = population.subjects(study, Selection(), dataset)
    except SelectionError:  # nobody is in the population: nobody is missed
        return
    there = rows.select("subject", there=True).unique()
    names = expected.frame.lazy().select(subject=pl.col(SUBJECT))
    found = (
        names.join(people(study), on="subject", how="left")
        .join(there, on="subject", how="left")
        .filter(pl.col("there").is_null())
        .select("subject", row="subject_row", code=pl.lit(None, pl.String))
    )
    of = f"{expected.frame.height} subjects"
    if expected.population != population.EVERYONE:
        of += f" with {expected.population} = Y"

    def said(found: Found) -> Iterable[Note]:
        first = found.first[0]["subject"]
        yield Note(
            id="no-records",
            severity=REMARK,
            dataset=dataset.name,
            endpoint=None,
            what=f"No record here of {found.subjects} of {of}.",
            rows=0,
            subjects=found.subjects,
            first=tuple(FirstRow(None, one["subject"], "") for one in found.first),
            see=See("subject", subject=first),
        )

    yield search(found, said)
