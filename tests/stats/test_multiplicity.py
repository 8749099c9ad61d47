from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.stats import multivariate_t

from tui.stats.contrast import Contrast, t_contrast
from tui.stats.dunnett import difference_correlation, dunnett
from tui.stats.multiplicity import bonferroni, hochberg, holm

families = st.lists(st.one_of(st.floats(0, 1), st.just(np.nan)), min_size=1, max_size=6)


@given(families)
def test_the_steps_keep_their_order(p: list[float]) -> None:
    raw, known = np.array(p), ~np.isnan(p)
    b, h, u = bonferroni(raw), holm(raw), hochberg(raw)
    for adjusted in (b, h, u):
        assert np.isnan(adjusted).tolist() == (~known).tolist()
        assert (adjusted[known] <= 1).all()
    assert (raw[known] <= u[known] + 1e-15).all()
    assert (u[known] <= h[known] + 1e-15).all()
    assert (h[known] <= b[known] + 1e-15).all()
    alone = holm(raw[known])
    assert h[known] == pytest.approx(alone)


def test_they_go_along_any_axis() -> None:
    p = np.random.default_rng(1).random((3, 4))
    for method in (bonferroni, holm, hochberg):
        columns = method(p, axis=0)
        np.testing.assert_allclose(columns.T, method(p.T))
        assert method(p[0]) == pytest.approx(method(p)[0])


def equal(t: list[float], df: float) -> tuple[Contrast, np.ndarray]:
    """Tests of equal arms against a reference, and their correlation of one half."""
    return t_contrast(t, 1.0, df), np.full((len(t), len(t)), 0.5) + 0.5 * np.eye(len(t))


@pytest.mark.parametrize(
    ("tests", "df", "critical"),
    [(1, 10, 2.228), (2, 10, 2.57), (3, 10, 2.76), (9, 10, 3.24), (2, 20, 2.38), (5, 60, 2.58)],
)
def test_critical_values_are_those_of_dunnetts_tables(tests: int, df: int, critical: float) -> None:
    """Dunnett 1964, Biometrics 20:482, two-sided, alpha 0.05."""
    result = dunnett(*equal([1.0] * tests, df))
    assert result.critical == pytest.approx(critical, abs=0.012)


@pytest.mark.parametrize("seed", range(6))
def test_p_is_the_tail_of_the_multivariate_t(seed: int) -> None:
    random = np.random.default_rng(seed)
    size = 2 + seed % 4
    n, away = random.integers(5, 20, size + 1), random.normal(size=size + 1) / 4
    covariance = np.diag(1 / n) + np.outer(away, away) / 8  # arms, and a covariate out of balance
    correlation = difference_correlation(covariance, 0)[1:, 1:]
    t = np.linspace(0.8, 3, size)
    result = dunnett(t_contrast(t, 1.0, 12.0), correlation)
    law = multivariate_t(shape=correlation, df=12, seed=1)
    expected = [1 - law.cdf([q] * size, lower_limit=[-q] * size, maxpts=200_000) for q in t]
    assert result.p == pytest.approx(expected, abs=1e-4)
    assert dunnett(t_contrast([float(result.critical)] * size, 1.0, 12.0), correlation).p[
        0
    ] == pytest.approx(0.05, abs=1e-6)


@pytest.mark.parametrize("size", [4, 6])
@pytest.mark.parametrize(("away", "within"), [(0.3, 2e-7), (1.0, 1e-5)])
def test_a_covariate_out_of_balance_enters_the_integral(
    size: int, away: float, within: float
) -> None:
    """Against an integral over both factors: the reference's mean, and the covariate's slope."""
    random = np.random.default_rng(size)
    n = random.integers(10, 25, size + 1)
    center = away * random.normal(size=size + 1) / np.sqrt(n)
    factors = np.stack([np.full(size, n[0] ** -0.5), (center[1:] - center[0]) / n.sum() ** 0.5])
    scale = np.sqrt(1 / n[1:] + (factors**2).sum(axis=0))
    factors, own = factors / scale, n[1:] ** -0.5 / scale
    correlation = factors.T @ factors + np.diag(own**2)
    node, weight = np.polynomial.hermite_e.hermegauss(120)
    shift = (factors[0] * node[:, None, None] + factors[1] * node[:, None]) / own
    t = np.linspace(1.5, 3.5, size)
    bound = t[:, None, None, None] / own
    inside = (stats.norm.cdf(bound - shift) - stats.norm.cdf(-bound - shift)).prod(axis=-1)
    expected = 1 - inside @ weight @ weight / weight.sum() ** 2
    result = dunnett(t_contrast(t, 1.0, np.inf), correlation)
    assert result.p == pytest.approx(expected, abs=within)


