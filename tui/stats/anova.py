"""All arms at once from n, mean and SD: one-way analysis of variance and linear contrasts.

In every array the last axis is the arm; those before it (visits, subgroups …) are free.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import fdtrc

from tui.stats.arrays import Floats, Strings
from tui.stats.contrast import Contrast, t_contrast


@dataclass(frozen=True)
class OneWay:
    """Analysis of variance; arrays without the axis of the arms.

    Attributes:
        f: Mean square between the arms over that within.
        df: Arms with subjects, less one.
        df_residual: Subjects less arms with subjects.
        sigma: Standard deviation within the arms, pooled, in the units of the data.
        p: Of F.
        not_estimable: Why p is NaN, or "".
    """

    f: Floats
    df: Floats
    df_residual: Floats
    sigma: Floats
    p: Floats
    not_estimable: Strings


def one_way(n: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> OneWay:
    """Test whether the means of the arms differ at all: R's `oneway.test(var.equal = TRUE)`."""
    n, mean, sd = (np.asarray(part, dtype=np.float64) for part in (n, mean, sd))
    mean = np.where(n > 0, mean, 0)
    arms, total = (n > 0).sum(axis=-1), n.sum(axis=-1)
    center = (n * mean).sum(axis=-1) / np.maximum(total, 1)
    between = (n * (mean - center[..., None]) ** 2).sum(axis=-1)
    df, left, sigma = _pooled(n, sd)
    # Rounding of the means beside their size is no variance, as in `two_sample`.
    rounding = 10 * np.finfo(np.float64).eps * abs(mean).max(axis=-1)
    usable = (df > 0) & (left > 0) & (sigma > rounding)
    df_used = np.where(df > 0, df, np.nan)
    f = between / df_used / np.where(usable, sigma, np.nan) ** 2
    reasons = np.select(
        [usable, arms == 0, arms == 1, left <= 0],
        ["", "no subjects", "only one arm has subjects", "no arm has 2 subjects"],
        "no variance in any arm",
    )
    p = np.asarray(fdtrc(df_used, np.where(usable, left, np.nan), f))
    return OneWay(f, df, left, sigma, p, reasons)


def _pooled(n: Floats, sd: Floats) -> tuple[Floats, Floats, Floats]:
    """Degrees of freedom between and within the arms, and the SD within."""
    arms = (n > 0).sum(axis=-1).astype(np.float64)
    left = n.sum(axis=-1) - arms
    squares = np.where(n > 1, (n - 1) * sd**2, 0).sum(axis=-1)
    return arms - 1, left, np.sqrt(squares / np.where(left > 0, left, np.nan))


def means_covariance(n: ArrayLike, sd: ArrayLike) -> tuple[Floats, Floats]:
    """The covariance of the means with one variance for all arms, and its degrees of freedom.

    The covariance has shape (…, arms, arms); it is NaN in the row and column of an empty arm.
    """
    n, sd = np.asarray(n, dtype=np.float64), np.asarray(sd, dtype=np.float64)
    _, left, sigma = _pooled(n, sd)
    variance = sigma[..., None] ** 2 / np.where(n > 0, n, np.nan)
    covariance = np.zeros((*n.shape, n.shape[-1]))
    covariance[:] = variance[..., None] * np.eye(n.shape[-1])
    empty = n == 0
    covariance[empty[..., :, None] | empty[..., None, :]] = np.nan
    return covariance, left


def linear_contrast(
    estimate: ArrayLike,
    covariance: ArrayLike,
    df: ArrayLike,
    scores: ArrayLike,
    alpha: float = 0.05,
) -> Contrast:
    """The slope of means (or LS means) per unit of the scores; shape (…) without the arms.

    The coefficients are the scores less their mean (SAS: CONTRAST with ORPOL coefficients),
    divided by the sum of their squares, so that the estimate is a slope: of a straight line it
    gives the slope itself. Doses test a trend in dose, 0, 1, 2 … a trend in its rank. Arms whose
    estimate is NaN stay out.
    """
    estimate, covariance, scores = (
        np.asarray(part, dtype=np.float64) for part in (estimate, covariance, scores)
    )
    known = np.isfinite(estimate)
    count = np.maximum(known.sum(axis=-1, keepdims=True), 1)
    away = np.where(known, scores - np.where(known, scores, 0).sum(-1, keepdims=True) / count, 0)
    squares = (away**2).sum(axis=-1, keepdims=True)
    weights = away / np.where(squares > 0, squares, np.nan)
    slope = (weights * np.where(known, estimate, 0)).sum(axis=-1)
    inner = np.where(np.isnan(covariance) & ~(known[..., :, None] & known[..., None, :]), 0,
                     covariance)  # fmt: skip
    variance = np.einsum("...i,...ij,...j->...", weights, inner, weights)
    return t_contrast(slope, np.sqrt(np.maximum(variance, 0)), df, alpha)
