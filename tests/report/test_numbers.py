import math
from decimal import ROUND_HALF_UP, Context, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.report.numbers import (
    Precision,
    count_percent,
    fixed,
    interval,
    p_value,
    percent,
)

finite = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [
        (42.65, 1, "42.7"),
        (-42.65, 1, "-42.7"),
        (1.005, 2, "1.01"),
        (2.5, 0, "3"),
        (0.0496, 4, "0.0496"),
        (8, 1, "8.0"),
        (1e22, 0, "10000000000000000000000"),
        (1e-7, 2, "0.00"),
    ],
)
def test_a_value_is_rounded_half_away_from_zero_as_sas_does(value, decimals, printed):
    assert fixed(value, decimals) == printed


@pytest.mark.parametrize("value", [-0.04, -0.0, 0.0])
def test_zero_has_no_sign(value):
    assert fixed(value, 1) == "0.0"


@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf])
def test_what_cannot_be_estimated_says_so(value):
    assert fixed(value, 2) == "n.e."


@settings(deadline=None)
@given(finite, st.integers(0, 6))
def test_a_fixed_number_is_what_decimal_quantizes(value, decimals):
    exact = Context(prec=400, rounding=ROUND_HALF_UP)
    expected = Decimal(f"{value:.14g}").quantize(Decimal(1).scaleb(-decimals), context=exact)
    printed = fixed(value, decimals)
    assert Decimal(printed) == expected
    assert not (printed.startswith("-") and expected == 0)


@pytest.mark.parametrize(
    ("p", "printed"),
    [
        (0.0496, "0.0496"),
        (0.04996, "0.04996"),
        (0.049999996, "0.049999996"),
        (0.05, "0.0500"),
        (0.05003, "0.0500"),
        (0.00005, "<0.0001"),
        (0.0, "<0.0001"),
        (0.0001, "0.0001"),
        (0.99994, "0.9999"),
        (0.99995, ">0.9999"),
        (1.0, "1.0000"),
        (1.0000000000000002, "1.0000"),
        (math.nan, "n.e."),
        (None, "n.e."),
        (1.5, "n.e."),
    ],
)
def test_a_p_value_has_four_decimals_unless_they_would_mislead(p, printed):
    assert p_value(p) == printed


def test_a_p_value_keeps_to_its_side_of_another_alpha():
    assert p_value(0.02496, alpha=0.05) == "0.0250"
    assert p_value(0.02496, alpha=0.025) == "0.02496"


@settings(deadline=None)
@given(st.floats(0, 1), st.sampled_from([0.01, 0.025, 0.05, 0.1]))
def test_a_printed_p_value_decides_as_the_p_value_itself(p, alpha):
    printed = p_value(p, alpha)
    assert printed != "0.0000"
    assert (printed == "1.0000") == (p == 1)
    assert (float(printed.lstrip("<>")) < alpha) == (p < alpha)


def test_a_percentage_is_rounded_from_the_exact_quotient():
    assert percent(49, 400) == "12.3%"
    assert percent(7, 2000) == "0.4%"
    assert percent(1, 0) == "n.e."


def test_a_count_stands_before_its_percentage_and_zero_stands_alone():
    assert count_percent(5, 15) == "5 (33.3%)"
    assert count_percent(15, 15) == "15 (100.0%)"
    assert count_percent(0, 15) == "0"
    assert count_percent(0, 0) == "n.e."


def test_an_interval_shows_which_limit_is_missing():
    assert interval(-0.814, -0.005, 2) == "(-0.81, -0.01)"
    assert interval(-0.814, None, 2) == "(-0.81, n.e.)"


@pytest.mark.parametrize(
    ("data", "extreme", "mean", "median", "sd"),
    [(0, 0, 1, 1, 2), (1, 1, 2, 2, 2), (2, 2, 3, 3, 3), (3, 3, 4, 4, 4)],
)
def test_statistics_have_more_decimals_than_the_data(data, extreme, mean, median, sd):
    precision = Precision(data)
    found = (precision.extreme, precision.mean, precision.median, precision.sd)
    assert found == (extreme, mean, median, sd)
