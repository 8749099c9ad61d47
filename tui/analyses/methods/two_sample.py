"""What Welch's and Student's t share: they compare means from n, mean and SD."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tui.analyses.methods.method import Comparison, Data
from tui.stats.contrast import Contrast
from tui.stats.summary import summarize
from tui.stats.two_sample import not_estimable


def compare(data: Data, test: Callable[..., Contrast]) -> Comparison:
    """Every arm at every visit against the reference, in one call on the summaries."""
    there = np.isfinite(data.response)
    cells = data.visit[there] * len(data.arms) + data.arm[there]
    summary = summarize(data.response[there], cells, len(data.visits) * len(data.arms))
    n, mean, sd = (
        np.asarray(part).reshape(len(data.visits), len(data.arms))
        for part in (summary.n, summary.mean, summary.sd)
    )
    difference = test(n, mean, sd, data.reference, data.alpha)
    return Comparison(difference, not_estimable(difference, n, data.reference))


def unusable(data: Data) -> str | None:
    """Covariates have no place in a comparison of two samples."""
    if data.covariates:
        return f"it takes no covariates ({', '.join(data.covariates)}); ANCOVA does"
    return None
