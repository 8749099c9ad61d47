"""Exact permutation distributions of sums of ranks, ties and all, by counting.

With ties the ranks are midranks. They are doubled, so that they are whole numbers, and the number
of ways to reach each sum is counted item by item (the network algorithm of Mehta, Patel and
Tsiatis 1984, Biometrics 40:819, in its simplest form). SciPy's exact Mann-Whitney test ignores
ties.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from tui.stats.arrays import Floats, Ints

SAME = 1e-9  # two sums of doubled midranks, both whole, are as far from their mean as each other


def rank_sum_p(one: Ints, other: Ints) -> float:
    """Two-sided p of the sum of the midranks of one arm against all ways to choose its subjects.

    It is the probability of a sum at least as far from its mean: SAS PROC NPAR1WAY, EXACT
    WILCOXON, "Two-Sided Pr >= |S - Mean|".

    Args:
        one: How often the arm has each distinct value, in ascending order of the values.
        other: How often the other arm has it.
    """
    if one.sum() > other.sum():
        one, other = other, one
    some = one + other > 0
    one, other = one[some], other[some]
    ways, scale, least = _distribution(one, other)
    ties = one + other
    centered = 2 * np.cumsum(ties) - ties - ties.sum()
    seen = int(centered @ one) + int(one.sum() * other.sum())  # twice U
    return _beyond(ways, (seen - least) // scale, len(ways) // 2)


def signed_rank_p(negative: Ints, positive: Ints) -> float:
    """Two-sided p of the sum of the midranks of the positive differences, over all signs.

    Args:
        negative: How often each distinct absolute difference has a minus, in ascending order.
        positive: How often it has a plus.
    """
    ties = negative + positive
    rank = 2 * np.cumsum(ties) - ties + 1
    divisor = max(int(np.gcd.reduce(rank)), 1)
    rank = rank // divisor
    ways = _subsets(tuple(np.repeat(rank, ties).tolist()))
    return _beyond(ways, int(rank @ positive), rank @ ties / 2)


def rank_sum_limits(one: Ints, other: Ints, share: float) -> tuple[int, int]:
    """How far from either end U may lie and still have a tail of no more than `share`, plus one.

    These are the ranks, from below and from above, of the pairwise differences that are the exact
    limits of Hodges and Lehmann's shift; 0 where no tail is that small.

    Args:
        one: How often the arm has each distinct value, in ascending order of the values.
        other: How often the other arm has it.
        share: The greatest probability of a tail, half of alpha.
    """
    swapped = bool(one.sum() > other.sum())
    if swapped:
        one, other = other, one
    ways, scale, least = _distribution(one, other)
    reached = np.flatnonzero(ways)
    u = (reached * scale + least) / 2
    below = np.cumsum(ways[reached]) / ways.sum()
    above = np.cumsum(ways[reached][::-1]) / ways.sum()
    pairs = one.sum() * other.sum()
    low, high = (
        int(np.floor(distance[tail <= share + SAME].max(initial=-1.0))) + 1
        for distance, tail in ((u, below), (pairs - u[::-1], above))
    )
    return (high, low) if swapped else (low, high)


def _distribution(one: Ints, other: Ints) -> tuple[Floats, int, int]:
    """The ways to reach each sum s of ranks, and a, b such that U = (a s + b) / 2."""
    ties = one + other
    total, size = int(ties.sum()), int(one.sum())
    rank = 2 * np.cumsum(ties) - ties - total  # less their mean: the sums lie about 0
    scale = max(int(np.gcd.reduce(rank)), 1)
    reach = size * (total - size) // scale  # of |s|, also of the sums on the way
    ways = _sums(tuple(np.repeat(rank // scale, ties).tolist()), size, reach)
    return ways, scale, size * (total - size) - reach * scale


@lru_cache(maxsize=256)
def _sums(items: tuple[int, ...], size: int, reach: int) -> Floats:
    """How many subsets of `size` of the ascending items have each sum from −reach to reach.

    The table of (items taken, sum) is one flat array, so that adding an item is one shift.
    """
    width = 2 * reach + 1
    ways = np.zeros((size + 1) * width)
    ways[reach] = 1
    for index, item in enumerate(items):
        first = max(size - (len(items) - index) + 1, 1)  # taking fewer could not reach `size`
        last = min(index + 1, size)
        up, down = max(item, 0), max(-item, 0)
        ways[first * width + up : (last + 1) * width - down] += ways[
            (first - 1) * width + down : last * width - up
        ]
    return ways[size * width :]


@lru_cache(maxsize=256)
def _subsets(items: tuple[int, ...]) -> Floats:
    """How many subsets of the items, of any size, have each sum."""
    ways = np.zeros(sum(items) + 1)
    ways[0] = 1
    for item in items:
        ways[item:] += ways[: len(ways) - item]
    return ways


def _beyond(ways: Floats, seen: int, mean: float) -> float:
    """The share of the ways that lead at least as far from the mean as what was seen."""
    far = abs(np.arange(len(ways)) - mean) >= abs(seen - mean) - SAME
    return float(ways[far].sum() / ways.sum())
