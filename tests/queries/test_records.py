"""From the rows of an endpoint to the records of an analysis, on studies of a few rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tui.errors import SelectionError, StudyError
from tui.queries.endpoint import is_special
from tui.queries.records import Records
from tui.study.model import Study

Write = Callable[..., Study]
Select = Callable[..., Records]

PLAIN = """
    USUBJID PARAMCD PARAM           AVISIT   AVISITN AVAL BASE CHG ABLFL
    P1      GLUC    Glucose_(mg/dL) Baseline 0       100  100  -   Y
    P1      GLUC    Glucose_(mg/dL) Week_4   4       104  100  4   -
    P2      GLUC    Glucose_(mg/dL) Baseline 0       120  120  -   Y
    P2      GLUC    Glucose_(mg/dL) Week_4   4       119  120  -1  -
    D1      GLUC    Glucose_(mg/dL) Baseline 0       110  110  -   Y
    D1      GLUC    Glucose_(mg/dL) Week_4   4       101  110  -9  -
    D2      GLUC    Glucose_(mg/dL) Baseline 0       90   90   -   Y
    D2      GLUC    Glucose_(mg/dL) Week_4   4       92   90   2   -
"""


def plus(table: str, *rows: str) -> str:
    """A table with more rows."""
    return "\n".join([table.rstrip(), *rows])


def steps(records: Records) -> list[tuple[str, int, int]]:
    return [(one.step, one.rows, one.subjects) for one in records.funnel]


def rules(records: Records) -> list[str]:
    return [one.step for one in records.funnel]


def values(records: Records, visit: int) -> dict[str, float]:
    """The value of each subject at a visit; the same subject twice would be an error."""
    place = [one.number for one in records.visits].index(visit)
    found = [
        (row["subject"], row["value"])
        for row in records.frame.iter_rows(named=True)
        if row["visit"] == place
    ]
    assert len(dict(found)) == len(found)
    return dict(found)


def column(records: Records, name: str, subject: str) -> list[float | None]:
    """A column of one subject, visit by visit."""
    frame = records.frame
    return frame.filter(frame["subject"] == subject)[name].to_list()


def said(records: Records, *words: str) -> str:
    """The one note with these words."""
    [found] = [note for note in records.notes if all(word in note for word in words)]
    return found


# The funnel


def test_every_rule_in_force_shows_with_what_it_leaves(study: Write, select: Select) -> None:
    adlb = plus(PLAIN, "P1 GLUC Glucose_(mg/dL) - - 300 100 200 -", "X9 GLUC - Week_4 4 1 1 0 -")
    opened = study(adlb=adlb)
    assert steps(select(opened, "where=AGE>=50 arms=Drug visits=4")) == [
        ("GLUC in ADLB", 10, 5),
        ("subject in ADSL", 9, 4),
        ("ITTFL = Y", 9, 4),
        ("where AGE>=50", 7, 3),
        ("planned arm Drug", 4, 2),
        ("visits 4", 2, 2),
    ]


def test_the_funnel_begins_with_the_endpoint_and_ends_with_the_records(
    study: Write, select: Select
) -> None:
    adlb = plus(
        PLAIN,
        "P1 GLUC - - - 300 100 200 -",
        "D1 GLUC - Week_4 4 99 110 -11 -",
        "D2 GLUC - Week_8 8 - 90 - -",
        "P1 HBA1C - Week_4 4 7 7 0 -",
    )
    found = select(study(adlb=adlb), "endpoint=GLUC population=all")
    assert steps(found) == [
        ("GLUC in ADLB", 11, 4),
        ("planned arm Placebo, Drug", 11, 4),
        ("scheduled visit (AVISIT present)", 10, 4),
        ("AVAL present", 9, 4),
        ("one record a subject and visit: the last", 8, 4),
    ]
    assert found.frame.height == 8


def test_a_selection_in_force_leaves_no_choice_open(study: Write, select: Select) -> None:
    chosen = select(study(adlb=PLAIN), "").selection
    assert str(chosen) == (
        "endpoint=GLUC arms=Placebo,Drug reference=Placebo population=ITTFL records=all "
        "arm=planned imputed=keep visits=0,4 value=CHG unit=mg/dL"
    )


def test_the_selection_in_force_asks_for_the_same_records(study: Write, select: Select) -> None:
    opened = study(adlb=PLAIN)
    first = select(opened, "where=SEX=F")
    again = select(opened, str(first.selection))
    assert again.frame.equals(first.frame)
    assert again.selection == first.selection


def test_subjects_missing_from_the_subject_level_dataset_are_left_out(
    study: Write, select: Select
) -> None:
    found = select(study(adlb=plus(PLAIN, "X9 GLUC - Week_4 4 500 90 410 -")))
    assert "X9" not in found.frame["subject"]
    assert steps(found)[1] == ("subject in ADSL", 8, 4)


# Visits


def test_unscheduled_visits_are_not_on_the_time_axis(study: Write, select: Select) -> None:
    found = select(study(adlb=plus(PLAIN, "P1 GLUC - - 4 300 100 200 -")))
    assert [visit.number for visit in found.visits] == [0, 4]
    assert values(found, 4)["P1"] == 104
    assert ("scheduled visit (AVISIT present)", 8, 4) in steps(found)


END = (
    "P1 GLUC - End_of_Treatment 99 104 100 4 -",
    "D1 GLUC - End_of_Treatment 99 101 110 -9 -",
)


def test_end_of_treatment_has_no_place_on_the_time_axis(study: Write, select: Select) -> None:
    found = select(study(adlb=plus(PLAIN, *END)))
    assert [visit.label for visit in found.visits] == ["Baseline", "Week 4"]
    assert said(found, "End of Treatment") == (
        "End of Treatment (AVISITN 99, 2 rows) has no place on the time axis: visits=99 shows it."
    )
    assert steps(found)[-1] == ("on the time axis (not AVISITN 99)", 8, 4)


def test_end_of_treatment_is_shown_when_it_is_asked_for(study: Write, select: Select) -> None:
    found = select(study(adlb=plus(PLAIN, *END)), "visits=99")
    assert [visit.label for visit in found.visits] == ["End of Treatment"]
    assert values(found, 99) == {"P1": 104, "D1": 101}


@pytest.mark.parametrize(
    ("number", "label", "special"),
    [
        (99, "End of Treatment", True),
        (99, None, True),
        (98, "Follow-up", True),
        (999, "Unplanned", True),
        (9997, "Any", True),
        (12, "End of Treatment", True),
        (30, "Early Termination", True),
        (99, "Week 99", False),
        (98, "Day 98", False),
        (26, "Week 26", False),
        (9, "Week 9", False),
        (0, "Baseline", False),
        (-1, "Screening", False),
        (4.5, "Week 4.5", False),
    ],
)
def test_a_visit_is_special_by_its_label_or_a_number_that_no_week_has(
    number: float, label: str | None, special: bool
) -> None:
    assert is_special(number, label) is special


def test_only_the_visits_asked_for_are_shown_in_order(study: Write, select: Select) -> None:
    found = select(study(adlb=PLAIN), "visits=4,0,4")
    assert [visit.number for visit in found.visits] == [0, 4]
    assert rules(found)[-1] == "visits 0, 4"


def test_a_visit_that_is_not_there_is_an_error_that_lists_those_that_are(
    study: Write, select: Select
) -> None:
    with pytest.raises(SelectionError) as error:
        select(study(adlb=PLAIN), "visits=8")
    assert str(error.value) == "There is no visit 8: there is 0 or 4."


def test_without_avisitn_the_number_in_avisit_counts(study: Write, select: Select) -> None:
    found = select(
        study(
            adlb="""
            USUBJID PARAMCD AVISIT   AVAL ABLFL
            P1      GLUC    Baseline 100  Y
            P1      GLUC    Week_10  101  -
            P1      GLUC    Week_2   102  -
            """
        )
    )
    assert [(visit.number, visit.label) for visit in found.visits] == [
        (0, "Baseline"),
        (2, "Week 2"),
        (10, "Week 10"),
    ]
    assert "ADLB has no AVISITN: the number in AVISIT is used." in found.notes


# Which records count

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


LYING = """
    USUBJID PARAMCD AVISIT   AVISITN ATPT              ATPTN AVAL BASE CHG ABLFL
    P1      SYSBP   Baseline 0       AFTER_STANDING_1  2     120  120  -   Y
    P1      SYSBP   Baseline 0       AFTER_LYING_DOWN  1     130  130  -   Y
    P1      SYSBP   Week_4   4       AFTER_STANDING_1  2     118  120  -2  -
    P1      SYSBP   Week_4   4       AFTER_LYING_DOWN  1     131  130  1   -
    P1      SYSBP   Week_4   4       AFTER_STANDING_3  3     117  120  -3  -
