"""Responders over all arms: is response associated with the arm, and does it go by dose?"""

from __future__ import annotations

from collections.abc import Iterator

from tui.analyses import responders
from tui.analyses.hypotheses.dose import scores
from tui.analyses.hypotheses.trial import Trial
from tui.analyses.rows.hypothesis_tests import TestRow
from tui.stats.cmh import Cmh, general_association, nonzero_correlation, row_mean_scores
from tui.stats.dose_trend import cochran_armitage, cochran_armitage_exact

SECTION = "responders"
_CMH = {
    "CMH, general association": general_association,
    "CMH, row mean scores": row_mean_scores,
    "CMH, nonzero correlation": nonzero_correlation,
}


def rows(trial: Trial, found: responders.Responders) -> Iterator[TestRow]:
    """Cochran-Mantel-Haenszel within the strata, then Cochran-Armitage, asymptotic and exact."""
    x, n = found.x, found.n
    name, score = next(iter(scores(trial).items()))
    trend = cochran_armitage(x, n, score)
    for place, visit in enumerate(found.visits):
        total = n[place].sum()
        unseen = None if found.seen[place].any() else "nobody has a value"
        for test, statistic in _CMH.items():
            tested: Cmh = statistic(found.tables[place])
            yield trial.row(
                SECTION,
                visit,
                test,
                total,
                statistic=tested.statistic if not unseen else float("nan"),
                df=tested.df or float("nan"),
                p=tested.p if not unseen else float("nan"),
                reason=unseen or tested.not_estimable,
            )
        exact = cochran_armitage_exact(x[place], n[place], score)
        for test, z, p, reason in (
            ("Cochran-Armitage", trend.z[place], trend.p[place], trend.not_estimable[place]),
            ("Cochran-Armitage, exact", exact.z, exact.p, exact.not_estimable),
        ):
            yield trial.row(
                SECTION,
                visit,
                test,
                total,
                note=f"scores: {name}",
                statistic=z if not unseen else float("nan"),
                p=p if not unseen else float("nan"),
                reason=unseen or reason,
            )
