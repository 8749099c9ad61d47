"""Rank tests of independent arms: Mann-Whitney and Kruskal-Wallis, of all visits in one pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, ndtr

from tui.stats.arrays import Bools, Floats, Strings
from tui.stats.exact_ranks import rank_sum_p
from tui.stats.ties import Ties

EXACT_UP_TO = 40  # subjects of both arms together; beyond, the normal approximation serves


@dataclass(frozen=True)
class MannWhitney:
    """Each arm against the reference; arrays of shape (visits, arms), the reference's own NaN.

    Attributes:
        n: Subjects with a value.
        u: Pairs in which the arm has the greater value; a tie counts one half (R's W).
        z: Standard normal deviate with the continuity correction of one half.
        p: Two-sided, from `z`: the default of SAS and, with ties, of R.
        p_uncorrected: Two-sided, without the continuity correction.
        p_exact: Two-sided from the permutation distribution of the midranks; NaN where more than
            `exact_up_to` subjects would have to be permuted.
        not_estimable: Why p is NaN, or "".
    """

    n: Floats
    u: Floats
    z: Floats
    p: Floats
    p_uncorrected: Floats
    p_exact: Floats
    not_estimable: Strings


def mann_whitney(ties: Ties, reference: int, exact_up_to: int = EXACT_UP_TO) -> MannWhitney:
    """Compare each arm with the reference: SAS PROC NPAR1WAY WILCOXON, R's `wilcox.test`."""
    n, n0 = ties.n, ties.n[:, [reference]]
    own = np.arange(n.shape[1]) == reference
    usable = np.where((n > 0) & (n0 > 0) & ~own, 1.0, np.nan)
    other = ties.count[:, [reference]]
    u = usable * ties.total(ties.count * (ties.below(other) + other / 2))
    variance = ties.variance(reference)
    deviation = np.sqrt(np.where(variance > 0, variance, np.nan))

    away = u - n * n0 / 2
    z = (away - 0.5 * np.sign(away)) / deviation
    reasons = np.select(
        [own, n == 0, (n0 == 0) & (n >= 0), np.isnan(deviation)],
        ["", "no subjects in the arm", "no subjects in the reference arm", "all values are equal"],
        "",
    )
    return MannWhitney(
        n=n,
        u=u,
        z=z,
        p=2 * ndtr(-abs(z)),
        p_uncorrected=2 * ndtr(-abs(away / deviation)),
        p_exact=_exact(ties, reference, np.isfinite(z) & (n + n0 <= exact_up_to)),
        not_estimable=reasons,
    )


def _exact(ties: Ties, reference: int, wanted: Bools) -> Floats:
    """The exact p of the comparisons that are wanted."""
    p = np.full(wanted.shape, np.nan)
    for visit, arm in np.argwhere(wanted):
        counts = ties.of(visit)[1].astype(np.int64)
        p[visit, arm] = rank_sum_p(counts[:, arm], counts[:, reference])
    return p


@dataclass(frozen=True)
class Kruskal:
    """A test over all arms that have subjects; arrays of shape (visits,).

    Attributes:
        h: Kruskal and Wallis's H, corrected for ties.
        df: Arms with subjects, less one.
        p: Of H by the chi-square distribution.
        not_estimable: Why p is NaN, or "".
    """

    h: Floats
    df: Floats
    p: Floats
    not_estimable: Strings


def kruskal_wallis(ties: Ties) -> Kruskal:
    """Test whether the arms differ at all: SAS PROC NPAR1WAY WILCOXON, R's `kruskal.test`."""
    n, total = ties.n, ties.n.sum(axis=1)
    arms = (n > 0).sum(axis=1)
    rank_sum = ties.total(ties.count * ties.midranks()[:, None])
    away = rank_sum - n * (total[:, None] + 1) / 2  # from what is expected: no digits are lost
    between = 12 * (away**2 / np.maximum(n, 1)).sum(axis=1)
    tied = ties.count.sum(axis=1)
    # The part of N³ − N that ties leave; it is 0 where all the values are equal.
    free = total**3 - total - ties.total(tied**3 - tied)
    usable = (arms > 1) & (free > 0)
    scale = np.where(usable, (total - 1) / np.where(free > 0, free, np.nan), np.nan)
    h = between * scale
    df = np.where(usable, arms - 1.0, np.nan)
    reasons = np.select(
        [usable, arms == 0, arms == 1],
        ["", "no subjects", "only one arm has subjects"],
        "all values are equal",
    )
    return Kruskal(h, df, chdtrc(df, h), reasons)
