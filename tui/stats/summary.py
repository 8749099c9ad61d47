"""Descriptive statistics of many groups at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tui.stats.arrays import Floats, Ints
from tui.stats.contrast import t_contrast


@dataclass(frozen=True)
class Summary:
    """One figure per group in each array of shape (groups,), in the units of the data.

    Attributes:
        n: Number of values; the other figures are NaN where it is 0.
        mean: Arithmetic mean.
        sd: Standard deviation with divisor n − 1; NaN where n < 2.
        se: Standard error of the mean, sd / √n; NaN where n < 2.
        median: Percentile 50, as all percentiles by SAS definition 5.
        q1: Percentile 25.
        q3: Percentile 75.
        min: Smallest value.
        max: Largest value.
    """

    n: Ints
    mean: Floats
    sd: Floats
    se: Floats
    median: Floats
    q1: Floats
    q3: Floats
    min: Floats
    max: Floats


def summarize(values: Floats, group: Ints, groups: int) -> Summary:
    """Summarize `values` (finite) by `group`, codes from 0 to groups − 1 in any order."""
    n, mean, sd = moments(values, group, groups)
    with np.errstate(invalid="ignore", divide="ignore"):  # 0 / 0 in an empty group means NaN
        se = sd / np.sqrt(n)
    low, q1, median, q3, high = percentiles(values, group, groups, (0, 0.25, 0.5, 0.75, 1))
    return Summary(n, mean, sd, se, median, q1, q3, low, high)


def moments(values: Floats, group: Ints, groups: int) -> tuple[Ints, Floats, Floats]:
    """The n, mean and SD of each group: all that a t test needs, without a sort.

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


def percentiles(values: Floats, group: Ints, groups: int, probabilities: Sequence[float]) -> Floats:
    """Percentiles of each group, shape (probabilities, groups); NaN in an empty group.

    SAS definition 5, which is R's type 2 and NumPy's `averaged_inverted_cdf`: the first value
    that reaches the probability, or the mean of it and the next one where it is met exactly.

    >>> x = np.array([10.0, 20, 30, 40, 150, 160, 170, 180, 190, 200])
    >>> percentiles(x, np.zeros(10, int), 1, (0.25, 0.4)).ravel().tolist()
    [30.0, 95.0]
    """
    n = np.bincount(group, minlength=groups)
    start = np.cumsum(n) - n
    last = np.maximum(n - 1, 0)
    # The NaN at the end is where the start of an empty last group points to.
    ordered = np.append(values[np.lexsort((values, group))], np.nan)
    # Rounded, or 0.07 of 100 values would be rank 7.000000000000001 and not 7.
    rank = np.round(np.multiply.outer(np.asarray(probabilities, dtype=np.float64), n), 9)
    lower = start + np.clip(np.ceil(rank).astype(np.int64) - 1, 0, last)
    upper = start + np.clip(np.floor(rank).astype(np.int64), 0, last)
    return np.where(n > 0, (ordered[lower] + ordered[upper]) / 2, np.nan)


def mean_interval(summary: Summary, alpha: float = 0.05) -> tuple[Floats, Floats]:
    """The t limits of each mean with n − 1 degrees of freedom; NaN where n < 2 or the SD is 0."""
    interval = t_contrast(summary.mean, summary.se, summary.n - 1, alpha)
    return interval.lower, interval.upper
