from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tui.stats.ancova import fit
from tui.stats.anova import linear_contrast, means_covariance, one_way
from tui.stats.moments import moments
from tui.stats.terms import assumptions, dose_slope, type_three
from tui.stats.two_sample import student

from .trials import trial


def residual_squares(y: np.ndarray, *columns: np.ndarray) -> tuple[float, int]:
    """Residual sum of squares and residual degrees of freedom, by NumPy."""
    design = np.column_stack([np.ones(len(y)), *columns])
    fitted, _, rank, _ = np.linalg.lstsq(design, y, rcond=None)
    return float(((y - design @ fitted) ** 2).sum()), len(y) - int(rank)


def dummies(codes: np.ndarray) -> np.ndarray:
    return (codes[:, None] == np.unique(codes)[1:]).astype(float)


def nested(less: tuple[float, int], full: tuple[float, int]) -> tuple[float, float]:
    df = less[1] - full[1]
    f = (less[0] - full[0]) / df / (full[0] / full[1])
    return f, float(stats.f.sf(f, df, full[1]))


@given(st.integers(0, 1000))
def test_each_term_is_compared_with_the_model_without_it(seed: int) -> None:
    y, arm, base, site = trial(seed=seed)
    tests = type_three(y, arm, 3, base[:, None], [site])
    assert list(tests) == ["arm", "covariate 0", "factor 0"]
    full = residual_squares(y, dummies(arm), base, dummies(site))
    for name, rest in {
        "arm": (base, dummies(site)),
        "covariate 0": (dummies(arm), dummies(site)),
        "factor 0": (dummies(arm), base),
    }.items():
        f, p = nested(residual_squares(y, *rest), full)
        assert tests[name].f == pytest.approx(f, rel=1e-7, abs=1e-9)
        assert tests[name].p == pytest.approx(p, rel=1e-6, abs=1e-12)
        assert tests[name].df_residual == full[1]


@given(st.integers(0, 1000))
def test_two_arms_are_students_t_squared(seed: int) -> None:
    y, arm, *_ = trial(30, 2, seed)
    groups = moments(y, arm, 2)
    t = student(*groups, 0)[1]
    whole = one_way(*groups)
    assert whole.f == pytest.approx(t.statistic**2, rel=1e-7)
    assert whole.p == pytest.approx(t.p, rel=1e-7)
    assert type_three(y, arm, 2)["arm"].p == pytest.approx(t.p, rel=1e-6)


@given(st.integers(0, 1000), st.floats(-1e3, 1e3), st.floats(0.01, 100))
def test_units_and_the_order_of_rows_change_no_test(seed: int, shift: float, scale: float) -> None:
    y, arm, base, site = trial(seed=seed)
    before = type_three(y, arm, 3, base[:, None], [site])
    order = np.random.default_rng(seed).permutation(len(y))
    moved, covariate = shift + scale * y[order], shift + scale * base[order]
    after = type_three(moved, arm[order], 3, covariate[:, None], [site[order]])
    for name, test in before.items():
        assert after[name].p == pytest.approx(test.p, rel=1e-5, abs=1e-12)


def test_one_way_analysis_is_that_of_scipy_at_all_visits_at_once() -> None:
    random = np.random.default_rng(2)
    y = random.normal(size=(5, 3, 9)) + random.normal(size=(5, 3, 1))
    result = one_way(np.full((5, 3), 9), y.mean(-1), y.std(-1, ddof=1))
    expected = [stats.f_oneway(*visit).pvalue for visit in y]
    assert result.p == pytest.approx(expected, rel=1e-9)
    assert result.df_residual.tolist() == [24] * 5


def test_poor_data_have_reasons_and_no_analysis_of_variance() -> None:
    n = [[0, 0], [5, 0], [1, 1], [3, 3]]
    mean, sd = np.full((4, 2), 2.0), np.zeros((4, 2))
    mean[0], mean[1, 1], sd[:3] = np.nan, np.nan, np.nan
    result = one_way(n, mean, sd)
    assert np.isnan(result.p).all()
    assert result.not_estimable.tolist() == [
        "no subjects", "only one arm has subjects", "no arm has 2 subjects",
        "no variance in any arm",
    ]  # fmt: skip


