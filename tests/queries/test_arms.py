"""Arms, populations, and the reference, on studies of a few rows."""

from __future__ import annotations

import pytest

from tui.errors import SelectionError
from tui.queries.records import Records

from .seen import PLAIN, Select, Write

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
