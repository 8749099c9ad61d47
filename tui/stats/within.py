"""Within a group, against zero: the paired t test and Wilcoxon's signed rank test of changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from tui.stats.arrays import Bools, Floats, Ints, Strings
from tui.stats.contrast import Contrast, t_contrast
from tui.stats.exact_ranks import signed_rank_p
from tui.stats.moments import standard_error
from tui.stats.ties import tabulate

EXACT_BELOW = 50  # differences that are not 0; as in R's wilcox.test


def paired_t(n: Ints, mean: Floats, sd: Floats, alpha: float = 0.05) -> Contrast:
    """The mean change of each group against 0 with n − 1 df: SAS PROC TTEST PAIRED."""
    se = standard_error(n, sd)
    # A standard error within rounding of the mean is 0, by the rule of R's `t.test`.
    se = np.where(se <= 10 * np.finfo(np.float64).eps * abs(mean), 0, se)
    return t_contrast(mean, se, np.where(n > 1, n - 1, np.nan), alpha)


@dataclass(frozen=True)
class SignedRank:
    """Wilcoxon's signed rank test of each group; arrays of shape (groups,).

    Attributes:
        n: Changes that are not 0; those that are 0 are dropped, as in R and SAS.
        v: Sum of the ranks of the positive changes (R's V).
        p: Two-sided; as R's default: exact for fewer than 50 changes without ties and zeros,
            else normal.
        exact: Whether `p` is the exact one.
        p_normal: Two-sided, normal with continuity correction and the variance given the ties.
        p_exact: Two-sided over all signs of the midranks, where fewer than 50 have to be signed.
        not_estimable: Why p is NaN, or "".
    """

    n: Floats
    v: Floats
    p: Floats
    exact: Bools
    p_normal: Floats
    p_exact: Floats
    not_estimable: Strings


def signed_rank(change: Floats, group: Ints, groups: int) -> SignedRank:
    """Test each group's changes (NaN is missing) against symmetry about 0: R's `wilcox.test`.

    >>> result = signed_rank(np.array([1.0, 2, -3, 4, 5]), np.zeros(5, int), 1)
    >>> float(result.v[0]), float(result.p[0])
    (12.0, 0.3125)
    """
    seen = np.isfinite(change)
    changed = np.where(change == 0, np.nan, change)
    with np.errstate(invalid="ignore"):
        sign = (change > 0).astype(np.int64)
    ties = tabulate(abs(changed), sign, 2, group, groups)
    n = ties.n.sum(axis=1)
    v = ties.total(ties.count[:, 1] * ties.midranks())
    tied = ties.count.sum(axis=1)
    variance = n * (n + 1) * (2 * n + 1) / 24 - ties.total(tied**3 - tied) / 48
    away = v - n * (n + 1) / 4
    z = (away - 0.5 * np.sign(away)) / np.sqrt(np.where(n > 0, variance, np.nan))

    few = (n > 0) & (n < EXACT_BELOW)
    p_exact = np.full(groups, np.nan)
    for index in np.flatnonzero(few).tolist():
        p_exact[index] = signed_rank_p(*ties.of(index)[1].T.astype(np.int64))
    values = np.bincount(group[seen], minlength=groups)
    exact = few & (values == n) & (ties.total((tied > 1).astype(np.float64)) == 0)
    p_normal = 2 * ndtr(-abs(z))
    return SignedRank(
        n=n,
        v=np.where(n > 0, v, np.nan),
        p=np.where(exact, p_exact, p_normal),
        exact=exact,
        p_normal=p_normal,
        p_exact=p_exact,
        not_estimable=np.select([n > 0, values == 0], ["", "no subjects"], "no change is not 0"),
    )
