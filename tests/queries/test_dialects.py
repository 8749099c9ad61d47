"""The dialects of ADaM: what a study has under another name, or not at all, and what is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tui.errors import SelectionError
from tui.queries import events
from tui.queries.records import Records
from tui.selection import parse
from tui.study.model import Role, Study

Write = Callable[..., Study]
Select = Callable[..., Records]


def visits(records: Records) -> list[tuple[float, str, int]]:
    """Number, label and records of each visit."""
    counts = dict(records.frame.group_by("visit").len().rows())
    return [
        (one.number, one.label, counts.get(place, 0)) for place, one in enumerate(records.visits)
    ]


def test_param_stands_for_a_paramcd_that_is_not_there(study: Write, select: Select) -> None:
    opened = study(
        adlb="""
        USUBJID PARAM           AVISIT AVISITN AVAL
        P1      Glucose_(mg/dL) Week_4 4       104
        D1      Glucose_(mg/dL) Week_4 4       101
        """
    )
    assert [(one.key, one.unit) for one in opened.endpoints] == [("Glucose (mg/dL)", "mg/dL")]
    found = select(opened)
    assert visits(found) == [(4, "Week 4", 2)]
    assert "ADLB: PARAMCD is PARAM." in found.notes


def test_numbers_in_avalc_stand_for_an_aval_that_is_not_there(study: Write, select: Select) -> None:
    opened = study(
        adlb="""
        USUBJID PARAMCD AVISIT AVISITN AVALC
        P1      GLUC    Week_4 4       104
        P2      GLUC    Week_4 4       TRACE
        D1      GLUC    Week_4 4       101
        """
    )
    found = select(opened)
    assert found.frame["value"].to_list() == [104, 101]
    assert "ADLB: AVAL is AVALC where that is a number." in found.notes
    assert found.funnel[-1].step == "AVAL present"


def test_visit_stands_for_an_avisit_that_is_not_there(study: Write, select: Select) -> None:
    opened = study(
        adlb="""
        USUBJID PARAMCD VISIT           VISITNUM AVAL
        P1      GLUC    WEEK_4          5        104
        P1      GLUC    UNSCHEDULED_5.1 5.1      99
        D1      GLUC    WEEK_4          5        101
        """
    )
    found = select(opened)
    assert visits(found) == [(5, "WEEK 4", 2)]
    assert "ADLB: AVISIT is VISIT; AVISITN is VISITNUM." in found.notes
    assert any("UNSCHEDULED 5.1" in note and "visits=5.1 shows it" in note for note in found.notes)


def test_rows_without_any_visit_stand_under_one_heading(study: Write, select: Select) -> None:
    opened = study(
        adex="""
        USUBJID PARAMCD AVAL
        P1      DURD    84
        P2      DURD    80
        D1      DURD    70
        """
    )
    found = select(opened)
    assert visits(found) == [(0, "(no visit)", 3)]
    assert "ADEX has no visits: all rows stand under one heading, (no visit)." in found.notes


@pytest.mark.parametrize("blank", ["-", ".", "_"])
def test_a_row_without_avisit_is_at_no_visit(study: Write, select: Select, blank: str) -> None:
    opened = study(
        adlb=f"""
        USUBJID PARAMCD AVISIT   AVISITN AVAL
        P1      GLUC    __Week_4 4       104
        P1      GLUC    {blank}  4       99
        D1      GLUC    Week_4   4       101
        """
    )
    assert visits(select(opened)) == [(4, "Week 4", 2)]


def test_visits_that_share_a_number_are_kept_apart(study: Write, select: Select) -> None:
    opened = study(
        adlb="""
        USUBJID PARAMCD AVISIT      AVISITN ADY AVAL
        P1      GLUC    Week_8      8       56  104
        P1      GLUC    Week_10_(T) 8       70  99
        D1      GLUC    WEEK_8      8       57  101
        """
    )
    found = select(opened)
    assert visits(found) == [(8, "WEEK 8", 2), (8.01, "Week 10 (T)", 1)]
    assert "AVISITN 8 stands for 2 visits: WEEK 8 is 8, Week 10 (T) is 8.01." in found.notes
    assert visits(select(opened, "visits=8.01")) == [(8.01, "Week 10 (T)", 1)]


def test_labels_with_the_same_number_are_numbered_in_order_of_time(
    study: Write, select: Select
) -> None:
    """Cycle 1 Day 1 and Cycle 1 Day 15 are two visits, though the first number in both is 1."""
    opened = study(
        adlb="""
        USUBJID PARAMCD AVISIT         ADY AVAL
        P1      GLUC    Cycle_2_Day_1  22  104
        P1      GLUC    Cycle_1_Day_15 15  99
        D1      GLUC    Cycle_1_Day_1  1   101
        """
    )
    found = select(opened)
    assert [one[1] for one in visits(found)] == ["Cycle 1 Day 1", "Cycle 1 Day 15", "Cycle 2 Day 1"]
    said = "ADLB has no AVISITN: AVISIT is numbered in the order of the study days."
    assert said in found.notes


def test_labels_without_a_number_are_named(study: Write, select: Select) -> None:
    opened = study(
        adrs="""
        USUBJID PARAMCD AVISIT  AVAL
        P1      OVR     Week_6  2
        D1      OVR     Overall 1
        """
    )
    found = select(opened)
    assert visits(found) == [(6, "Week 6", 1)]
    assert "Not on the time axis, because AVISIT holds no number: Overall." in found.notes


TWICE = """
    USUBJID PARAMCD BASETYPE AVISIT   AVISITN AVAL BASE CHG ABLFL
    P1      GLUC    RUN-IN   Baseline 0       100  100  -   Y
    P1      GLUC    PERIOD_1 Baseline 0       100  120  -   -
    P1      GLUC    RUN-IN   Week_4   4       104  100  4   -
    P1      GLUC    PERIOD_1 Week_4   4       104  120  -16 -
    D1      GLUC    RUN-IN   Week_4   4       90   110  -20 -
