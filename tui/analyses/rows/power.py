"""A row of the power of a comparison."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PowerRow:
    """What a comparison could have detected with the variance in hand.

    `detectable` is the true difference found with probability `power`; `wanted_n` the subjects an
    arm for the wanted difference, `wanted_power` the power this study had for it.
    """

    visit: str
    visit_number: float
    arm: str
    n: int
    n_reference: int
    difference: float | None
    difference_se: float | None
    difference_df: float | None
    difference_lower: float | None
    difference_upper: float | None
    p: float | None
    power: float
    detectable: float | None
    wanted: float | None
    wanted_power: float | None
    wanted_n: int | None
    not_estimable: str | None = None
