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


def shift(x, y):  # Hodges and Lehmann's, with the asymptotic limits of Moses
    ordered, n = np.sort(np.subtract.outer(x, y), axis=None), len(x) + len(y)
    tied = np.unique(np.concatenate([x, y]), return_counts=True)[1].astype(float)
    variance = len(ordered) / 12 * (n + 1 - (tied**3 - tied).sum() / (n * (n - 1)))
    rank = int(len(ordered) / 2 + stats.norm.ppf(alpha / 2) * max(variance, 0) ** 0.5)
    limits = (ordered[rank - 1], ordered[-rank]) if rank > 0 else ()
    return np.median(ordered), dict(zip(("difference_lower", "difference_upper"), limits))


control = rows.filter(pl.col("arm") == reference)["response"].drop_nulls().to_numpy()
for arm in arms:
    if arm != reference:
        treated = rows.filter(pl.col("arm") == arm)["response"].drop_nulls().to_numpy()
        if min(len(treated), len(control)) < 1:
            continue
        estimate, limits = shift(treated, control)
        result[arm] = {"difference": estimate, **limits}
        if len(treated) + len(control) <= EXACT_UP_TO:
            p = exact_p(treated, control)
        else:
            p = stats.mannwhitneyu(treated, control, method="asymptotic").pvalue
        if np.ptp(np.concatenate([treated, control])) > 0:
            result[arm]["p"] = p
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
    ties = tabulate(data.response, data.arm, len(data.arms), data.visit, len(data.visits))
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
