"""Every published result of MSB-DM003, as the program computes it from the built-in study."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tui.analyses.rows.subjects import ValueRow
from tui.report.numbers import fixed
from tui.stats.proportions import fisher_p

from .published import (
    DOSES,
    HIGH,
    LATER,
    LOW,
    MIDDLE,
    PLACEBO,
    PUBLISHED,
    Ask,
    Lines,
    below_7,
    cases,
    compared,
    decimals,
    visit_row,
)

# HbA1c (A, P)


@cases("differences", "visit", "unit", "arm")
def test_the_adjusted_difference_and_its_error_are_those_of_the_abstract(
    ask: Ask, figure: Any
) -> None:
    row = visit_row(ask("visits", f"unit={figure['unit']}"), figure["visit"], figure["arm"])
    printed = (
        fixed(row.difference, decimals(figure["estimate"])),
        fixed(row.difference_se, decimals(figure["se"])),
    )
    assert printed == (figure["estimate"], figure["se"])


@pytest.mark.parametrize("visit", [8, 12])
def test_the_printed_figures_are_the_ends_of_the_range_over_the_doses(
    ask: Ask, visit: float
) -> None:
    low, middle, high = (visit_row(ask("visits"), visit, arm).difference for arm in DOSES)
    assert high < middle < low


def test_the_model_is_the_analysis_of_covariance_with_56_degrees_of_freedom(ask: Ask) -> None:
    answer = ask("visits")
    assert answer.method.id == "ancova"
    assert answer.method.formula == "CHG ~ arm + BASE"
    assert {row.difference_df for row in compared(answer) if row.visit_number in (8, 12)} == {56}


@pytest.mark.parametrize("unit", ["%", "mmol/mol"])
def test_p_is_below_0_05_on_the_largest_dose_at_week_8_and_nowhere_else(
    ask: Ask, unit: str
) -> None:
    found = [
        (row.arm, row.visit_number)
        for row in compared(ask("visits", f"unit={unit}"))
        if row.p < 0.05
    ]
    assert found == [(HIGH, 8)]


def test_p_on_the_largest_dose_at_week_8_is_one_that_the_printed_figures_allow(ask: Ask) -> None:
    row = visit_row(ask("visits"), 8, HIGH)
    assert 0.004 < row.p < 0.05  # what -0.4 ± 0.2 on 56 degrees of freedom leaves open
    assert row.difference_upper < 0


def test_hba1c_is_reduced_against_placebo_at_every_visit_after_week_1(ask: Ask) -> None:
    later = [row for row in compared(ask("visits")) if row.visit_number in LATER]
    assert len(later) == len(LATER) * len(DOSES)
    assert all(row.difference < 0 for row in later)


def test_hba1c_rises_on_placebo_and_falls_on_every_dose_after_week_1(ask: Ask) -> None:
    for row in ask("visits").rows:
        if row.visit_number in LATER:
            assert (row.change_mean > 0) == row.is_reference, row


def test_five_of_fifteen_on_the_largest_dose_reach_hba1c_below_7_percent(ask: Ask) -> None:
    figure = PUBLISHED["below_7_at_week_12"]
    answer = ask("values", "visits=12")
    for arm in (HIGH, PLACEBO):
        assert below_7(answer, arm) == tuple(figure[arm])


def test_those_below_7_percent_on_the_largest_dose_all_began_below_8(ask: Ask) -> None:
    reached: list[ValueRow] = [
        row for row in ask("values", "visits=12").rows if row.arm == HIGH and row.value < 7
    ]
    assert len(reached) == 5
    assert all(row.base < 8 for row in reached)


def test_of_those_below_8_percent_at_baseline_five_of_eight_reach_it(ask: Ask) -> None:
    figure = PUBLISHED["below_7_at_week_12_of_baseline_below_8"]
    answer = ask("values", 'visits=12 where="HBA1CBL<8"')
    for arm in (HIGH, PLACEBO):
        assert below_7(answer, arm) == tuple(figure[arm])


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("below_7_at_week_12", "visits=12"),
        ("below_7_at_week_12_of_baseline_below_8", 'visits=12 where="HBA1CBL<8"'),
    ],
)
def test_fishers_p_of_reaching_7_percent_is_below_0_05(ask: Ask, name: str, line: str) -> None:
    answer = ask("values", line)
    p = float(fisher_p(*below_7(answer, HIGH), *below_7(answer, PLACEBO)))
    assert fixed(p, 4) == PUBLISHED[name]["fisher"]
    assert p < 0.05


def test_at_week_8_those_from_8_percent_fall_by_0_6_on_the_largest_dose(ask: Ask) -> None:
    figure = PUBLISHED["week_8_of_baseline_from_8"]
    answer = ask("visits", 'visits=8 where="HBA1CBL>=8"')
    high, placebo = visit_row(answer, 8, HIGH), visit_row(answer, 8, PLACEBO)
    printed = figure["estimate"]
    # "compared with placebo" may be the change, or its difference, adjusted or not: all agree.
    assert fixed(high.difference, 1) == printed
    assert fixed(high.change_mean, 1) == printed
    assert fixed(high.change_mean - placebo.change_mean, 1) == printed


# Glucose and insulin (N, Q)


def test_fasting_glucose_does_not_differ_across_the_arms_at_any_visit(ask: Ask) -> None:
    # In print: no differences. The reconstruction keeps well clear of one.
    assert all(row.p > 0.3 for row in compared(ask("visits", "endpoint=GLUC")))


@pytest.mark.parametrize("arm", [MIDDLE, HIGH])
@pytest.mark.parametrize("visit", [8, 12])
def test_fasting_insulin_is_lower_on_the_two_larger_doses(ask: Ask, arm: str, visit: int) -> None:
    answer = ask("visits", "endpoint=INSULIN")
    row = visit_row(answer, visit, arm)
    assert row.difference < 0
    assert row.change_mean < visit_row(answer, visit, PLACEBO).change_mean


# Safety (A, N, P)


@cases("events", "term")
def test_the_published_events_are_in_the_log_and_marked(ask: Ask, figure: Any) -> None:
    found = [row for row in ask("events").rows if row.term == figure["term"]]
    assert len({row.subject for row in found}) == len(found) == figure["subjects"]
    assert {row.origin for row in found} == {"published"}
    assert {row.severity for row in found} == set(figure["severities"])
    assert figure["arms"] in (None, [row.arm for row in found])


def test_no_other_event_is_marked_as_published(ask: Ask) -> None:
    found = Counter(row.origin for row in ask("events").rows)
    assert found["published"] == sum(figure["subjects"] for figure in PUBLISHED["events"])
    assert set(found) == {"published", "reconstructed"}


def test_the_abdominal_pain_is_the_only_severe_event(ask: Ask) -> None:
    [severe] = ask("events", "severity=SEVERE").rows
    assert (severe.term, severe.arm) == ("Abdominal pain", LOW)


def test_no_event_is_serious(ask: Ask) -> None:
    assert ask("events", "serious=yes").rows == ()
    assert {row.serious for row in ask("events").rows} == {"N"}


def test_no_event_is_related_to_treatment(ask: Ask) -> None:
    assert ask("events", "related=yes").rows == ()


def test_no_hypoglycemia_is_severe(ask: Ask) -> None:
    assert {row.severity for row in ask("events", "text=hypoglyc").rows} <= {"MILD", "MODERATE"}


def test_no_event_begins_during_the_infusion_or_in_the_six_hours_after(lines: Lines) -> None:
    on_the_day = [row for row in lines("adae") if row["ASTDY"] == "1"]
    assert on_the_day  # else there would be nothing to test
    assert all(float(row["AEHRINF"]) > PUBLISHED["quiet_hours"]["hours"] for row in on_the_day)
    assert all(row["AEHRINF"] == "" for row in lines("adae") if row["ASTDY"] != "1")


def test_no_event_led_to_discontinuation(lines: Lines) -> None:
    assert {row["AEACN"] for row in lines("adae")} == {"NOT APPLICABLE"}


def test_every_subject_completed_the_study(lines: Lines) -> None:
    assert {row["EOSSTT"] for row in lines("adsl")} == {"COMPLETED"}


@pytest.mark.parametrize("antibodies", ["HLA1", "HLA2", "DSA"])
def test_nobody_became_sensitized(ask: Ask, antibodies: str) -> None:
    rows: tuple[ValueRow, ...] = ask("values", f"endpoint={antibodies}").rows
    assert len({row.subject for row in rows}) == 61
    assert {row.value for row in rows} <= {0, 1}
    assert not [row for row in rows if row.base == 0 and row.value == 1]


def test_nobody_had_donor_specific_antibodies_at_any_visit(lines: Lines) -> None:
    found = {row["AVALC"] for row in lines("adis") if row["PARAMCD"] == "DSA"}
    assert found == {"NEGATIVE"}


def test_antibodies_are_one_where_they_are_positive(lines: Lines) -> None:
    found = {(row["AVALC"], row["AVAL"]) for row in lines("adis")}
    assert found == {("NEGATIVE", "0"), ("POSITIVE", "1")}


# What is published, and what is not


@pytest.mark.parametrize("name", ["adsl", "adlb", "advs", "adae", "adis"])
def test_every_row_of_every_file_says_where_it_comes_from(lines: Lines, name: str) -> None:
    assert {row["ORIGIN"] for row in lines(name)} <= {"published", "reconstructed"}
    if name != "adae":
        assert {row["ORIGIN"] for row in lines(name)} == {"reconstructed"}


def test_no_other_dataset_lies_in_the_folder(folder: Path) -> None:
    found = sorted(path.name for path in folder.glob("*.csv"))
    assert found == ["adae.csv", "adis.csv", "adlb.csv", "adsl.csv", "advs.csv"]
