"""What a careful reviewer would notice in the data: the notes, with the command that shows each."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from tui.analyses.answer import Answer, Question
from tui.analyses.context import arm_headers, header
from tui.analyses.rows.notes import NoteFirst, NoteRow
from tui.queries import match, notes, population
from tui.queries.notes import Note
from tui.queries.population import EVERYONE
from tui.selection import Selection
from tui.study import builtin
from tui.study.model import Study

AT_ONCE = 1_000_000
"""Rows of a study up to which its notes are counted unasked: of 10 million they take 15 s."""

_SCOPE = (
    "Every row as it is delivered: what is selected chooses nothing here, but that an endpoint "
    "limits the notes to its dataset."
)


def answer(study: Study, question: Question, ask: Callable[[Question], Answer]) -> Answer:
    """The notes on all datasets, or on that of the endpoint of the selection.

    Args:
        study: The study.
        question: Without `statistics`, nothing is counted in a study of very many rows.
        ask: Answers a question, or remembers its answer.
    """
    if not question.statistics and sum(one.rows for one in study.datasets) <= AT_ONCE:
        counted = ask(dataclasses.replace(question, statistics=True))
        return dataclasses.replace(counted, question=question)
    named = question.selection.endpoint
    only = match.endpoint(study, named)[0] if named else None
    found = notes.find(study, only.dataset if only else None) if question.statistics else ()
    everyone = Selection(population=EVERYONE)
    people = population.subjects(study, everyone)
    where = f": {only.dataset.name}" if only else ""
    return Answer(
        question=question,
        study=header(study),
        title=f"Notes on the data{where}",
        selection=everyone.changed(
            endpoint=only and only.key,
            arms=tuple(arm.label for arm in people.arms),
            reference=people.reference.label,
            arm=people.arm_kind,
        ),
        arms=arm_headers(people),
        rows=tuple(_row(study, one) for one in found),
        notes=(_SCOPE,),
        partial=not question.statistics,
    )


def _row(study: Study, note: Note) -> NoteRow:
    """The note with the command that shows its rows, or their places in the file."""
    path = None if study.path == builtin.folder() else str(study.path)
    see = note.see
    asked = see and Question(see.kind, see.selection, see.subject)
    return NoteRow(
        id=note.id,
        severity=note.severity,
        dataset=note.dataset,
        endpoint=note.endpoint,
        what=note.what,
        rows=note.rows,
        subjects=note.subjects,
        first=tuple(NoteFirst(one.row, one.subject, one.text) for one in note.first),
        see=asked.command(path, study.encoding) if asked else _places(study, note),
        answer=see.kind if see else None,
        selection=str(see.selection) if see else "",
        subject=see.subject if see else None,
    )


def _places(study: Study, note: Note) -> str:
    """Where the rows stand: `rows 3, 4 and 17 more of adlb.parquet`."""
    file = next(one.path.name for one in study.datasets if one.name == note.dataset)
    rows = [str(one.row) for one in note.first]
    shown = ", ".join(rows[:5])
    more = f" and {note.rows - 5} more" if note.rows > 5 else ""
    return f"row{'s' if note.rows > 1 else ''} {shown}{more} of {file}"
