"""Findings of SDTM under the names of ADaM: values, baseline, change, days, parameters."""

from __future__ import annotations

import pytest

from tui.analyses.answer import Question
from tui.errors import StudyError
from tui.selection import parse

from .sdtm import DM, EX, VS, cell, findings, said, steps, visits


def test_a_domain_has_the_columns_of_adam_and_says_what_they_are(session):
    answer = visits(session(dm=DM, ex=EX, vs=VS))
    assert answer.title == "Systolic (mmHg) by visit and arm"
    for words in (
        "PARAMCD is VSTESTCD", "PARAM is VSTEST (VSSTRESU)", "AVAL is VSSTRESN",
        "AVISITN is VISITNUM", "ADY is VSDY", "ABLFL is VSBLFL",
    ):  # fmt: skip
        assert words in said(answer, "VS: PARAMCD")
    assert [(row.visit, row.visit_number) for row in answer.rows[::3]] == [
        ("SCREENING", 1), ("BASELINE", 2), ("WEEK 2", 3),
    ]  # fmt: skip


def test_an_unscheduled_visit_is_left_out_by_a_rule(session):
    found = steps(visits(session(dm=DM, vs=VS), "population=all"))
    assert found["planned arm Placebo, High, Low"] == 7
    assert found["scheduled visit (AVISIT present)"] == 6


def test_what_was_not_done_is_left_out_by_a_rule_and_is_no_endpoint_of_its_own(session):
    opened = session(dm=DM, vs=VS)
    assert [(one.key, one.rows) for one in opened.study.endpoints] == [("SYSBP", 8)]
    found = steps(visits(opened))
    assert found["AVAL present"] == found["scheduled visit (AVISIT present)"] - 1


def test_change_is_derived_after_the_first_dose_and_said_to_be(session):
    answer = visits(session(dm=DM, vs=VS))
    assert cell(answer, "WEEK 2", "Placebo").change_mean == 128 - 130
    assert cell(answer, "SCREENING", "Placebo").change_n == 0
    assert said(answer, "no BASE") == "VS has no BASE: derived from the record with ABLFL = Y."
    assert said(answer, "no CHG") == (
        "VS has no CHG: derived as AVAL - BASE, but for records before the first dose."
    )


@pytest.mark.parametrize("flag", ["VSBLFL", "VSLOBXFL"])
def test_either_flag_marks_the_baseline(session, flag):
    answer = visits(session(dm=DM, vs=VS.replace("VSBLFL", flag)))
    assert f"ABLFL is {flag}" in said(answer, "VS: PARAMCD")
    assert cell(answer, "WEEK 2", "Placebo").change_mean == -2


def test_without_a_flag_baseline_is_the_last_value_before_the_first_dose(session):
    table = findings("5 1 2024-01-02", "6 2 2024-01-09", "- 2.5 2024-01-09", "8 3 2024-01-11")
    answer = visits(session(dm=DM, lb=table))
    assert cell(answer, "Visit 3", "Placebo").change_mean == 2
    assert "baseline is derived as a subject's last value before the first dose" in said(
        answer, "LB has no BASE"
    )


def test_the_day_of_the_first_dose_counts_as_before_it(session):
    table = findings("5 1 2024-01-02", "6 2 2024-01-10T15:00", "8 3 2024-01-11")
    answer = visits(session(dm=DM, lb=table))
    assert cell(answer, "Visit 3", "Placebo").change_mean == 2
    assert "LBDTC is after RFXSTDTC, the same day counting as before" in said(answer, "APOBLFL")


def test_on_that_day_times_decide_where_both_are_known(session):
    timed = DM.replace("2024-01-10 PBO", "2024-01-10T09:30 PBO")
    table = findings("5 1 2024-01-10T08:00", "6 2 2024-01-10T09:45", "8 3 2024-01-11")
    answer = visits(session(dm=timed, lb=table))
    assert cell(answer, "Visit 2", "Placebo").change_mean == 1
    assert cell(answer, "Visit 3", "Placebo").change_mean == 3


def test_a_date_without_its_day_is_no_baseline(session):
    table = findings("5 1 2024-01-02", "6 2 2024-01", "8 3 2024-01-11")
    assert cell(visits(session(dm=DM, lb=table)), "Visit 3", "Placebo").change_mean == 3


