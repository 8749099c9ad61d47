"""The n, mean and SD of many groups at once: all that a t test needs, without a sort."""

from __future__ import annotations

import numpy as np

from tui.stats.arrays import Floats, Ints
from tui.stats.contrast import t_contrast


def moments(values: Floats, group: Ints, groups: int) -> tuple[Ints, Floats, Floats]:
    """The n, mean and SD of each group of `values` (finite), codes from 0 to groups − 1.

    SD has the divisor n − 1 and is NaN where n < 2, the mean where n is 0.

    The mean is corrected by the mean of its residuals, and the squares are taken about it: a
    large common offset costs no digits, and the SD of equal values is exactly 0.
    """
    n = np.bincount(group, minlength=groups)
    with np.errstate(invalid="ignore", divide="ignore"):  # 0 / 0 in an empty group means NaN
        mean = np.bincount(group, values, groups) / n
        mean += np.bincount(group, values - mean[group], groups) / n
        squares = np.bincount(group, (values - mean[group]) ** 2, groups)
        sd = np.sqrt(np.where(n > 1, squares, np.nan) / (n - 1))
    return n, mean, sd


def standard_error(n: Ints, sd: Floats) -> Floats:
    """Of each mean; NaN where n < 2."""
    with np.errstate(invalid="ignore", divide="ignore"):  # NaN / 0 in an empty group means NaN
        error: Floats = sd / np.sqrt(n)
    return error


def mean_interval(
    n: Ints | Floats, mean: Floats, se: Floats, alpha: float = 0.05
) -> tuple[Floats, Floats]:
    """The t limits of each mean with n − 1 degrees of freedom; NaN where n < 2 or the SD is 0."""
    interval = t_contrast(mean, se, n - 1, alpha)
    return interval.lower, interval.upper
