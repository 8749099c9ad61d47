"""A study that is open, and the one function that answers every question asked of it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from tui.analyses.answer import Answer, Question
from tui.analyses.recent import Recent
from tui.errors import SelectionError, one_of
from tui.queries import endpoint, population, records
from tui.queries.population import Subjects
from tui.queries.records import Records
from tui.selection import Selection
from tui.study.model import Dataset, Study

_MADE_BY = {
    "study": ("overview.answer", "build"),
    "arms": ("baseline.arms", "records"),
    "baseline": ("baseline.table", "records"),
    "visits": ("visits.answer", "records"),
    "trends": ("trends.answer", "records"),
    "values": ("subjects.values", "records"),
    "subject": ("subjects.subject", "records"),
    "responders": ("responders.answer", "records"),
    "tests": ("hypothesis_tests.answer", "records"),
    "power": ("power.answer", "records"),
    "mmrm": ("mmrm_fit.answer", "records"),
    "subgroups": ("subgroups.answer", "build"),
    "sensitivity": ("sensitivity.answer", "build"),
    "survival": ("survival.answer", "nothing more"),
    "notes": ("notes.answer", "answers"),
    "events": ("events.log", "nothing more"),
    "incidence": ("events.incidence", "nothing more"),
}
"""For each kind of question the function that answers it, in a module that is loaded when it is
first asked, for most take NumPy or SciPy along; and what it needs beside study and question: the
records of the selection, the function that builds them, or the answers to other questions."""

KINDS = tuple(_MADE_BY)
"""Every kind of question."""

_REMEMBERED = 4
"""Endpoints whose rows are kept in memory: the ones a person goes back and forth between."""

_ROWS = 2_000_000
"""Rows of all of these together, some 150 MB; the last endpoint is kept whatever it has."""

_SUBJECTS = 100_000
"""Subjects that are kept as found for the last endpoints, some 20 MB: of 20,000 it takes 4 ms."""

_ANSWERS = 32
"""Answers that are remembered: a person goes to and fro, and a permutation test takes a second."""

_ANSWER_ROWS = 200_000
"""Rows of all of these together: as objects of Python they take far more than in a frame."""


class Session:
    """Answers questions about one study; it remembers its last answers and the rows behind them."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._load = Recent(endpoint.load, lambda one: one.frame.height, _REMEMBERED, _ROWS)
        self._found: Recent[tuple[Selection, Dataset], Subjects] = Recent(
            lambda asked: population.subjects(study, *asked),
            lambda one: one.frame.height,
            _REMEMBERED,
            _SUBJECTS,
        )
        self._answer = Recent(self._compute, lambda one: len(one.rows), _ANSWERS, _ANSWER_ROWS)
        self._records: Records | None = None
        self._built_for: Selection | None = None

    def answer(self, question: Question) -> Answer:
        """The answer to a question.

        Raises:
            TrialdeckError: when the question cannot be answered, with the reason.
        """
        return self._answer(question)

    def still_meaningful(self, selection: Selection) -> tuple[Selection, tuple[str, ...]]:
        """The part of another state's selection that means something here, and what does not."""
        from tui.queries import meaning  # of use after a change of the data alone

        return meaning.still_meaningful(self.study, selection, self._load)

    def _compute(self, question: Question) -> Answer:
        if question.kind not in _MADE_BY:
            raise SelectionError(
                f"There is nothing called {question.kind!r}: ask for {one_of(KINDS, len(KINDS))}."
            )
        where, needs = _MADE_BY[question.kind]
        more: dict[str, Callable[[], Any]] = {
            "records": lambda: self._build(question.selection),
            "build": lambda: self._build,
            "answers": lambda: self.answer,
        }
        given = (more[needs](),) if needs in more else ()
        return _function(where)(self.study, question, *given)

    def _build(self, selection: Selection) -> Records:
        """The records of a selection; the last ones are kept: the panes of a screen share them."""
        if self._records is None or self._built_for != selection:
            self._records = None  # before others are built: two of millions of rows are too many
            self._records = records.build(self.study, selection, self._load, self._subjects)
            self._built_for = selection
        return self._records

    def _subjects(self, _: Study, selection: Selection, dataset: Dataset) -> Subjects:
        """The subjects of a selection: another endpoint mostly has the same."""
        told = Selection(**{name: getattr(selection, name) for name in population.FIELDS})
        return self._found((told, dataset))


def _function(where: str) -> Callable[..., Answer]:
    """The function of this name; its module is loaded now."""
    module, name = where.split(".")
    function: Callable[..., Answer] = getattr(import_module(f"tui.analyses.{module}"), name)
    return function
