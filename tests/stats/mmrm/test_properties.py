from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.stats import ancova
from tui.stats.contrast import Contrast
from tui.stats.mmrm import STRUCTURES, Mmrm, fit

from .data import changed, only, trial

FEW = settings(max_examples=20)
EVERY = st.sampled_from(list(STRUCTURES))
SEED = st.integers(0, 10_000)


def same(ours: Contrast, theirs: Contrast, scale: float = 1.0, rel: float = 1e-6) -> None:
    tiny = 1e-6 * scale * float(np.nanmax(ours.se))
    for name in ("estimate", "se", "lower", "upper"):
        expected = pytest.approx(scale * getattr(ours, name), rel=rel, abs=tiny, nan_ok=True)
        assert getattr(theirs, name) == expected, name
    assert theirs.df == pytest.approx(ours.df, rel=10 * rel, nan_ok=True)
    assert theirs.p == pytest.approx(ours.p, rel=1e-4, abs=1e-9, nan_ok=True)


def alike(one: Mmrm, other: Mmrm, scale: float = 1.0) -> None:
    same(one.differences(0), other.differences(0), scale)
    same(one.average_differences(0), other.average_differences(0), scale)
    assert one.correlation == pytest.approx(other.correlation, rel=1e-6, abs=1e-6)


@FEW
@given(SEED, EVERY, st.sampled_from(["satterthwaite", "kenward-roger"]))
def test_one_visit_is_analysis_of_covariance(seed: int, structure: str, df: str) -> None:
    y, subject, _, arm, _, arms, base = arrays = only_first(trial(40, seed=seed))
    site = subject % 3
    model = fit(*arrays, factors=[site], structure=structure, df=df)
    expected = ancova.fit(y, arm, arms, base[:, None], [site])
    assert np.sqrt(model.covariance[0, 0]) == pytest.approx(expected.sigma)
    same(expected.differences(0), model.differences(0)[0])
    same(expected.differences(0), model.average_differences(0))
    assert model.lsmeans().estimate[0] == pytest.approx(expected.lsmean)
    assert model.lsmeans().se[0] == pytest.approx(expected.lsmean_se)


def only_first(arrays: tuple[Any, ...]) -> tuple[Any, ...]:
    return changed(only(arrays, arrays[2] == 0), visits=1)


