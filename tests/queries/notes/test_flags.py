"""A record flag that leaves a subject nothing."""

from __future__ import annotations

TABLE = """
    USUBJID PARAMCD AVISIT   AVISITN AVAL ANL01FL ANL02FL
    P1      X       Week_4   4       1    Y       -
    P1      X       Week_8   8       1    -       Y
    P2      X       Week_4   4       1    Y       -
    D1      X       Week_4   4       1    Y       -
    D2      X       Week_4   4       1    {0}     -
    D2      Y       Week_4   4       1    {1}     -
    P1      Y       Week_4   4       1    Y       -
    P2      Y       Week_4   4       1    Y       -
    P2      Y       -        -       1    -       -
"""


def test_a_flag_that_keeps_a_record_of_everyone_is_no_note(study, noted):
    assert noted(study(adlb=TABLE.format("Y", "Y")), "flag-drops-subjects") == []


def test_who_loses_an_endpoint_and_who_loses_all_are_counted(study, noted, rows):
    (note,) = noted(study(adlb=TABLE.format("-", "Y")), "flag-drops-subjects")
    assert (note.rows, note.subjects, rows(note), note.endpoint) == (1, 1, [5], "X")
    assert "for 1 of 4 subjects, of any endpoint for 0" in note.what
    (note,) = noted(study(adlb=TABLE.format("-", "-")), "flag-drops-subjects")
    assert (note.rows, note.subjects) == (2, 1)
    assert "of any endpoint for 1: X 1, Y 1." in note.what


def test_a_flag_that_most_subjects_lack_marks_something_else(study, noted):
    found = noted(study(adlb=TABLE.format("-", "-")), "flag-drops-subjects")
    assert not any("ANL02FL" in note.what for note in found)
