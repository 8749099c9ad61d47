"""An estimate with its t interval and t test: what every comparison of arms comes down to."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tui.stats.arrays import Floats
from tui.stats.student import quantile, two_sided_p


@dataclass(frozen=True)
class Contrast:
    """Estimates, each with its test against zero; all arrays have one shape, any shape.

    The limits, the statistic and p are NaN where the standard error is 0 or unknown or there are
    no degrees of freedom: the estimate itself stands even then.

    Attributes:
        estimate: In the units of the data.
        se: Standard error, in the units of the data.
        df: Degrees of freedom of t, not necessarily whole.
        lower: Lower limit of the two-sided confidence interval, in the units of the data.
        upper: Its upper limit.
        statistic: t = estimate / se.
        p: Two-sided, of estimate = 0.
    """

    estimate: Floats
    se: Floats
    df: Floats
    lower: Floats
    upper: Floats
    statistic: Floats
    p: Floats

    def __getitem__(self, index: Any) -> Contrast:
        """The same part of every array."""
        return Contrast(*(getattr(self, field.name)[index] for field in fields(self)))


def t_contrast(estimate: ArrayLike, se: ArrayLike, df: ArrayLike, alpha: float = 0.05) -> Contrast:
    """Broadcast the three against each other, and add the 1 − alpha interval and the test."""
    estimate, se, df = (
        np.array(part, dtype=np.float64) for part in np.broadcast_arrays(estimate, se, df)
    )
    usable = np.where((se > 0) & (df > 0), se, np.nan)
    margin = quantile(1 - alpha / 2, df) * usable
    statistic = estimate / usable
    return Contrast(
        estimate=estimate,
        se=se,
        df=df,
        lower=estimate - margin,
        upper=estimate + margin,
        statistic=statistic,
        p=two_sided_p(statistic, df),
    )