def test_any_correlation_will_do() -> None:
    correlation = np.corrcoef(np.random.default_rng(3).normal(size=(4, 9)))
    law = multivariate_t(shape=correlation, df=20, seed=1)
    t = [1.0, 1.7, 2.2, 2.9]
    expected = [1 - law.cdf([q] * 4, lower_limit=[-q] * 4, maxpts=200_000) for q in t]
    assert dunnett(t_contrast(t, 1.0, 20.0), correlation).p == pytest.approx(expected, abs=2e-4)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=4), st.sampled_from([1, 3, 30, np.inf]))
def test_adjusted_p_lie_between_raw_and_bonferroni(t: list[float], df: float) -> None:
    tests, correlation = equal(t, df)
    result = dunnett(tests, correlation)
    limit = bonferroni(tests.p)
    assert (result.p >= tests.p - 1e-15).all()
    assert (result.p <= limit + 1e-15).all()
    assert (result.p_step_down <= result.p + 1e-6).all()
    assert result.p_step_down.min() == pytest.approx(result.p.min())
    assert (np.diff(result.p[np.argsort(-abs(np.array(t)))]) >= -1e-9).all()


def test_independent_and_identical_tests_are_the_extremes() -> None:
    tests = t_contrast([2.0, 2.0, 2.0], 1.0, np.inf)
    p = float(tests.p[0])
    assert dunnett(tests, np.eye(3)).p == pytest.approx(1 - (1 - p) ** 3, abs=1e-6)
    assert dunnett(tests, np.ones((3, 3))).p == pytest.approx(p, abs=1e-4)
    flipped = np.array([[1, -0.5, 0.5], [-0.5, 1, -0.5], [0.5, -0.5, 1]])
    assert dunnett(tests, flipped).p == pytest.approx(
        dunnett(*equal([2.0] * 3, np.inf)).p, abs=1e-7
    )


def test_means_agree_with_scipys_dunnett() -> None:
    random = np.random.default_rng(2)
    control, one, two = random.normal(size=10), random.normal(1, 1, 12), random.normal(0.4, 1, 9)
    theirs = stats.dunnett(one, two, control=control, rng=np.random.default_rng(1))
    n = np.array([10, 12, 9])
    mean = [part.mean() for part in (control, one, two)]
    s = np.sqrt(sum(((part - part.mean()) ** 2).sum() for part in (control, one, two)) / 28)
    estimate = np.array([np.nan, mean[1] - mean[0], mean[2] - mean[0]])
    se = s * np.sqrt(1 / n + 1 / n[0])
    tests = t_contrast(estimate, se, [np.nan, 28, 28])
    ours = dunnett(tests, difference_correlation(np.diag(1 / n), 0))
    limits = theirs.confidence_interval()
    assert ours.p[1:] == pytest.approx(theirs.pvalue, abs=1e-3)
    assert ours.lower[1:] == pytest.approx(limits.low, abs=5e-3)
    assert ours.upper[1:] == pytest.approx(limits.high, abs=5e-3)


def test_step_down_drops_what_was_larger() -> None:
    tests, correlation = equal([3.0, 1.0, -2.2], 20.0)
    result = dunnett(tests, correlation)
    inner = dunnett(*equal([1.0, -2.2], 20.0))
    assert result.p_step_down[0] == pytest.approx(result.p[0])
    assert result.p_step_down[2] == pytest.approx(inner.p[1], abs=1e-7)
    assert result.p_step_down[1] == pytest.approx(tests.p[1], abs=1e-7)


def test_what_has_no_test_is_no_member_of_the_family() -> None:
    tests, correlation = equal([2.0, np.nan, 1.5], 15.0)
    holes = correlation.copy()
    holes[1], holes[:, 1] = np.nan, np.nan
    two = dunnett(*equal([2.0, 1.5], 15.0))
    result = dunnett(tests, holes)
    assert result.p[[0, 2]] == pytest.approx(two.p)
    assert np.isnan([result.p[1], result.lower[1], result.p_step_down[1]]).all()
    none = dunnett(t_contrast([np.nan, np.nan], np.nan, np.nan), np.full((2, 2), np.nan))
    assert np.isnan([none.critical, *none.p, *none.lower]).all()


def test_visits_in_one_call_give_what_each_gives_alone() -> None:
    random = np.random.default_rng(5)
    t = random.normal(0, 2, (6, 3))
    correlation = equal([0.0] * 3, 1)[1]
    together = dunnett(t_contrast(t, 0.7, 25.0), correlation)
    for visit in range(6):
        alone = dunnett(t_contrast(t[visit], 0.7, 25.0), correlation)
        for figure in ("p", "p_step_down", "critical", "lower"):
            expected = pytest.approx(getattr(alone, figure), abs=1e-9)
            assert getattr(together, figure)[visit] == expected
    assert together.critical.shape == (6,)
