"""Williams' test: the lowest dose whose mean differs from the control's, if means are ordered.

The doses are compared with the control from the highest down, each by its isotonic mean (Williams
1971, Biometrics 27:103; 1972, Biometrics 28:519, for unequal arms). Under the null hypothesis the
isotonic mean of dose i is the greatest mean of the last arms up to i pooled. Less the mean of the
control, those are a Brownian motion seen at the variances τ of the pooled differences: the test's
distribution is the chance that it stays below a bound, a chain of one-dimensional integrals, here
by Gauss and Legendre, over the distribution of the standard deviation. It gives the figures of
SAS's PROBMC("WILLIAMS"), and serves arms of unequal size without an approximation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from tui.stats.anova import means_covariance
from tui.stats.arrays import Bools, Floats
from tui.stats.quadrature import FAR, chi_nodes, legendre
from tui.stats.student import two_sided_p


@dataclass(frozen=True)
class Williams:
    """Each dose against the control; arrays of shape (…, arms), the control's own entry NaN.

    Attributes:
        isotonic: Means of the doses, amalgamated so that they keep the order, in the units of
            the data; the control keeps its own.
        statistic: (isotonic mean − control) / standard error of a difference, the sign such that
            large values speak for an effect.
        p: One-sided, as if this were the highest dose.
        p_step_down: The greatest p of this dose and those above: what the procedure goes by.
    """

    isotonic: Floats
    statistic: Floats
    p: Floats
    p_step_down: Floats


def williams(n: ArrayLike, mean: ArrayLike, sd: ArrayLike, rising: bool = True) -> Williams:
    """Test the doses, in ascending order after the control, for a rising (or falling) response.

    In every array the last axis is the arm, the control first. An empty arm, fewer than 2
    subjects or no variance at all leave NaN.
    """
    n, mean, sd = (np.asarray(part, dtype=np.float64) for part in (n, mean, sd))
    sign = 1 if rising else -1
    isotonic = sign * _isotonic(sign * mean[..., 1:], n[..., 1:])
    covariance, df = means_covariance(n, sd)
    variance = np.diagonal(covariance, axis1=-2, axis2=-1)
    se = np.sqrt(variance[..., 1:] + variance[..., :1])
    rounding = 10 * np.finfo(np.float64).eps * abs(mean).max(axis=-1, keepdims=True, initial=0)
    statistic = sign * (isotonic - mean[..., :1]) / np.where(se > rounding, se, np.nan)

    p = np.full(statistic.shape, np.nan)
    fit = np.isfinite(statistic).all(axis=-1)
    for dose in range(statistic.shape[-1] if fit.any() else 0):
        sizes = n[..., : dose + 2][fit]
        p[fit, dose] = 1 - distribution(statistic[fit, dose], sizes, df[fit])
    p = np.clip(p, two_sided_p(np.maximum(statistic, 0), df[..., None]) / 2, 1)
    step_down = np.maximum.accumulate(p[..., ::-1], axis=-1)[..., ::-1]
    own = np.full((*mean.shape[:-1], 1), np.nan)
    return Williams(
        np.concatenate([mean[..., :1], isotonic], axis=-1),
        *(np.concatenate([own, part], axis=-1) for part in (statistic, p, step_down)),
    )


def _isotonic(mean: Floats, n: Floats) -> Floats:
    """The rising sequence nearest to the means: greatest over the starts of the least pool."""
    arms = mean.shape[-1]
    running_n = np.concatenate([np.zeros((*n.shape[:-1], 1)), np.cumsum(n, axis=-1)], axis=-1)
    sums = np.cumsum(n * mean, axis=-1)
    running = np.concatenate([np.zeros((*n.shape[:-1], 1)), sums], axis=-1)
    pooled = np.empty(mean.shape)
    for arm in range(arms):
        weight = running_n[..., None, arm + 1 :] - running_n[..., : arm + 1, None]
        total = running[..., None, arm + 1 :] - running[..., : arm + 1, None]
        means = total / np.where(weight > 0, weight, np.nan)
        pooled[..., arm] = means.min(axis=-1).max(axis=-1)
    return pooled


def distribution(t: Floats, n: Floats, df: Floats) -> Floats:
    """The probability that Williams' statistic of the highest dose is no more than `t`.

    Args:
        t: Shape (cases,).
        n: Sizes of the arms, shape (cases, arms), the control first.
        df: Degrees of freedom of the standard deviation, shape (cases,).
    """
    pooled = np.cumsum(n[:, :0:-1], axis=1)[:, ::-1]  # doses u to the last, from all of them down
    time = (1 / n[:, :1] + 1 / pooled)[..., None]  # (cases, doses, 1), ascending
    node, weight = chi_nodes(df)
    bound = t[:, None] * node * np.sqrt(time[:, -1])
    below: Floats = (weight * _stays_below(bound, time)).sum(axis=-1)
    return below


def _stays_below(bound: Floats, time: Floats) -> Floats:
    """The chance that a Brownian motion is below `bound` at all the times; (cases, nodes)."""
    last = time.shape[1] - 1
    if last == 0:
        return np.asarray(ndtr(bound / np.sqrt(time[:, 0])))
    points = 48 if last < 3 else 160  # a chain of narrow steps needs more than a single integral
    first = min(last - 1, 1)
    unit, weight = legendre(points)

    def grid(index: int) -> tuple[Floats, Floats]:
        """Where the motion may be at this time, and the width that each place stands for."""
        edge = FAR * np.sqrt(time[:, index])
        low, high = np.minimum(-edge, bound), np.minimum(bound, edge)
        width = (high - low)[..., None]
        return low[..., None] + width * unit, width * weight

    place, width = grid(first)
    start = time[:, first, :, None]
    mass = width * _normal(place, start)
    if first:  # the first time of all lies before: a Brownian bridge to where we are
        before = time[:, 0, :, None]
        bridge = np.sqrt(before * (start - before) / start)
        mass = mass * ndtr((bound[..., None] - place * before / start) / bridge)
    for index in range(first + 1, last):
        there, width = grid(index)
        step = (time[:, index] - time[:, index - 1])[:, :, None, None]
        kernel = _normal(there[..., None, :] - place[..., :, None], step)
        mass, place = width * (mass[..., None, :] @ kernel)[..., 0, :], there
    end = np.sqrt(time[:, last] - time[:, last - 1])[..., None]
    total: Floats = (mass * ndtr((bound[..., None] - place) / end)).sum(axis=-1)
    return total


def _normal(x: Floats, variance: Floats) -> Floats:
    """The density of a normal distribution about 0."""
    density: Floats = np.exp(-(x**2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)
    return density


def reached(result: Williams, alpha: float = 0.05) -> Bools:
    """Which doses the step-down procedure declares different from the control."""
    return np.asarray(result.p_step_down <= alpha)
