"""Which of a visit's records counts: record flags, imputed rows, time points, several a visit."""

from __future__ import annotations

import pytest

from tui.errors import SelectionError

from .seen import LYING, PLAIN, TWICE, Select, Write, column, rules, said, steps, values

FLAGGED = """
    USUBJID PARAMCD AVISIT   AVISITN AVAL BASE CHG ABLFL ANL01FL ANL02FL
    P1      GLUC    Baseline 0       100  100  -   Y     Y       -
    P1      GLUC    Week_4   4       104  100  4   -     Y       Y
    P1      GLUC    Week_4   4       180  100  80  -     -       -
    D1      GLUC    Baseline 0       110  110  -   Y     Y       -
    D1      GLUC    Week_4   4       101  110  -9  -     Y       -
    D1      GLUC    Week_4   4       99   110  -11 -     -       Y
"""


def test_a_record_flag_that_chooses_among_a_visits_records_is_applied(
    study: Write, select: Select
) -> None:
    found = select(study(adlb=FLAGGED))
    assert found.selection.records == "ANL01FL"
    assert values(found, 4) == {"P1": 104, "D1": 101}
    assert "Records: ANL01FL = Y, which leaves 4 of 4 subject-visits." in found.notes
    assert steps(found)[-1] == ("ANL01FL = Y", 4, 2)


def test_a_record_flag_that_marks_something_else_is_not_applied_and_that_is_said(
    study: Write, select: Select
) -> None:
    one_a_subject = """
        USUBJID PARAMCD AVISIT   AVISITN AVAL BASE CHG ABLFL ANL01FL
        P1      GLUC    Baseline 0       100  100  -   Y     -
        P1      GLUC    Week_4   4       104  100  4   -     -
        P1      GLUC    Week_8   8       106  100  6   -     Y
        D1      GLUC    Baseline 0       110  110  -   Y     -
        D1      GLUC    Week_4   4       101  110  -9  -     Y
        D1      GLUC    Week_8   8       99   110  -11 -     -
    """
    found = select(study(adlb=one_a_subject))
    assert found.selection.records == "all"
    assert found.frame.height == 6
    assert said(found, "ANL01FL") == (
        "Records: all; ANL01FL = Y is not applied, because it would leave 2 of 6 subject-visits "
        "and so is no choice of one record a visit."
    )


def test_all_records_count_when_that_is_asked_for(study: Write, select: Select) -> None:
    found = select(study(adlb=FLAGGED), "records=all")
    assert "Records: all, as asked." in found.notes
    assert values(found, 4) == {"P1": 180, "D1": 99}
    assert rules(found)[-1] == "one record a subject and visit: the last"


def test_another_record_flag_counts_when_it_is_asked_for(study: Write, select: Select) -> None:
    found = select(study(adlb=FLAGGED), "records=anl02fl")
    assert values(found, 4) == {"P1": 104, "D1": 99}
    assert rules(found)[-1] == "ANL02FL = Y"


def test_a_flag_that_most_records_lack_is_applied_when_it_is_asked_for(
    study: Write, select: Select
) -> None:
    found = select(study(adlb=FLAGGED), "records=ANL02FL visits=4")
    assert steps(found)[-2:] == [("ANL02FL = Y", 2, 2), ("visits 4", 2, 2)]


def test_a_record_flag_that_is_not_there_is_an_error_that_lists_the_flags(
    study: Write, select: Select
) -> None:
    with pytest.raises(SelectionError) as error:
        select(study(adlb=FLAGGED), "records=ANL03FL")
    assert str(error.value) == (
        "There is no record flag ANL03FL: there is auto, all, ANL01FL or ANL02FL."
    )


def test_a_dataset_without_record_flags_says_that_all_records_count(
    study: Write, select: Select
) -> None:
    assert "Records: all; there is no ANL01FL." in select(study(adlb=PLAIN)).notes


