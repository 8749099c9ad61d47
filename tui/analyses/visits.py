"""The week-by-week table: each arm at each visit, described and compared with the reference."""

from __future__ import annotations

from typing import Any, cast

from tui.analyses.answer import NOTHING_COMPARED, Answer, Question
from tui.analyses.context import of_records
from tui.analyses.rows.visits import VisitRow
from tui.queries.records import Records
from tui.study.model import Study


def answer(study: Study, question: Question, records: Records) -> Answer:
    """The visits table of a selection; without statistics when they are to follow.

    What describes the data comes from polars alone. The comparison is loaded when it is due: with
    numpy it takes as long as all that the first figures on the screen need.
    """
    alpha = records.selection.level
    selection = records.selection.changed(alpha=alpha)
    cells = [dict(cell) for cell in records.figures]
    method, code, reasons = NOTHING_COMPARED, "", [""] * len(cells)
    notes: tuple[str, ...] = ()
    if question.statistics:
        from tui.analyses import comparison

        compared = comparison.compare(study, records, alpha)
        selection = comparison.in_force(selection, compared)
        method, notes, code = compared.method, compared.notes, compared.code
        reasons = compared.reasons
        for cell, more in zip(cells, compared.fields, strict=False):  # none where none is made
            cell.update(more)
    rows = []
    for position, cell in enumerate(cells):
        visit = records.visits[position // len(records.arms)]
        arm = records.arms[position % len(records.arms)]
        rows.append(
            VisitRow(
                visit=visit.label,
                visit_number=visit.number,
                arm=arm.label,
                is_reference=arm == records.people.reference,
                not_estimable=reasons[position] or None,
                **cast(dict[str, Any], cell),
            )
        )
    return of_records(
        study,
        question,
        records,
        " by visit and arm",
        rows,
        selection=selection,
        method=method,
        notes=notes,
        code=code,
        partial=not question.statistics,
    )
