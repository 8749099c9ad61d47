"""Two arms and a response: chi-square, Fisher's one-sided tests, and the odds ratio.

Counts come as arrays of any shape: x1 of n1 in the arm, x0 of n0 in the reference.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from tui.stats.arrays import Bools, Floats, Ints, Strings
from tui.stats.proportions import SAME_PROBABILITY, tables

ROUNDS = 60  # of Newton's method at most; a handful serve


@dataclass(frozen=True)
class ChiSquare:
    """Pearson's chi-square with one degree of freedom; arrays of one shape.

    Attributes:
        statistic: Pearson's, without a continuity correction.
        p: Of it.
        corrected: With Yates's continuity correction (SAS "Continuity Adj."; R's default).
        p_corrected: Of that.
        not_estimable: Why they are NaN, or "".
    """

    statistic: Floats
    p: Floats
    corrected: Floats
    p_corrected: Floats
    not_estimable: Strings


def _whole(*counts: ArrayLike) -> tuple[Ints, Ints, Ints, Ints]:
    """x1, n1, x0 and n0 as whole numbers of one shape."""
    a, b, c, d = np.broadcast_arrays(*(np.asarray(part, dtype=np.int64) for part in counts))
    return a, b, c, d


def _reasons(x1: Ints, n1: Ints, x0: Ints, n0: Ints) -> Strings:
    """Why two arms cannot be compared, or ""."""
    possible = (x1 >= 0) & (x1 <= n1) & (x0 >= 0) & (x0 <= n0)
    return np.select(
        [n1 <= 0, n0 <= 0, ~possible, x1 + x0 == 0, x1 + x0 == n1 + n0],
        [
            "no subjects in the arm",
            "no subjects in the reference arm",
            "the counts are impossible",
            "nobody responded",
            "everybody responded",
        ],
        "",
    )


def chi_square(x1: ArrayLike, n1: ArrayLike, x0: ArrayLike, n0: ArrayLike) -> ChiSquare:
    """Compare two proportions by Pearson's chi-square: SAS PROC FREQ CHISQ."""
    counts = _whole(x1, n1, x0, n0)
    reasons = _reasons(*counts)
    a, n, c, m = (part.astype(np.float64) for part in counts)
    away = abs(a * m - c * n)
    total = n + m
    margins = n * m * (a + c) * (total - a - c)
    scale = np.where(reasons == "", total, np.nan) / np.where(margins > 0, margins, 1)
    plain = scale * away**2
    # No more is taken off than there is, as in R and SAS.
    corrected = scale * np.maximum(away - total / 2, 0) ** 2
    return ChiSquare(plain, chdtrc(1, plain), corrected, chdtrc(1, corrected), reasons)


def fisher_one_sided(
    x1: ArrayLike, n1: ArrayLike, x0: ArrayLike, n0: ArrayLike
) -> tuple[Floats, Floats]:
    """The probability of no more, and of no fewer, responders in the arm than seen.

    SAS PROC FREQ prints them as "Left-sided" and "Right-sided Pr"; NaN where an arm is empty.
    """
    counts = _whole(x1, n1, x0, n0)
    usable = np.isin(_reasons(*counts), ("", "nobody responded", "everybody responded"))
    left, right = np.full(usable.shape, np.nan), np.full(usable.shape, np.nan)
    if usable.any():
        one, size, zero, other = (part[usable] for part in counts)
        start, pair, cell, log_weight = tables(size, one + zero, other)
        weight = np.exp(log_weight - np.maximum.reduceat(log_weight, start)[pair])
        whole = np.add.reduceat(weight, start)
        left[usable] = np.add.reduceat(weight * (cell <= one[pair]), start) / whole
        right[usable] = np.add.reduceat(weight * (cell >= one[pair]), start) / whole
    return left, right


