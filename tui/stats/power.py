"""Power: what a study could have detected, and how many subjects it would take.

Two-sided t tests throughout, by the noncentral t distribution integrated over
what the standard deviation may turn out to be, both tails counted (SAS PROC POWER,
R's `power.t.test(strict = TRUE)`). All arguments broadcast against each other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from tui.stats.arrays import Floats
from tui.stats.quadrature import chi_nodes
from tui.stats.student import quantile

HALVINGS = 48
MOST = 10_000_000  # subjects in an arm; no trial is larger


def power(difference: ArrayLike, se: ArrayLike, df: ArrayLike, alpha: float = 0.05) -> Floats:
    """The chance of p < alpha if the true difference is `difference`, its standard error `se`."""
    difference, se, df = np.broadcast_arrays(
        *(np.asarray(part, dtype=np.float64) for part in (difference, se, df))
    )
    usable = np.where((se > 0) & (df > 0), se, np.nan)
    return _power(abs(difference) / usable, np.where(df > 0, df, np.nan), alpha)


def _power(shift: Floats, df: Floats, alpha: float) -> Floats:
    """The same of a difference in standard errors."""
    bound = quantile(1 - alpha / 2, df)
    # With few degrees of freedom the bound is far out, and the integrand steep.
    node, weight = chi_nodes(df, 40 if np.nanmin(df, initial=np.inf) > 4 else 320)
    # t is (Z + shift) / s: given s a normal probability. SciPy's series for the noncentral t
    # give NaN in places; this sum has none.
    edge, shift = bound[..., None] * node, shift[..., None]
    beyond = ndtr(shift - edge) + ndtr(-shift - edge)
    return np.asarray((beyond * weight).sum(axis=-1))


def detectable(se: ArrayLike, df: ArrayLike, power: ArrayLike = 0.8, alpha: float = 0.05) -> Floats:
    """The true difference at which a comparison with this standard error has the given power.

    >>> [round(float(detectable(se, 56)), 2) for se in (0.2, 0.25)]
    [0.57, 0.71]
    """
    se, df, power = np.broadcast_arrays(
        *(np.asarray(part, dtype=np.float64) for part in (se, df, power))
    )
    usable = (se > 0) & (df > 0) & (power > alpha) & (power < 1)
    df = np.where(usable, df, np.nan)
    low = np.zeros(se.shape)
    # At twice both quantiles the power is beyond what was asked for, whatever the df.
    high = 2 * (quantile(1 - alpha / 2, df) + quantile(np.where(usable, power, 0.5), df)) + 2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        short = _power(middle, df, alpha) < power
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.asarray(np.where(usable, (low + high) / 2 * se, np.nan))


def subjects_per_arm(
    difference: ArrayLike,
    sd: ArrayLike,
    power: ArrayLike = 0.8,
    alpha: float = 0.05,
    covariates: ArrayLike = 0,
) -> Floats:
    """The fewest subjects in each of two equal arms for this power to detect `difference`.

    Args:
        difference: True difference of the means, in the units of the data.
        sd: Standard deviation within the arms; for an ANCOVA that of its residuals.
        power: Wanted chance of p < alpha.
        alpha: Two-sided.
        covariates: Degrees of freedom that the covariates of an ANCOVA take.

    Returns:
        Whole numbers; NaN where the difference or the SD is 0 or unknown, or where it would take
        more than ten million.
    """
    difference, sd, power, covariates = np.broadcast_arrays(
        *(np.asarray(part, dtype=np.float64) for part in (difference, sd, power, covariates))
    )
    usable = (abs(difference) > 0) & (sd > 0) & (power > alpha) & (power < 1)
    effect = np.where(usable, abs(difference), np.nan) / np.where(sd > 0, sd, np.nan)
    least = np.floor(covariates / 2) + 2  # leaves at least one degree of freedom
    few = least - 1
    many = np.full(effect.shape, float(MOST))
    # Whole numbers between few, which do not suffice, and many, which do: near the normal
    # approximation first, and by halving from there.
    guess = np.ceil(
        2 * ((ndtri(1 - alpha / 2) + ndtri(np.where(usable, power, 0.5))) / effect) ** 2
    )
    for step in range(HALVINGS):
        middle = np.floor((few + many) / 2)
        if step < 2:
            middle = np.clip(guess - 2 if step == 0 else guess + 8, few + 1, many - 1)
        middle = np.where(usable, middle, least)
        df = 2 * middle - 2 - covariates
        enough = _power(effect * np.sqrt(middle / 2), df, alpha) >= power
        many, few = np.where(enough, middle, many), np.where(enough, few, middle)
        if not (usable & (many - few > 1)).any():
            break
    return np.asarray(np.where(usable & (many < MOST), many, np.nan))
