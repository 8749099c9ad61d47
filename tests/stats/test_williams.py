from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tui.stats.two_sample import student
from tui.stats.williams import distribution, reached, williams


def test_the_example_of_sas_is_met() -> None:
    """SAS Functions, PROBMC, "Williams": six doses and a control, 8 rats each, s² = 1.16."""
    mean = [10.4, 9.9, 10.0, 10.6, 11.4, 11.9, 11.7]
    result = williams([8] * 7, mean, [1.16**0.5] * 7)
    assert result.isotonic == pytest.approx([10.4, 9.9, 10.0, 10.6, 11.4, 11.8, 11.8])
    assert result.statistic[-1] == pytest.approx(2.60, abs=5e-3)
    sizes, df = np.full((1, 7), 8.0), np.array([42.0])
    assert distribution(np.array([2.60]), sizes, df) == pytest.approx(0.9924466872, abs=1e-6)
    assert distribution(np.array([1.80654052883]), sizes, df) == pytest.approx(0.95, abs=5e-6)
    assert reached(result).tolist() == [False] * 4 + [True] * 3


def test_one_dose_is_students_one_sided_test() -> None:
    n, mean, sd = [9, 7], [1.0, 2.5], [1.2, 2.0]
    t = student(n, mean, sd, 0)[1]
    result = williams(n, mean, sd)
    assert result.statistic[1] == pytest.approx(t.statistic)
    assert result.p[1] == pytest.approx(t.p / 2)
    assert williams(n, mean, sd, rising=False).p[1] == pytest.approx(1 - t.p / 2)


@pytest.mark.parametrize("sizes", [[5, 9, 4], [12, 3, 8, 5], [5, 9, 4, 7, 6]])
def test_arms_of_unequal_size_agree_with_simulation(sizes: list[int]) -> None:
    random = np.random.default_rng(7)
    count, n = 200_000, np.array(sizes, float)
    z = random.normal(size=(count, len(n))) / np.sqrt(n)
    pooled = [
        (z[:, first:] * n[first:]).sum(axis=1) / n[first:].sum() for first in range(1, len(n))
    ]
    s = np.sqrt(random.chisquare(12, count) / 12 * (1 / n[0] + 1 / n[-1]))
    drawn = (np.max(pooled, axis=0) - z[:, 0]) / s
    for t in (0.5, 1.5, 2.5):
        exact = distribution(np.array([t]), n[None], np.array([12.0]))[0]
        assert (drawn <= t).mean() == pytest.approx(exact, abs=4.5 * (0.25 / count) ** 0.5)


means = st.lists(st.floats(-5, 5).map(lambda x: round(x, 2)), min_size=3, max_size=4)


@given(means)
def test_the_opposite_direction_mirrors(mean: list[float]) -> None:
    n, sd = [8] * len(mean), [1.0] * len(mean)
    up, down = williams(n, mean, sd), williams(n, [-m for m in mean], sd, rising=False)
    assert up.statistic == pytest.approx(down.statistic, nan_ok=True)
    assert up.p == pytest.approx(down.p, nan_ok=True)
    assert (np.diff(up.isotonic[1:]) >= -1e-12).all()
    assert (np.diff(up.p_step_down[1:]) <= 1e-12).all()
    one_sided = stats.t.sf(up.statistic[1:], 7 * len(mean))
    assert (up.p[1:] >= np.minimum(one_sided, 0.5) - 1e-9).all()


def test_visits_are_stacked_and_poor_ones_stay_empty() -> None:
    n = np.array([[8, 8, 8], [8, 0, 8], [1, 1, 1], [4, 4, 4]])
    mean, sd = np.tile([1.0, 2.0, 3.0], (4, 1)), np.ones((4, 3))
    mean[1, 1], sd[1, 1], sd[2], sd[3] = np.nan, np.nan, np.nan, 0
    result = williams(n, mean, sd)
    assert np.isfinite(result.p[0, 1:]).all()
    assert np.isnan(result.p[1:]).all()
    assert result.p[0] == pytest.approx(williams(n[0], mean[0], sd[0]).p, nan_ok=True)
