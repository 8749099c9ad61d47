"""Every rule that leaves out records shows with what it leaves; visits and the time axis."""

from __future__ import annotations

import pytest

from tui.errors import SelectionError
from tui.queries.endpoint import is_special

from .seen import PLAIN, Select, Write, plus, rules, said, steps, values


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
