"""A row of the trends: a mean of an arm at a visit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TrendRow:
    """The mean of an arm at a visit with its confidence interval (t, n − 1 df)."""

    arm: str
    visit: str
    visit_number: float
    n: int
    mean: float | None
    lower: float | None
    upper: float | None
