"""The subjects behind a figure, and all that is known of one subject."""

from __future__ import annotations

import polars as pl

from tui.analyses.answer import Answer, Question
from tui.analyses.context import arm_headers, header, of_records
from tui.analyses.events import log
from tui.analyses.rows.subjects import SubjectRow, ValueRow
from tui.errors import SelectionError, one_of
from tui.queries.records import Records
from tui.selection import show
from tui.study import labels
from tui.study.model import Study
from tui.study.roles import SUBJECT

_NEVER = ("STUDYID", SUBJECT, "SUBJID")


def values(study: Study, question: Question, records: Records) -> Answer:
    """The record of every subject at the visits and in the arms of the selection."""
    arms = [arm.label for arm in records.arms]
    rows = tuple(
        ValueRow(
            subject=row["subject"],
            arm=arms[row["arm"]],
            visit=records.visits[row["visit"]].label,
            visit_number=records.visits[row["visit"]].number,
            day=row["day"],
            value=row["value"],
            base=row["base"],
            change=row["change"],
            imputed=row["imputed"],
            origin=row["origin"],
            row=row["row"],
        )
        for row in records.frame.iter_rows(named=True)
    )
    return of_records(study, question, records, ": the subjects' values", rows)


def subject(study: Study, question: Question, records: Records) -> Answer:
    """Who a subject is, the endpoint over time, the events.

    `records` are those of all subjects and visits; the subject may be named by the end of its
    identifier.
    """
    name = _find(study, question.subject)
    who = study.subject_rows.filter(pl.col(SUBJECT).cast(pl.String) == name)
    names = labels.of(study, study.subjects)
    rows = [
        SubjectRow(
            "who",
            names.get(column, column),
            labels.decoded(study.subjects, column, show(value)),
        )
        for column, value in who.row(0, named=True).items()
        if value is not None and column not in _NEVER
    ]
    for row in records.frame.filter(pl.col("subject") == name).iter_rows(named=True):
        visit = records.visits[row["visit"]]
        imputed = f"imputed ({row['imputed']})" if row["imputed"] else ""
        numbers = row["day"], visit.number, row["value"], row["change"]
        rows.append(SubjectRow("endpoint", visit.label, imputed, *numbers))
    rows += _events(study, name)
    return Answer(
        question=question,
        study=header(study),
        title=f"Subject {name}",
        selection=records.selection,
        arms=arm_headers(records.people),
        rows=tuple(rows),
        notes=records.notes,
        unit=records.unit,
        decimals=records.decimals,
    )


def _events(study: Study, name: str) -> list[SubjectRow]:
    if study.events is None:
        return []
    everything = Question("events").selection.changed(population="all")
    found = log(study, Question("events", everything)).rows
    return [
        SubjectRow(
            "event",
            event.term or "",
            ", ".join(filter(None, (event.severity, event.system, event.outcome, event.origin))),
            event.day,
        )
        for event in found
        if event.subject == name
    ]


def _find(study: Study, wanted: str | None) -> str:
    names = study.subject_rows[SUBJECT].cast(pl.String)
    if not wanted:
        raise SelectionError(f"Which subject? Name one, such as {names[0]}.")
    exact = names.filter(names == wanted).to_list()
    found = exact or names.filter(names.str.ends_with(wanted)).to_list()
    if len(found) == 1:
        return str(found[0])
    if found:
        raise SelectionError(f"{wanted!r} could be more than one subject: {one_of(found, 6)}.")
    raise SelectionError(f"There is no subject {wanted!r}; the first is {names[0]}.")
