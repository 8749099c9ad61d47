"""Every published case, to the decimals that were printed.

A case is found by its statistic and source; one that nobody computes fails the test. What belongs
to another room's tests is named in `ELSEWHERE`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import pytest

from tui.stats import intervals, proportions
from tui.stats.ancova import fit
from tui.stats.contrast import Contrast
from tui.stats.dose_trend import cochran_armitage, cochran_armitage_exact, jonckheere_terpstra
from tui.stats.dunnett import difference_correlation, dunnett
from tui.stats.proportions import fisher_p, newcombe
from tui.stats.ranks import kruskal_wallis, mann_whitney
from tui.stats.shift import hodges_lehmann
from tui.stats.summary import percentiles, summarize
from tui.stats.terms import dose_slope
from tui.stats.ties import tabulate
from tui.stats.two_by_two import chi_square, fisher_one_sided, odds_ratio
from tui.stats.two_sample import student, welch
from tui.stats.within import paired_t

from .pilot import ARMS, REFERENCES, dataset, records

Case = Callable[[Any], Any]
TEXT = (REFERENCES / "published.json").read_text(encoding="utf-8")
CASES = json.loads(TEXT, parse_float=Decimal)["cases"]
ELSEWHERE = {"MMRM, unstructured, Kenward-Roger": "tests of the mixed model"}


def limits(result: Any) -> list[float]:
    return [float(result.lower), float(result.upper)]


def together(*arms: Any) -> tuple[np.ndarray, np.ndarray]:
    """The values of all the arms, and the code of each value's arm."""
    values = [np.asarray(arm, float) for arm in arms]
    return np.concatenate(values), np.repeat(np.arange(len(arms)), [len(v) for v in values])


def drug_trial(data: Any) -> Any:
    pairs = np.array([data["pre_post"][drug] for drug in "ADF"], float).reshape(-1, 2)
    model = fit(pairs[:, 1], np.repeat([0, 1, 2], 10), 3, pairs[:, :1])
    p = model.pairs.p
    return {
        "lsmean": dict(zip("ADF", model.lsmean, strict=True)),
        "lsmean_se": dict(zip("ADF", model.lsmean_se, strict=True)),
        "p": {"A-D": p[0, 1], "A-F": p[0, 2], "D-F": p[1, 2]},
    }


def two_sample(data: Any) -> Any:
    summary = summarize(*together(data["y"], data["x"]), 2)
    pooled, own = (f(summary.n, summary.mean, summary.sd, 0)[1] for f in (student, welch))
    return {
        "student": {"t": pooled.statistic, "p": pooled.p, "ci": limits(pooled)},
        "welch": {"df": own.df, "p": own.p, "ci": limits(own)},
    }


def paired(data: Any) -> Any:
    change = np.subtract(data["before"], data["after"]).astype(float)
    result = paired_t(summarize(change, np.zeros(len(change), int), 1))[0]
    return {"t": result.statistic, "p": result.p, "ci": limits(result)}


def definition_5(data: Any) -> Any:
    x = np.array(data["x"], float)
    low, middle = percentiles(x, np.zeros(len(x), int), 1, (0.25, 0.4)).ravel()
    return {"p25": low, "p40": middle}


def birth_weights(data: Any) -> Any:
    ties = tabulate(*together(np.array(data["y"], float), np.array(data["x"], float)), 2)
    test, shift = mann_whitney(ties, 0), hodges_lehmann(ties, 0, exact=True)
    return {
        "p_normal_cc": test.p[0, 1],
        "p_normal": test.p_uncorrected[0, 1],
        "p_exact_midranks": test.p_exact[0, 1],
        "hodges_lehmann": shift.estimate[0, 1],
        "hl_exact_ci": [shift.lower[0, 1], shift.upper[0, 1]],
    }


def kruskal(data: Any) -> Any:
    result = kruskal_wallis(tabulate(*together(*data["groups"]), 3))
    return {"H": result.h[0], "p": result.p[0]}


def jonckheere(data: Any) -> Any:
    result = jonckheere_terpstra(tabulate(*together(*data["groups_in_order"]), 3))
    return {"J": result.statistic[0], "Z": result.z[0], "p": result.p[0]}


def one_proportion(data: Any) -> Any:
    names = ("clopper_pearson", "wald", "agresti_coull", "jeffreys")
    of = {"wilson": proportions.wilson} | {name: getattr(intervals, name) for name in names}
    return {name: limits(method(data["x"], data["n"])) for name, method in of.items()}


def two_proportions(data: Any) -> Any:
    counts = data["x1"], data["n1"], data["x2"], data["n2"]
    return {
        "newcombe": limits(newcombe(*counts)),
        "miettinen_nurminen": limits(intervals.miettinen_nurminen(*counts)),
        "wald": limits(intervals.wald_difference(*counts)),
        "agresti_caffo": limits(intervals.agresti_caffo(*counts)),
    }


def two_by_two(data: Any) -> Any:
    (a, b), (c, d) = data["table"]
    counts = a, a + b, c, c + d
    left, right = fisher_one_sided(*counts)
    return {
        "chi2": chi_square(*counts).statistic,
        "chi2_cc": chi_square(*counts).corrected,
        "fisher_two_sided": fisher_p(*counts),
        "fisher_left": left,
        "fisher_right": right,
        "exact_or_ci": limits(odds_ratio(*counts)),
    }