def test_terms_that_cannot_be_tested_say_why() -> None:
    y, arm, base, _ = trial()
    tests = type_three(y, arm, 3, np.column_stack([base, 2 * base, np.ones(60)]))
    for name in ("covariate 0", "covariate 1", "covariate 2"):
        assert tests[name].not_estimable == "it adds nothing to the model"
    assert tests["arm"].p == pytest.approx(type_three(y, arm, 3, base[:, None])["arm"].p)
    few = type_three(np.array([1.0, 2, 4]), np.arange(3), 3)["arm"]
    assert few.not_estimable == "no residual degrees of freedom (3 rows)"
    flat = type_three(arm + 0.5 * base, arm, 3, base[:, None])["arm"]
    assert (flat.not_estimable, np.isnan(flat.p)) == ("no residual variance", True)
    none = type_three(np.full(4, np.nan), np.array([0, 0, 1, 1]), 2)["arm"]
    assert np.isnan(none.p)
    assert none.not_estimable


def test_the_assumptions_are_looked_at() -> None:
    y, arm, base, site = trial(400)
    random = np.random.default_rng(1)
    y = y + (arm == 2) * (0.3 * base + random.normal(0, 4, len(y)))
    look = assumptions(y, arm, 3, base[:, None], [site])
    slopes = [base * (arm == code) for code in (1, 2)]
    f, p = nested(
        residual_squares(y, dummies(arm), base, dummies(site)),
        residual_squares(y, dummies(arm), base, dummies(site), *slopes),
    )
    (test,) = look.interactions
    assert (test.f, test.df) == (pytest.approx(f), 2)
    assert test.p == pytest.approx(p, rel=1e-6, abs=1e-14)
    assert look.residual_sd[2] > 2 * look.residual_sd[1]
    few = assumptions(np.array([1.0, 2, 4]), np.array([0, 0, 1]), 3)
    assert np.isnan(few.residual_sd).tolist() == [False, True, True]


def test_a_line_in_the_dose_is_found_by_contrast_and_by_regression() -> None:
    y, arm, base, site = trial()
    doses = np.array([0.0, 25, 100])
    line = 3 + 0.2 * doses[arm] + 1e-3 * np.sin(np.arange(60))
    model = fit(line, arm, 3, base[:, None])
    contrast = linear_contrast(model.lsmean, model.covariance, model.df, doses)
    slope = dose_slope(line, arm, doses, base[:, None], [site])
    assert contrast.estimate == pytest.approx(0.2, abs=1e-4)
    assert slope.estimate == pytest.approx(0.2, abs=1e-4)
    plain = stats.linregress(doses[arm], y)
    ours = dose_slope(y, arm, doses)
    assert (ours.estimate, ours.se) == (pytest.approx(plain.slope), pytest.approx(plain.stderr))
    assert ours.p == pytest.approx(plain.pvalue)


def test_contrasts_are_stacked_and_leave_empty_arms_out() -> None:
    n = np.array([[9, 8, 7], [9, 0, 7]])
    mean, sd = np.array([[1, 2, 4], [1, np.nan, 4.0]]), np.array([[1, 1, 2], [1, np.nan, 2.0]])
    covariance, df = means_covariance(n, sd)
    both = linear_contrast(mean, covariance, df, [0, 1, 3])
    two = student(n[1, [0, 2]], mean[1, [0, 2]], sd[1, [0, 2]], 0)[1]
    assert both.estimate[1] == pytest.approx(two.estimate / 3)
    assert both.p[1] == pytest.approx(two.p)
    assert np.isfinite(both.p[0])
    alone = linear_contrast([1.0, np.nan], np.full((2, 2), np.nan), 3.0, [0, 1])
    assert np.isnan([alone.estimate, alone.p]).all()


def test_a_dose_that_does_not_vary_has_no_slope() -> None:
    y, arm, *_ = trial()
    assert np.isnan(dose_slope(y, arm, np.ones(3)).p)
    assert np.isnan(dose_slope(y, arm, np.arange(3.0), arm[:, None].astype(float)).p)
    assert np.isnan(dose_slope(y[:0], arm[:0], np.arange(3.0)).p)
