"""Dunnett's comparisons with one reference on a model's own estimates and correlations.

The last axis is the test; those before it (visits …) are free. A test whose t is NaN, such as the
reference's own, is no member of the family.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tui.stats.arrays import Bools, Floats
from tui.stats.contrast import Contrast
from tui.stats.max_normal import evaluate, max_abs_normal
from tui.stats.quadrature import chi_nodes
from tui.stats.student import quantile

ROUNDS = 40  # of the search for the critical value at most


@dataclass(frozen=True)
class Dunnett:
    """Adjusted figures; `critical` without the last axis, the others with it.

    Attributes:
        p: Two-sided, single step: the chance that any test of the family goes as far.
        p_step_down: Two-sided, step-down (Dunnett and Tamhane 1991, Stat Med 10:939): the tests
            in the order of |t|, each in the family of those not larger.
        critical: The value of |t| beyond which a single-step p is below alpha.
        lower: Lower simultaneous confidence limit, single step, in the units of the data.
        upper: Upper limit.
    """

    p: Floats
    p_step_down: Floats
    critical: Floats
    lower: Floats
    upper: Floats


def difference_correlation(covariance: Floats, reference: int) -> Floats:
    """The correlation of the differences with a reference, from the covariance of the means.

    Shapes (…, arms, arms); NaN in the row and column of the reference and of what is NaN.
    """
    own = covariance[..., reference, reference][..., None, None]
    row = covariance[..., reference, :]
    between = covariance - row[..., :, None] - row[..., None, :] + own
    variance = np.diagonal(between, axis1=-2, axis2=-1)
    scale = np.sqrt(np.where(variance > 0, variance, np.nan))
    correlation: Floats = between / (scale[..., :, None] * scale[..., None, :])
    return correlation


def dunnett(tests: Contrast, correlation: Floats, alpha: float = 0.05) -> Dunnett:
    """Adjust the tests of differences with one reference by their correlation (…, tests, tests).

    The degrees of freedom are taken as one figure per family; where they differ (MMRM), the
    smallest is used.
    """
    shape = tests.statistic.shape
    size = shape[-1]
    t = abs(np.asarray(tests.statistic, dtype=np.float64)).reshape(-1, size)
    known = np.broadcast_to(correlation, (*shape, size)).reshape(-1, size, size)
    member = np.isfinite(t)
    known = np.where(member[:, :, None] & member[:, None, :], known, 0)
    df = np.where(member, np.broadcast_to(tests.df, shape).reshape(-1, size), np.inf).min(axis=1)
    raw = np.asarray(tests.p, dtype=np.float64).reshape(-1, size)

    some = member.any(axis=1) & (df > 0) & np.isfinite(known).all(axis=(1, 2))
    p, down = np.full(t.shape, np.nan), np.full(t.shape, np.nan)
    critical = np.full(len(t), np.nan)
    if some.any():
        coefficients = max_abs_normal(known[some], member[some])
        p[some] = _tail(coefficients, t[some], df[some])
        critical[some] = _critical(coefficients, member[some].sum(axis=1), df[some], alpha)
        down[some] = _step_down(t[some], known[some], member[some], df[some], p[some], raw[some])
    family = member.sum(axis=1)[:, None]
    p, down = (np.clip(part, raw, np.minimum(raw * family, 1)) for part in (p, down))
    limits = critical.reshape(shape[:-1])
    margin = limits[..., None] * np.where(np.isfinite(tests.statistic), tests.se, np.nan)
    return Dunnett(
        p.reshape(shape),
        down.reshape(shape),
        limits,
        tests.estimate - margin,
        tests.estimate + margin,
    )


def _tail(coefficients: Floats, t: Floats, df: Floats) -> Floats:
    """The chance of a maximum beyond t, shape (families, tests): over what s / σ may have been."""
    node, weight = chi_nodes(df, 24)
    below = evaluate(coefficients, np.nan_to_num(t)[:, :, None] * node[:, None, :])
    return np.where(np.isnan(t), np.nan, 1 - (below * weight[:, None, :]).sum(axis=-1))


def _critical(coefficients: Floats, family: Floats, df: Floats, alpha: float) -> Floats:
    """The |t| with a tail of alpha: between that of one test and Bonferroni's.

    The log of the tail is nearly a straight line there. Regula falsi in the Illinois form finds it
    in a few steps.
    """
    ends = [quantile(1 - alpha / 2, df), quantile(1 - alpha / 2 / family, df)]
    heights = [_height(coefficients, end, df, alpha) for end in ends]
    (low, high), (above, under) = ends, heights
    middle = low
    for _ in range(ROUNDS):
        slope = above - under
        share = np.where(slope > 0, above / np.where(slope > 0, slope, 1), 0.5)
        before, middle = middle, low + (high - low) * np.clip(share, 0, 1)
        if abs(middle - before).max() < 1e-8:
            break
        height = _height(coefficients, middle, df, alpha)
        over = height > 0
        # An end that stays counts half, or the other would creep towards the root.
        under, above = np.where(over, under / 2, height), np.where(over, height, above / 2)
        low, high = np.where(over, middle, low), np.where(over, high, middle)
    return middle


def _height(coefficients: Floats, t: Floats, df: Floats, alpha: float) -> Floats:
    """The log of the tail beyond t over alpha."""
    height: Floats = np.log(np.maximum(_tail(coefficients, t[:, None], df)[:, 0], 1e-15) / alpha)
    return height


def _step_down(
    t: Floats, correlation: Floats, member: Bools, df: Floats, single: Floats, raw: Floats
) -> Floats:
    """The adjusted p in the order of |t|, each at least that of those before."""
    order = np.argsort(np.where(member, -t, np.inf), axis=1)
    rows = np.arange(len(t))
    left = member.copy()
    adjusted = np.full(t.shape, np.nan)
    floor = np.zeros(len(t))
    for step in range(t.shape[1]):
        test = order[:, step]
        here = member[rows, test]
        if not here.any():
            break
        if step == 0:
            p = single[rows, test]
        elif left.sum(axis=1).max() == 1:  # what is left alone needs no adjustment
            p = raw[rows, test]
        else:
            p = _tail(max_abs_normal(correlation, left), t[rows, test][:, None], df)[:, 0]
        floor = np.maximum(floor, np.where(here, p, 0))
        adjusted[rows[here], test[here]] = floor[here]
        left[rows, test] = False
    return adjusted
