"""Dates in an order that cannot be, or that has to be explained.

Informed consent comes before any procedure of a study (ICH E6 4.8), birth before all, death after
all, a start before its end. Two dates are compared as far as both are known: a month against a day
counts only where no day of the month would do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import polars as pl

from tui.queries.notes.note import CONTRADICTION, REMARK, Found, Note, Search, search
from tui.queries.notes.rows import has_date, people
from tui.queries.notes.said import count, note
from tui.study.model import Dataset, Role, Study

_AT_SUBJECT_LEVEL = (
    ("dose", "consent", "first dose before informed consent"),
    ("consent", "birth", "informed consent before birth"),
    ("last_dose", "dose", "last dose before the first"),
    ("death", "dose", "death before the first dose"),
)
_OF_ROWS = (
    ("start", "birth", "before-birth", CONTRADICTION, "start before birth"),
    ("date", "birth", "before-birth", CONTRADICTION, "date before birth"),
    ("end", "start", "end-before-start", CONTRADICTION, "end before start"),
    ("death", "start", "after-death", CONTRADICTION, "start after death"),
    ("death", "date", "after-death", REMARK, "date after death"),
)
_WITH_CONSENT = {
    Role.EVENTS: ("start", "start before informed consent"),
    Role.FINDINGS: ("date", "date before informed consent"),
}
"""Of medications and medical history it is ordinary to begin before consent."""


def check(study: Study, dataset: Dataset, rows: pl.LazyFrame) -> Iterator[Search]:
    """At subject level the bounds among themselves; elsewhere each date against its bounds."""
    if dataset is study.subjects:
        dated = people(study).with_columns(row="subject_row", code=pl.lit(None, pl.String))
        orders = [
            (earlier, later, "date-order", CONTRADICTION, what)
            for earlier, later, what in _AT_SUBJECT_LEVEL
        ]
    else:
        dated = rows.join(people(study), on="subject", how="left")
        orders = list(_OF_ROWS)
        if dataset.role in _WITH_CONSENT:
            date, what = _WITH_CONSENT[dataset.role]
            orders.append((date, "consent", "before-consent", REMARK, what))
    for earlier, later, id, severity, what in orders:
        if has_date(study, dataset, earlier) and has_date(study, dataset, later):
            said = _said(study, dataset, id, severity, what, earlier, later)
            yield search(dated.filter(_before(earlier, later)), said)


def _before(earlier: str, later: str) -> pl.Expr:
    """Whether a date is before another for certain."""
    return pl.col(f"{earlier}_last") < pl.col(later)


def _said(
    study: Study, dataset: Dataset, id: str, severity: str, what: str, *named: str
) -> Callable[[Found], Iterable[Note]]:
    def said(found: Found) -> Iterable[Note]:
        if dataset is study.subjects:
            text = f"{count(found.subjects, 'subject')} with {what}"
            yield note(study, dataset, id, severity, found, text, *named)
        else:
            text = f"{count(found.rows, 'row')} of {count(found.subjects, 'subject')} with {what}"
            yield note(study, dataset, id, severity, found, text, "term", "visit", *named)

    return said
