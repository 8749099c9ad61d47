"""Each arm against a reference by Welch's and by Student's t, from n, mean and SD alone.

In every array the last axis is the arm; those before it (visits, subgroups …) are free.
Source: SAS PROC TTEST, methods Satterthwaite and Pooled; R's `t.test`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tui.stats.arrays import Floats, Strings
from tui.stats.contrast import Contrast, t_contrast


def welch(
    n: ArrayLike, mean: ArrayLike, sd: ArrayLike, reference: int, alpha: float = 0.05
) -> Contrast:
    """Arm minus reference, each with a variance of its own, Satterthwaite degrees of freedom."""
    n, mean, sd = (np.asarray(part, dtype=np.float64) for part in (n, mean, sd))
    with np.errstate(invalid="ignore", divide="ignore"):  # n of 0 or 1: NaN is what we want
        variance = sd**2 / n
        total = variance + _of(variance, reference)
        share = variance / total
        df = 1 / (share**2 / (n - 1) + (1 - share) ** 2 / (_of(n, reference) - 1))
    return _against(reference, mean, np.sqrt(total), df, alpha)


def student(
    n: ArrayLike, mean: ArrayLike, sd: ArrayLike, reference: int, alpha: float = 0.05
) -> Contrast:
    """Arm minus reference with the variance pooled over these two arms, n + n₀ − 2 df.

    An arm of one subject adds nothing to the variance, but can be compared.
    """
    n, mean, sd = (np.asarray(part, dtype=np.float64) for part in (n, mean, sd))
    with np.errstate(invalid="ignore", divide="ignore"):
        se = pooled_sd(n, sd, reference) * np.sqrt(1 / n + 1 / _of(n, reference))
    return _against(reference, mean, se, n + _of(n, reference) - 2, alpha)


def pooled_sd(n: ArrayLike, sd: ArrayLike, reference: int) -> Floats:
    """The SD pooled over each arm and the reference: Student's."""
    n, sd = (np.asarray(part, dtype=np.float64) for part in (n, sd))
    squares = np.where(n > 1, (n - 1) * sd**2, 0)
    df = n + _of(n, reference) - 2
    pooled = (squares + _of(squares, reference)) / np.where(df > 0, df, np.nan)
    return np.asarray(np.sqrt(pooled))


def mean_sd(n: ArrayLike, sd: ArrayLike, reference: int) -> Floats:
    """The SD that two arms of one size would share for Welch's standard error to be the same."""
    sd = np.asarray(sd, dtype=np.float64)
    return np.asarray(np.sqrt((sd**2 + _of(sd, reference) ** 2) / 2))


def not_estimable(contrast: Contrast, n: ArrayLike, reference: int) -> Strings:
    """Why a comparison has no test: a sentence's worth, or "" where it has one (or needs none)."""
    n = np.asarray(n)
    fine = ~np.isnan(contrast.p) | (np.arange(n.shape[-1]) == reference)
    smaller = np.minimum(n, _of(n, reference))
    return np.select(
        [fine, n == 0, smaller == 0, np.isnan(contrast.se)],
        ["", "no subjects in the arm", "no subjects in the reference arm", "fewer than 2 subjects"],
        "no variance in either arm",
    )


def _of(figures: Floats, arm: int) -> Floats:
    """The figures of one arm, kept as an axis of length one."""
    return figures[..., [arm]]


def _against(reference: int, mean: Floats, se: Floats, df: Floats, alpha: float) -> Contrast:
    """The contrasts with the reference, whose own entry is NaN.

    A standard error within rounding of 0 is 0, by the rule of R's `t.test` for data that are
    "essentially constant".
    """
    other = _of(mean, reference)
    rounding = 10 * np.finfo(np.float64).eps * np.maximum(abs(mean), abs(other))
    own = np.arange(mean.shape[-1]) == reference
    return t_contrast(
        np.where(own, np.nan, mean - other),
        np.where(own, np.nan, np.where(se <= rounding, 0, se)),
        np.where(own, np.nan, df),
        alpha,
    )
