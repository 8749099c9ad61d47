"""Rows of the arms and of the baseline table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ArmRow:
    """An arm: who is in it. `populations` and `sex` count subjects."""

    arm: str
    code: float | None
    description: str
    is_reference: bool
    n: int
    populations: dict[str, int]
    sex: dict[str, int]
    age_n: int
    age_mean: float | None
    age_sd: float | None
    age_min: float | None
    age_max: float | None
    baseline_n: int
    baseline_mean: float | None
    baseline_sd: float | None


@dataclass(frozen=True)
class BaselineRow:
    """A variable in an arm (arm `Total` is all of them).

    A number has n to max and no level; a category has, for each level, n and percent of those
    whose value is known; `decode` is what the level means where define.xml says so. `missing`
    counts subjects without a value.
    """

    variable: str
    label: str
    level: str | None
    arm: str
    n: int
    missing: int
    percent: float | None = None
    mean: float | None = None
    sd: float | None = None
    median: float | None = None
    q1: float | None = None
    q3: float | None = None
    min: float | None = None
    max: float | None = None
    decimals: int = 0
    decode: str | None = None
