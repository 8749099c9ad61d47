"""Which rows are times to an event, what is left out of them, and how one is named."""

from __future__ import annotations

import pytest

from tui.errors import SelectionError, StudyError
from tui.queries import match, time_to_event
from tui.selection import parse
from tui.study.model import Role

TIMES = """
    USUBJID PARAMCD PARAM                AVAL CNSR
    P1      OS      Overall_Survival_(d) 30   0
    P2      OS      Overall_Survival_(d) 12.5 1
    D1      OS      Overall_Survival_(d) 44   2
    D2      OS      Overall_Survival_(d) 0    0
"""
FINDINGS = """
    USUBJID PARAMCD AVISITN AVAL
    P1      X       1       5
    D1      X       1       7
"""


def build(study, line=""):
    return time_to_event.build(study, parse(line))


def rules(times):
    return [(step.step, step.rows) for step in times.funnel]


def test_a_dataset_with_censoring_is_no_findings_dataset(study):
    opened = study(adtte=TIMES, adlb=FINDINGS)
    roles = {one.name: one.role for one in opened.datasets}
    assert roles["ADTTE"] is Role.TIME_TO_EVENT
    assert [one.key for one in opened.time_to_event] == ["OS"]
    assert [one.key for one in opened.endpoints] == ["X"]


def test_without_a_value_it_plays_no_part(study):
    opened = study(adtte="USUBJID PARAMCD CNSR\nP1 OS 0\n", adlb=FINDINGS)
    adtte = next(one for one in opened.datasets if one.name == "ADTTE")
    assert (adtte.role, adtte.why) == (Role.UNUSED, "has PARAMCD and CNSR without AVAL")
    assert not opened.time_to_event


def test_zero_is_an_event_and_everything_above_is_censored(study):
    times = build(study(adtte=TIMES))
    assert times.frame.rows() == [
        ("P2", 0, 12.5, False),
        ("P1", 0, 30.0, True),
        ("D2", 1, 0.0, True),
        ("D1", 1, 44.0, False),
    ]
    assert (times.unit, times.endpoint.label) == ("d", "Overall Survival")


def test_what_tells_nothing_is_left_out_and_counted(study):
    rows = """
        USUBJID PARAMCD AVAL CNSR
        P1      OS      -    0
        P2      OS      -3   0
        D1      OS      5    -
        D2      OS      7    0
        X9      OS      7    0
        D2      PFS     1    1
    """
    times = build(study(adtte=rows), "endpoint=OS")
    assert rules(times) == [
        ("OS in ADTTE", 5),
        ("subject in ADSL", 4),
        ("ITTFL = Y", 4),
        ("planned arm Placebo, Drug", 4),
        ("AVAL present", 3),
        ("AVAL finite and not negative", 2),
        ("CNSR present, 0 (event) or above (censored)", 1),
    ]
    assert times.frame["subject"].to_list() == ["D2"]


def test_of_several_records_of_a_subject_the_earliest_counts(study):
    rows = """
        USUBJID PARAMCD AVAL CNSR
        P1      OS      9    0
        P1      OS      5    1
        P1      OS      5    0
        D1      OS      3    1
    """
    times = build(study(adtte=rows))
    assert rules(times)[-1] == (
        "one record a subject: the earliest, an event before a censoring",
        2,
    )
    assert times.frame.rows() == [("P1", 0, 5.0, True), ("D1", 1, 3.0, False)]


def test_a_record_flag_chooses_among_the_records_of_a_subject(study):
    rows = """
        USUBJID PARAMCD AVAL CNSR ANL01FL ANL02FL
        P1      OS      9    0    Y       -
        P1      OS      5    1    -       Y
        D1      OS      3    1    Y       Y
    """
    opened = study(adtte=rows)
    auto = build(opened)
    assert auto.selection.records == "ANL01FL"
    assert auto.frame["time"].to_list() == [9, 3]
    assert "Records: ANL01FL = Y, because subjects have several." in auto.notes
    assert build(opened, "records=ANL02FL").frame["time"].to_list() == [5, 3]
    with pytest.raises(SelectionError, match="There is no record flag ANL09FL"):
        build(opened, "records=ANL09FL")


