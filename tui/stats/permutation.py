"""Permutation test of the difference in means of two arms.

All the visits at which the same subjects have a value share their arrangements, and their means
come from one matrix product.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from tui.stats.arrays import Bools, Floats, Ints, Strings

SEED = 20_230_701  # fixed, so that a figure is the same each time it is looked at
BLOCK = 4_000_000  # entries of the matrix of arrangements that are held at once
SAME = 1e-9  # beside the largest value: differences this close are equal, as for tied data


@dataclass(frozen=True)
class Permutation:
    """One arm against another; arrays of shape (visits,).

    Attributes:
        n: Subjects of both arms with a value.
        difference: Mean of the arm less mean of the reference, in the units of the data.
        p: Two-sided: how often the difference is at least as large in absolute value. Drawn
            arrangements count the one seen as well, (b + 1) / (m + 1).
        error: Standard error of `p` from drawing; 0 where all arrangements were counted.
        arrangements: How many were counted or drawn.
        exact: Whether that was all of them.
        not_estimable: Why p is NaN, or "".
    """

    n: Ints
    difference: Floats
    p: Floats
    error: Floats
    arrangements: Ints
    exact: Bools
    not_estimable: Strings


def permutation_test(
    y: Floats,
    treated: Bools,
    strata: Ints | None = None,
    arrangements: int = 9_999,
    seed: int = SEED,
) -> Permutation:
    """Rearrange the arms among the subjects of each stratum who have a value.

    Where there are no more than `arrangements` ways to do so, all are counted (Edgington and
    Onghena 2007, Randomization Tests); else so many are drawn (Phipson and Smyth 2010, Stat Appl
    Genet Mol Biol 9:39, for the p of drawn ones).

    Args:
        y: Values, shape (subjects, visits); NaN is missing.
        treated: Whether the subject is in the arm, not in the reference.
        strata: Code of the stratum of each subject; one stratum if not given.
        arrangements: The greatest number to count, and the number to draw.
        seed: Of the generator.
    """
    strata = np.zeros(len(y), np.int64) if strata is None else strata
    present = np.isfinite(y)
    visits = y.shape[1]
    result = [np.full(visits, np.nan) for _ in range(3)] + [np.zeros(visits) for _ in range(2)]
    for pattern in np.unique(present, axis=1).T:
        columns = np.flatnonzero((present == pattern[:, None]).all(axis=0))
        if not columns.size:
            continue
        figures = _test(
            y[np.ix_(pattern, columns)], treated[pattern], strata[pattern], arrangements, seed
        )
        for array, figure in zip(result, figures, strict=True):
            array[columns] = figure
    n = present.sum(axis=0)
    ones = (present & treated[:, None]).sum(axis=0)
    reasons = np.select(
        [~np.isnan(result[1]), ones == 0, ones == n],
        ["", "no subjects in the arm", "no subjects in the reference arm"],
        "the strata leave nothing to rearrange",
    )
    difference, p, error, counted, exact = result
    return Permutation(
        n, difference, p, error, counted.astype(np.int64), exact.astype(np.bool_), reasons
    )


def _test(
    y: Floats, treated: Bools, strata: Ints, limit: int, seed: int
) -> tuple[Floats | float, Floats | float, Floats | float, int, bool]:
    """Difference, p, its error, the number of arrangements, and whether those were all."""
    n, ones = len(y), int(treated.sum())
    if ones in (0, n):
        return np.nan, np.nan, np.nan, 0, False
    members = [np.flatnonzero(strata == stratum) for stratum in np.unique(strata)]
    sizes = [int(treated[rows].sum()) for rows in members]
    ways = 1
    for rows, size in zip(members, sizes, strict=True):
        ways *= comb(len(rows), size)

    y = y - y.mean(axis=0)  # the difference is then the sum of the arm times a constant
    scale = 1 / ones + 1 / (n - ones)
    difference = scale * (treated @ y)
    if ways == 1:
        return difference, np.nan, np.nan, 0, False
    exact = ways <= limit
    blocks = (
        _all(members, sizes, n, ways)
        if exact
        else _drawn(members, sizes, n, limit, np.random.default_rng(seed))
    )
    threshold = abs(difference) - SAME * scale * ones * abs(y).max(axis=0)
    beyond = np.zeros(y.shape[1])
    for block in blocks:
        beyond += (abs(scale * (block @ y)) >= threshold).sum(axis=0)
    if exact:
        return difference, beyond / ways, 0 * beyond, ways, True
    p = (beyond + 1) / (limit + 1)
    return difference, p, np.sqrt(p * (1 - p) / (limit + 1)), limit, False


def _all(members: list[Ints], sizes: list[int], n: int, ways: int) -> Iterator[Floats]:
    """Every arrangement, a row of 0 and 1 each: every choice in a stratum with every other."""
    rows = np.zeros((1, n))
    for subjects, size in zip(members, sizes, strict=True):
        chosen = np.array(list(combinations(subjects.tolist(), size)), np.int64)
        choices = np.zeros((len(chosen), n))
        choices[np.arange(len(chosen))[:, None], chosen] = 1
        rows = (rows[:, None] + choices).reshape(-1, n)
    assert len(rows) == ways
    yield rows


def _drawn(
    members: list[Ints], sizes: list[int], n: int, count: int, random: np.random.Generator
) -> Iterator[Floats]:
    """Arrangements drawn at random: in each stratum those with the smallest keys."""
    step = max(BLOCK // n, 1)
    for first in range(0, count, step):
        rows = np.zeros((min(step, count - first), n))
        for subjects, size in zip(members, sizes, strict=True):
            if 0 < size < len(subjects):
                keys = random.random((len(rows), len(subjects)))
                chosen = np.argpartition(keys, size - 1, axis=1)[:, :size]
                rows[np.arange(len(rows))[:, None], subjects[chosen]] = 1
            else:
                rows[:, subjects] = float(size > 0)
        yield rows
