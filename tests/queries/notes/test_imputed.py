"""Rows that were not observed."""

from __future__ import annotations


def test_rows_with_a_dtype_are_counted_by_it(study, noted, rows):
    opened = study(
        adlb="""
        USUBJID PARAMCD AVISIT AVISITN AVAL DTYPE
        P1      X       Week_4 4       1    -
        P1      X       Week_8 8       1    LOCF
        P2      X       Week_8 8       1    LOCF
        P2      Z       Week_8 8       1    AVERAGE
        """
    )
    (note,) = noted(opened, "imputed")
    assert (note.rows, note.subjects, rows(note)) == (3, 2, [2, 3, 4])
    assert note.what.startswith(
        "3 of 4 rows were not observed (DTYPE LOCF 2, AVERAGE 1), of 2 subjects"
    )


def test_a_dtype_that_is_always_empty_is_no_note(study, noted):
    table = "USUBJID PARAMCD AVISIT AVISITN AVAL DTYPE\nP1 X Week_4 4 1 -\n"
    assert noted(study(adlb=table), "imputed") == []
