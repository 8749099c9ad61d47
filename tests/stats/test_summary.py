from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.stats.summary import mean_interval, percentiles, summarize

from .pilot import ARMS, Visit, at, dataset, digits, every_visit, published, reference

numbers = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))
rows = st.lists(st.tuples(numbers, st.integers(0, 3)), max_size=60)


def arrays(drawn: list[tuple[float, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([x for x, _ in drawn], float), np.array([g for _, g in drawn], np.int64)


@every_visit(with_change=False)
@pytest.mark.parametrize("column", ["AVAL", "CHG"])
def test_summaries_agree_with_r_on_the_pilot_at_every_visit(visit: Visit, column: str) -> None:
    arm, (values,) = visit.arrays(column)
    summary = summarize(values, arm, len(ARMS))
    for label, expected in visit.expected["arms"].items():
        for figure, value in expected.get(column.lower(), {}).items():
            assert at(getattr(summary, figure), label) == digits(value), (label, figure)


@every_visit(with_change=True)
def test_intervals_of_the_mean_change_agree_with_r_at_every_visit(visit: Visit) -> None:
    arm, (change,) = visit.arrays("CHG")
    lower, upper = mean_interval(summarize(change, arm, len(ARMS)))
    for label, expected in visit.expected["arms"].items():
        assert at(lower, label) == digits(expected["paired_t"]["lower"])
        assert at(upper, label) == digits(expected["paired_t"]["upper"])


def test_the_primary_endpoint_prints_as_in_the_clinical_study_report() -> None:
    printed = {
        (row["section"], row["stat"]): [row[arm] for arm in ("placebo", "low", "high")]
        for row in reference("csr-14-3.01")["rows"]
        if "placebo" in row
    }
    week_24 = Visit("r-adadas-actot", 24)
    for section, column in (("Week 24", "AVAL"), ("Change from Baseline", "CHG")):
        arm, (values,) = week_24.arrays(column)
        s = summarize(values, arm, len(ARMS))
        assert [str(n) for n in s.n] == printed[section, "n"]
        means = [f"{m:.1f} ({sd:.2f})" for m, sd in zip(s.mean, s.sd, strict=True)]
        assert means == printed[section, "Mean (SD)"]
        ranges = [
            f"{middle:.1f} ({low:.0f};{high:.0f})"
            for middle, low, high in zip(s.median, s.min, s.max, strict=True)
        ]
        assert ranges == printed[section, "Median (Range)"]


def test_ages_print_as_in_the_clinical_study_report() -> None:
    adsl = dataset("adsl").filter(pl.col("ITTFL") == "Y")
    arm = adsl["TRT01P"].replace_strict(list(ARMS), [0, 1, 2]).to_numpy()
    s = summarize(adsl["AGE"].to_numpy().astype(float), arm, len(ARMS))
    figures = {"Mean": (s.mean, 1), "SD": (s.sd, 2), "Median": (s.median, 1), "Min": (s.min, 1)}
    printed = {
        row["stat"]: [row["placebo"], row["low"], row["high"]]
        for row in reference("csr-14-2.01")["rows"]
        if row["variable"] == "Age (y)"
    }
    for stat, (values, decimals) in figures.items():
        assert [f"{value:.{decimals}f}" for value in values] == printed[stat]


def test_percentiles_follow_definition_5_of_sas() -> None:
    case = published("percentiles, SAS definition 5", "UNIVARIATE")
    x = np.array(case["data"]["x"], float)
    result = percentiles(x, np.zeros(len(x), np.int64), 1, (0.25, 0.4))
    assert result.ravel().tolist() == [case["expected"]["p25"], case["expected"]["p40"]]


@given(rows)
def test_summaries_are_those_of_numpy_group_by_group(drawn: list[tuple[float, int]]) -> None:
    values, group = arrays(drawn)
    summary = summarize(values, group, 4)
    for code in range(4):
        part = values[group == code]
        assert summary.n[code] == len(part)
        if len(part):
            quartiles = np.percentile(part, [25, 50, 75], method="averaged_inverted_cdf")
            ours = [summary.q1[code], summary.median[code], summary.q3[code]]
            assert ours == pytest.approx(quartiles)
            assert (summary.min[code], summary.max[code]) == (part.min(), part.max())
            assert summary.mean[code] == pytest.approx(part.mean(), rel=1e-12, abs=1e-9)
        if len(part) > 1:
            assert summary.sd[code] == pytest.approx(part.std(ddof=1), rel=1e-9, abs=1e-9)


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(drawn: list[tuple[float, int]], random) -> None:
    before = summarize(*arrays(drawn), 4)
    random.shuffle(drawn)
    after = summarize(*arrays(drawn), 4)
    for figure, values in vars(before).items():
        same = pytest.approx(values, rel=1e-12, abs=1e-9, nan_ok=True)
        assert getattr(after, figure) == same, figure


@given(rows.filter(bool), st.floats(-1e3, 1e3), st.floats(0.1, 10))
def test_a_change_of_units_changes_the_figures_likewise(
    drawn: list[tuple[float, int]], shift: float, scale: float
) -> None:
    values, group = arrays(drawn)
    before, after = summarize(values, group, 4), summarize(shift + scale * values, group, 4)
    for figure in ("mean", "median", "q1", "q3", "min", "max"):
        moved = shift + scale * getattr(before, figure)
        assert getattr(after, figure) == pytest.approx(moved, rel=1e-9, abs=1e-6, nan_ok=True)
    assert after.sd == pytest.approx(scale * before.sd, rel=1e-9, abs=1e-6, nan_ok=True)


def test_a_large_common_offset_costs_no_digits() -> None:
    values = 1e9 + np.array([1.0, 2, 3, 4])
    summary = summarize(values, np.zeros(4, np.int64), 1)
    assert summary.sd[0] == pytest.approx(np.std([1, 2, 3, 4], ddof=1), rel=1e-14)


def test_equal_values_have_no_deviation_at_all() -> None:
    summary = summarize(np.full(7, 0.1), np.zeros(7, np.int64), 1)
    assert (summary.mean[0], summary.sd[0]) == (0.1, 0)
    assert np.isnan(mean_interval(summary)).all()


def test_empty_groups_and_single_values_are_not_estimable() -> None:
    summary = summarize(np.array([3.0, 5.0, 7.0]), np.array([1, 3, 3]), 5)
    assert summary.n.tolist() == [0, 1, 0, 2, 0]
    assert np.isnan(summary.mean).tolist() == [True, False, True, False, True]
    assert np.isnan(summary.max).tolist() == [True, False, True, False, True]
    assert np.isnan(summary.sd).tolist() == [True, True, True, False, True]
    assert np.isnan(summary.se).tolist() == [True, True, True, False, True]


def test_no_values_at_all_are_no_error() -> None:
    summary = summarize(np.array([]), np.array([], np.int64), 2)
    assert summary.n.tolist() == [0, 0]
    assert np.isnan([summary.mean, summary.median, summary.sd]).all()
