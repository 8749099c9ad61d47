"""SDTM under the names of ADaM, on studies of a few rows: subjects, parts, adverse events."""

from __future__ import annotations

import pytest

from tui.analyses.answer import Question
from tui.selection import parse
from tui.study.model import Role

from .sdtm import DM, EX, VS, cell, part, said, steps, subject_flag, visits

# The subject level


def test_a_screen_failure_is_in_no_arm_and_that_is_said(session):
    study = session(dm=DM, vs=VS).study
    assert {arm.label for arm in study.arms} == {"Placebo", "Low", "High"}
    assert (
        "1 of 5 subjects in DM have no planned arm (ARM Screen Failure) and are in no table."
        in study.remarks
    )


@pytest.mark.parametrize("words", ["Not_Assigned", "NOT_TREATED", "Unplanned_Treatment", "-"])
def test_what_is_written_where_there_is_no_arm_is_none(session, words):
    """SDTMIG 3.3 leaves ARM empty and gives the reason in ARMNRS; before, ARM held it."""
    table = DM.replace("Screen_Failure Screen_Failure", f"{words} {words}")
    assert {arm.label for arm in session(dm=table).study.arms} == {"Placebo", "Low", "High"}


def test_the_rows_of_a_screen_failure_are_left_out_by_a_rule(session):
    found = steps(visits(session(dm=DM, vs=VS), "population=all"))
    assert found["SYSBP in VS"] == 8
    assert found["planned arm Placebo, High, Low"] == 7


def test_arms_stand_in_the_order_of_the_dose_that_ex_gives(session):
    """By name High stands before Low, which is all that can be done without EX."""
    study = session(dm=DM, ex=EX).study
    assert [(arm.label, arm.code) for arm in study.arms] == [
        ("Placebo", 0), ("Low", 40), ("High", 80),
    ]  # fmt: skip
    assert "TRT01PN is the highest EXDOSE in the arm" in study.subjects.derivations[0]


def test_arms_of_the_same_dose_have_no_code(session):
    study = session(dm=DM, ex=EX.replace(" 80 ", " 40 ")).study
    assert [(arm.label, arm.code) for arm in study.arms] == [
        ("Placebo", None), ("High", None), ("Low", None),
    ]  # fmt: skip


def test_populations_come_from_suppdm_under_the_names_of_adam(session):
    supp = """
        RDOMAIN USUBJID IDVAR IDVARVAL QNAM   QVAL
        DM      P1      -     -        SAFETY Y
        DM      H1      -     -        SAFETY Y
        DM      H1      -     -        ITT    Y
        DM      P1      -     -        RACEOTH Other
    """
    opened = session(dm=DM, whatever=supp)
    assert subject_flag(opened, "SAFFL") == {"P1", "H1"}
    assert subject_flag(opened, "ITTFL") == {"H1"}
    assert "SAFFL is SAFETY of WHATEVER" in opened.study.subjects.derivations[0]
    assert part(opened, "WHATEVER").why == (
        "SDTM supplemental qualifiers of DM, joined: ITT, RACEOTH, SAFETY"
    )
    rows = opened.study.subject_rows
    assert dict(rows.select("USUBJID", "RACEOTH").drop_nulls().rows()) == {"P1": "Other"}


def test_without_suppdm_who_was_treated_and_who_has_an_arm_is_derived_and_said(session):
    opened = session(dm=DM.replace("P2      2024-01-12 2024-01-12", "P2      2024-01-12 -"))
    assert subject_flag(opened, "SAFFL") == {"P1", "H1", "L1"}
    assert subject_flag(opened, "RANDFL") == {"P1", "P2", "H1", "L1"}
    words = opened.study.subjects.derivations[0]
    assert "SAFFL is derived: RFXSTDTC is there" in words
    assert "RANDFL is derived: ARM is an arm" in words


def test_ex_tells_the_first_dose_where_dm_does_not(session):
    opened = session(dm=DM.replace("RFXSTDTC", "RFPENDTC"), ex=EX)
    rows = dict(opened.study.subject_rows.select("USUBJID", "RFXSTDTC").rows())
    assert rows == {
        "P1": "2024-01-10", "P2": "2024-01-12", "H1": "2024-01-10", "L1": "2024-01-11", "F1": None,
    }  # fmt: skip
    assert "RFXSTDTC is the first EXSTDTC of EX" in opened.study.subjects.derivations[0]


def test_one_file_is_opened_with_all_that_the_subject_level_needs(session):
    opened = session("vs.csv", dm=DM, ex=EX, vs=VS, lb=VS)
    assert {one.name for one in opened.study.datasets} == {"DM", "EX", "VS"}
    assert [arm.label for arm in opened.study.arms] == ["Placebo", "Low", "High"]


