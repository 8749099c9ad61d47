"""Mann-Whitney: whether one arm's values tend to be larger; the shift is Hodges and Lehmann's."""

from __future__ import annotations

import numpy as np

from tui.analyses.answer import MethodStatement
from tui.analyses.methods import two_sample
from tui.analyses.methods.method import Comparison, Data, Method, none_of, settings
from tui.stats.contrast import Contrast
from tui.stats.ranks import EXACT_UP_TO, mann_whitney
from tui.stats.shift import hodges_lehmann
from tui.stats.ties import tabulate

_RECOMPUTE = """\
def exact_p(x, y):  # from the number of ways to each sum of midranks, doubled to be whole
    ranks = (2 * stats.rankdata(np.concatenate([x, y]))).astype(int)
    ways = np.zeros((len(x) + 1, ranks.sum() + 1))
    ways[0, 0] = 1
    for rank in ranks:
        for size in range(len(x), 0, -1):
            ways[size, rank:] += ways[size - 1, :-rank]
    away = abs(np.arange(ways.shape[1]) - len(x) * (len(ranks) + 1))
    return ways[len(x), away >= away[ranks[: len(x)].sum()]].sum() / ways[len(x)].sum()


control = rows.filter(pl.col("arm") == reference)["response"].drop_nulls().to_numpy()
for arm in arms:
    if arm != reference:
        treated = rows.filter(pl.col("arm") == arm)["response"].drop_nulls().to_numpy()
        normal = stats.mannwhitneyu(treated, control, method="asymptotic").pvalue
        few = len(treated) + len(control) <= EXACT_UP_TO
        result[arm] = {
            "difference": np.median(np.subtract.outer(treated, control)),
            "p": exact_p(treated, control) if few else normal,
        }
""".replace("EXACT_UP_TO", str(EXACT_UP_TO))


def _statement(data: Data) -> MethodStatement:
    return MethodStatement(
        id="mann-whitney",
        name="Mann-Whitney test",
        formula=f"Hodges-Lehmann shift of {data.response_name}, arm minus reference",
        variance=f"exact with midranks up to {EXACT_UP_TO} subjects in the two arms, else normal "
        "with ties and continuity correction",
        statistic="z",
        settings=settings(data),
        source="SAS PROC NPAR1WAY WILCOXON HL; Hodges and Lehmann 1963",
    )


def _compare(data: Data) -> Comparison:
    there = np.isfinite(data.response)
    ties = tabulate(
        data.response[there],
        data.arm[there],
        len(data.arms),
        data.visit[there],
        len(data.visits),
    )
    test = mann_whitney(ties, data.reference)
    shift = hodges_lehmann(ties, data.reference, data.alpha)
    unknown = none_of(data)
    return Comparison(
        difference=Contrast(
            estimate=shift.estimate,
            se=unknown,
            df=unknown,
            lower=shift.lower,
            upper=shift.upper,
            statistic=test.z,
            p=np.where(np.isnan(test.p_exact), test.p, test.p_exact),
        ),
        reasons=test.not_estimable,
    )


METHOD = Method(
    id="mann-whitney",
    label="Mann-Whitney",
    meaning="whether values tend to be larger; the median of all differences",
    statement=_statement,
    compare=_compare,
    recompute=_RECOMPUTE,
    unusable=two_sample.unusable,
    has_error=False,
)
