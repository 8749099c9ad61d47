from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tui.stats.power import detectable, power, subjects_per_arm


def noncentral(shift: float, df: float) -> float:
    bound = stats.t.ppf(0.975, df)
    return float(stats.nct.sf(bound, df, shift) + stats.nct.cdf(-bound, df, shift))


@pytest.mark.parametrize("df", [1, 2, 5, 56, 1000, 1e6])
@pytest.mark.parametrize("shift", [0, 0.5, 2, 3, 5])
def test_power_is_that_of_the_noncentral_t(shift: float, df: float) -> None:
    assert power(shift * 0.2, 0.2, df) == pytest.approx(noncentral(shift, df), abs=1e-7)


def test_the_trial_could_have_detected_what_is_said_of_it() -> None:
    found = detectable([0.2, 0.25], 56)
    assert [f"{value:.2f}" for value in found] == ["0.57", "0.71"]


@given(st.floats(0.01, 10), st.floats(1, 500), st.floats(0.1, 0.99))
def test_what_is_detectable_has_the_power(se: float, df: float, wanted: float) -> None:
    assert power(detectable(se, df, wanted), se, df) == pytest.approx(wanted, abs=1e-6)
    assert detectable(3 * se, df, wanted) == pytest.approx(3 * detectable(se, df, wanted))


@pytest.mark.parametrize(
    ("difference", "sd", "wanted", "n"), [(0.5, 1, 0.8, 64), (0.5, 1, 0.9, 86), (1, 1, 0.8, 17)]
)
def test_sizes_are_those_of_power_t_test(difference, sd, wanted, n) -> None:
    """R's `power.t.test` gives 63.77, 85.03 and 16.71."""
    assert subjects_per_arm(difference, sd, wanted) == n


@given(st.floats(0.05, 4), st.sampled_from([0, 1, 5]))
def test_one_subject_fewer_is_not_enough(effect: float, covariates: int) -> None:
    n = float(subjects_per_arm(effect, 1.0, covariates=covariates))

    def reached(size: float) -> float:
        return float(power(effect, np.sqrt(2 / size), 2 * size - 2 - covariates))

    assert reached(n) >= 0.8
    if 2 * (n - 1) - 2 - covariates > 0:
        assert reached(n - 1) < 0.8


def test_a_huge_effect_and_a_large_trial_have_all_the_power() -> None:
    assert power([30, 1e3, -30], 0.2, [56, 3, 56]) == pytest.approx(1)
    assert power(0, 0.2, 56) == pytest.approx(0.05)


def test_what_cannot_be_asked_has_no_answer() -> None:
    assert np.isnan(power(1, [0, np.nan, 1], [5, 5, 0])).all()
    assert np.isnan(detectable([0, np.nan, 1, 1], [5, 5, 0, 5], [0.8, 0.8, 0.8, 1.0])).all()
    assert np.isnan(subjects_per_arm([0, np.nan, 1, 1e-6], [1, 1, 0, 1])).all()
    assert subjects_per_arm([[1], [2]], [1, 2, 3]).shape == (2, 3)