"""


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


TWICE = """
    USUBJID PARAMCD AVISIT   AVISITN ADY AVAL BASE CHG ABLFL
    P1      GLUC    Baseline 0       1   100  100  -   Y
    P1      GLUC    Week_4   4       30  107  100  7   -
    P1      GLUC    Week_4   4       27  104  100  4   -
    P1      GLUC    Week_8   8       55  111  100  11  -
    P1      GLUC    Week_8   8       55  112  100  12  -
    P1      GLUC    Week_9   9       NA  113  100  13  -
    P1      GLUC    Week_9   9       60  114  100  14  -
"""


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


# Baseline and change


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


# Arms and populations

ARMS = """
    USUBJID TRT01P     TRT01PN TRT01A     TRT01AN ITTFL SAFFL
    S1      Zero_dose  0       Zero_dose  0       Y     Y
    S2      High_dose  9       High_dose  9       Y     Y
    S3      Low_dose   3       High_dose  9       Y     Y
    S4      Low_dose   3       Low_dose   3       Y     N
    S5      Zero_dose  0       Zero_dose  0       N     Y
"""
MEASURED = """
    USUBJID PARAMCD AVISIT AVISITN AVAL BASE CHG
    S1      GLUC    Week_4 4       101  100  1
    S2      GLUC    Week_4 4       102  100  2
    S3      GLUC    Week_4 4       103  100  3
    S4      GLUC    Week_4 4       104  100  4
    S5      GLUC    Week_4 4       105  100  5