def pain(data: Any) -> Any:
    no, n = np.array(data["no"]), np.add(data["yes"], data["no"])
    exact = cochran_armitage_exact(no, n, data["scores"])
    return {
        "Z": cochran_armitage(no, n, data["scores"]).z,
        "p_exact_one_sided": exact.p_falling,
        "p_exact_two_sided": exact.p,
    }


def blood_counts(data: Any) -> Any:
    y, arm = together(*(np.array(data[name], float) for name in ("control", "a", "b")))
    model = fit(y, arm, 3)
    result = dunnett(model.differences(0), difference_correlation(model.covariance, 0))
    return {"p": result.p[1:]}


def fisher(data: Any) -> Any:
    counts = [(a, a + b, c, c + d) for (a, b), (c, d) in data["tables"]]
    return {
        "p": [fisher_p(*count) for count in counts],
        "newcombe_first": limits(newcombe(*counts[0])),
    }


def primary_analysis(_data: Any) -> Any:
    rows = records("r-adadas-actot").filter(pl.col("AVISITN") == 24, pl.col("ITTFL") == "Y")
    site = rows["SITEGR1"].rank("dense").cast(pl.Int64).to_numpy() - 1
    change, arm, base = (rows[name].to_numpy() for name in ("CHG", "arm", "BASE"))
    model = fit(change, arm, 3, base[:, None], [site])
    observed = fit(change, arm, 3, base[:, None], [site], observed_margins=True).lsmean
    slope = dose_slope(change, arm, np.array([0, 54, 81.0]), base[:, None], [site])

    def shown(pair: Contrast) -> Any:
        return {"diff": pair.estimate, "se": pair.se, "p": pair.p}

    return {
        "high-placebo": shown(model.pairs[2, 0]),
        "low-placebo": shown(model.pairs[1, 0]),
        "high-low": shown(model.pairs[2, 1]),
        # The report calls it the "p-value (Dose Response)": the dose as a number.
        "p_arm": slope.p,
        "rmse": model.sigma,
        "lsmeans_observed_margins": dict(zip(("placebo", "low", "high"), observed, strict=True)),
    }


def adverse_events(_data: Any) -> Any:
    safety = dataset("adsl").filter(pl.col("SAFFL") == "Y")
    events = dataset("adae").filter(pl.col("TRTEMFL") == "Y", pl.col("SAFFL") == "Y")
    N = [safety.filter(pl.col("TRT01A") == arm).height for arm in ARMS]
    seen = [events.filter(pl.col("TRTA") == arm) for arm in ARMS]
    subjects = [part["USUBJID"].n_unique() for part in seen]
    return {
        "any": {
            "subjects": subjects,
            "events": [part.height for part in seen],
            "N": N,
            "fisher_vs_placebo": fisher_p(subjects[1:], N[1:], subjects[0], N[0]),
        }
    }


METHODS: dict[str, Case] = {
    "ANCOVA, three arms": drug_trial,
    "two-sample t": two_sample,
    "paired t": paired,
    "percentiles, SAS definition 5": definition_5,
    "Mann-Whitney": birth_weights,
    "Kruskal-Wallis": kruskal,
    "Jonckheere-Terpstra": jonckheere,
    "one proportion": one_proportion,
    "difference of proportions": two_proportions,
    "two-by-two table": two_by_two,
    "Cochran-Armitage": pain,
    "Dunnett, single step": blood_counts,
    "Fisher": fisher,
    "ANCOVA with sites": primary_analysis,
    "adverse events": adverse_events,
}


def agree(expected: Any, computed: Any, where: str) -> int:
    """Compare all figures to half a unit of the last decimal printed; returns how many."""
    if isinstance(expected, dict):
        return sum(agree(part, computed[key], f"{where} {key}") for key, part in expected.items())
    if isinstance(expected, list):
        pairs = zip(expected, computed, strict=True)
        return sum(agree(part, ours, where) for part, ours in pairs)
    exponent = Decimal(expected).as_tuple().exponent
    assert isinstance(exponent, int)
    # A hair more: a figure may lie on the edge of its rounding.
    assert float(computed) == pytest.approx(float(expected), abs=0.5001 * 10.0**exponent), where
    return 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['statistic']} ({case['source']})")
def test_every_published_figure_is_met(case: Any) -> None:
    if case["statistic"] in ELSEWHERE:
        pytest.skip(f"in the {ELSEWHERE[case['statistic']]}")
    data = json.loads(json.dumps(case["data"], default=float))
    computed = METHODS[case["statistic"]](data)
    assert agree(case["expected"], computed, case["statistic"]) > 0


def test_the_sas_example_of_reaction_times_is_met() -> None:
    """SAS/STAT, PROC NPAR1WAY, examples 3 and 4: ties, and alpha = 0.02."""
    one = [1.94] * 2 + [2.92] * 4 + [3.27] * 4 + [3.70] * 2 + [3.74]
    two = [3.27] * 3 + [3.70] * 2 + [3.74]
    ties = tabulate(*together(one, two), 2)
    assert mann_whitney(ties, 0).p_exact[0, 1] == pytest.approx(0.1054, abs=5e-5)
    moses, exact = (hodges_lehmann(ties, 0, 0.02, exact=flag) for flag in (False, True))
    assert moses.estimate[0, 1] == pytest.approx(0.35)
    assert [moses.lower[0, 1], moses.upper[0, 1]] == pytest.approx([0, 0.82])
    assert [exact.lower[0, 1], exact.upper[0, 1]] == pytest.approx([0, 1.33])
