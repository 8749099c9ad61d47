"""A study that is open, and the one function that answers every question asked of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from tui.analyses import baseline, events, overview, subjects, trends, visits
from tui.analyses.answer import Answer, Question
from tui.errors import SelectionError, one_of
from tui.queries import endpoint, records
from tui.queries.records import Records
from tui.study.model import Study

_OF_RECORDS: dict[str, Callable[[Study, Question, Records], Answer]] = {
    "study": overview.answer,
    "arms": baseline.arms,
    "baseline": baseline.table,
    "visits": visits.answer,
    "trends": trends.answer,
    "values": subjects.values,
    "subject": subjects.subject,
}
_OF_EVENTS: dict[str, Callable[[Study, Question], Answer]] = {
    "events": events.log,
    "incidence": events.incidence,
}
KINDS = (*_OF_RECORDS, *_OF_EVENTS)
"""Every kind of question."""

_REMEMBERED = 4
"""Endpoints whose rows are kept in memory: the ones a person goes back and forth between."""


class Session:
    """Answers questions about one study. It remembers the rows of the last endpoints."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._load = lru_cache(maxsize=_REMEMBERED)(endpoint.load)

    def answer(self, question: Question) -> Answer:
        """The answer to a question.

        Raises:
            TrialdeckError: when the question cannot be answered, with the reason.
        """
        if question.kind in _OF_EVENTS:
            return _OF_EVENTS[question.kind](self.study, question)
        if question.kind in _OF_RECORDS:
            found = records.build(self.study, question.selection, self._load)
            return _OF_RECORDS[question.kind](self.study, question, found)
        raise SelectionError(f"There is nothing called {question.kind!r}: ask for {one_of(KINDS)}.")
