"""The traps of the CDISC pilot, each of which is a rule in force that the answer states."""

from __future__ import annotations

from functools import cache

import polars as pl
import pytest

from tui.analyses.answer import Question
from tui.errors import SelectionError
from tui.selection import parse


@pytest.fixture(scope="module")
def visits(pilot_session):
    return cache(lambda line: pilot_session.answer(Question("visits", parse(line))))


@pytest.fixture(scope="module")
def rows_of(pilot):
    """A dataset of the pilot, read without the program."""
    return cache(lambda name: pl.read_parquet(pilot / f"{name}.parquet"))


def step(answer, rule):
    """Rows and subjects that a rule leaves, and the rows that it drops."""
    places = [i for i, one in enumerate(answer.funnel) if one.step == rule]
    assert len(places) == 1, answer.funnel
    here, before = answer.funnel[places[0]], answer.funnel[places[0] - 1]
    return here.rows, here.subjects, before.rows - here.rows


def note(answer, start):
    found = [text for text in answer.notes if text.startswith(start)]
    assert len(found) == 1, answer.notes
    return found[0]


def test_anl01fl_is_applied_where_it_chooses_one_record_a_visit(visits):
    answer = visits("endpoint=ACTOT population=EFFFL")
    assert answer.selection.records == "ANL01FL"
    assert step(answer, "ANL01FL = Y") == (936, 234, 24)
    assert "ANL01FL = Y, which leaves 936 of 936 subject-visits" in note(answer, "Records:")


def test_anl01fl_is_not_applied_where_it_marks_one_record_a_subject(visits, rows_of):
    """In the laboratory data it flags a single record, which is no choice within a visit."""
    flagged = rows_of("adlbc").filter(PARAMCD="ALT", ANL01FL="Y").drop_nulls("AVISIT")
    answer = visits("endpoint=ALT")
    assert answer.selection.records == "all"
    assert not [one for one in answer.funnel if "ANL01FL" in one.step]
    said = note(answer, "Records: all; ANL01FL = Y is not applied, because")
    assert f"it would leave {flagged.height} of 2014 subject-visits" in said


def test_anl01fl_can_be_applied_all_the_same(visits):
    answer = visits("endpoint=ALT records=ANL01FL")
    assert step(answer, "ANL01FL = Y") == (318, 246, 1696)
    assert parse(str(answer.selection)) == answer.selection


def test_rows_without_a_visit_are_left_out_and_counted(visits, rows_of):
    answer = visits("endpoint=ALT")
    unscheduled = rows_of("adlbc").filter(PARAMCD="ALT")["AVISIT"]
    blank = unscheduled.str.strip_chars().replace("", None).null_count()
    assert step(answer, "scheduled visit (AVISIT present)") == (2014, 254, blank)
    assert blank == 44


def test_end_of_treatment_has_no_place_on_the_time_axis(visits):
    answer = visits("endpoint=ALT")
    assert 99 not in {row.visit_number for row in answer.rows}
    assert step(answer, "on the time axis (not AVISITN 99)") == (1768, 254, 246)
    assert "visits=99 shows it" in note(answer, "End of Treatment (AVISITN 99, 246 rows)")


def test_end_of_treatment_is_shown_when_it_is_asked_for(visits, rows_of):
    answer = visits("endpoint=ALT visits=99")
    assert [(row.visit, row.visit_number) for row in answer.rows] == [("End of Treatment", 99)] * 3
    delivered = rows_of("adlbc").filter(PARAMCD="ALT", AVISITN=99)
    by_arm = dict(delivered.group_by("TRTA").len().rows())
    assert {row.arm: row.n for row in answer.rows} == by_arm
    assert all(row.p is not None for row in answer.rows if not row.is_reference)


def test_the_first_of_three_time_points_is_shown_and_the_others_named(visits):
    answer = visits("endpoint=SYSBP")
    assert answer.selection.timepoint == "AFTER LYING DOWN FOR 5 MINUTES"
    assert step(answer, "time point AFTER LYING DOWN FOR 5 MINUTES") == (2964, 254, 5925)
    said = note(answer, "3 time points a visit: the first, AFTER LYING DOWN FOR 5 MINUTES,")
    assert "AFTER STANDING FOR 1 MINUTE or AFTER STANDING FOR 3 MINUTES" in said
    assert answer.rows == visits("endpoint=SYSBP timepoint=lying").rows


