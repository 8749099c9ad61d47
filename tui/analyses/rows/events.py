"""Rows of the adverse-event log and of incidence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EventRow:
    """An adverse event; `day` is the study day of onset, 1 the day of first dose."""

    subject: str
    arm: str
    day: float | None
    end_day: float | None
    term: str | None
    system: str | None
    severity: str | None
    serious: str | None
    related: str | None
    outcome: str | None
    emergent: bool | None
    origin: str | None


@dataclass(frozen=True)
class IncidenceRow:
    """Subjects of an arm with an event: any, of a body system, or of a term.

    `system` is null for any event, `term` for a whole body system. `percent` is of `N`, the arm's
    subjects in the population; differences from the reference are proportions with Newcombe
    limits, `p` is Fisher's, two-sided.
    """

    system: str | None
    term: str | None
    arm: str
    n: int
    N: int
    percent: float | None
    events: int
    difference: float | None
    difference_lower: float | None
    difference_upper: float | None
    p: float | None
