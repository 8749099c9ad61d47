"""The log-rank test and Cox's model: what they are by definition, and what must not change them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.stats.arrays import Bools, Floats
from tui.stats.survival import HazardRatio, hazard_ratio, log_rank
from tui.stats.survival.partial_likelihood import PartialLikelihood
from tui.stats.survival.risk_sets import grid

from .data import Trial, trial

SEED = st.integers(0, 10_000)


def ratio(data: Trial, adjusted: bool = True, stratified: bool = True) -> HazardRatio:
    return hazard_ratio(
        data.time,
        data.event,
        data.arm > 0,
        data.numeric if adjusted else None,
        [data.factor] if adjusted else [],
        data.stratum if stratified else None,
    )


def chi_square(data: Trial, stratified: bool = True, arms: int = 3) -> float:
    stratum = data.stratum if stratified else None
    return log_rank(data.time, data.event, data.arm, arms, stratum).statistic


def likelihood(data: Trial, columns: Floats) -> PartialLikelihood:
    return PartialLikelihood.of(columns, grid(data.time, data.stratum), data.event)


def efron(beta: Floats, columns: Floats, time: Floats, event: Bools) -> float:
    """The log partial likelihood of one stratum, term by term as Efron wrote it."""
    weight = np.exp(columns @ beta)
    total = 0.0
    for t in np.unique(time[event]):
        now = event & (time == t)
        d, at, own = now.sum(), weight[time >= t].sum(), weight[now].sum()
        total += np.log(weight[now]).sum() - sum(np.log(at - k / d * own) for k in range(d))
    return total


@given(SEED, st.floats(-1, 1), st.floats(-1, 1))
def test_the_likelihood_is_efrons(seed: int, first: float, second: float) -> None:
    data = trial(seed)
    columns = np.column_stack([data.arm, (data.numeric - 60) / 9])
    beta = np.array([first, second])
    parts = [data.stratum == one for one in (0, 1)]
    expected = sum(efron(beta, columns[p], data.time[p], data.event[p]) for p in parts)
    assert likelihood(data, columns).at(beta)[0] == pytest.approx(expected)


@given(SEED)
def test_gradient_and_information_are_the_derivatives(seed: int) -> None:
    data = trial(seed)
    of = likelihood(data, np.column_stack([data.arm, (data.numeric - 60) / 9]))
    beta, step = np.array([0.3, -0.2]), 1e-5
    _, gradient, information = of.at(beta)
    for place, shift in enumerate(step * np.eye(2)):
        up, down = of.at(beta + shift), of.at(beta - shift)
        assert (up[0] - down[0]) / (2 * step) == pytest.approx(gradient[place], abs=1e-5)
        assert (down[1] - up[1]) / (2 * step) == pytest.approx(information[place], abs=1e-4)


@given(SEED)
def test_without_ties_the_log_rank_test_is_the_score_test_of_cox(seed: int) -> None:
    data = trial(seed, ties=False)
    _, gradient, information = likelihood(data, data.arm[:, None].astype(float)).at(np.zeros(1))
    score = gradient[0] ** 2 / information[0, 0]
    assert chi_square(data) == pytest.approx(score, abs=1e-12)


@given(SEED)
def test_the_order_of_the_rows_changes_nothing(seed: int) -> None:
    data = trial(seed)
    other = data.rows(np.random.default_rng(seed).permutation(60))
    assert chi_square(other) == pytest.approx(chi_square(data), abs=1e-12)
    assert (ratio(other).log, ratio(other).se) == pytest.approx((ratio(data).log, ratio(data).se))


@given(SEED, st.sampled_from([7.0, 1 / 30.4375, 86_400.0]))
def test_times_in_another_unit_change_nothing(seed: int, scale: float) -> None:
    data = trial(seed)
    other = data._replace(time=scale * data.time)
    assert chi_square(other) == pytest.approx(chi_square(data), rel=1e-12)
    assert ratio(other).log == pytest.approx(ratio(data).log, rel=1e-12)


@given(SEED)
def test_a_covariate_in_another_unit_changes_nothing(seed: int) -> None:
    data = trial(seed)
    other = data._replace(numeric=1e3 * data.numeric - 7e4)
    assert (ratio(other).log, ratio(other).se) == pytest.approx((ratio(data).log, ratio(data).se))


@given(SEED)
def test_swapping_the_arms_inverts_the_ratio(seed: int) -> None:
    data = trial(seed)
    one, other = ratio(data), ratio(data._replace(arm=1 - data.arm))
    assert (1 / other.ratio, 1 / other.upper) == pytest.approx((one.ratio, one.lower))
    assert other.p == pytest.approx(one.p)
    assert chi_square(data._replace(arm=1 - data.arm)) == pytest.approx(chi_square(data))


@given(SEED)
def test_one_stratum_is_none(seed: int) -> None:
    data = trial(seed)._replace(stratum=np.full(60, 7))
    assert chi_square(data) == chi_square(data, stratified=False)
    assert ratio(data) == ratio(data, stratified=False)


@given(SEED)
def test_the_same_subjects_in_a_second_stratum_count_twice(seed: int) -> None:
    data = trial(seed)._replace(stratum=np.zeros(60, np.int64))
    twice = Trial(*(np.concatenate([part, part]) for part in data))
    twice = twice._replace(stratum=np.repeat([0, 1], 60))
    assert chi_square(twice) == pytest.approx(2 * chi_square(data))
    one, two = ratio(data), ratio(twice)
    assert (two.log, two.se * 2**0.5) == pytest.approx((one.log, one.se), rel=1e-7)


@given(SEED)
def test_subjects_of_other_arms_have_no_say_in_a_pair(seed: int) -> None:
    data = trial(seed, arms=3)
    pair = data.only(0, 2)
    assert chi_square(pair, arms=3) == pytest.approx(
        chi_square(pair._replace(arm=pair.arm // 2), arms=2)
    )


def test_many_arms_are_tested_together() -> None:
    data = trial(4, rows=90, arms=3)
    test = log_rank(data.time, data.event, data.arm, 4)  # the fourth has no subject
    assert test.df == 2
    assert 0 < test.p < 1


# Poor data


def reason(time: list[float], event: list[int], arm: list[int], **more: object) -> str:
    found = hazard_ratio(
        np.array(time, float),
        np.array(event, bool),
        np.array(arm) > 0,
        **more,  # type: ignore[arg-type]
    )
    assert np.isnan([found.log, found.se, found.ratio, found.lower, found.upper, found.p]).all()
    assert found.not_estimable
    return found.not_estimable


def test_a_ratio_that_cannot_be_had_says_why() -> None:
    assert reason([1, 2], [1, 1], [0, 0]) == "no subjects in the arm"
    assert reason([1, 2], [1, 1], [1, 1]) == "no subjects in the reference"
    assert reason([], [], []) == "no subjects in the arm"
    assert reason([1, 2], [0, 0], [0, 1]) == "no event in the arm or the reference"
    assert "no event in the arm: the hazard ratio goes to 0" in reason([1, 2], [1, 0], [0, 1])
    assert "no event in the reference" in reason([1, 2], [0, 1], [0, 1])
    assert "not at risk together" in reason([1, 2], [1, 1], [0, 1], stratum=np.array([0, 1]))


def test_events_that_are_known_beforehand_have_no_ratio() -> None:
    """Everybody in the arm has the event before anybody in the reference."""
    text = reason([1, 2, 3, 4, 5, 6], [1] * 6, [1, 1, 1, 0, 0, 0])
    assert "monotone" in text
    assert text.endswith("is infinite")
    assert reason([1, 2, 3, 4, 5, 6], [1] * 6, [0, 0, 0, 1, 1, 1]).endswith("goes to 0")


def test_a_covariate_that_is_the_arm_leaves_nothing_to_estimate() -> None:
    arm = [0, 1, 0, 1, 0, 1]
    numeric = np.array(arm, float)[:, None]
    text = reason([1, 2, 3, 4, 5, 6], [1] * 6, arm, numeric=numeric)
    assert text.endswith("beside the covariates")


def test_an_infinite_coefficient_of_a_covariate_leaves_the_arm_its_ratio() -> None:
    data = trial(9, rows=90)
    quiet = data.factor == 2
    found = ratio(data._replace(event=data.event & ~quiet), stratified=False)
    assert found.endless == ("factor 0",)
    assert 0 < found.lower < found.ratio < found.upper
    without = data._replace(event=data.event & ~quiet).rows(~quiet)
    assert found.log == pytest.approx(ratio(without, stratified=False).log, abs=1e-6)


def test_a_covariate_that_adds_nothing_is_named() -> None:
    data = trial(2)
    both = np.hstack([data.numeric, 2 * data.numeric + 1, np.ones((60, 1))])
    one = hazard_ratio(data.time, data.event, data.arm > 0, data.numeric)
    two = hazard_ratio(data.time, data.event, data.arm > 0, both)
    assert two.aliased == ("covariate 0", "covariate 1", "covariate 2")
    assert (two.log, two.se) == pytest.approx((one.log, one.se))
    constant = hazard_ratio(data.time, data.event, data.arm > 0, both[:, [0, 2]])
    assert constant.aliased == ("covariate 1",)


def test_a_subject_without_a_covariate_is_left_out() -> None:
    data = trial(3)
    unknown = np.arange(60) % 7 == 0
    gaps = data._replace(numeric=np.where(unknown[:, None], np.nan, data.numeric))
    assert ratio(gaps) == ratio(data.rows(~unknown))
    assert ratio(gaps).subjects == 60 - unknown.sum()


def test_a_log_rank_test_that_cannot_be_had_says_why() -> None:
    nobody = np.empty(0)
    assert log_rank(nobody, nobody.astype(bool), nobody.astype(np.int64), 2).not_estimable
    time, arm = np.array([1.0, 2, 3, 4]), np.array([0, 0, 1, 1])
    none = log_rank(time, np.zeros(4, bool), arm, 2)
    assert np.isnan([none.statistic, none.p]).all()
    assert none.not_estimable == "no event while subjects of two arms were at risk"
    apart = log_rank(time, np.ones(4, bool), arm, 2, stratum=arm)
    assert apart.not_estimable == none.not_estimable


@given(st.integers(0, 10_000))
def test_no_data_end_in_a_number_that_is_none(seed: int) -> None:
    """A handful of subjects, drawn at random: a ratio with limits, or a reason."""
    random = np.random.default_rng(seed)
    rows = int(random.integers(1, 9))
    found = hazard_ratio(
        random.integers(0, 5, rows).astype(float),
        random.random(rows) < 0.6,
        random.random(rows) < 0.5,
        random.integers(0, 2, (rows, 1)).astype(float),
        [random.integers(0, 2, rows)],
        random.integers(0, 2, rows),
    )
    figures = np.array([found.log, found.se, found.ratio, found.lower, found.upper, found.p])
    if found.not_estimable is None:
        assert np.isfinite(figures).all()
        assert found.se > 0
    else:
        assert np.isnan(figures).all()