def test_an_ambiguous_time_point_is_an_error_that_names_them(visits):
    with pytest.raises(SelectionError) as error:
        visits("endpoint=SYSBP timepoint=standing")
    message = str(error.value)
    assert message.startswith("'standing' is more than one time point of this endpoint")
    assert "AFTER STANDING FOR 1 MINUTE or AFTER STANDING FOR 3 MINUTES" in message


def test_another_time_point_has_other_figures(visits):
    standing = visits("endpoint=SYSBP timepoint='standing for 1'")
    assert standing.selection.timepoint == "AFTER STANDING FOR 1 MINUTE"
    assert standing.rows[0].mean != visits("endpoint=SYSBP").rows[0].mean


def test_imputed_rows_are_counted_and_kept(visits, rows_of):
    answer = visits("endpoint=ACTOT population=EFFFL")
    imputed = rows_of("adadas").filter(PARAMCD="ACTOT", EFFFL="Y", ANL01FL="Y", DTYPE="LOCF")
    assert answer.selection.imputed == "keep"
    assert imputed.height == 163
    assert "imputed=drop drops such rows" in note(
        answer, "163 rows are imputed (DTYPE LOCF) and kept"
    )


def test_imputed_rows_are_dropped_when_that_is_asked_for(visits, rows_of):
    answer = visits("endpoint=ACTOT population=EFFFL imputed=drop")
    assert step(answer, "DTYPE empty (imputed rows dropped)") == (773, 234, 163)
    observed = rows_of("adadas").filter(
        pl.col("DTYPE").is_null(), PARAMCD="ACTOT", EFFFL="Y", ANL01FL="Y", AVISITN=24
    )
    by_arm = dict(observed.group_by("TRTP").len().rows())
    assert {row.arm: row.n for row in answer.rows if row.visit_number == 24} == by_arm


def test_arms_stand_in_the_order_of_their_codes(pilot_session):
    """By name, High would stand before Low and both of them after Placebo."""
    arms = [(arm.label, arm.code) for arm in pilot_session.study.arms]
    assert arms == [("Placebo", 0), ("Xanomeline Low Dose", 54), ("Xanomeline High Dose", 81)]
    assert pilot_session.study.reference.label == "Placebo"


def test_an_endpoint_of_two_datasets_is_taken_from_the_larger_and_said_so(visits):
    answer = visits("endpoint=ALT")
    assert answer.selection.endpoint == "ADLBC.ALT"
    assert "Write ADLBHY.ALT for the other" in note(answer, "ALT stands in several datasets")
    assert visits("endpoint=ADLBHY.ALT").selection.endpoint == "ADLBHY.ALT"


def test_ancova_without_a_baseline_says_why_there_is_none(visits):
    answer = visits("endpoint=CIBICVAL")
    reason = "ANCOVA cannot be used: the dataset has no baseline (BASE)"
    assert f"{reason}." in answer.notes
    compared = [row for row in answer.rows if not row.is_reference]
    assert len(compared) == 6
    assert {row.not_estimable for row in compared} == {reason}
    assert {row.difference for row in compared} == {None}


def test_welch_works_without_a_baseline(visits):
    answer = visits("endpoint=CIBICVAL method=welch")
    assert answer.selection.value == "AVAL"
    assert "values are compared" in note(answer, "ADCIBC has no change from baseline")
    compared = [row for row in answer.rows if not row.is_reference]
    assert len(compared) == 6
    assert all(row.p is not None and row.not_estimable is None for row in compared)


def test_the_population_is_planned_for_efficacy_and_actual_for_safety(visits):
    assert visits("endpoint=ACTOT population=EFFFL").selection.arm == "planned"
    assert visits("endpoint=ALT").selection.arm == "actual"


def test_a_dataset_that_plays_no_part_is_listed(pilot_session):
    rows = pilot_session.answer(Question("study")).rows
    parts = {row.name: row.label for row in rows if row.section == "dataset"}
    assert parts["ADSL"] == "subject level"
    assert parts["ADAE"] == "adverse events"
    assert parts["ADTTE"] == "time to event"
    assert len(parts) == 12
