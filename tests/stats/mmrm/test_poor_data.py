from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.stats.mmrm import STRUCTURES, Mmrm, fit

from .data import changed, only, trial

EVERY = pytest.mark.parametrize("structure", STRUCTURES)
ONE_VARIANCE = {"compound-symmetry"}


def ask_everything(model: Mmrm) -> None:
    """No question may warn, and none is answered where the model was not fitted."""
    for df in (None, "satterthwaite", "kenward-roger", "kenward-roger-linear"):
        answers = [
            model.lsmeans(df),
            model.differences(0, df),
            model.average_lsmeans(df),
            model.average_differences(0, df),
            model.fixed_effects(df),
        ]
        test = model.interaction(df)
        correlation = model.difference_correlation(0, df)
        assert correlation.shape == (*model.n.shape, model.n.shape[1])
        if not model.convergence.converged:
            assert np.isnan(test.p)
            assert np.isnan(correlation).all()
            assert all(np.isnan(answer.estimate).all() for answer in answers)
        for answer in answers:
            shown = np.isfinite(answer.estimate)
            if "variance of some LS means negative" in str(model.not_estimable):
                shown &= np.isfinite(answer.se)
            assert (answer.se[shown] > 0).all()
            assert (answer.df[shown] > 0).all()
    if not model.convergence.converged:
        assert model.not_estimable
        assert model.convergence.reason
        assert np.isnan(model.covariance).all()
        assert np.isnan([model.neg2_log_likelihood, model.aic, model.bic]).all()


@EVERY
@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (slice(0, 0), "no complete rows"),
        (slice(0, 1), "no residual degrees of freedom (1 row of 1 subject)"),
        (slice(0, 3), "no residual degrees of freedom (3 rows of 1 subject)"),
    ],
)
def test_one_subject_is_no_trial(structure: str, rows: slice, reason: str) -> None:
    model = fit(*only(trial(), rows), structure=structure)
    assert model.not_estimable == model.convergence.reason == reason
    ask_everything(model)


@EVERY
def test_no_values_and_no_variance(structure: str) -> None:
    arrays = trial()
    model = fit(*changed(arrays, y=np.full(len(arrays[0]), np.nan)), structure=structure)
    assert model.not_estimable == "no complete rows"
    ask_everything(model)
    for y in (np.full(len(arrays[0]), 3.1), 2 * arrays[6] + arrays[3]):
        model = fit(*changed(arrays, y=y), structure=structure)
        assert model.not_estimable == "no residual variance"
        ask_everything(model)


@EVERY
def test_an_empty_arm_and_an_empty_visit_leave_the_others_alone(structure: str) -> None:
    arrays = trial()
    alone = fit(*arrays, structure=structure)
    wider = changed(arrays, arm=2 * arrays[3], arms=5)
    wider = changed(wider, visit=arrays[2] + (arrays[2] > 1), visits=6)
    model = fit(*wider, structure=structure)
    ask_everything(model)
    assert model.not_estimable == (
        "visit 2 has no rows; visit 5 has no rows; arm 1 has no rows; arm 3 has no rows"
    )
    seen = np.ix_([0, 1, 3, 4], [0, 2, 4])
    for ours, expected in (
        (model.lsmeans(), alone.lsmeans()),
        (model.differences(0), alone.differences(0)),
    ):
        for name, values in vars(expected).items():
            assert getattr(ours, name)[seen] == pytest.approx(values, nan_ok=True), name
    assert np.isfinite(model.lsmeans().estimate).sum() == 12
    assert model.average_differences(0).p[[2, 4]] == pytest.approx(
        alone.average_differences(0).p[1:]
    )
    assert model.interaction().p == pytest.approx(alone.interaction().p)
    assert np.isnan(model.covariance).sum() == 36 - 16


def test_an_arm_that_left_before_the_last_visit() -> None:
    arrays = trial()
    model = fit(*only(arrays, (arrays[2] < 3) | (arrays[3] != 1)))
    assert model.not_estimable == "arm 1 has no rows at visit 3"
    assert np.isnan(model.differences(0).p).tolist() == [[True, False, False]] * 3 + [
        [True, True, False]
    ]
    assert np.isnan(model.average_lsmeans().p).tolist() == [False, True, False]
    ask_everything(model)


