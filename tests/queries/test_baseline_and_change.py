"""Baseline and change: delivered as they are, derived where they are not."""

from __future__ import annotations

from .seen import LYING, PLAIN, Select, Write, column


def test_a_baseline_that_is_not_delivered_is_derived_from_the_flagged_record(
    study: Write, select: Select
) -> None:
    found = select(
        study(
            adlb="""
            USUBJID PARAMCD AVISIT    AVISITN AVAL ABLFL
            P1      GLUC    Screening -1      98   -
            P1      GLUC    Baseline  0       100  Y
            P1      GLUC    Week_4    4       104  -
            D1      GLUC    Week_4    4       104  -
            """
        )
    )
    assert "ADLB has no BASE: derived from the record with ABLFL = Y." in found.notes
    assert "ADLB has no CHG: derived as AVAL - BASE." in found.notes
    assert column(found, "base", "P1") == [100, 100, 100]
    assert column(found, "change", "P1") == [-2, None, 4]
    assert column(found, "change", "D1") == [None]
    assert found.selection.value == "CHG"


def test_a_change_that_is_not_delivered_is_derived_from_the_delivered_baseline(
    study: Write, select: Select
) -> None:
    found = select(
        study(
            adlb="""
            USUBJID PARAMCD AVISIT   AVISITN AVAL BASE ABLFL
            P1      GLUC    Baseline 0       100  101  Y
            P1      GLUC    Week_4   4       104  101  -
            """
        )
    )
    assert column(found, "change", "P1") == [None, 3]
    assert "ADLB has no CHG: derived as AVAL - BASE." in found.notes
    assert not [note for note in found.notes if "BASE: derived" in note]


def test_each_time_point_has_a_baseline_of_its_own(study: Write, select: Select) -> None:
    rows = [line.split() for line in LYING.strip().splitlines()]
    without = "\n".join(" ".join([*row[:7], row[9]]) for row in rows)
    found = select(study(advs=without), "timepoint='STANDING 1'")
    assert column(found, "base", "P1") == [120, 120]
    assert column(found, "change", "P1") == [None, -2]


def test_a_delivered_change_is_used_even_where_it_is_not_the_value_less_the_baseline(
    study: Write, select: Select
) -> None:
    wrong = PLAIN.replace("119  120  -1", "119  120  1").replace("92   90   2", "92   90   20")
    found = select(study(adlb=wrong))
    assert "CHG is not AVAL - BASE in 2 rows (the first is row 4)." in found.notes
    assert column(found, "change", "P2") == [None, 1]


def test_a_change_that_differs_by_rounding_alone_is_not_remarked(
    study: Write, select: Select
) -> None:
    rounded = """
        USUBJID PARAMCD AVISIT AVISITN AVAL BASE CHG
        P1      HBA1C   Week_4 4       7.3  7.5  -0.2
        D1      HBA1C   Week_4 4       8.1  8.4  -0.3
    """
    assert not [note for note in select(study(adlb=rounded)).notes if "CHG" in note]


def test_without_any_baseline_values_are_compared_and_that_is_said(
    study: Write, select: Select
) -> None:
    found = select(study(adqs="USUBJID PARAMCD AVISITN AVAL\nP1 SCORE 4 3\nD1 SCORE 4 2"))
    assert found.selection.value == "AVAL"
    assert not found.has_base
    assert "ADQS has no change from baseline: values are compared." in found.notes
