"""Descriptive statistics, against R, the clinical study report, SAS's definition and NumPy."""

from __future__ import annotations

import json
import math
import random as randoms
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.queries.summaries import FIGURES, cells, percentile, summarize

ARMS = ("Placebo", "Xanomeline Low Dose", "Xanomeline High Dose")

numbers = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))
rows = st.lists(st.tuples(numbers, st.integers(0, 3)), max_size=60)


def frame(drawn: list[tuple[float, int]]) -> pl.DataFrame:
    return pl.DataFrame(drawn, schema={"x": pl.Float64, "group": pl.Int64}, orient="row")


def of(values: list[float]) -> dict[str, Any]:
    return summarize(pl.DataFrame({"x": values}, schema={"x": pl.Float64}), {"x": ""}).row(
        0, named=True
    )


def test_the_primary_endpoint_prints_as_in_the_clinical_study_report(
    pilot: Path, reference: Callable[[str], Any]
) -> None:
    printed = {
        (row["section"], row["stat"]): [row[arm] for arm in ("placebo", "low", "high")]
        for row in reference("csr-14-3.01")["rows"]
        if "placebo" in row
    }
    week_24 = pl.read_parquet(pilot / "adadas.parquet").filter(
        (pl.col("PARAMCD") == "ACTOT")
        & (pl.col("EFFFL") == "Y")
        & (pl.col("ANL01FL") == "Y")
        & (pl.col("AVISITN") == 24)
    )
    for section, column in (("Week 24", "AVAL"), ("Change from Baseline", "CHG")):
        found = {row["TRTP"]: row for row in summarize(week_24, {column: ""}, ["TRTP"]).to_dicts()}
        arms = [found[arm] for arm in ARMS]
        assert [str(s["n"]) for s in arms] == printed[section, "n"]
        means = [f"{s['mean']:.1f} ({s['sd']:.2f})" for s in arms]
        assert means == printed[section, "Mean (SD)"]
        ranges = [f"{s['median']:.1f} ({s['min']:.0f};{s['max']:.0f})" for s in arms]
        assert ranges == printed[section, "Median (Range)"]


def test_ages_print_as_in_the_clinical_study_report(
    pilot: Path, reference: Callable[[str], Any]
) -> None:
    adsl = pl.read_parquet(pilot / "adsl.parquet").filter(ITTFL="Y")
    found = {row["TRT01P"]: row for row in summarize(adsl, {"AGE": ""}, ["TRT01P"]).to_dicts()}
    printed = {
        row["stat"]: [row["placebo"], row["low"], row["high"]]
        for row in reference("csr-14-2.01")["rows"]
        if row["variable"] == "Age (y)"
    }
    figures = {"Mean": ("mean", 1), "SD": ("sd", 2), "Median": ("median", 1), "Min": ("min", 1)}
    for stat, (figure, decimals) in figures.items():
        assert [f"{found[arm][figure]:.{decimals}f}" for arm in ARMS] == printed[stat]


def test_percentiles_follow_definition_5_of_sas(reference: Callable[[str], Any]) -> None:
    case = next(
        one
        for one in reference("published")["cases"]
        if one["statistic"] == "percentiles, SAS definition 5"
    )
    x = pl.DataFrame({"x": case["data"]["x"]})
    found = x.select(p25=percentile(pl.col("x"), 0.25), p40=percentile(pl.col("x"), 0.4))
    assert found.row(0, named=True) == json.loads(json.dumps(case["expected"]))


@given(rows)
def test_summaries_are_those_of_numpy_group_by_group(drawn: list[tuple[float, int]]) -> None:
    found = cells(frame(drawn), {"x": ""}, {"group": 4})
    for code, s in enumerate(found):
        part = np.array([x for x, group in drawn if group == code])
        assert s["n"] == len(part)
        if len(part):
            quartiles = np.percentile(part, [25, 50, 75], method="averaged_inverted_cdf")
            assert [s["q1"], s["median"], s["q3"]] == pytest.approx(quartiles)
            assert (s["min"], s["max"]) == (part.min(), part.max())
            assert s["mean"] == pytest.approx(part.mean(), rel=1e-12, abs=1e-9)
        if len(part) > 1:
            assert s["sd"] == pytest.approx(part.std(ddof=1), rel=1e-9, abs=1e-9)
            assert s["se"] == pytest.approx(s["sd"] / math.sqrt(len(part)))


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(
    drawn: list[tuple[float, int]], random: randoms.Random
) -> None:
    before = cells(frame(drawn), {"x": ""}, {"group": 4})
    random.shuffle(drawn)
    for one, other in zip(before, cells(frame(drawn), {"x": ""}, {"group": 4}), strict=True):
        known = {figure: value for figure, value in one.items() if value is not None}
        there = {figure: value for figure, value in other.items() if value is not None}
        assert there == pytest.approx(known, rel=1e-12, abs=1e-9)


@given(rows.filter(bool), st.floats(-1e3, 1e3), st.floats(0.1, 10))
def test_a_change_of_units_changes_the_figures_likewise(
    drawn: list[tuple[float, int]], shift: float, scale: float
) -> None:
    before = cells(frame(drawn), {"x": ""}, {"group": 4})
    after = cells(frame(drawn).with_columns(pl.col("x") * scale + shift), {"x": ""}, {"group": 4})
    for one, other in zip(before, after, strict=True):
        for figure in ("mean", "median", "q1", "q3", "min", "max"):
            if one[figure] is not None:
                moved = shift + scale * one[figure]
                assert other[figure] == pytest.approx(moved, rel=1e-9, abs=1e-6)
        if one["sd"] is not None:
            assert other["sd"] == pytest.approx(scale * one["sd"], rel=1e-9, abs=1e-6)


def test_a_large_common_offset_costs_no_digits() -> None:
    s = of([1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4])
    assert s["sd"] == pytest.approx(np.std([1, 2, 3, 4], ddof=1), rel=1e-14)


def test_equal_values_have_no_deviation_at_all() -> None:
    s = of([0.1] * 7)
    assert (s["mean"], s["sd"], s["se"]) == (0.1, 0, 0)


def test_empty_groups_and_single_values_are_not_estimable() -> None:
    found = cells(frame([(3.0, 1), (5.0, 3), (7.0, 3)]), {"x": ""}, {"group": 5})
    assert [s["n"] for s in found] == [0, 1, 0, 2, 0]
    assert [s["mean"] for s in found] == [None, 3, None, 6, None]
    assert [s["max"] for s in found] == [None, 3, None, 7, None]
    assert [s["sd"] is None for s in found] == [True, True, True, False, True]
    assert [s["se"] is None for s in found] == [True, True, True, False, True]


def test_missing_values_are_left_out() -> None:
    assert of([1.0, None, 3.0])["n"] == 2  # type: ignore[list-item]
    assert of([None, None]) == {**dict.fromkeys(FIGURES), "n": 0}  # type: ignore[list-item]


def test_no_values_at_all_are_no_error() -> None:
    assert of([]) == {**dict.fromkeys(FIGURES), "n": 0}
    assert [s["n"] for s in cells(frame([]), {"x": ""}, {"group": 2})] == [0, 0]


def test_cells_run_through_the_last_code_fastest() -> None:
    table = pl.DataFrame({"visit": [1, 0, 1], "arm": [0, 2, 1], "x": [1.0, 2.0, 3.0]})
    found = cells(table, {"x": ""}, {"visit": 2, "arm": 3})
    assert [s["mean"] for s in found] == [None, None, 2, 1, 3, None]
