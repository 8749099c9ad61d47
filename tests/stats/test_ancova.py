from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tui.stats.ancova import Ancova, fit
from tui.stats.moments import moments
from tui.stats.two_sample import student

from .pilot import (
    ARMS,
    REFERENCE,
    Visit,
    at,
    digits,
    every_visit,
    published,
    records,
    reference,
)
from .trials import same, trial


@every_visit(with_change=True)
def test_the_model_agrees_with_r_on_the_pilot_at_every_visit(visit: Visit) -> None:
    arm, (change, base) = visit.arrays("CHG", "BASE")
    model = fit(change, arm, len(ARMS), base[:, None])
    expected = visit.expected["ancova"]
    assert (model.df, model.not_estimable, model.dropped) == (expected["df_resid"], None, None)
    assert model.sigma == digits(expected["sigma"])
    assert model.numeric_means[0] == digits(expected["base_mean"])
    for label, figures in expected["lsmeans"].items():
        assert at(model.lsmean, label) == digits(figures["lsmean"])
        assert at(model.lsmean_se, label) == digits(figures["se"])
        assert at(model.lsmean_lower, label) == digits(figures["lower"])
        assert at(model.lsmean_upper, label) == digits(figures["upper"])
    differences = model.differences(REFERENCE)
    for label, figures in expected["contrasts"].items():
        for figure in ("se", "df", "lower", "upper", "p"):
            assert at(getattr(differences, figure), label) == digits(figures[figure])
        assert at(differences.estimate, label) == digits(figures["diff"])
        assert at(differences.statistic, label) == digits(figures["t"])


def test_the_drug_trial_of_sas_is_met() -> None:
    case = published("ANCOVA, three arms", "DrugTest")
    pairs = np.array([case["data"]["pre_post"][drug] for drug in "ADF"], float).reshape(-1, 2)
    model = fit(pairs[:, 1], np.repeat([0, 1, 2], 10), 3, pairs[:, :1])
    expected = case["expected"]
    assert model.lsmean == pytest.approx(list(expected["lsmean"].values()), abs=5e-8)
    assert model.lsmean_se == pytest.approx(list(expected["lsmean_se"].values()), abs=5e-8)
    p = [model.pairs.p[0, 1], model.pairs.p[0, 2], model.pairs.p[1, 2]]
    assert p == pytest.approx(list(expected["p"].values()), abs=5e-5)


def primary(observed_margins: bool) -> Ancova:
    """The primary analysis of the pilot: change at week 24 by arm, pooled site and baseline."""
    rows = records("r-adadas-actot").filter(pl.col("AVISITN") == 24, pl.col("ITTFL") == "Y")
    site = rows["SITEGR1"].rank("dense").cast(pl.Int64).to_numpy() - 1
    base = rows["BASE"].to_numpy()[:, None]
    change, arm = rows["CHG"].to_numpy(), rows["arm"].to_numpy()
    return fit(change, arm, len(ARMS), base, [site], observed_margins=observed_margins)


def test_the_primary_analysis_is_that_of_the_clinical_study_report() -> None:
    expected = published("ANCOVA with sites", "14-3.01")["expected"]
    model = primary(observed_margins=False)
    assert model.sigma == pytest.approx(expected["rmse"], abs=5e-7)
    order = {"high-placebo": (2, 0), "low-placebo": (1, 0), "high-low": (2, 1)}
    for name, pair in order.items():
        ours, figures = model.pairs[pair], expected[name]
        assert ours.estimate == pytest.approx(figures["diff"], abs=5e-8)
        assert ours.se == pytest.approx(figures["se"], abs=5e-8)
        assert ours.p == pytest.approx(figures["p"], abs=5e-5)


