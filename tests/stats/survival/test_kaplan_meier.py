from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.stats.survival import KaplanMeier, kaplan_meier
from tui.stats.survival.risk_sets import tied

from .data import Trial, trial

SEED = st.integers(0, 10_000)
TIMES = np.array([0.0, 1, 2.5, 5, 10, 20, 40, 80])


def curves(data: Trial, arms: int = 2) -> KaplanMeier:
    return kaplan_meier(data.time, data.event, data.arm, arms)


def alike(one: KaplanMeier, other: KaplanMeier, scale: float = 1.0) -> None:
    """The same curves, with times in another unit."""
    assert other.time == pytest.approx(scale * one.time)
    for name in ("at_risk", "events", "censored"):
        assert (getattr(one, name) == getattr(other, name)).all()
    for name in ("survival", "se", "lower", "upper"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-12, nan_ok=True)
    for ours, theirs in (
        (one.quantiles([0.25, 0.5, 0.75]), other.quantiles([0.25, 0.5, 0.75])),
        (one.restricted_mean(), other.restricted_mean()),
    ):
        for name in ("estimate", "se", "lower", "upper"):
            expected = pytest.approx(scale * getattr(ours, name), rel=1e-9, nan_ok=True)
            assert getattr(theirs, name) == expected


@given(SEED)
def test_the_order_of_the_rows_changes_nothing(seed: int) -> None:
    data = trial(seed)
    alike(curves(data), curves(data.rows(np.random.default_rng(seed).permutation(60))))


@given(SEED, st.sampled_from([7.0, 1 / 30.4375, 86_400.0]))
def test_times_in_another_unit_change_times_alone(seed: int, scale: float) -> None:
    data = trial(seed)
    alike(curves(data), curves(data._replace(time=scale * data.time)), scale)


@given(SEED)
def test_without_censoring_it_is_the_empirical_distribution(seed: int) -> None:
    data = trial(seed)
    found = curves(data._replace(event=np.ones(60, bool)))
    for arm in (0, 1):
        own = data.time[data.arm == arm]
        later = (own[:, None] > found.time).mean(axis=0)
        assert found.survival[arm] == pytest.approx(later, abs=1e-12)
        binomial = np.sqrt(later * (1 - later) / len(own))
        assert found.se[arm][later > 0] == pytest.approx(binomial[later > 0], rel=1e-9)
        assert found.restricted_mean().estimate[arm] == pytest.approx(own.mean())


@given(SEED)
def test_what_is_at_risk_adds_up_and_the_curve_stays_in_its_limits(seed: int) -> None:
    found = curves(trial(seed, arms=3), arms=3)
    leave = found.events + found.censored
    assert (found.at_risk[:, 0] == leave.sum(axis=1)).all()
    assert (found.at_risk[:, :-1] - found.at_risk[:, 1:] == leave[:, :-1]).all()
    assert (np.diff(found.survival, axis=1) <= 0).all()
    known = np.isfinite(found.lower)
    assert ((found.lower < found.survival) & (found.survival < found.upper))[known].all()
    assert (known == ((found.survival > 0) & (found.survival < 1))).all()


def test_the_median_on_a_stretch_of_one_half_is_its_middle() -> None:
    """As SAS and R: half have the event by 4, the next one comes at 8."""
    time, event = np.array([2.0, 4, 8, 9]), np.array([True, True, True, False])
    found = kaplan_meier(time, event, np.zeros(4, np.int64), 1)
    assert found.quantiles([0.5]).estimate == pytest.approx(6)
    longer = kaplan_meier(time, event & (time < 8), np.zeros(4, np.int64), 1)
    assert longer.quantiles([0.5]).estimate == pytest.approx((4 + 9) / 2)


def test_beyond_the_last_time_there_is_no_estimate_unless_nobody_is_left() -> None:
    time, arm = np.array([1.0, 2, 3, 4]), np.array([0, 0, 1, 1])
    found = kaplan_meier(time, np.array([True, False, True, True]), arm, 2)
    at_risk, survival = found.at([0.5, 2, 2.5, 4, 5])
    assert at_risk.tolist() == [[2, 1, 0, 0, 0], [2, 2, 2, 1, 0]]
    expected = [[1, 0.5, np.nan, np.nan, np.nan], [1, 1, 1, 0, 0]]
    assert survival.estimate == pytest.approx(np.array(expected), nan_ok=True)


def test_an_arm_without_subjects_has_no_curve() -> None:
    found = kaplan_meier(np.array([1.0, 2]), np.array([True, False]), np.array([0, 0]), 2)
    assert np.isnan(found.survival[1]).all()
    assert np.isnan(found.at(TIMES)[1].estimate[1]).all()
    assert np.isnan(found.quantiles([0.5]).estimate[1]).all()
    assert np.isnan(found.restricted_mean().estimate[1])
    assert found.at(TIMES)[0][1].tolist() == [0] * len(TIMES)


def test_nobody_at_all_has_no_curve() -> None:
    nobody = np.empty(0)
    found = kaplan_meier(nobody, nobody.astype(bool), nobody.astype(np.int64), 2)
    for figures in (found.quantiles([0.5]), found.at(TIMES)[1], found.restricted_mean()):
        assert np.isnan(figures.estimate).all()


def test_without_an_event_the_curve_stays_at_one() -> None:
    found = kaplan_meier(np.array([3.0, 5]), np.zeros(2, bool), np.zeros(2, np.int64), 1)
    assert found.survival.tolist() == [[1, 1]]
    assert np.isnan(found.quantiles([0.25, 0.5]).estimate).all()
    mean = found.restricted_mean()
    assert (mean.estimate.tolist(), mean.se.tolist()) == ([5], [0])
    assert np.isnan(mean.lower).all()


def test_times_apart_by_rounding_are_one_time() -> None:
    assert tied(np.array([0.1 + 0.2, 0.3, 1.0])).tolist() == [0.3, 0.3, 1.0]
    assert tied(np.array([1.0, 1.001, 2.0])).tolist() == [1.0, 1.001, 2.0]
    assert tied(np.zeros(3)).tolist() == [0, 0, 0]
