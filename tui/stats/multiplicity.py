"""Adjusted p values that need only the raw ones: Bonferroni, Holm, Hochberg.

A NaN stays NaN and is no member of the family. All agree with R's `p.adjust`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tui.stats.arrays import Floats


def bonferroni(p: ArrayLike, axis: int = -1) -> Floats:
    """Raw p times the size of the family along the axis, at most 1."""
    p = np.asarray(p, dtype=np.float64)
    adjusted: Floats = np.minimum(p * np.isfinite(p).sum(axis=axis, keepdims=True), 1)
    return adjusted


def holm(p: ArrayLike, axis: int = -1) -> Floats:
    """Step-down from the smallest p (Holm 1979, Scand J Stat 6:65).

    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    return _stepwise(p, axis, down=True)


def hochberg(p: ArrayLike, axis: int = -1) -> Floats:
    """Step-up from the greatest p (Hochberg 1988, Biometrika 75:800).

    It is valid for tests that are independent or positively dependent, such as two-sided tests
    of several arms against one reference.

    >>> hochberg([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.04, 0.04]
    """
    return _stepwise(p, axis, down=False)


def _stepwise(p: ArrayLike, axis: int, down: bool) -> Floats:
    """The i-th smallest of m times m − i + 1, made to rise with the raw p."""
    p = np.moveaxis(np.asarray(p, dtype=np.float64), axis, -1)
    order = np.argsort(p, axis=-1)  # NaN come last
    family = np.isfinite(p).sum(axis=-1, keepdims=True)
    ranked = np.take_along_axis(p, order, axis=-1) * (family - np.arange(p.shape[-1]))
    if down:
        stepped = np.maximum.accumulate(ranked, axis=-1)
    else:
        backwards = np.where(np.isnan(ranked), np.inf, ranked)[..., ::-1]
        stepped = np.minimum.accumulate(backwards, axis=-1)[..., ::-1]
    adjusted = np.empty(p.shape)
    np.put_along_axis(adjusted, order, np.minimum(stepped, 1), axis=-1)
    return np.moveaxis(np.where(np.isnan(p), np.nan, adjusted), -1, axis)
