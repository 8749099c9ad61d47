"""Every published figure of MSB-DM003, as the program computes it from the built-in study."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui.analyses.answer import Answer
from tui.analyses.rows.baseline import BaselineRow
from tui.analyses.rows.subjects import ValueRow
from tui.analyses.rows.visits import VisitRow
from tui.report.numbers import count_percent, fixed
from tui.stats.proportions import fisher_p
from tui.validation.figures import FOLDER

Ask = Callable[..., Answer]
Lines = Callable[[str], list[dict[str, str]]]

PUBLISHED: dict[str, Any] = json.loads((FOLDER / "msb-dm003.json").read_text(encoding="utf-8"))
ARMS: list[str] = PUBLISHED["arms"]
PLACEBO, LOW, MIDDLE, HIGH = ARMS
DOSES = ARMS[1:]
LATER = (2.0, 4.0, 8.0, 12.0)  # the visits after week 1


def cases(figures: str, *names: str) -> Any:
    """Run a test for each of these published figures, named by some of their fields."""
    found = PUBLISHED[figures]
    ids = ["-".join(str(one[name]) for name in names) for one in found]
    return pytest.mark.parametrize("figure", found, ids=ids)


def baseline_rows(answer: Answer, variable: str, level: str | None = None) -> list[BaselineRow]:
    """A line of the baseline table: arm by arm, then the total."""
    found = [row for row in answer.rows if (row.variable, row.level) == (variable, level)]
    assert [row.arm for row in found] == [*ARMS, "Total"]
    return found


def mean_sd(row: BaselineRow, decimals: int = 1) -> str:
    return f"{fixed(row.mean, decimals)} ± {fixed(row.sd, decimals)}"


def decimals(printed: str) -> int:
    return len(printed.partition(".")[2])


def visit_row(answer: Answer, visit: float, arm: str) -> VisitRow:
    [found] = [row for row in answer.rows if (row.visit_number, row.arm) == (visit, arm)]
    return found


def compared(answer: Answer) -> list[VisitRow]:
    """The rows in which a dose is compared with placebo."""
    found = [row for row in answer.rows if row.visit_number > 0 and not row.is_reference]
    assert len(found) == 5 * len(DOSES)
    return found


def below_7(answer: Answer, arm: str) -> tuple[int, int]:
    """Subjects of an arm below 7 %, and subjects of the arm."""
    values = [row.value for row in answer.rows if row.arm == arm]
    return sum(value < 7 for value in values), len(values)


# Who was in the study (A, T1, R, Q)


def test_sixteen_subjects_are_on_placebo_and_fifteen_on_each_dose(ask: Ask) -> None:
    assert [(row.arm, row.n) for row in ask("arms").rows] == list(
        zip(ARMS, PUBLISHED["size"]["by_arm"], strict=True)
    )


def test_sixty_one_subjects_are_in_the_study(ask: Ask) -> None:
    assert sum(arm.n for arm in ask("study").arms) == PUBLISHED["size"]["all"]


def test_every_subject_is_in_both_populations(ask: Ask) -> None:
    found = {row.name: row.rows for row in ask("study").rows if row.section == "population"}
    assert found == {"SAFFL": 61, "ITTFL": 61, "all": 61}


def test_eighteen_sites_took_part(lines: Lines) -> None:
    assert len({row["SITEID"] for row in lines("adsl")}) == PUBLISHED["size"]["sites"]


def test_three_of_four_are_on_the_dose_in_each_of_three_sequential_cohorts(lines: Lines) -> None:
    found = Counter((row["COHORT"], row["TRT01P"]) for row in lines("adsl"))
    assert {pair: n for pair, n in found.items() if pair[1] != PLACEBO} == {
        ("1", LOW): 15,
        ("2", MIDDLE): 15,
        ("3", HIGH): 15,
    }
    assert sorted(n for (_, arm), n in found.items() if arm == PLACEBO) == [5, 5, 6]
    starts = {
        cohort: sorted(row["TRTSDT"] for row in lines("adsl") if row["COHORT"] == cohort)
        for cohort in "123"
    }
    assert starts["1"][-1] < starts["2"][0]
    assert starts["2"][-1] < starts["3"][0]


def test_forty_are_men_and_twenty_one_women(ask: Ask) -> None:
    table = ask("baseline")
    for sex in ("M", "F"):
        assert baseline_rows(table, "SEX", sex)[-1].n == PUBLISHED["sex"][sex]


@cases("counts", "variable", "level")
def test_the_baseline_table_counts_as_published(ask: Ask, figure: Any) -> None:
    *by_arm, total = baseline_rows(ask("baseline"), figure["variable"], figure["level"])
    assert [row.n for row in by_arm] == figure["by_arm"]
    assert total.n == sum(figure["by_arm"])


def test_the_counts_of_race_add_up_to_the_arms(ask: Ask) -> None:
    races = [row for row in ask("baseline").rows if row.variable == "RACE"]
    for arm, size in zip(ARMS, PUBLISHED["size"]["by_arm"], strict=True):
        assert sum(row.n for row in races if row.arm == arm) == size


def test_the_program_says_that_race_on_the_largest_dose_is_a_misprint(ask: Ask) -> None:
    remarks = [row.label for row in ask("study").rows if row.section == "remark"]
    [said] = [text for text in remarks if "Race on 2.0" in text]
    assert "printed as 12/1/1/2, 16 of 15 subjects" in said
    assert "we take 12/1/1/1" in said


@pytest.mark.parametrize(
    "misprint",
    ['"4.4 +/- 2.2 mmol/mol"', '"-3.3 +/- -2.7 mmol/mol"', '"0.4 mmol/mol"', "6 years", "8.7"],
)
def test_the_program_says_of_every_other_misprint_what_it_takes(ask: Ask, misprint: str) -> None:
    remarks = [row.label for row in ask("study").rows if row.section == "remark"]
    [said] = [text for text in remarks if misprint in text]
    assert "we take" in said or "ours is" in said


@cases("moments", "variable")
def test_means_and_sds_by_arm_are_those_of_table_1(ask: Ask, figure: Any) -> None:
    *by_arm, _ = baseline_rows(ask("baseline"), figure["variable"])
    assert [mean_sd(row) for row in by_arm] == figure["by_arm"]
    assert all(row.missing == 0 for row in by_arm)


@cases("overall", "variable")
def test_means_and_sds_of_all_subjects_are_those_of_the_abstract(ask: Ask, figure: Any) -> None:
    table = ask("baseline")
    assert mean_sd(baseline_rows(table, figure["variable"])[-1]) == figure["printed"]


def test_hba1c_of_all_subjects_is_67_10_9_mmol_mol(ask: Ask) -> None:
    total = baseline_rows(ask("baseline", "unit=mmol/mol"), "HBA1C")[-1]
    assert fixed(total.mean, 0) == PUBLISHED["hba1c_mmol"]["mean"]
    assert fixed(total.sd, 1) == PUBLISHED["hba1c_mmol"]["sd"]


def test_hba1c_by_arm_in_mmol_mol_is_that_of_table_1(ask: Ask) -> None:
    figure = PUBLISHED["hba1c_mmol"]
    *by_arm, _ = baseline_rows(ask("baseline", "unit=mmol/mol"), "HBA1C")
    assert [fixed(row.mean, 0) for row in by_arm] == figure["mean_by_arm"]
    # 8.7 on placebo and 0.3 is 0.8 %, converted after rounding: see the study's README.
    printed = figure["sd_by_arm"]
    assert [fixed(row.sd, decimals(sd)) for row, sd in zip(by_arm, printed, strict=True)] == printed


def test_hba1c_below_8_percent_is_as_frequent_as_in_table_1(ask: Ask) -> None:
    *by_arm, _ = baseline_rows(ask("baseline"), "HBA1CGR1", "<8%")
    printed = [
        count_percent(row.n, size)
        for row, size in zip(by_arm, PUBLISHED["size"]["by_arm"], strict=True)
    ]
    assert printed == PUBLISHED["hba1c_below_8"]["by_arm"]


def test_the_group_below_8_percent_is_told_from_the_value(lines: Lines) -> None:
    for row in lines("adsl"):
        assert (row["HBA1CGR1"] == "<8%") == (float(row["HBA1CBL"]) < 8), row["USUBJID"]


def test_bmi_is_weight_over_squared_height_in_every_subject(lines: Lines) -> None:
    for row in lines("adsl"):
        bmi = float(row["WEIGHTBL"]) / (float(row["HEIGHTBL"]) / 100) ** 2
        assert fixed(bmi, 1) == row["BMIBL"], row["USUBJID"]


def test_baseline_of_the_subjects_is_baseline_of_the_endpoints(lines: Lines) -> None:
    for dataset, code, column in (("adlb", "HBA1C", "HBA1CBL"), ("advs", "WEIGHT", "WEIGHTBL")):
        found = {
            row["USUBJID"]: row["AVAL"]
            for row in lines(dataset)
            if row["PARAMCD"] == code and row["ABLFL"] == "Y"
        }
        assert found == {row["USUBJID"]: row[column] for row in lines("adsl")}


@cases("inclusion", "variable")
def test_every_subject_meets_the_limits_of_inclusion(ask: Ask, figure: Any) -> None:
    total = baseline_rows(ask("baseline"), figure["variable"])[-1]
    assert total.min >= figure.get("from", total.min)
    assert total.max <= figure.get("to", total.max)
    assert total.min > figure.get("above", 0)
    assert total.max < figure.get("below", float("inf"))


def test_the_heaviest_subject_on_the_largest_dose_was_given_246_million_cells(ask: Ask) -> None:
    figure = PUBLISHED["heaviest_on_2.0"]
    heaviest = baseline_rows(ask("baseline"), "WEIGHTBL")[ARMS.index(HIGH)].max
    assert fixed(figure["million_per_kg"] * heaviest, 0) == str(figure["million_cells"])


# When they were seen (A, N)


def test_the_visits_are_weeks_0_1_2_4_8_and_12(ask: Ask) -> None:
    found = [float(row.name) for row in ask("study").rows if row.section == "visit"]
    assert found == PUBLISHED["visits"]["weeks"]


def test_the_program_says_which_visits_are_not_in_print(ask: Ask) -> None:
    remarks = [row.label for row in ask("study").rows if row.section == "remark"]
    assert any("weeks 2 and 4 are a reconstruction" in text for text in remarks)


@pytest.mark.parametrize("endpoint", ["HBA1C", "GLUC", "INSULIN", "WEIGHT", "SYSBP", "DIABP"])
def test_no_visit_is_missed_at_weeks_0_8_and_12_but_a_handful_elsewhere(
    ask: Ask, endpoint: str
) -> None:
    seen = Counter(row.visit_number for row in ask("values", f"endpoint={endpoint}").rows)
    missed = {week: 61 - seen[week] for week in PUBLISHED["visits"]["weeks"]}
    assert [missed[week] for week in PUBLISHED["visits"]["complete"]] == [0, 0, 0]
    assert sum(missed.values()) == 7


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