@dataclass(frozen=True)
class OddsRatio:
    """Odds of response in the arm over those in the reference; arrays of one shape.

    Attributes:
        sample: x1 (n0 − x0) / (x0 (n1 − x1)); infinite where that divides by 0.
        estimate: The conditional maximum likelihood estimate given the margins (R's
            `fisher.test`); 0 or infinite at the ends of what is possible.
        lower: Exact lower limit, given the margins (SAS PROC FREQ, EXACT OR).
        upper: Exact upper limit.
        not_estimable: Why they are NaN, or "".
    """

    sample: Floats
    estimate: Floats
    lower: Floats
    upper: Floats
    not_estimable: Strings


def odds_ratio(
    x1: ArrayLike, n1: ArrayLike, x0: ArrayLike, n0: ArrayLike, alpha: float = 0.05
) -> OddsRatio:
    """The odds ratio, conditional on the margins, with exact limits (Cornfield 1956)."""
    counts = _whole(x1, n1, x0, n0)
    reasons = _reasons(*counts)
    usable = reasons == ""
    figures = np.full((4, *usable.shape), np.nan)
    if usable.any():
        one, size, zero, other = (part[usable] for part in counts)
        up, down = one * (other - zero), zero * (size - one)
        figures[0, usable] = np.where(down > 0, up / np.maximum(down, 1), np.inf)
        figures[1:, usable] = _conditional(one, size, zero, other, alpha)
    sample, estimate, lower, upper = figures
    return OddsRatio(sample, estimate, lower, upper, reasons)


def _conditional(one: Ints, size: Ints, zero: Ints, other: Ints, alpha: float) -> Floats:
    """The conditional estimate and its exact limits, shape (3, pairs)."""
    cells = np.stack([one, size - one, zero, other - zero]) + 0.5
    spread = 1 / np.sqrt((1 / cells).sum(axis=0))  # roughly the SD of a count given the margins
    start, pair, cell, log_weight = tables(size, one + zero, other)
    near = abs(cell - one[pair]) <= 30 + 12 * spread[pair]  # the rest weighs nothing
    low, high = cell[start] == one, cell[np.append(start[1:], len(cell)) - 1] == one
    pair, step, log_weight = pair[near], (cell - one[pair])[near], log_weight[near]
    start = np.searchsorted(pair, np.arange(len(one)))

    log_sample = np.log(cells[0] * cells[3] / (cells[1] * cells[2]))
    begin = log_sample + np.array([[0], [-3], [3]]) / spread
    found = np.full((3, len(one)), np.nan)
    for row, (guess, edge) in enumerate(zip(begin, (low | high, low, high), strict=True)):
        found[row] = np.exp(_solve(row, guess, edge, start, pair, step, log_weight, alpha))
    found[0] = np.where(low, 0, np.where(high, np.inf, found[0]))
    found[1] = np.where(low, 0, found[1])
    found[2] = np.where(high, np.inf, found[2])
    return found


def _solve(
    row: int, theta: Floats, edge: Bools, start: Ints, pair: Ints, step: Ints,
    log_weight: Floats, alpha: float,
) -> Floats:  # fmt: skip
    """The log odds ratio at which the count's mean, upper or lower tail is what it should be.

    Newton's method; the log of a tail is concave in the log odds ratio, so that from the side
    where it is too small it converges without a detour.
    """
    theta = np.where(edge, 0, theta)
    tail = np.ones(len(step), np.bool_) if row == 0 else step >= 0 if row == 1 else step <= 0
    for _ in range(ROUNDS):
        log = log_weight + theta[pair] * step
        weight = np.exp(log - np.maximum.reduceat(log, start)[pair])
        whole = np.add.reduceat(weight, start)
        mean = np.add.reduceat(weight * step, start) / whole
        if row == 0:
            square = np.add.reduceat(weight * step**2, start) / whole
            change = mean / np.maximum(square - mean**2, 1e-12)
        else:
            part = np.maximum(np.add.reduceat(weight * tail, start), 1e-300)
            slope = np.add.reduceat(weight * tail * step, start) / part - mean
            change = np.log(part / whole * 2 / alpha) / np.where(slope == 0, 1, slope)
        change = np.where(edge, 0, np.clip(change, -2, 2))
        theta = theta - change
        if abs(change).max(initial=0) < SAME_PROBABILITY**2:
            break
    return theta