def test_the_primary_analysis_prints_as_in_the_clinical_study_report() -> None:
    rows = [row for row in reference("csr-14-3.01")["rows"] if "p-value" in row["section"]]
    against_placebo = {row["stat"]: row for row in rows if "Xan - Placebo" in row["section"]}
    differences = primary(observed_margins=False).differences(REFERENCE)
    for code, arm in ((1, "low"), (2, "high")):
        d = differences[code]
        assert f"{d.p:.3f}" == against_placebo["p-value"][arm]
        assert f"{d.estimate:.1f} ({d.se:.2f})" == against_placebo["Diff of LS Means (SE)"][arm]
        assert f"({d.lower:.1f};{d.upper:.1f})" == against_placebo["95% CI"][arm]


def test_observed_margins_weigh_sites_as_they_occur() -> None:
    expected = published("ANCOVA with sites", "14-3.01")["expected"]["lsmeans_observed_margins"]
    model = primary(observed_margins=True)
    assert model.lsmean == pytest.approx(
        [expected["placebo"], expected["low"], expected["high"]], abs=5e-9
    )
    same(model, primary(observed_margins=False))


@given(st.integers(0, 10_000), st.integers(5, 40))
def test_two_arms_without_covariates_are_the_t_test_of_student(seed: int, rows: int) -> None:
    y, arm, *_ = trial(rows, 2, seed)
    assume(0 < arm.sum() < rows)
    expected = student(*moments(y, arm, 2), 0)
    for figure, value in vars(fit(y, arm, 2).differences(0)).items():
        assert value[1] == pytest.approx(getattr(expected, figure)[1], rel=1e-9), figure


@given(st.integers(0, 10_000))
def test_the_order_of_the_rows_changes_nothing(seed: int) -> None:
    y, arm, base, site = trial(seed=seed)
    order = np.random.default_rng(seed).permutation(len(y))
    other = fit(y[order], arm[order], 3, base[order, None], [site[order]])
    same(fit(y, arm, 3, base[:, None], [site]), other)


@given(st.integers(0, 10_000), st.floats(-1e4, 1e4), st.floats(0.01, 100))
def test_a_change_of_units_scales_the_differences(seed: int, shift: float, scale: float) -> None:
    y, arm, base, site = trial(seed=seed)
    model = fit(y, arm, 3, base[:, None], [site])
    response = fit(shift + scale * y, arm, 3, base[:, None], [site])
    same(model, response, scale)
    assert response.lsmean == pytest.approx(shift + scale * model.lsmean, rel=1e-9, abs=1e-6)
    same(model, fit(y, arm, 3, shift + scale * base[:, None], [site]))


def test_swapping_the_arms_flips_the_sign() -> None:
    y, arm, base, site = trial(arms=2)
    one = fit(y, arm, 2, base[:, None], [site]).differences(0)[1]
    other = fit(y, 1 - arm, 2, base[:, None], [site]).differences(0)[1]
    assert one.estimate == pytest.approx(-other.estimate)
    assert one.lower == pytest.approx(-other.upper)
    assert one.p == pytest.approx(other.p)


def test_the_covariance_gives_the_errors_of_means_and_differences() -> None:
    y, arm, base, site = trial()
    model = fit(y, arm, 3, base[:, None], [site])
    v = model.covariance
    assert np.sqrt(v.diagonal()) == pytest.approx(model.lsmean_se)
    assert np.sqrt(v[0, 0] + v[2, 2] - 2 * v[0, 2]) == pytest.approx(model.pairs.se[2, 0])


def test_a_row_with_a_missing_value_is_left_out() -> None:
    y, arm, base, site = trial()
    holes = [values.astype(float) for values in (y, base)]
    holes[0][3], holes[1][7] = np.nan, np.nan
    sites = np.where(np.arange(60) == 9, -1, site)
    kept = np.setdiff1d(np.arange(60), [3, 7, 9])
    same(
        fit(holes[0], arm, 3, holes[1][:, None], [sites]),
        fit(y[kept], arm[kept], 3, base[kept, None], [site[kept]]),
    )
