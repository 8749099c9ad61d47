from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tui.stats.permutation import permutation_test

samples = st.lists(st.integers(-5, 5).map(float), min_size=2, max_size=5)


def arms(x: list[float], y: list[float]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([*x, *y])[:, None], np.arange(len(x) + len(y)) < len(x)


@given(samples, samples)
def test_few_arrangements_are_all_counted(x: list[float], y: list[float]) -> None:
    result = permutation_test(*arms(x, y))
    expected = stats.permutation_test(
        (x, y), lambda a, b: abs(np.mean(a) - np.mean(b)), alternative="greater"
    )
    assert result.exact[0]
    assert result.error[0] == 0
    assert result.difference[0] == pytest.approx(np.mean(x) - np.mean(y), abs=1e-12)
    assert result.p[0] == pytest.approx(expected.pvalue)
    assert permutation_test(*arms(y, x)).p[0] == result.p[0]


def test_many_are_drawn_with_an_error_that_is_told() -> None:
    random = np.random.default_rng(1)
    y, treated = random.normal(size=(60, 4)), np.arange(60) < 30
    y[treated, 1] += 0.5
    result = permutation_test(y, treated)
    expected = stats.ttest_ind(y[treated], y[~treated]).pvalue
    assert result.arrangements.tolist() == [9_999] * 4
    assert not result.exact.any()
    assert (abs(result.p - expected) < 5 * result.error + 0.005).all()
    assert result.error == pytest.approx(np.sqrt(result.p * (1 - result.p) / 10_000))
    assert np.array_equal(permutation_test(y, treated).p, result.p)


def test_drawn_and_counted_agree() -> None:
    y, treated = arms([1.2, 3.4, 2.2, 5.1, 4.4, 3.9], [0.3, 2.1, 1.9, 2.4, 0.8, 3.1])
    counted, drawn = permutation_test(y, treated), permutation_test(y, treated, arrangements=900)
    assert counted.exact[0]
    assert not drawn.exact[0]
    assert abs(counted.p[0] - drawn.p[0]) < 4 * drawn.error[0] + 1 / 901


def test_a_visit_uses_those_who_came() -> None:
    y, treated = arms([1.0, 5.0, 4.0], [2.0, 0.5, 3.0])
    y = np.hstack([y, y])
    y[0, 1] = np.nan
    result = permutation_test(y, treated)
    assert result.n.tolist() == [6, 5]
    assert result.p[1] == permutation_test(y[1:, 1:], treated[1:]).p[0]
    assert result.arrangements.tolist() == [20, 10]


def test_strata_keep_to_themselves() -> None:
    y, treated = arms([10.0, 1.0, 11.0, 2.0], [12.0, 3.0, 13.0, 4.0])
    strata = np.array([1, 0, 1, 0] * 2)
    result = permutation_test(y, treated, strata)
    assert result.arrangements[0] == 36
    assert result.p[0] == pytest.approx(2 / 36)
    assert permutation_test(y, treated).p[0] > 0.3


def test_units_change_nothing_but_the_difference() -> None:
    y, treated = arms([1.0, 5.0, 4.0], [2.0, 0.5, 3.0])
    before, after = permutation_test(y, treated), permutation_test(32 + 1.8 * y, treated)
    assert after.p[0] == before.p[0]
    assert after.difference[0] == pytest.approx(1.8 * before.difference[0])


def test_equal_values_are_as_far_apart_as_each_other() -> None:
    assert permutation_test(*arms([0.1, 0.1, 0.1], [0.1, 0.1])).p[0] == 1


def test_poor_data_have_reasons() -> None:
    y, treated = arms([1.0, 2.0], [3.0, 4.0])
    holes = np.hstack([y, y, y])
    holes[:2, 0], holes[2:, 1], holes[:, 2] = np.nan, np.nan, np.nan
    result = permutation_test(holes, treated)
    assert result.not_estimable.tolist() == [
        "no subjects in the arm",
        "no subjects in the reference arm",
        "no subjects in the arm",
    ]
    assert np.isnan(result.p).all()
    alone = permutation_test(y, treated, np.array([0, 0, 1, 1]))
    assert alone.not_estimable[0] == "the strata leave nothing to rearrange"
    assert alone.difference[0] == -2
    assert np.isnan(alone.p[0])
