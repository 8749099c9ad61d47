"""A study that is open, and the one function that answers every question asked of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module

from tui.analyses import baseline, events, overview, subjects, trends, visits
from tui.analyses.answer import Answer, Question
from tui.errors import SelectionError, one_of
from tui.queries import endpoint, meaning, records
from tui.queries.records import Records
from tui.selection import Selection
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
_LATER = {
    "responders": "responders",
    "tests": "hypothesis_tests",
    "power": "power",
    "mmrm": "mmrm_fit",
}
"""Kinds about records whose module is loaded when it is asked for: it takes scipy with it."""

_OF_BUILDS = {
    "subgroups": "subgroups",
    "sensitivity": "sensitivity",
}
"""The same, of kinds that choose their records: they get a function from selections to records."""

_OF_EVENTS: dict[str, Callable[[Study, Question], Answer]] = {
    "events": events.log,
    "incidence": events.incidence,
}
_OF_TIMES = {"survival": "survival"}
"""Kinds that read a dataset of their own; with scipy, as above."""

_OF_DATA = {"notes": "notes"}
"""Kinds about all rows as they are delivered, whatever is selected."""

KINDS = (*_OF_RECORDS, *_LATER, *_OF_BUILDS, *_OF_TIMES, *_OF_DATA, *_OF_EVENTS)
"""Every kind of question."""

_REMEMBERED = 4
"""Endpoints whose rows are kept in memory: the ones a person goes back and forth between."""


_ANSWERS = 32
"""Answers that are remembered: a person goes to and fro, and a permutation test takes a second."""


class Session:
    """Answers questions about one study; it remembers its last answers and the rows behind them."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._load = lru_cache(maxsize=_REMEMBERED)(endpoint.load)
        self._answer = lru_cache(maxsize=_ANSWERS)(self._compute)

    def answer(self, question: Question) -> Answer:
        """The answer to a question.

        Raises:
            TrialdeckError: when the question cannot be answered, with the reason.
        """
        return self._answer(question)

    def still_meaningful(self, selection: Selection) -> tuple[Selection, tuple[str, ...]]:
        """The part of another state's selection that means something here, and what does not."""
        return meaning.still_meaningful(self.study, selection, self._load)

    def _compute(self, question: Question) -> Answer:
        if question.kind in _OF_EVENTS:
            return _OF_EVENTS[question.kind](self.study, question)
        if question.kind not in KINDS:
            raise SelectionError(
                f"There is nothing called {question.kind!r}: ask for {one_of(KINDS, len(KINDS))}."
            )
        if question.kind in _OF_TIMES:
            return _late(_OF_TIMES[question.kind])(self.study, question)
        if question.kind in _OF_DATA:
            return _late(_OF_DATA[question.kind])(self.study, question, self.answer)
        if question.kind in _OF_BUILDS:
            return _late(_OF_BUILDS[question.kind])(self.study, question, self._build)
        if question.kind == "study" and not self.study.endpoints:
            return overview.answer(self.study, question, None)
        answer = _OF_RECORDS.get(question.kind) or _late(_LATER[question.kind])
        return answer(self.study, question, self._build(question.selection))

    def _build(self, selection: Selection) -> Records:
        return records.build(self.study, selection, self._load)


def _late(module: str) -> Callable[..., Answer]:
    """The function that answers the questions of a module that is loaded now."""
    answer: Callable[..., Answer] = import_module(f"tui.analyses.{module}").answer
    return answer
