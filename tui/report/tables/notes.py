"""The notes on the data: a table of them, and each as a sentence with its first rows."""

from __future__ import annotations

from tui.analyses.answer import Answer
from tui.analyses.rows.notes import NoteRow
from tui.report.table import Column, Table

SIGN = "!"
"""Stands at a contradiction, so that color is not needed to see it."""

_FIRST = 3
"""First rows that a sentence names; JSON has twenty."""


def notes(answer: Answer) -> tuple[Table, ...]:
    """One line a note, then the sentences."""
    columns = (
        Column("sign", "", "left"),
        Column("dataset", "Dataset", "left"),
        Column("id", "Note", "left"),
        Column("endpoint", "Endpoint", "left"),
        Column("rows", "Rows"),
        Column("subjects", "Subjects"),
    )
    rows = [
        (
            SIGN if row.severity == "contradiction" else "",
            row.dataset,
            row.id,
            row.endpoint or "",
            str(row.rows),
            str(row.subjects),
        )
        for row in answer.rows
    ]
    overview = Table(
        title=answer.title,
        columns=columns,
        rows=tuple(rows),
        fixed=3,
        marked=frozenset((place, 0) for place, cells in enumerate(rows) if cells[0]),
        legend=f"{SIGN} two things in the data that cannot both be right",
    )
    if not rows:
        return (overview,)
    datasets = dict.fromkeys(row.dataset for row in answer.rows)
    return overview, *(
        Table(
            title=name,
            columns=(Column("note", "", "left"),),
            rows=tuple((line,) for row in answer.rows if row.dataset == name for line in said(row)),
        )
        for name in datasets
    )


def said(row: NoteRow) -> tuple[str, ...]:
    """What a note says, what shows its rows, and the first of them."""
    named = [_first(one.row, one.subject, one.text) for one in row.first[:_FIRST]]
    first = (f"  First: {'; '.join(named)}.",) if named else ()
    sign = f"{SIGN} " if row.severity == "contradiction" else ""
    return f"{sign}{row.what}", f"  See: {row.see}", *first


def _first(row: int | None, subject: str | None, text: str) -> str:
    """`row 12, 01-701-1015, Week 8`."""
    place = None if row is None else f"row {row}"
    return ", ".join(filter(None, (place, subject, text)))