"""


def by_arm(records: Records) -> dict[str, list[str]]:
    """The subjects of each arm that have a record."""
    labels = [arm.label for arm in records.arms]
    found: dict[str, list[str]] = {label: [] for label in labels}
    for row in records.frame.sort("subject").iter_rows(named=True):
        found[labels[row["arm"]]].append(row["subject"])
    return found


def test_arms_stand_in_the_order_of_their_codes_and_not_of_their_names(
    study: Write, select: Select
) -> None:
    found = select(study(adsl=ARMS, adlb=MEASURED))
    assert [(arm.label, arm.code) for arm in found.arms] == [
        ("Zero dose", 0),
        ("Low dose", 3),
        ("High dose", 9),
    ]


def test_arms_without_codes_stand_with_the_control_first_and_then_by_dose(
    study: Write, select: Select
) -> None:
    adsl = "USUBJID ARM\nS1 Drug_10_mg\nS2 Drug_9_mg\nS3 Placebo\nS4 Drug_0.5_mg"
    opened = study(adsl=adsl, adlb=MEASURED)
    assert [arm.label for arm in opened.arms] == [
        "Placebo",
        "Drug 0.5 mg",
        "Drug 9 mg",
        "Drug 10 mg",
    ]
    assert select(opened).people.reference.label == "Placebo"


def test_the_planned_arm_counts_in_the_intention_to_treat_population(
    study: Write, select: Select
) -> None:
    found = select(study(adsl=ARMS, adlb=MEASURED))
    assert (found.selection.population, found.selection.arm) == ("ITTFL", "planned")
    assert by_arm(found) == {"Zero dose": ["S1"], "Low dose": ["S3", "S4"], "High dose": ["S2"]}
    assert found.people.totals == (1, 2, 1)


def test_the_actual_arm_counts_in_the_safety_population(study: Write, select: Select) -> None:
    found = select(study(adsl=ARMS, adlb=MEASURED), "population=SAF")
    assert (found.selection.population, found.selection.arm) == ("SAFFL", "actual")
    assert by_arm(found) == {"Zero dose": ["S1", "S5"], "High dose": ["S2", "S3"]}
    assert found.people.totals == (2, 2)


def test_the_arm_is_the_one_asked_for_whatever_the_population(study: Write, select: Select) -> None:
    found = select(study(adsl=ARMS, adlb=MEASURED), "population=all arm=actual")
    assert by_arm(found) == {
        "Zero dose": ["S1", "S5"],
        "Low dose": ["S4"],
        "High dose": ["S2", "S3"],
    }


def test_the_arm_of_a_record_is_the_datasets_own_where_it_has_one(
    study: Write, select: Select
) -> None:
    lines = MEASURED.strip().splitlines()
    arms = ["TRTP", "Zero_dose", "High_dose", "High_dose", "Low_dose", "Zero_dose"]
    crossed = "\n".join(f"{line} {arm}" for line, arm in zip(lines, arms, strict=True))
    found = select(study(adsl=ARMS, adlb=crossed))
    assert by_arm(found) == {"Zero dose": ["S1"], "Low dose": ["S4"], "High dose": ["S2", "S3"]}
    assert found.people.totals == (1, 2, 1)  # percentages are of the subject-level arms


def test_a_study_with_one_arm_column_says_that_it_stands_for_the_other(study: Write) -> None:
    assert study(adlb=PLAIN).remarks == ("ADSL has no actual arm; TRT01P stands for it.",)


@pytest.mark.parametrize(
    ("name", "label"),
    [("Low dose", "Low dose"), ("low", "Low dose"), ("3", "Low dose"), ("zer", "Zero dose")],
)
def test_an_arm_is_named_by_label_code_or_part_of_the_label(
    study: Write, select: Select, name: str, label: str
) -> None:
    found = select(study(adsl=ARMS, adlb=MEASURED), f"arms='{name}'")
    assert [arm.label for arm in found.arms] == [label]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("arms=Middle", "There is no arm 'Middle': there is Zero dose, Low dose or High dose."),
        (
            "reference=Middle",
            "There is no arm 'Middle': there is Zero dose, Low dose or High dose.",
        ),
        (
            "arms=dose",
            "'dose' could be more than one arm: Zero dose, Low dose or High dose.",
        ),
        (
            "arms=low,high reference=zero",
            "The reference Zero dose is not among the arms shown: Low dose or High dose.",
        ),
        ("population=PP", "There is no population 'PP': there is ITTFL, SAFFL or all."),
        (
            "where='ITTFL=N'",
            "No subject has ITTFL=N: there is Y.",
        ),
        (
            "where='TRT01PN>9'",
            "No subject is left: the population and the conditions exclude all.",
        ),
        ("endpoint=HBA1C", "There is no endpoint 'HBA1C': there is GLUC GLUC."),
        ("unit=mmol/L", "GLUC cannot be shown in mmol/L: its unit is none."),
    ],
)
def test_a_selection_that_means_nothing_here_is_an_error_that_says_what_there_is(
    study: Write, select: Select, line: str, sentence: str
) -> None:
    with pytest.raises(SelectionError) as error:
        select(study(adsl=ARMS, adlb=MEASURED), line)
    assert str(error.value) == sentence


def test_without_the_reference_the_first_arm_shown_takes_its_place(
    study: Write, select: Select
) -> None:
    found = select(study(adsl=ARMS, adlb=MEASURED), "arms=low,high")
    assert found.people.reference.label == "Low dose"
    assert "Zero dose is not shown: the reference is Low dose." in found.notes


def test_the_reference_arm_is_the_one_that_study_toml_names(study: Write, select: Select) -> None:
    found = select(study('reference_arm = "Low dose"', adsl=ARMS, adlb=MEASURED))
    assert found.people.reference.label == "Low dose"


def test_a_population_that_was_not_asked_for_is_chosen_with_a_reason(
    study: Write, select: Select
) -> None:
    assert (
        "Population ITTFL, because no other was asked for."
        in select(study(adsl=ARMS, adlb=MEASURED)).notes
    )


def test_a_dataset_that_has_a_population_flag_is_made_for_that_population(
    study: Write, select: Select
) -> None:
    lines = MEASURED.strip().splitlines()
    flagged = "\n".join([f"{lines[0]} SAFFL", *(f"{line} Y" for line in lines[1:])])
    found = select(study(adsl=ARMS, adlb=flagged))
    assert found.selection.population == "SAFFL"
    assert "Population SAFFL, because ADLB has it." in found.notes


def test_without_a_population_flag_every_subject_counts(study: Write, select: Select) -> None:
    found = select(study(adsl="USUBJID TRT01P\nS1 A\nS2 B", adlb=MEASURED))
    assert found.selection.population == "all"
    assert "ADSL has no population flag: every subject counts." in found.notes


# Endpoints, units, values


def test_an_endpoint_of_two_datasets_is_the_one_with_more_rows_unless_it_is_named(
    study: Write, select: Select
) -> None:
    opened = study(adlb=PLAIN, adlc="USUBJID PARAMCD AVISITN AVAL\nP1 GLUC 4 1\nD1 GLUC 4 2")
    found = select(opened, "endpoint=gluc")
    assert found.endpoint.key == "ADLB.GLUC"
    assert said(found, "several datasets") == (
        "GLUC stands in several datasets; ADLB.GLUC has the most rows and is shown. "
        "Write ADLC.GLUC for the other."
    )
    assert values(select(opened, "endpoint=ADLC.GLUC"), 4) == {"P1": 1, "D1": 2}


HBA1C = """
    USUBJID PARAMCD PARAM              AVISIT   AVISITN AVAL BASE CHG ABLFL
    P1      HBA1C   Hemoglobin_A1c_(%) Baseline 0       7.0  7.0  -   Y
    P1      HBA1C   Hemoglobin_A1c_(%) Week_4   4       6.5  7.0  -0.5 -
    D1      HBA1C   Hemoglobin_A1c_(%) Baseline 0       8.3  8.3  -   Y