IMPUTED = """
    USUBJID PARAMCD AVISIT   AVISITN AVAL BASE CHG ABLFL DTYPE
    P1      GLUC    Baseline 0       100  100  -   Y     -
    P1      GLUC    Week_4   4       104  100  4   -     -
    P1      GLUC    Week_8   8       104  100  4   -     LOCF
    D1      GLUC    Baseline 0       110  110  -   Y     NA
    D1      GLUC    Week_4   4       101  110  -9  -     NA
    D1      GLUC    Week_8   8       99   110  -11 -     NA
"""


def test_imputed_records_are_kept_and_that_is_said(study: Write, select: Select) -> None:
    found = select(study(adlb=IMPUTED))
    assert values(found, 8) == {"P1": 104, "D1": 99}
    assert column(found, "imputed", "P1") == [None, None, "LOCF"]
    assert "1 row is imputed (DTYPE LOCF) and kept; imputed=drop drops such rows." in found.notes
    assert found.selection.imputed == "keep"


def test_imputed_records_are_dropped_when_that_is_asked_for(study: Write, select: Select) -> None:
    found = select(study(adlb=IMPUTED), "imputed=drop")
    assert values(found, 8) == {"D1": 99}
    assert steps(found)[-1] == ("DTYPE empty (imputed rows dropped)", 5, 2)


def test_of_several_time_points_the_first_is_taken_and_the_others_are_named(
    study: Write, select: Select
) -> None:
    found = select(study(advs=LYING))
    assert column(found, "value", "P1") == [130, 131]
    assert found.selection.timepoint == "AFTER LYING DOWN"
    assert said(found, "time points") == (
        "3 time points a visit: the first, AFTER LYING DOWN, is shown; "
        "the others are AFTER STANDING 1 or AFTER STANDING 3."
    )
    assert "time point AFTER LYING DOWN" in rules(found)


@pytest.mark.parametrize("name", ["AFTER STANDING 1", "after standing 1", "1"])
def test_a_time_point_is_chosen_by_name_or_a_part_of_it(
    study: Write, select: Select, name: str
) -> None:
    found = select(study(advs=LYING), f"timepoint='{name}'")
    assert column(found, "value", "P1") == [120, 118]


@pytest.mark.parametrize(("name", "how_many"), [("sitting", "no"), ("standing", "more than one")])
def test_a_time_point_that_is_none_or_several_is_an_error_that_lists_them(
    study: Write, select: Select, name: str, how_many: str
) -> None:
    with pytest.raises(SelectionError) as error:
        select(study(advs=LYING), f"timepoint={name}")
    assert str(error.value) == (
        f"'{name}' is {how_many} time point of this endpoint: there is AFTER LYING DOWN, "
        "AFTER STANDING 1 or AFTER STANDING 3."
    )


def test_of_several_records_at_a_visit_the_last_is_taken(study: Write, select: Select) -> None:
    found = select(study(adlb=TWICE))
    # The later day; on the same day the later row; a known day before one that is missing.
    assert column(found, "value", "P1") == [100, 107, 112, 114]
    assert column(found, "day", "P1") == [1, 30, 55, 60]
    assert steps(found)[-1] == ("one record a subject and visit: the last", 4, 1)


def test_of_several_records_the_nearest_to_the_target_day_is_taken_first(
    study: Write, select: Select
) -> None:
    found = select(
        study(
            adlb="""
            USUBJID PARAMCD AVISIT AVISITN ADY AWTDIFF AVAL BASE CHG
            P1      GLUC    Week_4 4       27  -1      104  100  4
            P1      GLUC    Week_4 4       30  2       107  100  7
            P1      GLUC    Week_8 8       54  -2      110  100  10
            P1      GLUC    Week_8 8       58  2       111  100  11
            P1      GLUC    Week_9 9       70  -       113  100  13
            P1      GLUC    Week_9 9       60  3       112  100  12
            """
        )
    )
    assert column(found, "value", "P1") == [104, 111, 112]
    assert rules(found)[-1] == (
        "one record a subject and visit: nearest to its target day, then the last"
    )