@EVERY
def test_too_few_rows_at_a_visit_for_a_variance(structure: str) -> None:
    arrays = trial()
    model = fit(*only(arrays, (arrays[2] < 3) | (arrays[1] < 4)), structure=structure)
    ask_everything(model)
    if structure in ONE_VARIANCE:
        assert model.convergence.converged
    else:
        label = STRUCTURES[structure].label
        assert model.not_estimable == (
            f"the {label[0].lower()}{label[1:]} covariance of 60 subjects cannot be estimated: "
            "no residual variance at visit 3 (4 rows)"
        )


@EVERY
def test_visits_that_are_perfectly_correlated(structure: str) -> None:
    arrays = trial(dropout=0, holes=0)
    y = arrays[0].reshape(60, 4).copy()
    y[:, 2] = 5 - 2 * y[:, 1]
    model = fit(*changed(arrays, y=y.ravel()), structure=structure)
    ask_everything(model)
    if structure in ("unstructured", "ante-dependence"):
        assert model.not_estimable
        assert model.not_estimable.endswith("visits 1 and 2 are perfectly correlated")


@EVERY
def test_nobody_attended_more_than_one_visit(structure: str) -> None:
    arrays = trial()
    model = fit(*only(arrays, arrays[2] == arrays[1] % 4), structure=structure)
    ask_everything(model)
    assert not model.convergence.converged
    assert "nobody attended" in str(model.not_estimable)


@EVERY
def test_two_halves_that_share_no_visit(structure: str) -> None:
    arrays = trial()
    halves = (arrays[2] < 2) == (arrays[1] % 2 == 0)
    model = fit(*only(arrays, halves), structure=structure)
    ask_everything(model)
    if structure == "unstructured":
        assert "nobody attended both visit 0 and visit 2" in str(model.not_estimable)


def test_a_negative_variance_is_not_estimable() -> None:
    y = np.array([-3.8, -0.8, -3.4, -3.8, 0, 1.3, -1.2, -1.7, -3.5, 4.3, 4.7, 0.9, -1.2, -2.2])
    subject = np.array([0, 1, 3, 3, 4, 4, 4, 5, 5, 6, 6, 7, 8, 8])
    visit = np.array([1, 2, 1, 2, 0, 1, 2, 0, 2, 0, 1, 1, 0, 1])
    rows = (y, subject, visit, subject % 2, 3, 2)
    model = fit(*rows, factors=[subject % 3], structure="ar1-heterogeneous")
    assert model.not_estimable == (
        "Kenward-Roger makes the variance of some LS means negative: too few rows"
    )
    unknown = np.isnan(model.lsmeans().se)
    assert unknown.tolist() == [[False, True], [False, False], [False, False]]
    assert np.isnan(model.lsmeans().p[unknown]).all()
    assert (model.lsmeans("satterthwaite").se > 0).all()


def test_a_likelihood_that_rises_all_the_way_to_a_perfect_correlation_has_no_maximum() -> None:
    """It flattens on the way: where a search comes to rest once depended on the processor."""
    y = np.array([0.7, -1.2, 0.2, -0.6, 1.2, 2.1, 2.0, 1.1])
    subject, visit = np.array([0, 1, 2, 2, 3, 4, 5, 5]), np.array([1, 1, 0, 1, 0, 0, 0, 1])
    rows = (y, subject, visit, subject % 2, 2, 2)
    model = fit(*rows, factors=[subject % 3], structure="compound-symmetry")
    assert not model.convergence.converged
    assert model.not_estimable == (
        "the compound symmetry covariance of 6 subjects cannot be estimated: "
        "visits 0 and 1 are perfectly correlated"
    )


def test_a_correlation_of_which_no_row_tells_is_not_estimable() -> None:
    """Who attended both visits was alone in the arm at one of them, and so at its mean."""
    y = np.array([0.8, 0.4, -0.7, 1.4, 0.3, -1.6, -0.4])
    subject, visit = np.array([0, 0, 1, 1, 2, 3, 4]), np.array([0, 1, 0, 1, 1, 0, 1])
    model = fit(y, subject, visit, subject % 2, 2, 2)
    assert model.not_estimable == (
        "the unstructured covariance of 5 subjects cannot be estimated: "
        "the rows do not tell all covariance parameters apart"
    )