# Parts


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("DOMAIN USUBJID CMSEQ CMTRT\nCM P1 1 ASPIRIN", "SDTM interventions (has CMTRT)"),
        (
            "DOMAIN USUBJID MHSEQ MHTERM\nMH P1 1 GOUT",
            "SDTM events that are not adverse events (has MHTERM)",
        ),
        (
            "DOMAIN USUBJID IESEQ IETESTCD IEORRES\nIE P1 1 INCL01 N",
            "SDTM inclusion and exclusion criteria",
        ),
        ("RDOMAIN USUBJID IDVAR RELID\nAE P1 AESEQ 1", "SDTM special purpose or relationships"),
        ("DOMAIN ARMCD ARM ETCD\nTA PBO Placebo X", "SDTM trial design or reference (no USUBJID)"),
    ],
)
def test_what_plays_no_part_is_listed_with_why(session, table, why):
    opened = session(dm=DM, some=table)
    assert (part(opened, "SOME").role, part(opened, "SOME").why) == (Role.UNUSED, why)


def test_domains_are_told_by_their_columns_and_not_by_the_file(session):
    opened = session(people=DM, numbers=VS)
    assert opened.study.subjects.name == "PEOPLE"
    assert part(opened, "NUMBERS").role is Role.FINDINGS


ADSL = """
    USUBJID TRT01P  TRTSDT
    P1      Placebo 2024-01-10
    L1      Low     2024-01-11
"""
ADVS = """
    USUBJID PARAMCD PARAM          AVISIT AVISITN AVAL
    P1      SYSBP   Systolic_(mmHg) Week_2 2      128
"""
AE = """
    DOMAIN USUBJID AESEQ AESPID AEDECOD  AEBODSYS AESTDTC    AESTDY
    AE     P1      1     E01    HEADACHE NERVOUS  2024-01-05 -5
    AE     P1      2     E02    NAUSEA   GASTRO   2024-01-12 3
    AE     H1      1     E03    HEADACHE NERVOUS  2024-01-20 11
"""


def test_analysis_datasets_go_before_those_of_sdtm(session):
    opened = session(adsl=ADSL, advs=ADVS, dm=DM, vs=VS, ae=AE)
    assert opened.study.subjects.name == "ADSL"
    assert part(opened, "VS").why == "SDTM; the analysis datasets (ADVS) are used"
    assert part(opened, "DM").role is Role.UNUSED
    assert [one.key for one in opened.study.endpoints] == ["SYSBP"]
    assert part(opened, "AE").role is Role.EVENTS  # there is no other


def test_sdtm_findings_beside_an_adsl_take_the_first_dose_from_it(session):
    opened = session(adsl=ADSL, vs=VS)
    answer = visits(opened)
    assert "APOBLFL is Y where VSDTC is after TRTSDT" in said(answer, "VS: PARAMCD")
    assert cell(answer, "WEEK 2", "Low").change_mean == -10


# Adverse events

SUPPAE = """
    RDOMAIN USUBJID IDVAR IDVARVAL QNAM    QVAL
    AE      P1      AESEQ 1        AETRTEM N
    AE      P1      AESEQ 2        AETRTEM Y
    AE      H1      AESEQ 1        AETRTEM N
"""


def emergent(session):
    answer = session.answer(Question("events", parse("emergent=yes population=all")))
    return [(row.subject, row.term) for row in answer.rows], answer


def test_treatment_emergent_is_as_suppae_says(session):
    rows, answer = emergent(session(dm=DM, ae=AE, suppae=SUPPAE))
    assert rows == [("P1", "NAUSEA")]
    assert said(answer, "TRTEMFL") == "AE: TRTEMFL is AETRTEM of SUPPAE."


def test_a_qualifier_may_point_by_another_column_than_the_sequence(session):
    by_id = SUPPAE.replace("AESEQ", "AESPID").replace("AESPID 2 ", "AESPID E02")
    assert emergent(session(dm=DM, ae=AE, suppae=by_id))[0] == [("P1", "NAUSEA")]


def test_without_suppae_it_is_derived_and_said(session):
    rows, answer = emergent(session(dm=DM, ae=AE))
    assert rows == [("P1", "NAUSEA"), ("H1", "HEADACHE")]
    assert said(answer, "AE has no TRTEMFL")


def test_days_of_onset_are_derived_from_the_dates(session):
    undated = AE.replace("AESTDY", "AEXXDY")
    answer = session(dm=DM, ae=undated).answer(Question("events", parse("population=all")))
    assert [(row.subject, row.day) for row in answer.rows] == [("P1", -5), ("P1", 3), ("H1", 11)]
    assert "AESTDY is derived from AESTDTC and RFSTDTC" in said(answer, "AE: ")
