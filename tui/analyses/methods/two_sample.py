"""What methods for two samples share; Welch's and Student's t compare n, mean and SD."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tui.analyses.methods.method import Comparison, Data, Spread
from tui.stats.arrays import Floats
from tui.stats.contrast import Contrast
from tui.stats.moments import moments
from tui.stats.two_sample import not_estimable

EACH_ARM = """\
control = rows.filter(pl.col("arm") == reference)["response"].drop_nulls().to_numpy()
for arm in arms:
    if arm != reference:
        treated = rows.filter(pl.col("arm") == arm)["response"].drop_nulls().to_numpy()
        if min(len(treated), len(control)) < 2:
            continue
"""
"""How a program that recomputes begins; what is done with the two samples follows, indented."""


def compare(
    data: Data, test: Callable[..., Contrast], sd_of: Callable[..., Floats], sd_name: str
) -> Comparison:
    """Every arm at every visit against the reference, in one call on the summaries."""
    there = np.isfinite(data.response)
    cells = data.visit[there] * len(data.arms) + data.arm[there]
    shape = len(data.visits), len(data.arms)
    n, mean, sd = (
        part.reshape(shape) for part in moments(data.response[there], cells, shape[0] * shape[1])
    )
    difference = test(n, mean, sd, data.reference, data.alpha)
    return Comparison(
        difference,
        not_estimable(difference, n, data.reference),
        spread=Spread(
            n=n.astype(np.int64),
            sd=sd_of(n, sd, data.reference),
            name=sd_name,
            covariates=np.zeros((len(n), 1), np.int64),
        ),
    )


def unusable(data: Data) -> str | None:
    """Covariates have no place in a comparison of two samples."""
    if data.covariates:
        return f"it takes no covariates ({', '.join(data.covariates)}); ANCOVA does"
    return None