def test_a_flag_that_chooses_nothing_is_not_applied(study):
    rows = "USUBJID PARAMCD AVAL CNSR ANL01FL\nP1 OS 9 0 -\nD1 OS 3 1 Y\n"
    times = build(study(adtte=rows))
    assert (times.selection.records, times.frame.height) == ("all", 2)


def test_the_arm_of_the_record_goes_before_that_of_the_subject(study):
    rows = "USUBJID PARAMCD AVAL CNSR TRTP\nP1 OS 9 0 Drug\nP2 OS 3 1 Placebo\nD1 OS 3 1 -\n"
    times = build(study(adtte=rows))
    assert times.frame.select("subject", "arm").rows() == [("P2", 0), ("P1", 1)]


def test_the_unit_is_that_of_avalu_where_param_has_none(study):
    rows = "USUBJID PARAMCD AVAL AVALU CNSR\nP1 OS 9 DAYS 0\nD1 OS 3 DAYS 1\n"
    times = build(study(adtte=rows))
    assert times.unit == "DAYS"
    assert "Times are in DAYS, as AVALU says." in times.notes
    two = build(study(adtte=rows.replace("3 DAYS", "3 WEEKS")))
    assert two.unit == ""
    assert any("does not say what the times are in" in note for note in two.notes)


def test_what_is_not_looked_at_is_said_and_not_in_force(study):
    times = build(study(adtte=TIMES), "visits=8 value=CHG method=mmrm alpha=0.1")
    assert (
        "Not looked at by an analysis of times to an event: visits, value, method." in times.notes
    )
    assert (times.selection.visits, times.selection.method) == (None, None)
    assert times.selection.alpha == 0.1


def test_a_time_that_is_no_number_is_an_error_with_its_place(study):
    rows = "USUBJID PARAMCD AVAL CNSR\nP1 OS 9 0\nD1 OS soon 1\n"
    with pytest.raises(StudyError, match=r"adtte.csv: column AVAL, row 2: 'soon' is not a number"):
        build(study(adtte=rows))


# Names


def test_the_first_is_taken_where_none_is_asked_for(study):
    both = TIMES + "    D2 PFS Progression 3 1\n"
    opened = study(adtte=both)
    one, note = match.time_to_event(opened, None)
    assert (one.key, note) == (
        "OS",
        "Endpoint: OS, because none was asked for; there is also PFS.",
    )
    assert match.time_to_event(opened, "pfs")[0].key == "PFS"
    assert match.time_to_event(opened, "survival")[0].key == "OS"
    with pytest.raises(SelectionError, match="There is no time-to-event endpoint 'DFS'"):
        match.time_to_event(opened, "DFS")


def test_each_kind_of_endpoint_is_told_from_the_other(study):
    opened = study(adtte=TIMES, adlb=FINDINGS)
    with pytest.raises(SelectionError, match="show survival --endpoint OS analyzes it"):
        match.endpoint(opened, "os")
    with pytest.raises(SelectionError, match=r"X is measured at visits .* there is OS"):
        match.time_to_event(opened, "X")
    alone = study(adtte=TIMES)
    with pytest.raises(SelectionError, match="show survival --endpoint OS analyzes it"):
        match.endpoint(alone, "OS")


def test_a_code_of_both_kinds_means_what_is_asked_for(study):
    opened = study(adtte=TIMES, adlb=FINDINGS.replace(" X ", " OS "))
    assert match.endpoint(opened, "OS")[0].dataset.name == "ADLB"
    assert match.time_to_event(opened, "OS")[0].dataset.name == "ADTTE"


def test_a_study_without_times_says_so(study):
    with pytest.raises(SelectionError, match="no dataset with PARAMCD, AVAL and CNSR"):
        build(study(adlb=FINDINGS))
