"""Several records of a subject at a visit, and the flag that chooses among them."""

from __future__ import annotations

TWICE = """
    USUBJID PARAMCD AVISIT AVISITN AVAL ANL01FL
    P1      X       Week_4 4       1    {0}
    P1      X       Week_4 4       2    {1}
    P1      X       Week_8 8       2    Y
    P2      X       Week_4 4       2    Y
    P2      X       Week_8 8       2    Y
    D1      X       Week_4 4       2    Y
    D1      X       Week_8 8       2    Y
    D2      X       Week_4 4       2    Y
    D2      X       Week_8 8       2    Y
"""


def test_a_flag_that_marks_one_of_each_makes_duplicates_a_remark(study, noted, rows):
    (note,) = noted(study(adlb=TWICE.format("-", "Y")), "duplicates", "resolved-duplicates")
    assert (note.id, note.severity) == ("resolved-duplicates", "remark")
    assert (note.rows, note.subjects, rows(note)) == (2, 1, [1])
    assert note.what == (
        "1 subject-visit of 1 subject with 2 records, of which ANL01FL = Y marks one: X."
    )


def test_a_flag_that_marks_both_leaves_a_contradiction(study, noted):
    (note,) = noted(study(adlb=TWICE.format("Y", "Y")), "duplicates", "resolved-duplicates")
    assert (note.id, note.severity, note.rows) == ("duplicates", "contradiction", 2)
    assert note.see is None  # a table of values shows one of them


def test_derived_rows_time_points_and_unscheduled_visits_are_no_duplicates(study, noted):
    table = """
        USUBJID PARAMCD AVISIT      AVISITN ATPT DTYPE AVAL
        P1      X       Week_4      4       1_H  -     1
        P1      X       Week_4      4       2_H  -     1
        P1      X       Week_4      4       1_H  LOCF  1
        P1      X       Unscheduled 900     1_H  -     1
        P1      X       Unscheduled 900     1_H  -     2
        P1      X       -           -       1_H  -     3
        P1      X       -           -       1_H  -     3
        P1      X       Week_8      8       1_H  -     -
        P1      X       Week_8      8       1_H  -     2
    """
    assert noted(study(adlb=table), "duplicates", "resolved-duplicates") == []
