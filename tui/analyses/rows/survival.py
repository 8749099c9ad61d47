"""The rows of a time-to-event analysis. Numbers are unrounded; None is what cannot be had."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SurvivalRow:
    """A line of a time-to-event analysis; times are in the endpoint's unit.

    Its section says what it holds: `arm` the counts, the times by which 25, 50 and 75 % have had
    the event, and the restricted mean; `landmark` S(t) at a chosen time; `curve` S(t) where the
    arm has an event or a censoring; `overall` the log-rank test over all arms; `contrast` an arm
    against the reference. `at_risk` are the subjects with a time of at least `time`; `events` and
    `censored` are those of the arm, on a `curve` those at that time; `n` of a `contrast` are the
    subjects of the Cox model. Differences are arm minus reference.
    """

    section: str
    arm: str | None
    is_reference: bool = False
    n: int | None = None
    events: int | None = None
    censored: int | None = None
    time: float | None = None
    at_risk: int | None = None
    survival: float | None = None
    survival_se: float | None = None
    survival_lower: float | None = None
    survival_upper: float | None = None
    q1: float | None = None
    q1_lower: float | None = None
    q1_upper: float | None = None
    median: float | None = None
    median_lower: float | None = None
    median_upper: float | None = None
    q3: float | None = None
    q3_lower: float | None = None
    q3_upper: float | None = None
    restricted_to: float | None = None
    restricted_mean: float | None = None
    restricted_mean_se: float | None = None
    restricted_mean_lower: float | None = None
    restricted_mean_upper: float | None = None
    difference: float | None = None
    difference_se: float | None = None
    difference_lower: float | None = None
    difference_upper: float | None = None
    difference_p: float | None = None
    log_rank: float | None = None
    log_rank_df: int | None = None
    log_rank_p: float | None = None
    p_adjusted: float | None = None
    hazard_ratio: float | None = None
    hazard_ratio_log: float | None = None
    hazard_ratio_log_se: float | None = None
    hazard_ratio_lower: float | None = None
    hazard_ratio_upper: float | None = None
    hazard_ratio_p: float | None = None
    not_estimable: str | None = None
