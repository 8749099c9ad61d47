from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.stats.contrast import Contrast
from tui.stats.moments import moments
from tui.stats.two_sample import not_estimable, student, welch

from .pilot import ARMS, REFERENCE, Visit, at, digits, every_visit, published

Test = Callable[..., Contrast]
both = pytest.mark.parametrize("test", [welch, student])
values = st.floats(-100, 100).map(lambda x: round(x, 2))
samples = st.lists(values, min_size=2, max_size=12).filter(lambda x: np.ptp(x) > 0.1)


def compare(test: Test, *arms: list[float], reference: int = 0) -> Contrast:
    group = np.repeat(np.arange(len(arms)), [len(arm) for arm in arms])
    values = np.concatenate([np.asarray(a, float) for a in arms])
    return test(*moments(values, group, len(arms)), reference)


@every_visit(with_change=True)
@both
def test_welch_and_student_agree_with_r_on_the_pilot_at_every_visit(
    visit: Visit, test: Test
) -> None:
    arm, (change,) = visit.arrays("CHG")
    result = test(*moments(change, arm, len(ARMS)), REFERENCE)
    for label, tests in visit.expected["pairwise"].items():
        expected = dict(tests[test.__name__], diff=tests["welch"]["diff"])
        names = {"diff": "estimate", "t": "statistic"}
        for figure, value in expected.items():
            ours = getattr(result, names.get(figure, figure))
            assert at(ours, label) == digits(value), (label, figure)


@both
def test_all_visits_in_one_call_give_what_each_gives_alone(test: Test) -> None:
    random = np.random.default_rng(1)
    n, mean, sd = random.integers(2, 40, (5, 4)), random.normal(size=(5, 4)), random.random((5, 4))
    together = test(n, mean, sd, 2)
    for visit in range(5):
        alone = test(n[visit], mean[visit], sd[visit], 2)
        assert np.array_equal(together.p[visit], alone.p, equal_nan=True)


def test_the_figures_of_sas_are_met() -> None:
    case = published("two-sample t", "weight gain")
    x, y, expected = case["data"]["x"], case["data"]["y"], case["expected"]
    pooled, unpooled = compare(student, y, x)[1], compare(welch, y, x)[1]
    assert pooled.statistic == pytest.approx(expected["student"]["t"], abs=5e-5)
    assert pooled.p == pytest.approx(expected["student"]["p"], abs=5e-5)
    assert [pooled.lower, pooled.upper] == pytest.approx(expected["student"]["ci"], abs=5e-5)
    assert unpooled.df == pytest.approx(expected["welch"]["df"], abs=5e-4)
    assert unpooled.p == pytest.approx(expected["welch"]["p"], abs=5e-5)
    assert [unpooled.lower, unpooled.upper] == pytest.approx(expected["welch"]["ci"], abs=5e-5)


@both
@given(x=samples, y=samples)
def test_swapping_the_arms_flips_the_sign(test: Test, x: list[float], y: list[float]) -> None:
    one, other = compare(test, x, y)[1], compare(test, x, y, reference=1)[0]
    assert one.estimate == -other.estimate
    assert one.lower == pytest.approx(-other.upper)
    assert one.p == pytest.approx(other.p)
    assert one.df == pytest.approx(other.df)


@both
@given(x=samples, y=samples, shift=st.floats(-50, 50), scale=st.floats(0.1, 10))
def test_a_change_of_units_scales_the_difference_and_leaves_p_alone(
    test: Test, x: list[float], y: list[float], shift: float, scale: float
) -> None:
    before = compare(test, x, y)[1]
    after = compare(test, [shift + scale * v for v in x], [shift + scale * v for v in y])[1]
    assert after.estimate == pytest.approx(scale * before.estimate, rel=1e-9, abs=1e-9)
    assert after.se == pytest.approx(scale * before.se, rel=1e-9)
    assert after.p == pytest.approx(before.p, rel=1e-6, abs=1e-12)


@both
def test_the_entry_of_the_reference_is_empty(test: Test) -> None:
    result = compare(test, [1, 2, 3], [2, 3, 5], [4, 4, 6], reference=1)
    assert all(np.isnan(part).tolist() == [False, True, False] for part in vars(result).values())


@both
def test_an_empty_arm_is_not_estimable_and_leaves_the_others_alone(test: Test) -> None:
    result = compare(test, [1, 2, 3], [], [4, 5, 7])
    assert np.isnan(result.estimate[1])
    assert result.p[2] == compare(test, [1, 2, 3], [4, 5, 7]).p[1]
    reasons = not_estimable(result, [3, 0, 3], 0)
    assert reasons.tolist() == ["", "no subjects in the arm", ""]


@both
def test_an_empty_reference_is_named_as_the_reason(test: Test) -> None:
    result = compare(test, [], [1, 2, 3])
    assert np.isnan(result.p).all()
    assert not_estimable(result, [0, 3], 0)[1] == "no subjects in the reference arm"


def test_one_subject_has_no_variance_for_welch_but_can_be_compared_by_student() -> None:
    unpooled, pooled = compare(welch, [1, 2, 4], [3])[1], compare(student, [1, 2, 4], [3])[1]
    assert unpooled.estimate == pooled.estimate == pytest.approx(2 / 3)
    assert np.isnan(unpooled.p)
    assert pooled.df == 2
    assert pooled.se == pytest.approx(np.std([1, 2, 4], ddof=1) * np.sqrt(4 / 3))
    result = compare(welch, [1, 2, 4], [3])
    assert not_estimable(result, [3, 1], 0)[1] == "fewer than 2 subjects"


@both
def test_two_single_subjects_cannot_be_compared(test: Test) -> None:
    result = compare(test, [1], [3])
    assert result.estimate[1] == 2
    assert np.isnan(result.p[1])
    assert not_estimable(result, [1, 1], 0)[1] == "fewer than 2 subjects"


@both
@pytest.mark.parametrize("value", [0.0, 0.1, 1e6])
def test_without_variance_there_is_no_test(test: Test, value: float) -> None:
    result = compare(test, [value] * 3, [value + 1] * 4)
    assert result.estimate[1] == pytest.approx(1)
    assert np.isnan([result.lower[1], result.p[1]]).all()
    assert not_estimable(result, [3, 4], 0)[1] == "no variance in either arm"
