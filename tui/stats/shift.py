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
COARSE, FINE = 64, 512  # figures of an arm in the thinned samples
WINDOW = 0.02  # of all differences, to either side: over it the slope is taken
ASTRAY = 1e-3  # a corrected guess this far off fell into a gap between clusters of values


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
    some = np.flatnonzero(count > 0)
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
    """The differences x − y with four ranks from 1 up, of which the inner two are neighbors.

    Args:
        x: Distinct values of the arm, ascending.
        wx: Their frequencies.
        y: Distinct values of the reference, ascending.
        wy: Their frequencies.
        ranks: The wanted ranks, ascending.
    """
    if len(x) * len(y) <= ALL:
        differences = np.subtract.outer(x, y).ravel()
        order = np.argsort(differences)
        running = np.cumsum(np.multiply.outer(wx, wy).ravel()[order])
        return differences[order[np.searchsorted(running, ranks - 0.5)]]
    heavier = np.append(np.cumsum(wy[::-1])[::-1], 0.0)  # the weight of y from an index on
    pairs = wx.sum() * heavier[0]
    share = (ranks[[0, 1, 3]] - 0.5) / pairs
    near = _near(x, wx, y, heavier, share)
    weight = pairs / (len(x) * len(y))
    found = np.empty(len(ranks))
    for guess, some in zip(near, ([0], [1, 2], [3]), strict=True):
        first = np.searchsorted(y, x - guess)
        away = ranks[some] - wx @ heavier[first]
        up = away > 0
        values = found[some]
        if up.any():
            values[up] = _beyond(x, wx, y, wy, first, away[up], weight)
        if not up.all():  # the mirror image: -x and -y, whose differences run the other way
            mirrored = -x, wx, -y[::-1], wy[::-1], len(y) - first
            values[~up] = -_beyond(*mirrored, 1 - away[~up], weight)
        found[some] = values
    return found


def _near(x: Floats, wx: Floats, y: Floats, heavier: Floats, share: Floats) -> Floats:
    """About where these shares of all differences are reached, to some 20 in a million.

    A coarse sample of both arms gives a first guess and the slope; the differences of samples of x
    from all of y correct it.
    """
    sample = _thin(x, wx, COARSE)
    coarse = np.sort(np.subtract.outer(sample, _thin(y, -np.diff(heavier), COARSE)), axis=None)
    place = (np.arange(len(coarse)) + 0.5) / len(coarse)
    ends = np.clip([share - WINDOW, share + WINDOW], place[0], place[-1])
    low, high = np.interp(ends, place, coarse)
    slope = (high - low) / (ends[1] - ends[0])
    guess = start = np.interp(share, place, coarse)
    for some in (sample, _thin(x, wx, FINE)):
        guess = guess + slope * _short(some, y, heavier, guess, share)
    astray = abs(_short(sample, y, heavier, guess, share)) > ASTRAY
    return np.asarray(np.where(astray, start, guess))


def _short(x: Floats, y: Floats, heavier: Floats, guess: Floats, share: Floats) -> Floats:
    """What each guess lacks of its share of the differences; 0 on a tie that holds the share."""
    rounding = 1e-12 * max(x[-1] - y[0], y[-1] - x[0])
    spot = x - guess[:, None]
    most = heavier[np.searchsorted(y, spot - rounding)].mean(axis=1) / heavier[0]
    least = heavier[np.searchsorted(y, spot + rounding)].mean(axis=1) / heavier[0]
    return share - np.clip(share, least, most)


def _beyond(
    x: Floats, wx: Floats, y: Floats, wy: Floats, first: Ints, away: Floats, weight: float
) -> Floats:
    """The differences so many places above a staircase.

    Args:
        x: As in `_ordered`, in any order.
        wx: Likewise.
        y: As in `_ordered`.
        wy: Likewise.
        first: For each x the first y whose difference lies below the staircase.
        away: How many differences further, each 1 or more.
        weight: What a pair of distinct values weighs on average.
    """
    y, wy = np.append(-np.inf, y), np.append(0.0, wy)
    nearest = x - y[first]
    rows, steps = int(1.5 * away.max() / weight) + 8, 4
    while True:
        bound = np.partition(nearest, rows)[rows] if rows < len(x) else np.inf
        some = np.flatnonzero(nearest <= bound)
        at = np.maximum(first[some] - np.arange(steps)[:, None], 0)
        inside = x[some] - y[at]
        order = np.argsort(inside, axis=None)
        running = np.cumsum((wx[some] * wy[at]).ravel()[order])
        rank = np.searchsorted(running, away - 0.5)
        # What was left out is no smaller than `bound`, and than the last step of each row.
        if rank.max() < len(order):
            found: Floats = inside.flat[order[rank]]
            if found.max() <= min(bound, inside[-1].min()):
                return found
        rows, steps = 2 * rows, 2 * steps


def _thin(values: Floats, weights: Floats, many: int) -> Floats:
    """The middles of `many` equal shares of values with frequencies."""
    running = np.cumsum(weights)
    middles = (np.arange(many) + 0.5) * (running[-1] / many)
    return np.asarray(values[np.searchsorted(running, middles)])
