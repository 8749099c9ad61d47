"""Questions and answers: plain values of built-in types, so that they can go through a pipe."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from typing import Any

from tui.queries.funnel import FunnelStep
from tui.selection import Selection, option

ANSWERS = {
    "study": "datasets and the part each plays, arms, endpoints, visits, methods",
    "arms": "subjects by population and sex, age, baseline of the endpoint",
    "baseline": "the baseline table, without p values",
    "visits": "the week-by-week table: observed, change, LS means, differences",
    "trends": "a sparkline an arm, and the chart of means",
    "responders": "by visit: counts, intervals, tests against the reference",
    "tests": "within arms, over all arms, dose-response, responders where set",
    "mmrm": "the fitted MMRM: covariance, convergence, fixed effects",
    "survival": "times to an event: Kaplan-Meier, log-rank, hazard ratios",
    "subgroups": "the difference in each level of a subject-level column",
    "sensitivity": "one contrast by every method",
    "power": "the difference that could have been detected",
    "notes": "what a reviewer would notice in the data, with counts and rows",
    "events": "the adverse-event log",
    "incidence": "subjects with an event by body system and term",
    "values": "the subjects' values behind a figure",
    "subject": "one subject: who, the endpoint over time, events",
}
"""Every kind of question, and what its answer shows."""


@dataclass(frozen=True)
class Question:
    """What is asked of a study.

    Attributes:
        kind: The name of the answer: `visits`, `events`, `baseline` …
        selection: What it is asked under.
        subject: The subject of a `subject` question.
        statistics: Whether `visits` are to carry LS means and tests, and `study` the number of
            subjects of each dataset, and `notes` those on datasets that take seconds. Without them
            the first screen needs no scipy, and a list of endpoints reads no file.
    """

    kind: str
    selection: Selection = field(default_factory=Selection)
    subject: str | None = None
    statistics: bool = True

    def command(self, study: str | None, encoding: str | None = None) -> str:
        """The command that prints its answer; without a study, of the built-in one.

        Args:
            study: A path.
            encoding: What its text was said to be written in.
        """
        words = ["trialdeck", "show", self.kind, *([study] if study else [])]
        words += option("encoding", encoding) if encoding else []
        words += option("subject", self.subject) if self.subject else []
        return shlex.join([*words, *self.selection.options()])


@dataclass(frozen=True)
class StudyHeader:
    """Which study an answer is about; `reconstruction` is said wherever it is shown."""

    id: str
    title: str
    source: str
    reconstruction: bool
    statement: str


@dataclass(frozen=True)
class ArmHeader:
    """An arm in the analysis: `order` is its place in the study (its color and glyph)."""

    label: str
    order: int
    n: int
    is_reference: bool


@dataclass(frozen=True)
class MethodStatement:
    """How the figures were computed: what has to stand beside them.

    Attributes:
        id: The method's name on the command line; `none` where nothing is compared.
        name: In words.
        formula: As a model formula or an expression.
        weights: How LS means weigh class levels; empty where there are none.
        variance: Which variance the standard errors use.
        df: Which degrees of freedom.
        statistic: What the test statistic is called: t, z.
        multiplicity: How p values are adjusted.
        settings: Alpha and whatever else was set, in words.
        source: Where the method is defined.
    """

    id: str
    name: str
    formula: str = ""
    weights: str = ""
    variance: str = ""
    df: str = ""
    statistic: str = "t"
    multiplicity: str = ""
    settings: str = ""
    source: str = ""

    @property
    def line(self) -> str:
        """One line that says what is in force."""
        parts = (self.name, self.formula, self.weights, self.variance, self.df, self.settings)
        return "; ".join(part for part in parts if part)


NOTHING_COMPARED = MethodStatement("none", "Counts and descriptive statistics")


@dataclass(frozen=True)
class Answer:
    """Rows with their provenance.

    Attributes:
        question: What was asked.
        study: Of which study.
        title: What the rows show, in one line.
        selection: The selection in force, every choice filled in.
        arms: The arms in the analysis with their N.
        rows: One of the row types of its kind (`tui.analyses.rows`).
        funnel: Which records were kept, and which were left out and why.
        method: How the figures were computed.
        notes: Choices made for the user and what was noticed in the data.
        unit, decimals: Of the endpoint's values.
        code: A Python program that recomputes the figures without this one; may be empty.
        partial: Whether statistics are still to come.
        draft: Of a `study` answer, a study.toml that says what was recognized; may be empty.
    """

    question: Question
    study: StudyHeader
    title: str
    selection: Selection
    arms: tuple[ArmHeader, ...]
    rows: tuple[Any, ...]
    funnel: tuple[FunnelStep, ...] = ()
    method: MethodStatement = NOTHING_COMPARED
    notes: tuple[str, ...] = ()
    unit: str = ""
    decimals: int = 0
    code: str = ""
    partial: bool = False
    draft: str = ""
