"""Confidence intervals of one proportion and of a difference of two, beside Wilson and Newcombe.

The formulas are those of SAS PROC FREQ: BINOMIAL(CL=…) for one, RISKDIFF(CL=…) for a difference.
A proportion of no subjects is NaN, and so are the limits that belong to it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, ndtri

from tui.stats.arrays import Floats
from tui.stats.proportions import Interval

HALVINGS = 52  # of the interval that holds a limit: to the last bit


def _pair(x: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """Counts as numbers of one shape, n NaN where there are no subjects."""
    x, n = (np.asarray(part, dtype=np.float64) for part in np.broadcast_arrays(x, n))
    return x, np.where(n > 0, n, np.nan)


def clopper_pearson(x: ArrayLike, n: ArrayLike, alpha: float = 0.05) -> Interval:
    """The exact interval (Clopper and Pearson 1934, Biometrika 26:404)."""
    x, n = _pair(x, n)
    inner = np.where((x > 0) & (x < n), x, 1.0)  # the ends have limits of 0 and 1
    low = betaincinv(np.where(x > 0, x, inner), n - np.where(x > 0, x, inner) + 1, alpha / 2)
    high = betaincinv(np.where(x < n, x, 0) + 1, n - np.where(x < n, x, 0), 1 - alpha / 2)
    return Interval(x / n, np.where(x == 0, 0 * n, low), np.where(x == n, 1.0, high))


def wald(x: ArrayLike, n: ArrayLike, alpha: float = 0.05) -> Interval:
    """The normal approximation without continuity correction; empty at 0 and n."""
    x, n = _pair(x, n)
    share = x / n
    return _clipped(share, share, np.sqrt(share * (1 - share) / n), alpha)


def agresti_coull(x: ArrayLike, n: ArrayLike, alpha: float = 0.05) -> Interval:
    """Wald's interval about Wilson's midpoint (Agresti and Coull 1998, Am Stat 52:119)."""
    x, n = _pair(x, n)
    z2 = ndtri(1 - alpha / 2) ** 2
    center = (x + z2 / 2) / (n + z2)
    return _clipped(x / n, center, np.sqrt(center * (1 - center) / (n + z2)), alpha)


def jeffreys(x: ArrayLike, n: ArrayLike, alpha: float = 0.05) -> Interval:
    """Equal tails of the posterior under Jeffreys's prior (Brown, Cai and DasGupta 2001)."""
    x, n = _pair(x, n)
    low, high = (betaincinv(x + 0.5, n - x + 0.5, tail) for tail in (alpha / 2, 1 - alpha / 2))
    return Interval(x / n, np.where(x == 0, 0 * n, low), np.where(x == n, 1.0, high))


def _clipped(estimate: Floats, center: Floats, se: Floats, alpha: float) -> Interval:
    """A normal interval, within 0 and 1."""
    margin = ndtri(1 - alpha / 2) * se
    return Interval(estimate, np.maximum(center - margin, 0), np.minimum(center + margin, 1))


def wald_difference(
    x1: ArrayLike, n1: ArrayLike, x0: ArrayLike, n0: ArrayLike, alpha: float = 0.05
) -> Interval:
    """x1/n1 − x0/n0 by the normal approximation without continuity correction."""
    (x1, n1), (x0, n0) = _pair(x1, n1), _pair(x0, n0)
    one, zero = x1 / n1, x0 / n0
    margin = ndtri(1 - alpha / 2) * np.sqrt(one * (1 - one) / n1 + zero * (1 - zero) / n0)
    return Interval(one - zero, one - zero - margin, one - zero + margin)


def agresti_caffo(
    x1: ArrayLike, n1: ArrayLike, x0: ArrayLike, n0: ArrayLike, alpha: float = 0.05
) -> Interval:
    """Wald's interval after a responder and a non-responder more in each arm (Am Stat 54:280)."""
    (x1, n1), (x0, n0) = _pair(x1, n1), _pair(x0, n0)
    more = wald_difference(x1 + 1, n1 + 2, x0 + 1, n0 + 2, alpha)
    known = np.where(np.isfinite(n1 + n0), 1.0, np.nan)
    return Interval(
        x1 / n1 - x0 / n0, np.maximum(more.lower, -1) * known, np.minimum(more.upper, 1) * known
    )


def miettinen_nurminen(
    x1: ArrayLike, n1: ArrayLike, x0: ArrayLike, n0: ArrayLike, alpha: float = 0.05
) -> Interval:
    """x1/n1 − x0/n0 with the score limits of Miettinen and Nurminen 1985, Stat Med 4:213.

    The variance has their factor n / (n − 1), as in SAS PROC FREQ RISKDIFF(CL=MN). The limits are
    NaN ("n.e.") where both counts are 0, as for Newcombe's.
    """
    x1, n1, x0, n0 = np.broadcast_arrays(*_pair(x1, n1), *_pair(x0, n0))
    difference = x1 / n1 - x0 / n0
    seen = np.where((x1 > 0) | (x0 > 0), difference, np.nan)
    z2 = ndtri(1 - alpha / 2) ** 2
    # The limit lies between `out`, an end of the scale, and `inn`, the difference itself.
    out = np.stack([np.full(seen.shape, -1.0), np.ones(seen.shape)]) + 0 * seen
    inn = np.stack([seen, seen])
    for _ in range(HALVINGS):
        middle = (out + inn) / 2
        beyond = (seen - middle) ** 2 > z2 * _restricted_variance(x1, n1, x0, n0, middle)
        out, inn = np.where(beyond, middle, out), np.where(beyond, inn, middle)
    lower, upper = (out + inn) / 2
    return Interval(difference, lower, upper)


def _restricted_variance(x1: Floats, n1: Floats, x0: Floats, n0: Floats, delta: Floats) -> Floats:
    """The variance of the difference at the likeliest proportions that differ by `delta`.

    They solve a cubic equation, in closed form (Farrington and Manning 1990, Stat Med 9:1447).
    """
    n, x = n1 + n0, x1 + x0
    a = ((n1 + 2 * n0) * delta - n - x) / (3 * n)
    b = ((n0 * delta - n - 2 * x0) * delta + x) / n
    c = x0 * delta * (1 - delta) / n
    q = a**3 - a * b / 2 + c / 2
    p = np.copysign(np.sqrt(np.maximum(a**2 - b / 3, 0)), q)
    cubed = np.where(p == 0, 1.0, p**3)
    angle = (np.pi + np.arccos(np.clip(q / cubed, -1, 1))) / 3
    zero = np.clip(2 * p * np.cos(angle) - a, np.maximum(0, -delta), np.minimum(1, 1 - delta))
    one = np.clip(zero + delta, 0, 1)
    variance: Floats = (one * (1 - one) / n1 + zero * (1 - zero) / n0) * n / (n - 1)
    return variance
