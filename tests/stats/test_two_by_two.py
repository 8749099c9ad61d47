from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.stats.contingency import odds_ratio as scipy_odds_ratio

from tui.stats.boschloo import boschloo_p
from tui.stats.proportions import fisher_p
from tui.stats.two_by_two import chi_square, fisher_one_sided, odds_ratio

counts = st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
small = st.integers(1, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def table(one: tuple[int, int], zero: tuple[int, int]) -> list[list[int]]:
    return [[one[0], one[1] - one[0]], [zero[0], zero[1] - zero[0]]]


@given(counts, counts)
def test_chi_square_is_that_of_scipy(one, zero) -> None:
    ours = chi_square(*one, *zero)
    if ours.not_estimable == "":
        for corrected, statistic, p in (
            (False, ours.statistic, ours.p),
            (True, ours.corrected, ours.p_corrected),
        ):
            theirs = stats.chi2_contingency(table(one, zero), correction=corrected)
            assert statistic == pytest.approx(theirs.statistic, rel=1e-9, abs=1e-12)
            assert p == pytest.approx(theirs.pvalue, rel=1e-9)
    else:
        assert ours.not_estimable in ("nobody responded", "everybody responded")
        assert np.isnan([ours.statistic, ours.p_corrected]).all()


@given(counts, counts)
def test_one_sided_fisher_is_that_of_scipy(one, zero) -> None:
    left, right = fisher_one_sided(*one, *zero)
    less, greater = (
        stats.fisher_exact(table(one, zero), alternative=side).pvalue
        for side in ("less", "greater")
    )
    assert (left, right) == pytest.approx((less, greater), rel=1e-9)


@given(counts, counts)
def test_the_conditional_odds_ratio_is_that_of_scipy(one, zero) -> None:
    ours = odds_ratio(*one, *zero)
    if ours.not_estimable != "":
        assert np.isnan([ours.sample, ours.estimate, ours.lower, ours.upper]).all()
        return
    theirs = scipy_odds_ratio(table(one, zero))
    limits = theirs.confidence_interval()
    assert ours.estimate == pytest.approx(theirs.statistic, rel=1e-6)
    assert ours.lower == pytest.approx(limits.low, rel=1e-6)
    assert ours.upper == pytest.approx(limits.high, rel=1e-6)
    assert ours.lower <= ours.estimate <= ours.upper


@given(counts, counts)
def test_swapping_the_arms_inverts_the_odds_ratio(one, zero) -> None:
    ours, other = odds_ratio(*one, *zero), odds_ratio(*zero, *one)
    for figure, mirror in (("estimate", "estimate"), ("lower", "upper"), ("upper", "lower")):
        value, swapped = getattr(ours, figure), getattr(other, mirror)
        if 0 < value < np.inf:
            assert value == pytest.approx(1 / swapped, rel=1e-8)
        elif np.isfinite(value) or np.isinf(value):
            assert {float(value), float(swapped)} == {0, np.inf}


def test_the_limits_of_the_tea_tasting_are_exact() -> None:
    """R prints .3136 and 621.9 from a coarser search; SAS .2117 and 626.2435."""
    result = odds_ratio(3, 4, 1, 4)
    assert result.lower == pytest.approx(0.2117, abs=5e-5)
    assert result.upper == pytest.approx(626.2435, abs=5e-5)
    assert result.estimate == pytest.approx(6.4083, abs=5e-5)


def test_large_arms_and_separation_are_no_trouble() -> None:
    result = odds_ratio([2500, 0, 5000], 5000, [2400, 40, 0], 5000)
    assert result.estimate[0] == pytest.approx(result.sample[0], rel=1e-3)
    assert result.lower[1] == 0 < result.upper[1] < 0.2
    assert result.estimate[2] == np.inf > result.lower[2] > 1e4


def test_poor_data_have_reasons() -> None:
    data = [0, 3, 0, 5, 6], [0, 5, 5, 5, 5], [1, 0, 0, 4, 1], [5, 0, 5, 4, 5]
    reasons = ["no subjects in the arm", "no subjects in the reference arm", "nobody responded",
               "everybody responded", "the counts are impossible"]  # fmt: skip
    assert chi_square(*data).not_estimable.tolist() == reasons
    assert odds_ratio(*data).not_estimable.tolist() == reasons
    assert np.isnan(chi_square(*data).p).all()
    assert np.isnan(odds_ratio(*data).upper).all()
    assert np.isnan(fisher_one_sided(*data)[0]).tolist() == [True, True, False, False, True]
    assert np.isnan(boschloo_p(*data)).tolist() == [True, True, False, False, True]


@given(small, small)
def test_boschloo_is_that_of_scipy(one, zero) -> None:
    """SciPy's table has the arms as columns; where one arm responds never, it gives NaN or 1."""
    a, n, c, m = *one, *zero
    ours = float(boschloo_p(a, n, c, m))
    if 0 < a + c < n + m:
        theirs = stats.boschloo_exact([[a, c], [n - a, m - c]], n=64).pvalue
        assert ours == pytest.approx(theirs, abs=1e-5)
    assert 0 < ours <= 1


@given(small, small)
def test_boschloo_never_exceeds_twice_the_smaller_tail_of_fisher(one, zero) -> None:
    p = boschloo_p(*one, *zero)
    left, right = fisher_one_sided(*one, *zero)
    assert p <= min(2 * min(left, right), 1) + 1e-9
    assert p == pytest.approx(boschloo_p(*zero, *one), rel=1e-9)
    mirrored = boschloo_p(one[1] - one[0], one[1], zero[1] - zero[0], zero[1])
    assert p == pytest.approx(mirrored, rel=1e-6)
    assert fisher_p(*one, *zero) <= 1


def test_boschloo_takes_arrays_of_any_sizes() -> None:
    p = boschloo_p([[5, 2], [7, 0]], [[15, 15], [20, 9]], 3, [[16, 15], [16, 9]])
    assert p.shape == (2, 2)
    assert p[0, 0] == pytest.approx(float(boschloo_p(5, 15, 3, 16)))
    assert np.isnan(boschloo_p(100, 5000, 120, 5000))  # more tables than are worth it
