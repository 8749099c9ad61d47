"""Proportions: Wilson's interval, Newcombe's for a difference, Fisher's exact test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, ndtri

from tui.stats.arrays import Floats, Ints

SAME_PROBABILITY = 1e-7  # two tables are equally likely within this, as in R's fisher.test


@dataclass(frozen=True)
class Interval:
    """Estimates between 0 and 1 (differences: −1 and 1) with limits; arrays of one shape.

    Attributes:
        estimate: The proportion, or the difference of two; NaN where there are no subjects.
        lower: Lower confidence limit.
        upper: Upper confidence limit.
    """

    estimate: Floats
    lower: Floats
    upper: Floats


def wilson(x: ArrayLike, n: ArrayLike, alpha: float = 0.05) -> Interval:
    """`x` of `n` with Wilson's score interval without continuity correction (Wilson 1927)."""
    x, n = (np.asarray(part, dtype=np.float64) for part in np.broadcast_arrays(x, n))
    n = np.where(n > 0, n, np.nan)
    z2 = ndtri(1 - alpha / 2) ** 2
    center = (x + z2 / 2) / (n + z2)
    margin = np.sqrt(z2 * (x * (n - x) / n + z2 / 4)) / (n + z2)
    # At x = 0 and x = n one limit is the estimate itself; rounding would put it beside it.
    lower = np.where(x == 0, 0 * n, center - margin)
    upper = np.where(x == n, 1.0, center + margin)
    return Interval(x / n, lower, upper)


def newcombe(
    x1: ArrayLike, n1: ArrayLike, x0: ArrayLike, n0: ArrayLike, alpha: float = 0.05
) -> Interval:
    """x1/n1 − x0/n0 with the hybrid score interval: method 10 of Newcombe 1998, Stat Med 17:873.

    The limits are NaN ("n.e.") where both counts are 0: nothing was seen that could differ.
    """
    one, zero = wilson(x1, n1, alpha), wilson(x0, n0, alpha)
    difference = one.estimate - zero.estimate
    down = np.hypot(one.estimate - one.lower, zero.upper - zero.estimate)
    up = np.hypot(one.upper - one.estimate, zero.estimate - zero.lower)
    seen = np.where((one.estimate > 0) | (zero.estimate > 0), 1.0, np.nan)
    return Interval(difference, difference - down * seen, difference + up * seen)


def fisher_p(x1: ArrayLike, n1: ArrayLike, x0: ArrayLike, n0: ArrayLike) -> Floats:
    """Fisher's exact two-sided p of x1 of n1 against x0 of n0, for arrays of whole numbers.

    The sum over all tables with the same margins that are no likelier than the one seen (SAS
    PROC FREQ, R's `fisher.test`); NaN where an arm has no subjects or a count exceeds its n.
    """
    x1, n1, x0, n0 = np.broadcast_arrays(
        *(np.asarray(part, dtype=np.int64) for part in (x1, n1, x0, n0))
    )
    usable = (n1 > 0) & (n0 > 0) & (x1 >= 0) & (x1 <= n1) & (x0 >= 0) & (x0 <= n0)
    p = np.full(x1.shape, np.nan)
    if usable.any():
        p[usable] = _two_sided(x1[usable], n1[usable], (x1 + x0)[usable], n0[usable])
    return p


def _two_sided(x1: Ints, n1: Ints, total: Ints, n0: Ints) -> Floats:
    """Fisher's p of each pair."""
    start, pair, cell, log_weight = tables(n1, total, n0)
    # Relative to the likeliest table, so that nothing overflows; logs compare what underflows.
    weight = np.exp(log_weight - np.maximum.reduceat(log_weight, start)[pair])
    seen = log_weight[start + x1 - cell[start]]
    extreme = log_weight <= (seen + SAME_PROBABILITY)[pair]
    return np.add.reduceat(weight * extreme, start) / np.add.reduceat(weight, start)


def tables(n1: Ints, total: Ints, n0: Ints) -> tuple[Ints, Ints, Ints, Floats]:
    """All tables with the margins of each pair, those of all the pairs laid end to end.

    Returns where each pair starts, the pair of each table, its count in the first arm, and the
    log of its hypergeometric probability but for a constant of the pair.
    """
    low = np.maximum(0, total - n0)
    count = np.minimum(total, n1) - low + 1
    start = np.cumsum(count) - count
    pair = np.repeat(np.arange(count.size), count)
    cell = np.arange(pair.size) - (start - low)[pair]

    log_factorial = gammaln(np.arange(max(n1.max(), n0.max(), total.max()) + 1) + 1.0)
    log_weight = -(
        log_factorial[cell]
        + log_factorial[n1[pair] - cell]
        + log_factorial[total[pair] - cell]
        + log_factorial[(n0 - total)[pair] + cell]
    )
    return start, pair, cell, log_weight
