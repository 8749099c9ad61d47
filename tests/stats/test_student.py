from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tui.stats.student import quantile, two_sided_p


def test_p_agrees_with_scipy_into_the_far_tail() -> None:
    t = np.array([0.0, 0.5, -1.96, 8.0, -40.0, 1e4])
    df = np.array([1.0, 2.5, 29.694, 230, 5000])[:, None]
    assert two_sided_p(t, df) == pytest.approx(2 * stats.t.sf(abs(t), df), rel=1e-12, abs=1e-300)


def test_p_of_a_large_t_is_not_zero() -> None:
    assert 0 < two_sided_p(20.0, 200) < 1e-40


def test_quantiles_agree_with_scipy() -> None:
    probability = np.array([0.025, 0.5, 0.975, 0.9995])
    df = np.array([1.0, 2.5, 29.694, 230, 5000])[:, None]
    assert quantile(probability, df) == pytest.approx(stats.t.ppf(probability, df), rel=1e-10)


def test_infinite_degrees_of_freedom_are_the_normal_distribution() -> None:
    assert quantile(0.975, np.inf) == pytest.approx(1.959963984540054)
    assert two_sided_p(1.959963984540054, np.inf) == pytest.approx(0.05)


@pytest.mark.parametrize("df", [0, -1, np.nan])
def test_without_degrees_of_freedom_there_is_no_answer(df: float) -> None:
    assert np.isnan(two_sided_p(1.0, df))
    assert np.isnan(quantile(0.975, df))
