"""Student's t distribution.

`scipy.special` is loaded with the first p value or limit, not with this module: it takes 250 ms
that a table of means and SDs, the first thing on the screen, does not need.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tui.stats.arrays import Floats


def two_sided_p(t: ArrayLike, df: ArrayLike) -> Floats:
    """The probability of a value at least as far from 0 as `t`; NaN where `df` is not positive.

    Twice the lower tail, not twice one minus the upper one, which would be 0 beyond 1e-16.
    """
    from scipy.special import stdtr

    return np.asarray(2.0 * stdtr(df, -np.abs(t)), dtype=np.float64)


def quantile(probability: ArrayLike, df: ArrayLike) -> Floats:
    """The value below which `probability` of the distribution lies; NaN where `df` is not positive.

    >>> float(quantile(0.975, 10).round(4))
    2.2281
    """
    from scipy.special import stdtrit

    return np.asarray(stdtrit(df, probability), dtype=np.float64)
