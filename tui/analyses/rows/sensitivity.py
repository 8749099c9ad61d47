"""A row of the sensitivity strip."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SensitivityRow:
    """What one method says of one contrast at one visit.

    It `crosses` if its p is on the other side of alpha than that of the method in force.
    """

    visit: str
    visit_number: float
    arm: str
    analysis: str
    in_force: bool
    estimate: float | None
    lower: float | None
    upper: float | None
    p: float | None
    crosses: bool
    not_estimable: str | None = None
