from __future__ import annotations

import numpy as np
import pytest

from tui.stats.moments import mean_interval, moments, standard_error

from .pilot import ARMS, Visit, at, digits, every_visit


@every_visit(with_change=False)
@pytest.mark.parametrize("column", ["AVAL", "CHG"])
def test_moments_agree_with_r_on_the_pilot_at_every_visit(visit: Visit, column: str) -> None:
    arm, (values,) = visit.arrays(column)
    n, mean, sd = moments(values, arm, len(ARMS))
    ours = {"n": n, "mean": mean, "sd": sd, "se": standard_error(n, sd)}
    for label, expected in visit.expected["arms"].items():
        for figure in ours.keys() & expected.get(column.lower(), {}).keys():
            value = expected[column.lower()][figure]
            assert at(ours[figure], label) == digits(value), (label, figure)


@every_visit(with_change=True)
def test_intervals_of_the_mean_change_agree_with_r_at_every_visit(visit: Visit) -> None:
    arm, (change,) = visit.arrays("CHG")
    n, mean, sd = moments(change, arm, len(ARMS))
    lower, upper = mean_interval(n, mean, standard_error(n, sd))
    for label, expected in visit.expected["arms"].items():
        assert at(lower, label) == digits(expected["paired_t"]["lower"])
        assert at(upper, label) == digits(expected["paired_t"]["upper"])


def test_a_large_common_offset_costs_no_digits() -> None:
    _, _, sd = moments(1e9 + np.array([1.0, 2, 3, 4]), np.zeros(4, np.int64), 1)
    assert sd[0] == pytest.approx(np.std([1, 2, 3, 4], ddof=1), rel=1e-14)


def test_equal_values_have_no_deviation_and_no_interval() -> None:
    n, mean, sd = moments(np.full(7, 0.1), np.zeros(7, np.int64), 1)
    assert (mean[0], sd[0]) == (0.1, 0)
    assert np.isnan(mean_interval(n, mean, standard_error(n, sd))).all()


def test_empty_groups_and_single_values_are_not_estimable() -> None:
    n, mean, sd = moments(np.array([3.0, 5.0, 7.0]), np.array([1, 3, 3]), 5)
    assert n.tolist() == [0, 1, 0, 2, 0]
    assert np.isnan(mean).tolist() == [True, False, True, False, True]
    assert np.isnan(sd).tolist() == [True, True, True, False, True]
    assert np.isnan(standard_error(n, sd)).tolist() == [True, True, True, False, True]
