"""Within an arm: is there a change from baseline?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tui.analyses.hypotheses.trial import Trial
from tui.analyses.rows.hypothesis_tests import TestRow
from tui.stats.within import SignedRank, paired_t, signed_rank

SECTION = "within arm"
NORMAL = "normal"


def rows(trial: Trial) -> Iterator[TestRow]:
    """Paired t and Wilcoxon's signed rank of each arm's changes, test by test."""
    data = trial.data
    counts, mean, sd = trial.moments("change")
    change = trial.records.frame["change"].fill_null(float("nan")).to_numpy()
    cells = len(data.visits) * len(data.arms)
    t = paired_t(counts, mean, sd, data.alpha)
    ranks = signed_rank(change, data.visit * len(data.arms) + data.arm, cells)
    places = [
        (visit, arm, visit * len(data.arms) + arm)
        for visit in trial.visits
        for arm in range(len(data.arms))
    ]
    for visit, arm, cell in places:
        n = counts[cell]
        reason = ("no subjects", "only one subject")[n] if n < 2 else "the changes do not vary"
        yield trial.row(SECTION, visit, "Paired t", n, arm=arm, reason=reason, contrast=t[cell])
    for visit, arm, cell in places:
        yield _signed_rank(trial, visit, arm, int(counts[cell]), ranks, cell)
    for visit, arm, cell in places:
        if np.isfinite(ranks.p_exact[cell]) and not ranks.exact[cell]:
            yield trial.row(
                SECTION,
                visit,
                "Wilcoxon signed rank, exact",
                counts[cell],
                arm=arm,
                note="all signs of the midranks",
                statistic=ranks.v[cell],
                p=ranks.p_exact[cell],
            )


def _signed_rank(
    trial: Trial, visit: int, arm: int, n: int, ranks: SignedRank, cell: int
) -> TestRow:
    zeros = int(n - ranks.n[cell])
    dropped = f"; {zeros} zero{'s' if zeros > 1 else ''} dropped" if zeros else ""
    form = "exact" if ranks.exact[cell] else NORMAL
    return trial.row(
        SECTION,
        visit,
        "Wilcoxon signed rank",
        n,
        arm=arm,
        note=(form + dropped) if np.isfinite(ranks.p[cell]) else "",
        statistic=ranks.v[cell],
        p=ranks.p[cell],
        reason=ranks.not_estimable[cell],
    )
