"""Boschloo's unconditional exact test: Fisher's p as the statistic, the worst case over p."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, xlog1py, xlogy

from tui.stats.arrays import Floats, Ints

MOST = 1_200_000  # tables of two arms; beyond, Fisher's test and the chi-square hardly differ
SAME = 1e-10  # two tables have the same p of Fisher within this
ZOOMS = 7  # each narrows the search for the worst nuisance parameter fourfold


def boschloo_p(x1: ArrayLike, n1: ArrayLike, x0: ArrayLike, n0: ArrayLike) -> Floats:
    """Boschloo's exact two-sided p of x1 of n1 against x0 of n0, for arrays of whole numbers.

    Twice the smaller of the one-sided p values, as in SciPy: of each, the probability of a
    one-sided p of Fisher no greater than the one seen, at its greatest over the common
    proportion (Boschloo 1970, Stat Neerl 24:1). It never exceeds twice that p of Fisher. NaN
    where an arm has no subjects, a count exceeds its n, or (n1 + 1)(n0 + 1) exceeds `MOST`.
    """
    x1, n1, x0, n0 = np.broadcast_arrays(
        *(np.asarray(part, dtype=np.int64) for part in (x1, n1, x0, n0))
    )
    usable = (n1 > 0) & (n0 > 0) & (x1 >= 0) & (x1 <= n1) & (x0 >= 0) & (x0 <= n0)
    usable &= (n1 + 1) * (n0 + 1) <= MOST
    p = np.full(x1.shape, np.nan)
    sizes = np.stack([n1[usable], n0[usable]], axis=-1)
    found = np.empty(len(sizes))
    for one, zero in np.unique(sizes, axis=0):
        here = (sizes == (one, zero)).all(axis=1)
        a, b = x1[usable][here], x0[usable][here]
        less, greater = _one_sided(a, one, b, zero), _one_sided(b, zero, a, one)
        found[here] = np.minimum(2 * np.minimum(less, greater), 1)
    p[usable] = found
    return p


def _one_sided(x1: Ints, n1: int, x0: Ints, n0: int) -> Floats:
    """The p against fewer responders in the first arm, of several tables of the same sizes."""
    tail = _fisher_less(n1, n0)
    different, which = np.unique(tail[x1, x0], return_inverse=True)
    # Fisher's p falls as the other arm's responders rise: in each row a tail of tables counts.
    limit = different * (1 + SAME)
    first = np.stack([(tail > value).sum(axis=1) for value in limit])
    grid = max(96, int(8 * np.sqrt(n1 + n0)))
    angle = (np.arange(grid) + 0.5) / grid * np.pi / 2
    chance = _chance(angle[None], n1, n0, first)
    best = chance.argmax(axis=1)
    p, angle, width = chance.max(axis=1), angle[best], np.pi / 2 / grid
    for _ in range(ZOOMS):
        around = np.clip(angle[:, None] + width * np.linspace(-1, 1, 9), 0, np.pi / 2)
        chance = _chance(around, n1, n0, first)
        best = chance.argmax(axis=1)[:, None]
        angle = np.take_along_axis(around, best, axis=1)[:, 0]
        p = np.maximum(p, chance.max(axis=1))
        width /= 4
    worst: Floats = p[which.ravel()]
    return worst


def _fisher_less(n1: int, n0: int) -> Floats:
    """The probability of no more responders in the first arm given the total, (n1 + 1, n0 + 1)."""
    a, b = np.arange(n1 + 1), np.arange(n0 + 1)
    total = np.arange(n1 + n0 + 1)[:, None]
    other = total - a
    log = np.where(
        (other >= 0) & (other <= n0),
        _log_ways(n1)[a] + _log_ways(n0)[np.clip(other, 0, n0)] - _log_ways(n1 + n0)[total],
        -np.inf,
    )
    running = np.cumsum(np.exp(log), axis=1)
    tail: Floats = running[a[:, None] + b, a[:, None]]
    return tail


def _chance(angle: Floats, n1: int, n0: int, first: Ints) -> Floats:
    """The probability of the extreme tables at the proportions sin²(angle); (tables, angles).

    Args:
        angle: Shape (tables, angles), or (1, angles) for the same of all tables.
        n1: Size of the first arm.
        n0: Size of the other.
        first: For each count of the first arm the least count of the other that is extreme,
            shape (tables, n1 + 1).
    """
    share = np.sin(angle)[..., None] ** 2
    one, zero = (_binomial(n, share) for n in (n1, n0))
    above = np.zeros((*zero.shape[:-1], n0 + 2))
    above[..., :-1] = np.cumsum(zero[..., ::-1], axis=-1)[..., ::-1]
    if len(angle) == 1:
        return np.stack([(one[0] * above[0][:, row]).sum(axis=1) for row in first])
    extreme = np.take_along_axis(above, np.broadcast_to(first[:, None], one.shape), axis=-1)
    chance: Floats = (one * extreme).sum(axis=-1)
    return chance


def _binomial(n: int, share: Floats) -> Floats:
    """The binomial probabilities of 0 to n, on the last axis."""
    count = np.arange(n + 1)
    return np.asarray(np.exp(_log_ways(n) + xlogy(count, share) + xlog1py(n - count, -share)))


def _log_ways(n: int) -> Floats:
    """The logs of n over k for k from 0 to n."""
    log = gammaln(np.arange(n + 1) + 1.0)
    ways: Floats = log[n] - log - log[::-1]
    return ways