"""


def test_one_definition_of_baseline_is_shown_and_named(study: Write, select: Select) -> None:
    opened = study(adlb=TWICE)
    found = select(opened)
    assert found.selection.basetype == "RUN-IN"
    assert found.frame["change"].drop_nulls().to_list() == [4, -20]
    assert any(note.startswith("2 definitions of baseline (BASETYPE)") for note in found.notes)
    other = select(opened, "basetype=period")
    assert other.selection.basetype == "PERIOD 1"
    assert other.frame["change"].drop_nulls().to_list() == [-16]


def test_a_definition_of_baseline_that_is_not_there_is_refused(
    study: Write, select: Select
) -> None:
    with pytest.raises(SelectionError, match="there is RUN-IN or PERIOD 1"):
        select(study(adlb=TWICE), "basetype=open-label")


def test_definitions_of_baseline_that_share_no_record_need_no_choice(
    study: Write, select: Select
) -> None:
    """A parameter may have another BASETYPE at each time point: no record is repeated."""
    opened = study(
        advs="""
        USUBJID PARAMCD BASETYPE AVISIT AVISITN AVAL
        P1      SYSBP   A        Week_4 4       120
        D1      SYSBP   B        Week_4 4       118
        """
    )
    found = select(opened)
    assert found.selection.basetype is None
    assert visits(found) == [(4, "Week 4", 2)]


def test_parameters_that_differ_in_their_unit_alone_are_two_endpoints(
    study: Write, select: Select
) -> None:
    opened = study(
        adlb="""
        USUBJID PARAMCD PARAM            AVISIT AVISITN AVAL
        P1      GLUC    Glucose_(mg/dL)  Week_4 4       104
        P1      GLUC    Glucose_(mmol/L) Week_4 4       5.8
        D1      GLUC    Glucose_(mmol/L) Week_4 4       5.5
        """
    )
    assert [(one.key, one.unit, one.rows) for one in opened.endpoints] == [
        ("GLUC.mg/dL", "mg/dL", 1),
        ("GLUC.mmol/L", "mmol/L", 2),
    ]
    assert select(opened, "endpoint=GLUC.mmol/L").frame["value"].to_list() == [5.8, 5.5]


def test_a_row_without_param_belongs_to_the_parameter_of_its_code(
    study: Write, select: Select
) -> None:
    opened = study(
        adlb="""
        USUBJID PARAMCD PARAM           AVISIT AVISITN AVAL
        P1      GLUC    Glucose_(mg/dL) Week_4 4       104
        D1      GLUC    -               Week_4 4       101
        """
    )
    assert [(one.key, one.label, one.rows) for one in opened.endpoints] == [("GLUC", "Glucose", 2)]
    assert visits(select(opened)) == [(4, "Week 4", 2)]


@pytest.mark.parametrize(
    ("planned", "actual"), [("TRT01P", "TRT01A"), ("ARM", "ACTARM"), ("TRTP", "TRTA")]
)
def test_arms_by_any_of_their_names(study: Write, planned: str, actual: str) -> None:
    opened = study(
        adsl=f"""
        USUBJID {planned} {actual}
        P1      Placebo   Placebo
        D1      Drug      __Drug
        """
    )
    assert opened.arm_columns == {"planned": planned, "actual": actual}
    assert [arm.label for arm in opened.arms] == ["Placebo", "Drug"]


def test_names_of_one_kind_are_not_mixed_with_those_of_another(study: Write) -> None:
    """ARM tells arms as the protocol names them, TRT01A as the analysis does."""
    opened = study(
        adsl="""
        USUBJID ARM            TRT01A
        P1      Arm_A:_placebo Placebo
        D1      Arm_B:_drug    Drug
        """
    )
    assert opened.arm_columns == {"planned": "TRT01A", "actual": "TRT01A"}
    assert [arm.label for arm in opened.arms] == ["Placebo", "Drug"]
    assert "ADSL has no planned arm; TRT01A stands for it." in opened.remarks


def test_a_dataset_with_several_records_a_subject_is_not_the_subject_level(study: Write) -> None:
    opened = study(
        admh="""
        USUBJID TRT01P  MHCAT
        P1      Placebo HISTORY
        P1      Placebo CURRENT
        P2      Placebo HISTORY
        D1      Drug    HISTORY
        D2      Drug    HISTORY
        """
    )
    assert opened.subjects.name == "ADSL"
    (other,) = [one for one in opened.datasets if one.name == "ADMH"]
    assert (other.role, other.why) == (Role.UNUSED, "holds several records a subject")


def test_an_event_that_is_not_coded_yet_goes_by_the_words_of_the_report(study: Write) -> None:
    opened = study(
        adae="""
        USUBJID AETERM    AEDECOD  AESOC      TRTEMFL
        P1      head_ache HEADACHE NERVOUS    Y
        D1      felt_odd  -        -          Y
        D2      nausea    NAUSEA   GASTRIC    -
        """
    )
    found = events.build(opened, parse(""), "all")
    assert set(found.frame["term"]) == {"HEADACHE", "felt odd", "NAUSEA"}
    assert "1 event has no AEDECOD in ADAE: AETERM stands for it." in found.notes
    emergent = dict(found.frame.select("term", "emergent").rows())
    assert emergent == {"HEADACHE": True, "felt odd": True, "NAUSEA": False}


@pytest.mark.parametrize("system", ["AEBODSYS", "AESOC"])
def test_the_body_system_by_either_of_its_names(study: Write, system: str) -> None:
    opened = study(
        adae=f"""
        USUBJID AETERM {system}
        P1      cough  CHEST
        """
    )
    assert events.build(opened, parse(""), "all").frame["system"].to_list() == ["CHEST"]
