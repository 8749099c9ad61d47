"""Answers laid out as tables of finished text: one file for each family of answers."""

from __future__ import annotations

from importlib import import_module

from tui.analyses.answer import Answer
from tui.report.table import Table

_LAYOUTS = {
    "study": "overview.study",
    "arms": "people.arms",
    "baseline": "people.baseline",
    "visits": "visits.stacked",
    "trends": "visits.trends",
    "values": "people.values",
    "subject": "people.subject",
    "responders": "responders.responders",
    "tests": "hypothesis_tests.tests",
    "mmrm": "mmrm_fit.mmrm",
    "subgroups": "subgroups.subgroups",
    "sensitivity": "sensitivity.sensitivity",
    "power": "power.power",
    "survival": "survival.survival",
    "notes": "notes.notes",
    "events": "events.log",
    "incidence": "events.incidence",
}
"""The function that lays out each kind of answer, in a module that is loaded for the first one."""


def tables_of(answer: Answer) -> tuple[Table, ...]:
    """The tables that show an answer, in order."""
    module, name = _LAYOUTS[answer.question.kind].split(".")
    tables: tuple[Table, ...] = getattr(import_module(f"{__name__}.{module}"), name)(answer)
    return tables
