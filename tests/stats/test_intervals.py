from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tui.stats.intervals import (
    agresti_caffo,
    agresti_coull,
    clopper_pearson,
    jeffreys,
    miettinen_nurminen,
    wald,
    wald_difference,
)

counts = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
singles = pytest.mark.parametrize("method", [clopper_pearson, wald, agresti_coull, jeffreys])
pairs = pytest.mark.parametrize("method", [miettinen_nurminen, wald_difference, agresti_caffo])


@given(counts)
def test_clopper_and_pearson_are_those_of_scipy(count: tuple[int, int]) -> None:
    ours, theirs = clopper_pearson(*count), stats.binomtest(*count).proportion_ci(method="exact")
    assert (ours.lower, ours.upper) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@singles
@given(count=counts)
def test_what_is_not_counted_mirrors(method, count: tuple[int, int]) -> None:
    x, n = count
    ours, other = method(x, n), method(n - x, n)
    assert 0 <= ours.lower <= ours.upper <= 1
    assert (ours.lower, ours.upper) == pytest.approx((1 - other.upper, 1 - other.lower), abs=1e-9)


@singles
def test_no_subjects_have_no_interval(method) -> None:
    result = method([0, 3], [0, 10])
    assert np.isnan([result.estimate[0], result.lower[0], result.upper[0]]).all()
    assert np.isfinite([result.lower[1], result.upper[1]]).all()


@pairs
@given(one=counts, zero=counts)
def test_swapping_the_arms_flips_the_sign(method, one, zero) -> None:
    ours, swapped = method(*one, *zero), method(*zero, *one)
    assert ours.estimate == pytest.approx(-swapped.estimate, abs=1e-15)
    assert ours.lower == pytest.approx(-swapped.upper, abs=1e-9, nan_ok=True)


def score(one, zero, delta: float) -> float:
    """The score statistic with the variance at the likeliest proportions, found by search."""
    (x1, n1), (x0, n0) = one, zero
    p0 = np.linspace(max(0, -delta), min(1, 1 - delta), 200_001)
    p1 = np.clip(p0 + delta, 0, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        log = sum(
            np.where(count > 0, count * np.log(part), 0)
            for count, part in ((x1, p1), (n1 - x1, 1 - p1), (x0, p0), (n0 - x0, 1 - p0))
        )
    best = np.nanargmax(log)
    n = n1 + n0
    variance = p1[best] * (1 - p1[best]) / n1 + p0[best] * (1 - p0[best]) / n0
    return (x1 / n1 - x0 / n0 - delta) ** 2 / (variance * n / (n - 1))


@pytest.mark.parametrize(
    ("one", "zero"), [((36, 154), (12, 77)), ((5, 15), (0, 16)), ((7, 7), (1, 9)), ((3, 4), (3, 4))]
)
def test_the_score_at_the_limits_is_the_quantile(one, zero) -> None:
    result = miettinen_nurminen(*one, *zero)
    for limit in (float(result.lower), float(result.upper)):
        if abs(limit) < 1 - 1e-9:
            assert score(one, zero, limit) == pytest.approx(stats.chi2.ppf(0.95, 1), rel=2e-3)


def test_two_zeros_have_no_score_limits() -> None:
    result = miettinen_nurminen([0, 0, 5], [20, 0, 5], [0, 1, 0], [30, 30, 5])
    assert np.isnan(result.lower).tolist() == [True, True, False]
    assert np.isnan(result.upper).tolist() == [True, True, False]
    assert result.estimate[2] == 1
