"""The log-rank test: are the arms' hazards the same?"""

from __future__ import annotations

import dataclasses

import numpy as np

from tui.stats.arrays import Bools, Floats, Ints
from tui.stats.cmh import Cmh, general_association
from tui.stats.survival.risk_sets import grid, tied

NEVER_TOGETHER = "no event while subjects of two arms were at risk"


def log_rank(time: Floats, event: Bools, arm: Ints, arms: int, stratum: Ints | None = None) -> Cmh:
    """The test over all arms, within strata where there are some.

    Every time with an event gives a table of arms by event, yes or no, among those at risk; the
    test is that of Cochran, Mantel and Haenszel over these tables (Mantel 1966, Cancer Chemother
    Rep 50:163). Its variance is the hypergeometric one, as in R's `survdiff` and SAS.

    Args:
        time: From the start to the event or the censoring, shape (subjects,).
        event: Whether it ended with the event.
        arm: The arm of each subject, from 0.
        arms: How many arms there are; one without subjects takes no part.
        stratum: The code of each subject's stratum; one stratum if not given.
    """
    cells = grid(tied(time), np.zeros(len(time), np.int64) if stratum is None else stratum)
    inside = (arm[:, None] == np.arange(arms)).astype(np.float64)
    at_risk = cells.from_here_on(cells.sums(inside))
    events = cells.sums(inside * event[:, None])
    some = events.any(axis=1)
    result = general_association(np.stack([events, at_risk - events], axis=2)[some])
    if result.not_estimable:
        return dataclasses.replace(result, not_estimable=NEVER_TOGETHER)
    return result
