"""Answers laid out as tables of finished text: one file for each family of answers."""

from __future__ import annotations

from collections.abc import Callable

from tui.analyses.answer import Answer
from tui.report.table import Table
from tui.report.tables import (
    events,
    hypothesis_tests,
    mmrm_fit,
    notes,
    overview,
    people,
    power,
    responders,
    sensitivity,
    subgroups,
    survival,
    visits,
)

_LAYOUTS: dict[str, Callable[[Answer], tuple[Table, ...]]] = {
    "study": overview.study,
    "arms": people.arms,
    "baseline": people.baseline,
    "visits": visits.stacked,
    "trends": visits.trends,
    "values": people.values,
    "subject": people.subject,
    "responders": responders.responders,
    "tests": hypothesis_tests.tests,
    "mmrm": mmrm_fit.mmrm,
    "subgroups": subgroups.subgroups,
    "sensitivity": sensitivity.sensitivity,
    "power": power.power,
    "survival": survival.survival,
    "notes": notes.notes,
    "events": events.log,
    "incidence": events.incidence,
}


def tables_of(answer: Answer) -> tuple[Table, ...]:
    """The tables that show an answer, in order."""
    return _LAYOUTS[answer.question.kind](answer)