def test_two_rows_of_a_subject_at_a_visit() -> None:
    arrays = trial()
    model = fit(*only(arrays, np.append(np.arange(len(arrays[0])), [0, 1])))
    assert model.not_estimable == "more than one row at visits 0, 1 (1 subject)"
    ask_everything(model)


def test_covariates_that_add_nothing_are_dropped_and_named() -> None:
    arrays = trial()
    base, subject = arrays[6], arrays[1]
    plain = fit(*arrays)
    constant = fit(*arrays, numeric=np.full((len(base), 1), 0.1), factors=[subject * 0])
    assert constant.dropped == "covariate 0 is constant; factor 0 is constant"
    assert constant.differences(0).p == pytest.approx(plain.differences(0).p, nan_ok=True)
    twice = fit(*arrays, numeric=32 + 1.8 * base[:, None])
    assert twice.dropped == "base and covariate 0 are collinear"
    assert twice.not_estimable is None
    assert twice.differences(0).p == pytest.approx(plain.differences(0).p, nan_ok=True)
    assert np.isnan(twice.fixed_effects().estimate).sum() == 5
    nested = fit(*arrays, factors=[subject % 4, subject % 2])
    assert nested.dropped == "factor 0 and factor 1 are collinear"
    for model in (constant, twice, nested):
        ask_everything(model)


def test_an_arm_that_is_a_site_cannot_be_told_from_it() -> None:
    arrays = trial()
    model = fit(*arrays, factors=[(arrays[3] == 0).astype(int)])
    assert model.not_estimable == "arm and factor 0 are collinear"
    assert np.isnan(model.differences(0).estimate).all()
    within_the_other_site = model.differences(1)[:, 2]
    assert within_the_other_site.p == pytest.approx(fit(*arrays).differences(1).p[:, 2])
    ask_everything(model)


def test_a_row_with_a_missing_value_is_left_out() -> None:
    arrays = trial()
    holes = changed(arrays, y=arrays[0].copy(), base=arrays[6].copy(), arm=arrays[3].copy())
    holes[0][3], holes[6][7], holes[3][11] = np.nan, np.inf, -1
    kept = np.setdiff1d(np.arange(len(arrays[0])), [3, 7, 11])
    ours, expected = fit(*holes), fit(*only(arrays, kept))
    assert ours.neg2_log_likelihood == expected.neg2_log_likelihood
    assert ours.observations == len(kept)


@EVERY
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("lost", [{"holes": 0.4}, {"dropout": 0.8}])
def test_thirty_subjects_and_eight_visits(structure: str, seed: int, lost: dict[str, Any]) -> None:
    ask_everything(fit(*trial(30, 8, seed=seed, **lost), structure=structure))


def test_most_small_trials_with_dropout_converge() -> None:
    models = [fit(*trial(30, 8, 2, seed, dropout=0.4)) for seed in range(25)]
    assert sum(model.convergence.converged for model in models) >= 22


def test_what_scoring_does_not_reach_is_searched_by_bfgs() -> None:
    methods = set()
    for seed in range(60):
        model = fit(*trial(14, 5, 2, seed, dropout=0.5))
        ask_everything(model)
        methods.add((model.convergence.method, model.convergence.converged))
    assert ("scoring", True) in methods
    assert ("BFGS", False) in methods or ("BFGS", True) in methods


@settings(max_examples=60)
@given(
    seed=st.integers(0, 100_000),
    rows=st.integers(1, 40),
    structure=st.sampled_from(list(STRUCTURES)),
    coarse=st.booleans(),
)
def test_no_rows_however_few_raise_or_warn(
    seed: int, rows: int, structure: str, coarse: bool
) -> None:
    random = np.random.default_rng(seed)
    place = random.permutation(15 * 4)[:rows]
    subject, visit = place // 4, place % 4
    arm, base = random.integers(0, 2, 15)[subject], random.normal(size=15)[subject]
    y = random.normal(size=rows) + random.normal(size=15)[subject]
    y = np.round(y) if coarse else y
    model = fit(y, subject, visit, arm, 4, 2, base, factors=[subject % 2], structure=structure)
    ask_everything(model)
