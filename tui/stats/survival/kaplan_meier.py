"""The product-limit estimate of each arm's survival curve, its quantiles and restricted mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from tui.stats.arrays import Bools, Floats, Ints
from tui.stats.survival.risk_sets import SAME, tied


@dataclass(frozen=True)
class Limits:
    """Estimates with their standard errors and two-sided limits; NaN where there is none.

    Quantiles have no standard error: NaN.
    """

    estimate: Floats
    se: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True)
class KaplanMeier:
    """The curves of the arms, on the distinct times of all of them together.

    Attributes:
        time: Shape (times,), ascending, in the unit of the data.
        at_risk: Subjects with a time of at least that, shape (arms, times).
        events, censored: Subjects whose time it is, shape (arms, times).
        survival: S(t), shape (arms, times); NaN in an arm without subjects.
        se: Greenwood's standard error of S(t); NaN once S(t) is 0.
        lower, upper: Limits on the scale of log(-log S(t)); NaN where S(t) is 1 or 0.
        last: The last time of each arm, shape (arms,); NaN in an arm without subjects.
        alpha: Two-sided level.
    """

    time: Floats
    at_risk: Ints
    events: Ints
    censored: Ints
    survival: Floats
    se: Floats
    lower: Floats
    upper: Floats
    last: Floats
    alpha: float

    def at(self, times: ArrayLike) -> tuple[Ints, Limits]:
        """Subjects at risk, and S(t), at some times; shape (arms, times).

        Beyond the last time of an arm there is no estimate, unless S(t) had come down to 0.
        """
        asked = np.asarray(times, dtype=np.float64)
        risk = np.pad(self.at_risk, ((0, 0), (0, 1)))[:, np.searchsorted(self.time, asked)]
        place = np.searchsorted(self.time, asked, side="right")
        ones = np.where(np.isnan(self.last), np.nan, 1.0)[:, None]
        survival = np.hstack([ones, self.survival])[:, place]
        known = (asked <= self.last[:, None]) | (survival == 0)
        se, lower, upper = (
            np.where(known, np.hstack([ones * first, curve])[:, place], np.nan)
            for first, curve in ((0, self.se), (np.nan, self.lower), (np.nan, self.upper))
        )
        return risk, Limits(np.where(known, survival, np.nan), se, lower, upper)

    def quantiles(self, probabilities: ArrayLike) -> Limits:
        """The times by which these parts have had the event; shape (arms, probabilities).

        Where S(t) is exactly 1 - p on a stretch, it is the middle of that, as in SAS and in R's
        `quantile.survfit`; a stretch that lasts to the end is taken to the arm's last time. The
        limits invert those of S(t) (Brookmeyer and Crowley 1982, Biometrics 38:29).
        """
        p = np.asarray(probabilities, dtype=np.float64)
        crossings = (self._crossing(curve, p) for curve in (self.survival, self.lower, self.upper))
        estimate, lower, upper = crossings
        return Limits(estimate, np.full_like(estimate, np.nan), lower, upper)

    def restricted_mean(self) -> Limits:
        """The area under each curve up to the last time of all the arms; shape (arms,).

        An arm whose own last time is earlier keeps its last S(t) to the end, as in R
        (`rmean="common"`).
        """
        times = np.concatenate([[0.0], self.time, [self.longest]])
        start = np.where(np.isnan(self.last), np.nan, 1.0)[:, None]
        rectangles = np.hstack([start, self.survival]) * np.diff(times)
        ahead = rectangles[:, ::-1].cumsum(axis=1)[:, ::-1]
        terms = _greenwood(self.at_risk, self.events)
        # Where all who are at risk have the event, the area ahead is 0 and the term infinite.
        finite = np.where(np.isfinite(terms), terms, 0)
        mean = ahead[:, 0]
        se = np.sqrt((finite * ahead[:, 1:] ** 2).sum(axis=1))
        margin = ndtri(1 - self.alpha / 2) * np.where(se > 0, se, np.nan)
        return Limits(mean, se, mean - margin, mean + margin)

    @property
    def longest(self) -> float:
        """The last time of all."""
        return float(self.time[-1]) if len(self.time) else float("nan")

    def _crossing(self, curve: Floats, p: Floats) -> Floats:
        """Where a curve comes down to 1 - p."""
        risen = 1 - curve[:, None, :] - p[:, None]
        reaches, passes = risen >= -SAME, risen >= SAME
        start, stop = _first(reaches, self.time), _first(passes, self.time)
        # The last value of a band is not known where S(t) has come down to 0.
        final = np.hstack([np.zeros((len(curve), 1)), curve])[:, -1:]
        ends = np.where(np.isfinite(final), self.last[:, None], np.nan)
        return (start + np.where(np.isnan(stop), ends, stop)) / 2


def kaplan_meier(
    time: Floats, event: Bools, arm: Ints, arms: int, alpha: float = 0.05
) -> KaplanMeier:
    """The curves (Kaplan and Meier 1958, J Am Stat Assoc 53:457).

    Args:
        time: From the start to the event or the censoring, not negative, shape (subjects,).
        event: Whether it ended with the event.
        arm: The arm of each subject, from 0.
        arms: How many arms there are.
        alpha: 1 - alpha is the level of the limits.
    """
    distinct, place = np.unique(tied(time), return_inverse=True)
    counts = np.zeros((2, arms, len(distinct)), np.int64)
    np.add.at(counts, (event.astype(np.int64), arm, place), 1)
    censored, events = counts
    at_risk = (censored + events)[:, ::-1].cumsum(axis=1)[:, ::-1]
    there = np.where((at_risk > 0).any(axis=1), 1.0, np.nan)[:, None]
    survival = there * np.cumprod(1 - events / np.maximum(at_risk, 1), axis=1)
    spread = np.sqrt(_greenwood(at_risk, events).cumsum(axis=1))
    inside = (survival > 0) & (survival < 1)
    log = np.log(np.where(inside, survival, np.nan))
    margin = ndtri(1 - alpha / 2) * np.where(inside, spread, np.nan) / log
    return KaplanMeier(
        time=distinct,
        at_risk=at_risk,
        events=events,
        censored=censored,
        survival=survival,
        se=np.where(survival > 0, survival, np.nan) * np.where(survival > 0, spread, 0),
        lower=np.exp(log * np.exp(-margin)),
        upper=np.exp(log * np.exp(margin)),
        last=_last(distinct, at_risk),
        alpha=alpha,
    )


def _greenwood(at_risk: Ints, events: Ints) -> Floats:
    """The terms d / (n (n - d)) of the variance of log S(t); infinite where all have the event."""
    left = at_risk * (at_risk - events)
    out = np.where(events > 0, np.inf, 0.0)
    return np.divide(events, left, out=out, where=left > 0)


def _last(time: Floats, at_risk: Ints) -> Floats:
    """The last time at which an arm has a subject at risk."""
    count = (at_risk > 0).sum(axis=1)
    padded = np.concatenate([[np.nan], time])
    return np.asarray(padded[count], dtype=np.float64)


def _first(condition: Bools, time: Floats) -> Floats:
    """The first time at which it holds, over the last axis; NaN if it never does."""
    found = np.where(condition, time, np.inf).min(axis=-1, initial=np.inf)
    return np.where(np.isfinite(found), found, np.nan)
