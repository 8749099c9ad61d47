"""Over all arms: do they differ at all, and does the model's picture of them hold?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tui.analyses.hypotheses.trial import Trial
from tui.analyses.methods.method import named
from tui.analyses.rows.hypothesis_tests import TestRow
from tui.stats.anova import one_way
from tui.stats.ranks import kruskal_wallis
from tui.stats.terms import FTest, assumptions, type_three
from tui.stats.ties import tabulate

SECTION = "over all arms"


def rows(trial: Trial) -> Iterator[TestRow]:
    """One-way analysis of variance, Kruskal-Wallis, and ANCOVA with a look at its assumptions."""
    data = trial.data
    shape = len(data.visits), len(data.arms)
    counts, mean, sd = (part.reshape(shape) for part in trial.moments(trial.response))
    f = one_way(counts, mean, sd)
    ranks = kruskal_wallis(tabulate(data.response, data.arm, shape[1], data.visit, shape[0]))
    n = counts.sum(axis=1)
    spread = []
    for visit in trial.visits:
        yield trial.row(
            SECTION,
            visit,
            "One-way ANOVA",
            n[visit],
            statistic=f.f[visit],
            df=f.df[visit],
            df_residual=f.df_residual[visit],
            p=f.p[visit],
            reason=f.not_estimable[visit],
        )
        yield trial.row(
            SECTION,
            visit,
            "Kruskal-Wallis",
            n[visit],
            statistic=ranks.h[visit],
            df=ranks.df[visit],
            p=ranks.p[visit],
            reason=ranks.not_estimable[visit],
        )
        tests, residuals = _ancova(trial, visit)
        yield from tests
        spread += residuals
    yield from spread


def _ancova(trial: Trial, visit: int) -> tuple[list[TestRow], list[TestRow]]:
    """The tests of the model at a visit, and the spread of its residuals in each arm."""
    data, rows_at = trial.data, trial.at(visit)
    model = (
        data.response[rows_at],
        data.arm[rows_at],
        len(data.arms),
        trial.numeric(rows_at),
        trial.factors(rows_at),
    )
    used = np.isfinite(np.column_stack([model[0], model[3]])).all(axis=1)
    for factor in model[4]:
        used &= factor >= 0
    n = np.bincount(model[1][used], minlength=model[2])
    assumed = assumptions(*model)

    def tested(name: str, test: FTest) -> TestRow:
        return trial.row(
            SECTION,
            visit,
            name,
            n.sum(),
            statistic=test.f,
            df=test.df,
            df_residual=test.df_residual,
            p=test.p,
            reason=trial.unusable() or named(test.not_estimable or "", data),
        )

    spread = []
    for arm in range(len(data.arms)):
        few = ("no subjects", "only one subject")[n[arm]] if n[arm] < 2 else None
        sd = assumed.residual_sd[arm]
        reason = (trial.unusable() or few) if np.isnan(sd) else None
        label = "ANCOVA, residual SD"
        spread.append(trial.row(SECTION, visit, label, n[arm], arm=arm, reason=reason, estimate=sd))
    tests = [
        tested("ANCOVA, arm (type III)", type_three(*model)["arm"]),
        tested("ANCOVA, arm by baseline", assumed.interactions[0]),
    ]
    return tests, spread
