"""A row of the fit of an MMRM."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MmrmRow:
    """A line of a fitted MMRM: of the fit, its covariance or correlation, or a fixed effect.

    In `covariance` and `correlation` `name` and `column` are visits; in `fit` `text` is the
    figure as it is said (converged, 12 steps); `average` are LS means over the visits by arm, and,
    with the reference as `column`, their differences from it.
    """

    section: str
    name: str
    column: str | None = None
    value: float | None = None
    text: str = ""
    se: float | None = None
    df: float | None = None
    lower: float | None = None
    upper: float | None = None
    statistic: float | None = None
    p: float | None = None
    not_estimable: str | None = None
