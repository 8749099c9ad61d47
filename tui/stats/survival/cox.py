"""The hazard ratio of an arm by Cox's proportional hazards model (J R Stat Soc B 1972, 34:187)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from tui.stats import design
from tui.stats.arrays import Bools, Floats, Ints
from tui.stats.survival.partial_likelihood import MOST_STEPS, Maximum, PartialLikelihood, maximize
from tui.stats.survival.risk_sets import grid, tied


@dataclass(frozen=True)
class HazardRatio:
    """The hazard of an arm beside that of the reference.

    Attributes:
        subjects: Those of the two arms of whom nothing is missing.
        log: The coefficient, the logarithm of the ratio; NaN where it cannot be had.
        se: Its standard error.
        ratio, lower, upper: The hazard ratio and its Wald limits.
        z, p: Wald's test of a ratio of 1, two-sided.
        steps: Of Newton and Raphson; 0 where nothing was fitted.
        endless: Other terms whose coefficient grows without end: `covariate 0`, `factor 0` …
        aliased: Other terms that the rest determines in every risk set.
        not_estimable: Why there is no ratio, or None.
    """

    subjects: int
    log: float = np.nan
    se: float = np.nan
    ratio: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    z: float = np.nan
    p: float = np.nan
    steps: int = 0
    endless: tuple[str, ...] = ()
    aliased: tuple[str, ...] = ()
    not_estimable: str | None = None


def hazard_ratio(
    time: Floats,
    event: Bools,
    treated: Bools,
    numeric: Floats | None = None,
    factors: Sequence[Ints] = (),
    stratum: Ints | None = None,
    alpha: float = 0.05,
) -> HazardRatio:
    """An arm against the reference; the rows are those of the two, and of no other arm.

    Args:
        time: From the start to the event or the censoring, shape (subjects,).
        event: Whether it ended with the event.
        treated: Whether the subject is in the arm, not in the reference.
        numeric: Covariates, shape (subjects, covariates); NaN is missing.
        factors: Codes of class covariates; -1 is missing.
        stratum: Codes of strata, each with a baseline hazard of its own.
        alpha: 1 - alpha is the level of the limits.
    """
    rows = len(time)
    numeric = np.empty((rows, 0)) if numeric is None else numeric
    stratum = np.zeros(rows, np.int64) if stratum is None else stratum
    arm = treated.astype(np.int64)
    used = design.complete(time, arm, numeric, factors)
    time, event, arm, stratum = tied(time)[used], event[used], arm[used], stratum[used]
    if reason := _too_few(event, arm):
        return HazardRatio(len(time), not_estimable=reason)
    model = design.build(arm, 2, numeric[used], [one[used] for one in factors], False)
    columns, terms = model.columns[:, 1:], model.terms[1:]
    found = maximize(PartialLikelihood.of(columns, grid(time, stratum), event))
    if reason := _failed(found, columns.shape[1]):
        return HazardRatio(len(time), steps=found.steps, not_estimable=reason)
    log, se = float(found.coefficients[0]), float(np.sqrt(found.covariance[0, 0]))
    lower, ratio, upper = np.exp(log + ndtri(1 - alpha / 2) * se * np.array([-1, 0, 1])).tolist()
    endless, aliased = (
        tuple(dict.fromkeys(np.array(terms)[which].tolist()))
        for which in (found.endless, found.aliased)
    )
    z = log / se
    p = float(2 * ndtr(-abs(z)))
    return HazardRatio(len(time), log, se, ratio, lower, upper, z, p, found.steps, endless, aliased)


def _too_few(event: Bools, arm: Ints) -> str | None:
    """What can be seen before anything is fitted."""
    subjects, events = np.bincount(arm, minlength=2), np.bincount(arm[event], minlength=2)
    reasons = [
        (subjects[1] == 0, "no subjects in the arm"),
        (subjects[0] == 0, "no subjects in the reference"),
        (events.sum() == 0, "no event in the arm or the reference"),
        (events[1] == 0, "no event in the arm: the hazard ratio goes to 0"),
        (events[0] == 0, "no event in the reference: the hazard ratio is infinite"),
    ]
    return next((reason for holds, reason in reasons if holds), None)


def _failed(found: Maximum, columns: int) -> str | None:
    if found.aliased[0]:
        others = ", beside the covariates" if columns > 1 else ""
        return f"arm and reference are not at risk together at any event{others}"
    if found.endless[0]:
        direction = "is infinite" if found.coefficients[0] > 0 else "goes to 0"
        return (
            "the likelihood rises without end (monotone: the arm that has each event is known "
            f"beforehand): the hazard ratio {direction}"
        )
    if not found.converged:
        return f"the fit did not converge in {MOST_STEPS} steps"
    return None
