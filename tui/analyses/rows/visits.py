"""A row of the week-by-week table."""

from __future__ import annotations

from dataclasses import dataclass

NO_CHANGE_AT_BASELINE = "no change from baseline at the baseline visit"
"""Why nothing is compared there: what `not_estimable` says."""


@dataclass(frozen=True)
class VisitRow:
    """An arm at a visit. Values are in the endpoint's unit; `change_` is change from baseline.

    `sd` is with n − 1, `se` is sd/√n, quartiles by SAS definition 5. `difference` is this arm
    minus the reference, of the value or the change as the selection says.
    """

    visit: str
    visit_number: float
    arm: str
    is_reference: bool
    n: int
    mean: float | None
    sd: float | None
    se: float | None
    median: float | None
    q1: float | None
    q3: float | None
    min: float | None
    max: float | None
    change_n: int
    change_mean: float | None
    change_sd: float | None
    change_se: float | None
    change_median: float | None
    change_q1: float | None
    change_q3: float | None
    change_min: float | None
    change_max: float | None
    lsmean: float | None = None
    lsmean_se: float | None = None
    lsmean_lower: float | None = None
    lsmean_upper: float | None = None
    difference: float | None = None
    difference_se: float | None = None
    difference_df: float | None = None
    difference_lower: float | None = None
    difference_upper: float | None = None
    statistic: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    not_estimable: str | None = None
