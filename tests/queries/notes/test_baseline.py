"""BASE, CHG and the baseline record: what contradicts is found, what ADaM allows is not."""

from __future__ import annotations

import pytest

FIT = """
    USUBJID PARAMCD AVISIT   AVISITN ADY AVAL BASE CHG ABLFL
    P1      X       Screen   -1      -7  4.9  5    -   -
    P1      X       Baseline 0       1   5    5    -   Y
    P1      X       Week_4   4       28  7    5    2   -
    P1      X       End_of_Treatment 99 28 7  5    2   -
    P2      X       Baseline 0       1   1e9  1e9  0   Y
    P2      X       Week_4   4       28  3    1e9  -999999997.0000001 -
    D1      X       Baseline 0       1   0.1  0.1  -   Y
    D1      X       Week_4   4       28  0.3  0.1  0.19999999999999998 -
    D2      X       Baseline 0       1   6    6    -   Y
"""
IDS = ("change-differs", "several-baselines", "no-baseline", "base-without-record", "base-differs")


def test_a_dataset_that_fits_together_has_no_note_on_its_baseline(study, noted):
    assert noted(study(adlb=FIT), *IDS) == []


@pytest.mark.parametrize(
    ("old", "new", "id", "counts", "first"),
    [
        (
            "7    5    2   -\n    P1      X       End",
            "7 5 3 -\n P1 X End",
            "change-differs",
            (1, 1),
            3,
        ),
        (
            "Week_4   4       28  7    5    2   -",
            "Week_4 4 28 7 5 2 Y",
            "several-baselines",
            (2, 1),
            2,
        ),
        ("AVISITN ADY AVAL BASE CHG", "AVISITN ADY AVAL OTHER CHG", "no-baseline", None, None),
        ("5    5    -   Y", "5 5 - -", "base-without-record", (4, 1), 1),
        ("0       1   6    6    -   Y", "0 1 6 6.5 - Y", "base-differs", (1, 1), 9),
    ],
    ids=["a change", "a flag", "BASE absent", "no flag", "a BASE"],
)
def test_one_defect_is_one_note_with_its_count_and_row(
    study, noted, rows, old, new, id, counts, first
):
    found = noted(study(adlb=FIT.replace(old, new)), *IDS)
    if counts is None:
        assert found == []
        return
    (note,) = [one for one in found if one.id == id]
    assert (note.rows, note.subjects) == counts
    assert rows(note)[0] == first
    assert (note.dataset, note.endpoint, note.severity) == ("ADLB", "X", "contradiction")
    assert str(note.rows) in note.what
    assert note.see.kind == "values"
    assert note.see.selection.endpoint == "X"


def test_values_after_baseline_without_one_are_a_remark_that_names_the_subject(study, noted):
    text = FIT.replace("0       1   0.1  0.1  -   Y", "0 1 - - - -").replace(
        "28  0.3  0.1  0.19999999999999998", "28 0.3 - -"
    )
    (note,) = noted(study(adlb=text), *IDS)
    assert (note.id, note.severity, note.rows, note.subjects) == ("no-baseline", "remark", 1, 1)
    assert note.first[0].subject == "D1"
    assert note.see.selection.where == "USUBJID=D1"


def test_each_basetype_and_each_time_point_has_a_baseline_of_its_own(study, noted):
    found = noted(
        study(
            adlb="""
            USUBJID PARAMCD BASETYPE ATPT AVISIT AVISITN AVAL BASE ABLFL
            P1      X       LAST     1_H  Day_1  1       5    5    Y
            P1      X       LAST     2_H  Day_1  1       6    6    Y
            P1      X       FIRST    1_H  Day_1  1       4    4    Y
            P1      X       LAST     1_H  Day_8  8       7    5    -
            P1      X       FIRST    1_H  Day_8  8       7    4    -
            """
        ),
        *IDS,
    )
    assert found == []


def test_a_parameter_that_nobody_has_a_baseline_of_has_none_by_design(study, noted):
    table = """
        USUBJID PARAMCD AVISIT AVISITN AVAL BASE ABLFL
        P1      HEIGHT  Visit_1 1      180  -    -
        P2      HEIGHT  Visit_1 1      170  -    -
        P1      WEIGHT  Visit_1 1      80   80   Y
        P2      WEIGHT  Visit_1 1      81   81   Y
    """
    assert noted(study(advs=table), *IDS) == []
