"""Subjects of a dataset and of the subject level."""

from __future__ import annotations

RECORDS = """
    USUBJID PARAMCD AVISIT AVISITN AVAL ITTFL
    P1      X       Week_4 4       1    Y
    P2      X       Week_4 4       1    Y
    D1      X       Week_4 4       1    Y
    D2      X       Week_4 4       1    Y
"""


def test_the_same_subjects_on_both_sides_are_no_note(study, noted):
    assert noted(study(adlb=RECORDS), "not-at-subject-level", "no-records") == []


def test_rows_of_unknown_subjects_are_counted_also_where_there_is_no_subject(study, noted, rows):
    table = RECORDS + "    GHOST X Week_4 4 1 Y\n    GHOST X Week_8 8 1 Y\n    - X Week_4 4 1 Y\n"
    (note,) = noted(study(adlb=table), "not-at-subject-level")
    assert (note.severity, note.rows, note.subjects) == ("contradiction", 3, 1)
    assert rows(note) == [5, 6, 7]
    assert [one.subject for one in note.first] == ["GHOST", "GHOST", None]
    assert note.see is None


def test_subjects_of_the_population_without_a_record_are_named(study, noted):
    (note,) = noted(study(adlb=RECORDS.replace("D1 ", "P1 ")), "no-records")
    assert note.what == "No record here of 1 of 4 subjects with ITTFL = Y."
    assert (note.severity, note.rows, note.subjects) == ("remark", 0, 1)
    assert (note.see.kind, note.see.subject) == ("subject", "D1")


def test_who_had_no_adverse_event_is_not_missed(study, noted):
    events = """
        USUBJID AEDECOD  ASTDT
        P1      Headache 2020-01-01
    """
    assert noted(study(adlb=RECORDS, adae=events), "no-records") == []