@FEW
@given(SEED, st.integers(2, 6))
def test_compound_symmetry_of_complete_data_is_repeated_measures_anova(seed: int, m: int) -> None:
    n, arms = 12, 3
    arrays = trial(n, m, arms, seed, dropout=0, holes=0)
    arrays = changed(arrays, arm=arrays[1] % arms, base=None)
    model = fit(*arrays, structure="compound-symmetry")
    y = arrays[0].reshape(n // arms, arms, m)  # subject within arm, arm, visit
    cells = y.mean(axis=0)
    between = m * ((y.mean(axis=2) - cells.mean(axis=1)) ** 2).sum() / (n - arms)
    centered = y - y.mean(axis=2, keepdims=True)
    within = ((centered - centered.mean(axis=0)) ** 2).sum() / ((n - arms) * (m - 1))
    c, d = (between - within) / m, within
    assert model.covariance == pytest.approx(c + d * np.eye(m), rel=1e-6)
    difference = cells.mean(axis=1)[1] - cells.mean(axis=1)[0]
    ours = model.average_differences(0)[1]
    assert ours.estimate == pytest.approx(difference)
    assert ours.se == pytest.approx(np.sqrt(2 * between / (n / arms * m)), rel=1e-6)
    assert ours.df == pytest.approx(n - arms, rel=1e-6)
    in_time = np.zeros((m, arms))
    in_time[0, 0], in_time[1, 0] = -1, 1
    ours = model.contrast(in_time)
    assert ours.se == pytest.approx(np.sqrt(2 * within / (n / arms)), rel=1e-6)
    assert ours.df == pytest.approx((n - arms) * (m - 1), rel=1e-6)
    spread = cells - cells.mean(axis=1, keepdims=True) - cells.mean(axis=0) + cells.mean()
    statistic = n / arms * (spread**2).sum() / ((arms - 1) * (m - 1)) / within
    for df in ("satterthwaite", "kenward-roger"):
        test = model.interaction(df)
        assert test.df == (arms - 1) * (m - 1)
        assert test.statistic == pytest.approx(statistic, rel=1e-6)
        assert test.df_residual == pytest.approx((n - arms) * (m - 1), rel=1e-6)


@FEW
@given(SEED, EVERY, st.floats(-1e4, 1e4), st.floats(0.01, 100))
def test_a_change_of_units_scales_the_differences(
    seed: int, structure: str, shift: float, scale: float
) -> None:
    arrays = trial(seed=seed)
    model = fit(*arrays, structure=structure)
    moved = fit(*changed(arrays, y=shift + scale * arrays[0]), structure=structure)
    alike(model, moved, scale)
    assert moved.covariance == pytest.approx(scale**2 * model.covariance, rel=1e-5)
    alike(model, fit(*changed(arrays, base=shift + scale * arrays[6]), structure=structure))


@FEW
@given(SEED, EVERY)
def test_the_order_of_the_rows_and_the_codes_of_subjects_change_nothing(
    seed: int, structure: str
) -> None:
    arrays = trial(seed=seed)
    random = np.random.default_rng(seed)
    order = random.permutation(len(arrays[0]))
    other = changed(arrays, subject=random.permutation(1000)[arrays[1]])
    alike(fit(*arrays, structure=structure), fit(*only(other, order), structure=structure))


@FEW
@given(SEED, EVERY)
def test_swapping_the_arms_flips_the_signs(seed: int, structure: str) -> None:
    arrays = trial(arms=2, seed=seed)
    one = fit(*arrays, structure=structure).differences(0)[:, 1]
    other = fit(*changed(arrays, arm=1 - arrays[3]), structure=structure).differences(0)[:, 1]
    assert one.estimate == pytest.approx(-other.estimate, rel=1e-6, abs=1e-7)
    assert one.lower == pytest.approx(-other.upper, rel=1e-6, abs=1e-7)
    assert one.p == pytest.approx(other.p, rel=1e-4)


@pytest.mark.parametrize("df", ["satterthwaite", "kenward-roger"])
def test_the_joint_covariance_gives_the_errors_of_the_differences(df: str) -> None:
    model = fit(*trial())
    joint = model.difference_covariance(0, df)
    assert joint.shape == (4, 3, 3)
    errors = np.sqrt(np.diagonal(joint, axis1=1, axis2=2))
    assert errors == pytest.approx(model.differences(0, df).se, nan_ok=True)
    between = np.zeros((4, 4, 3))
    between[range(4), range(4)] = [0, -1, 1]
    full = joint[:, 1, 1] + joint[:, 2, 2] - 2 * joint[:, 1, 2]
    assert np.sqrt(full) == pytest.approx(model.contrast(between, df).se)
    correlation = model.difference_correlation(0, df)
    assert correlation[:, 1, 1] == pytest.approx(1.0)
    assert (np.abs(correlation[:, 1, 2] - 0.5) < 0.2).all()
    assert np.isnan(correlation[:, 0]).all()


def test_a_contrast_is_its_own_f_test() -> None:
    model = fit(*trial())
    weights = np.zeros((1, 4, 3))
    weights[0, 3] = [-1, 0, 1]
    for df in ("satterthwaite", "kenward-roger"):
        alone, test = model.contrast(weights, df)[0], model.test(weights, df)
        assert test.statistic == pytest.approx(alone.statistic**2)
        assert test.df_residual == pytest.approx(alone.df)
        assert test.p == pytest.approx(alone.p)
        doubled = model.test(np.concatenate([weights, 2 * weights]), df)
        assert (doubled.df, doubled.p) == (1, pytest.approx(test.p))


def test_observed_margins_weigh_levels_as_they_occur() -> None:
    arrays = trial()
    site = arrays[1] % 7 // 3  # three levels, not equally common
    equal = fit(*arrays, factors=[site])
    observed = fit(*arrays, factors=[site], observed_margins=True)
    same(equal.differences(0), observed.differences(0))
    share = np.bincount(site) / len(site)
    effects = np.append(0.0, equal.fixed_effects().estimate[-2:])
    moved = equal.lsmeans().estimate + share @ effects - effects.mean()
    assert observed.lsmeans().estimate == pytest.approx(moved)


def test_kenward_roger_is_not_offered_for_ml() -> None:
    model = fit(*trial(), method="ml")
    assert model.df_method == "satterthwaite"
    assert model.df_note == "Kenward-Roger is defined for REML only: Satterthwaite is used"
    same(model.differences(0), model.differences(0, "satterthwaite"))
    same(model.differences(0, "kenward-roger"), model.differences(0, "satterthwaite"))
    assert fit(*trial(), method="ml", df="satterthwaite").df_note is None


def test_the_fixed_effects_are_named() -> None:
    arrays = trial(m=2, arms=2)
    model = fit(*arrays, numeric=arrays[6][:, None] ** 2, factors=[arrays[1] % 3])
    assert model.names == (
        "arm 0 at visit 0",
        "arm 1 at visit 0",
        "arm 0 at visit 1",
        "arm 1 at visit 1",
        "base at visit 0",
        "base at visit 1",
        "covariate 0",
        "factor 0 level 1",
        "factor 0 level 2",
    )
    assert model.fixed_effects().estimate.shape == (9,)
