from __future__ import annotations

import numpy as np
import pytest

from tui.stats.ancova import fit

from .trials import same, trial


def test_an_arm_without_rows_leaves_the_others_alone() -> None:
    y, arm, base, site = trial()
    model = fit(y, arm * 2, 5, base[:, None], [site])
    alone = fit(y, arm, 3, base[:, None], [site])
    assert model.lsmean[::2] == pytest.approx(alone.lsmean)
    assert model.covariance[::2, ::2] == pytest.approx(alone.covariance)
    assert np.isnan(model.lsmean[1::2]).all()
    assert np.isnan(model.differences(1).estimate).all()
    assert model.not_estimable == "arm 1 has no rows; arm 3 has no rows"
    assert model.df == alone.df


@pytest.mark.parametrize("value", [0.0, 0.1, 1e9])
def test_a_constant_covariate_is_dropped(value: float) -> None:
    y, arm, base, _ = trial()
    model = fit(y, arm, 3, np.column_stack([base, np.full(60, value)]))
    same(model, fit(y, arm, 3, base[:, None]))
    assert (model.dropped, model.not_estimable) == ("covariate 1 is constant", None)


def test_collinear_covariates_count_once() -> None:
    y, arm, base, _ = trial()
    model = fit(y, arm, 3, np.column_stack([base, 32 + 1.8 * base]))
    same(model, fit(y, arm, 3, base[:, None]))
    assert model.dropped == "covariate 0 and covariate 1 are collinear"


def test_a_factor_with_one_level_is_dropped() -> None:
    y, arm, base, site = trial()
    model = fit(y, arm, 3, base[:, None], [site, np.full(60, 7)])
    same(model, fit(y, arm, 3, base[:, None], [site]))
    assert model.dropped == "factor 1 is constant"


def test_an_arm_that_is_a_site_cannot_be_told_from_it() -> None:
    y, arm, base, _ = trial()
    own_site = (arm == 0).astype(int)
    model = fit(y, arm, 3, base[:, None], [own_site])
    assert np.isnan(model.lsmean).all()
    assert np.isnan(model.differences(0).estimate).all()
    assert model.not_estimable == "arm and factor 0 are collinear"
    within_the_other_site = model.pairs[2, 1]
    assert within_the_other_site.p == pytest.approx(fit(y, arm, 3, base[:, None]).pairs.p[2, 1])


def test_a_nested_factor_keeps_the_differences_of_the_arms() -> None:
    y, arm, base, site = trial(200)
    country = np.array([0, 0, 0, 1])[site]
    nested = fit(y, arm, 3, base[:, None], [site, country])
    plain = fit(y, arm, 3, base[:, None], [site])
    assert nested.differences(0).p == pytest.approx(plain.differences(0).p, nan_ok=True)
    assert nested.df == plain.df


def test_without_residual_degrees_of_freedom_only_the_estimates_stand() -> None:
    model = fit(np.array([1.0, 2.0, 4.0]), np.arange(3), 3)
    assert model.lsmean == pytest.approx([1, 2, 4])
    assert model.differences(0).estimate[1:] == pytest.approx([1, 3])
    assert np.isnan([*model.lsmean_se, *model.lsmean_lower, model.sigma]).all()
    assert model.not_estimable == "no residual degrees of freedom (3 rows)"


def test_fewer_rows_than_columns_are_not_estimable() -> None:
    model = fit(np.array([1.0, 2.0]), np.arange(2), 2, np.array([[3.0], [5.0]]))
    assert np.isnan([*model.lsmean, *model.pairs.estimate.ravel()]).all()
    assert "arm and covariate 0 are collinear" in str(model.not_estimable)
    assert "no residual degrees of freedom" in str(model.not_estimable)


@pytest.mark.parametrize("value", [0.0, 0.1, 1e6])
def test_without_residual_variance_there_is_no_test(value: float) -> None:
    _, arm, base, _ = trial()
    model = fit(value + arm + 0.3 * base, arm, 3, base[:, None])
    assert model.differences(0).estimate[1:] == pytest.approx([1, 2])
    assert np.isnan([*model.lsmean_lower, *model.differences(0).p]).all()
    assert (model.sigma, model.not_estimable) == (0, "no residual variance")


def test_one_subject_is_no_error() -> None:
    model = fit(np.array([3.0]), np.array([1]), 2, np.array([[5.0]]), [np.array([0])])
    assert model.lsmean[1] == 3
    assert np.isnan(model.lsmean_se).all()
    reason = "arm 0 has no rows; no residual degrees of freedom (1 rows)"
    assert model.not_estimable == reason


def test_no_rows_at_all_are_no_error() -> None:
    none = np.array([], np.int64)
    model = fit(np.array([]), none, 3, np.empty((0, 2)), [none], observed_margins=True)
    assert np.isnan([*model.lsmean, *model.numeric_means, *model.covariance.ravel()]).all()
    assert model.not_estimable == "no complete rows"
