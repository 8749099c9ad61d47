"""Deterministic integrals that several tests share: no p value here depends on a seed."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from tui.stats.arrays import Floats

FAR = 9.0  # standard deviations; what lies beyond has a probability of 1e-19
MANY = 1e10  # degrees of freedom that are as good as infinite


@lru_cache(maxsize=16)
def legendre(points: int) -> tuple[Floats, Floats]:
    """Nodes and weights of Gauss and Legendre on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(points)
    return (nodes + 1) / 2, weights / 2


def chi_nodes(df: ArrayLike, points: int = 32) -> tuple[Floats, Floats]:
    """Nodes and weights of the distribution of s / σ, the root of a mean square; (…, points).

    An integral over a standard error that was estimated with `df` degrees of freedom becomes a
    sum. NaN where `df` is not positive.
    """
    df = np.asarray(df, dtype=np.float64)[..., None]
    df = np.minimum(np.where(df > 0, df, np.nan), MANY)
    mode = np.sqrt(np.maximum(df - 1, 0) / df)
    spread = 1 / np.sqrt(2 * df)
    low, high = np.maximum(mode - FAR * spread, 0), mode + FAR * spread
    unit, weights = legendre(points)
    nodes = low + (high - low) * unit
    log = (df - 1) * np.log(nodes / np.where(mode > 0, mode, 1)) - df / 2 * (nodes**2 - mode**2)
    density = weights * np.exp(log)
    return nodes, density / density.sum(axis=-1, keepdims=True)
