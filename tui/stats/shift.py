"""Hodges and Lehmann's shift between two arms: the median of all pairwise differences.

The differences are never all formed where they are many: a thinned sample of both arms brackets
the ranks that are wanted, two sorted searches count exactly what lies below and inside the bracket,
and only what lies inside is sorted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from tui.stats.arrays import Bools, Floats, Ints
from tui.stats.exact_ranks import rank_sum_limits
from tui.stats.ties import Ties

EXACT_UP_TO = 40  # subjects of both arms together
ALL = 4096  # so many differences are sorted outright
SAMPLE = 128  # figures of each arm in the thinned sample
SLACK = 4e-4  # half the width of the first bracket, as a share of all differences


@dataclass(frozen=True)
class Shift:
    """Each arm minus the reference; arrays of shape (visits, arms), the reference's own NaN.

    Attributes:
        estimate: Hodges-Lehmann estimate, in the units of the data.
        lower: Lower confidence limit; NaN where there are too few subjects for the confidence.
        upper: Upper confidence limit.
        exact: Whether the limits are the exact ones, not the asymptotic ones of Moses.
    """

    estimate: Floats
    lower: Floats
    upper: Floats
    exact: Bools


def hodges_lehmann(
    ties: Ties,
    reference: int,
    alpha: float = 0.05,
    exact: bool = False,
    exact_up_to: int = EXACT_UP_TO,
) -> Shift:
    """Estimate the shift of each arm: SAS PROC NPAR1WAY HL.

    The limits are two of the ordered differences (Hollander and Wolfe 1999, section 4.3). Which
    two follows from the distribution of Mann-Whitney's U given the ties: asymptotically by its
    variance (Moses), or exactly by its permutation distribution. SAS's published examples (the
    reaction times of PROC NPAR1WAY's documentation) are met with the ties taken into account,
    and not without.
    """
    figures = np.full((3, *ties.n.shape), np.nan)
    was_exact = np.zeros(ties.n.shape, np.bool_)
    spread = np.sqrt(ties.variance(reference))
    other = np.arange(ties.n.shape[1]) != reference
    for visit in np.flatnonzero(ties.n[:, reference] > 0).tolist():
        value, count = ties.of(visit)
        zero = _of(value, count[:, reference])
        for arm in np.flatnonzero((ties.n[visit] > 0) & other).tolist():
            n1, n0 = int(ties.n[visit, arm]), int(ties.n[visit, reference])
            was_exact[visit, arm] = exact and n1 + n0 <= exact_up_to
            if was_exact[visit, arm]:
                pair = count[:, [arm, reference]].T.astype(np.int64)
                one, two = pair[:, pair.any(axis=0)]
                ranks = rank_sum_limits(one, two, alpha / 2)
            else:
                rank = np.floor(n1 * n0 / 2 + ndtri(alpha / 2) * spread[visit, arm])
                ranks = (max(int(rank), 0),) * 2
            figures[:, visit, arm] = _figures(_of(value, count[:, arm]), zero, n1 * n0, *ranks)
    estimate, lower, upper = figures
    return Shift(estimate, lower, upper, was_exact)


def _of(value: Floats, count: Floats) -> tuple[Floats, Floats]:
    """The values that one arm has, and their frequencies."""
    some = np.flatnonzero(count)
    return value[some], count[some]


def _figures(
    one: tuple[Floats, Floats], zero: tuple[Floats, Floats], pairs: int, low: int, high: int
) -> tuple[float, float, float]:
    """The median difference, and those with rank `low` from below and `high` from above."""
    wanted = [max(low, 1), (pairs + 1) // 2, pairs // 2 + 1, pairs + 1 - max(high, 1)]
    found = _ordered(*one, *zero, np.array(wanted))
    middle = (found[1] + found[2]) / 2
    return middle, found[0] if low else np.nan, found[3] if high else np.nan


def _ordered(x: Floats, wx: Floats, y: Floats, wy: Floats, ranks: Ints) -> Floats:
    """The differences x − y with these ranks, counted from 1; `wx` and `wy` are frequencies."""
    if len(x) * len(y) <= ALL:
        return _within(x, wx, y, wy, ranks, -np.inf, np.inf)
    pairs = wx.sum() * wy.sum()
    differences = np.sort((_thin(x, wx)[:, None] - _thin(y, wy)).ravel())
    found = np.empty(len(ranks))
    for near in ([0], [1, 2], [3]):
        slack = SLACK
        while True:
            share = ranks[near] / pairs
            found[near] = _within(
                x, wx, y, wy, ranks[near],
                _at(differences, share[0] - slack), _at(differences, share[-1] + slack),
            )  # fmt: skip
            if np.isfinite(found[near]).all():
                break
            slack *= 4  # the bracket missed; in the end it holds everything
    return found


def _within(
    x: Floats, wx: Floats, y: Floats, wy: Floats, ranks: Ints, low: float, high: float
) -> Floats:
    """The differences of these ranks, if they lie between `low` and `high`; else NaN."""
    rounding = 1e-9 * max(x[-1] - y[0], y[-1] - x[0], 0.0)
    first = np.searchsorted(y, x - (high + rounding))
    last = np.searchsorted(y, x - (low - rounding), side="right")
    heavier = np.append(np.cumsum(wy[::-1])[::-1], 0.0)  # the weight of y from an index on
    below = wx @ heavier[last]
    size = last - first
    row = np.repeat(np.arange(len(x)), size)
    column = np.arange(len(row)) - np.repeat(np.cumsum(size) - size - first, size)
    inside = x[row] - y[column]
    if wx.max() == 1 and wy.max() == 1:
        inside.sort()
        at = ranks - int(below) - 1
    else:
        order = np.argsort(inside)
        inside = inside[order]
        at = np.searchsorted(np.cumsum((wx[row] * wy[column])[order]), ranks - below - 0.5)
    missed = (at < 0) | (at >= len(inside)) | (ranks - below < 0.5)
    return np.where(missed, np.nan, np.append(inside, np.nan)[np.where(missed, -1, at)])


def _thin(values: Floats, weights: Floats) -> Floats:
    """The means of `SAMPLE` equal shares of values with frequencies."""
    running = np.concatenate([[0.0], np.cumsum(weights)])
    sums = np.concatenate([[0.0], np.cumsum(values * weights)])
    edges = np.linspace(0, running[-1], SAMPLE + 1)
    means: Floats = np.diff(np.interp(edges, running, sums)) * (SAMPLE / running[-1])
    return means


def _at(ordered: Floats, share: float) -> float:
    """A quantile of what is ordered; infinite beyond its ends."""
    index = int(np.floor(share * len(ordered)))
    if index < 1:
        return -np.inf
    return np.inf if index >= len(ordered) - 1 else float(ordered[index])