def test_concentrations_have_no_baseline(session):
    table = findings("0 1 2024-01-10", "6 2 2024-01-11").replace("LB", "PC")
    answer = visits(session(dm=DM, pc=table))
    assert cell(answer, "Visit 2", "Placebo").change_n == 0
    assert said(answer, "PC has no change from baseline")


def test_study_days_are_derived_where_the_domain_has_none(session):
    table = findings("5 1 2024-01-09", "6 2 2024-01-10", "8 3 2024-01-11T07:00", "9 4 2024-01")
    opened = session(dm=DM, lb=table)
    answer = opened.answer(Question("values", parse("endpoint=GLUC")))
    assert [row.day for row in answer.rows] == [-1, 1, 2, None]
    assert "ADY is derived from LBDTC and RFSTDTC" in said(answer, "LB: PARAMCD")


def test_a_test_of_two_specimens_is_two_parameters(session):
    table = findings(
        "5 1 2024-01-09 BLOOD", "6 2 2024-01-11 BLOOD", "0 1 2024-01-09 URINE",
        columns="LBSTRESN VISITNUM LBDTC LBSPEC",
    )  # fmt: skip
    table += "\nLB P1 4 ALT ALT U/L 20 1 2024-01-09 BLOOD"
    endpoints = session(dm=DM, lb=table).study.endpoints
    assert [(one.key, one.title, one.rows) for one in endpoints] == [
        ("GLUC.BLOOD", "Glucose, BLOOD (mmol/L)", 2),
        ("GLUC.URINE", "Glucose, URINE (mmol/L)", 1),
        ("ALT", "ALT (U/L)", 1),
    ]


def test_a_test_in_two_units_is_two_parameters(session):
    table = findings("5 1 2024-01-09") + "\nLB P1 2 GLUC Glucose mg/dL 90 2 2024-01-11"
    endpoints = session(dm=DM, lb=table).study.endpoints
    assert [(one.key, one.title) for one in endpoints] == [
        ("GLUC.mmol/L", "Glucose (mmol/L)"), ("GLUC.mg/dL", "Glucose (mg/dL)"),
    ]  # fmt: skip


def test_a_qualifier_that_tells_nothing_more_is_not_part_of_the_code(session):
    table = findings(
        "5 1 2024-01-09 BLOOD CHEM", "0 1 2024-01-09 URINE URINALYSIS",
        columns="LBSTRESN VISITNUM LBDTC LBSPEC LBCAT",
    )  # fmt: skip
    keys = [one.key for one in session(dm=DM, lb=table).study.endpoints]
    assert keys == ["GLUC.BLOOD", "GLUC.URINE"]


def test_one_test_of_two_datasets_is_called_by_both_names(session):
    study = session(dm=DM, lbch=findings("5 1 2024-01-09"), lbur=findings("0 1 2024-01-09")).study
    assert [one.key for one in study.endpoints] == ["LBCH.GLUC", "LBUR.GLUC"]


def test_positions_are_time_points_where_there_are_no_others(session):
    table = findings(
        "140 1 2024-01-09 STANDING", "130 1 2024-01-09 SUPINE",
        columns="LBSTRESN VISITNUM LBDTC LBPOS",
    ).replace("LB", "VS")  # fmt: skip
    answer = visits(session(dm=DM, vs=table), "timepoint=supine")
    assert cell(answer, "Visit 1", "Placebo").mean == 130
    assert "time point SUPINE" in steps(answer)


def test_text_that_is_a_number_is_a_value_where_there_is_no_other(session):
    table = findings("5 1 2024-01-09", "TRACE 2 2024-01-11").replace("LBSTRESN", "LBSTRESC")
    answer = visits(session(dm=DM, lb=table))
    assert "AVAL is LBSTRESC where that is a number" in said(answer, "LB: PARAMCD")
    assert cell(answer, "Visit 1", "Placebo").mean == 5
    assert steps(answer)["AVAL present"] == 1


def test_a_number_that_is_none_is_an_error_that_names_the_column_of_the_file(session):
    opened = session(dm=DM, lb=findings("5 1 2024-01-09", "mmol/L 2 2024-01-11"))
    with pytest.raises(StudyError) as error:
        visits(opened)
    assert str(error.value) == "lb.csv: AVAL is LBSTRESN, row 2: 'mmol/L' is not a number."