"""


def test_hba1c_in_mmol_mol_is_converted_by_the_master_equation(
    study: Write, select: Select
) -> None:
    found = select(study(adlb=HBA1C), "unit=mmol/mol")
    assert found.unit == found.selection.unit == "mmol/mol"
    assert [round(value) for value in column(found, "value", "P1")] == [53, 48]
    assert [round(value) for value in column(found, "base", "D1")] == [67]
    assert column(found, "change", "P1") == [None, pytest.approx(-0.5 * 10.93)]  # slope alone
    assert (found.decimals, select(study(adlb=HBA1C)).decimals) == (0, 1)


def test_hba1c_that_is_delivered_in_mmol_mol_is_shown_in_percent(
    study: Write, select: Select
) -> None:
    adlb = """
        USUBJID PARAMCD  PARAM             AVISIT AVISITN AVAL  BASE  CHG
        P1      HBA1CHGB HbA1c_(mmol/mol)  Week_4 4       53.01 58.475 -5.465
    """
    found = select(study(adlb=adlb), "unit=%")
    assert column(found, "value", "P1") == [pytest.approx(7.0)]
    assert column(found, "change", "P1") == [pytest.approx(-0.5)]
    assert found.decimals == 1


@pytest.mark.parametrize("unit", ["mg/dL", "mmol"])
def test_a_unit_that_an_endpoint_cannot_have_is_an_error(
    study: Write, select: Select, unit: str
) -> None:
    with pytest.raises(SelectionError) as error:
        select(study(adlb=HBA1C), f"unit={unit}")
    assert str(error.value) == f"HBA1C cannot be shown in {unit}: its unit is % or mmol/mol."


@pytest.mark.parametrize("column_name", ["AVAL", "BASE", "CHG", "AVISITN", "ADY"])
def test_a_number_that_is_none_is_an_error_with_file_column_and_row(
    study: Write, select: Select, column_name: str
) -> None:
    lines = [line.split() for line in TWICE.strip().splitlines()]
    lines[3][lines[0].index(column_name)] = ">10"
    opened = study(adlb="\n".join(" ".join(line) for line in lines))
    with pytest.raises(StudyError) as error:
        select(opened)
    assert str(error.value) == f"adlb.csv: column {column_name}, row 3: '>10' is not a number."


def test_a_value_that_is_missing_as_r_writes_it_is_missing(study: Write, select: Select) -> None:
    found = select(study(adlb=PLAIN.replace("104  100  4", "NA   100  NA")))
    assert values(found, 4) == {"P2": 119, "D1": 101, "D2": 92}
    assert ("AVAL present", 7, 4) in steps(found)


def test_records_keep_the_place_they_have_in_their_file(study: Write, select: Select) -> None:
    found = select(study(adlb=PLAIN), "visits=4")
    assert dict(found.frame.select("subject", "row").rows()) == {"P1": 2, "P2": 4, "D1": 6, "D2": 8}


def test_records_do_not_depend_on_the_order_of_the_rows_in_the_file(
    study: Write, select: Select
) -> None:
    first = select(study(adlb=PLAIN)).frame.drop("row")
    header, *rows = PLAIN.strip().splitlines()
    again = select(study(adlb="\n".join([header, *reversed(rows)]))).frame.drop("row")
    assert again.equals(first)
