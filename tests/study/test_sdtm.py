"""SDTM under the names of ADaM, on studies of a few rows: what is made of it is said."""

from __future__ import annotations

import csv

import pytest

from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.errors import StudyError
from tui.selection import parse
from tui.study.model import Role
from tui.study.open import open_study

DM = """
    STUDYID DOMAIN USUBJID RFSTDTC    RFXSTDTC   ARMCD    ARM            ACTARM
    S       DM     P1      2024-01-10 2024-01-10 PBO      Placebo        Placebo
    S       DM     P2      2024-01-12 2024-01-12 PBO      Placebo        Placebo
    S       DM     H1      2024-01-10 2024-01-10 HI       High           High
    S       DM     L1      2024-01-11 2024-01-11 LO       Low            Low
    S       DM     F1      -          -          SCRNFAIL Screen_Failure Screen_Failure
"""
EX = """
    DOMAIN USUBJID EXSEQ EXTRT   EXDOSE EXSTDTC
    EX     P1      1     PLACEBO 0      2024-01-10
    EX     P2      1     PLACEBO 0      2024-01-12
    EX     H1      1     DRUG    40     2024-01-10
    EX     H1      2     DRUG    80     2024-01-24
    EX     L1      1     DRUG    40     2024-01-11
"""
VS = """
    DOMAIN USUBJID VSSEQ VSTESTCD VSTEST VSSTRESC VSSTRESN VSSTRESU VSSTAT   VSBLFL VISITNUM VISIT           VSDTC      VSDY
    VS     P1      1     SYSBP    Systolic 140    140      mmHg     -        -      1        SCREENING       2024-01-03 -7
    VS     P1      2     SYSBP    Systolic 130    130      mmHg     -        Y      2        BASELINE        2024-01-10 1
    VS     P1      3     SYSBP    Systolic 128    128      mmHg     -        -      3        WEEK_2          2024-01-24 15
    VS     P1      4     SYSBP    Systolic 150    150      mmHg     -        -      3.1      UNSCHEDULED_3.1 2024-01-26 17
    VS     L1      1     SYSBP    Systolic 120    120      mmHg     -        Y      2        BASELINE        2024-01-11 1
    VS     L1      2     SYSBP    Systolic 110    110      mmHg     -        -      3        WEEK_2          2024-01-25 15
    VS     H1      1     SYSBP    Systolic -      -        -        NOT_DONE -      3        WEEK_2          2024-01-24 15
    VS     F1      1     SYSBP    Systolic 135    135      mmHg     -        -      1        SCREENING       2024-01-05 -
"""  # noqa: E501


@pytest.fixture
def session(tmp_path):
    """Writes tables as CSV (`-` is nothing, `_` a blank) and opens them: session(dm=DM, vs=VS)."""

    def write(only: str = "", **tables: str) -> Session:
        for name, table in tables.items():
            with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(
                    ["" if cell == "-" else cell.replace("_", " ") for cell in line.split()]
                    for line in table.strip().splitlines()
                )
        return Session(open_study(str(tmp_path / only)))

    return write


def visits(session, line=""):
    return session.answer(Question("visits", parse(line), statistics=False))


def part(session, name):
    return next(one for one in session.study.datasets if one.name == name)


def steps(answer):
    return {one.step: one.rows for one in answer.funnel}


def cell(answer, visit, arm):
    [row] = [one for one in answer.rows if (one.visit, one.arm) == (visit, arm)]
    return row


def said(answer, *words):
    [found] = [note for note in answer.notes if all(word in note for word in words)]
    return found


def subject_flag(session, name):
    rows = session.study.subject_rows
    return {one for one, flag in rows.select("USUBJID", name).rows() if flag == "Y"}


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


# Findings


def test_a_domain_has_the_columns_of_adam_and_says_what_they_are(session):
    answer = visits(session(dm=DM, ex=EX, vs=VS))
    assert answer.title == "Systolic (mmHg) by visit and arm"
    for words in (
        "PARAMCD is VSTESTCD", "PARAM is VSTEST (VSSTRESU)", "AVAL is VSSTRESN",
        "AVISITN is VISITNUM", "ADY is VSDY", "ABLFL is VSBLFL",
    ):  # fmt: skip
        assert words in said(answer, "VS: PARAMCD")
    assert [(row.visit, row.visit_number) for row in answer.rows[::3]] == [
        ("SCREENING", 1), ("BASELINE", 2), ("WEEK 2", 3),
    ]  # fmt: skip


def test_an_unscheduled_visit_is_left_out_by_a_rule(session):
    found = steps(visits(session(dm=DM, vs=VS), "population=all"))
    assert found["planned arm Placebo, High, Low"] == 7
    assert found["scheduled visit (AVISIT present)"] == 6


def test_what_was_not_done_is_left_out_by_a_rule_and_is_no_endpoint_of_its_own(session):
    opened = session(dm=DM, vs=VS)
    assert [(one.key, one.rows) for one in opened.study.endpoints] == [("SYSBP", 8)]
    found = steps(visits(opened))
    assert found["AVAL present"] == found["scheduled visit (AVISIT present)"] - 1


def test_change_is_derived_after_the_first_dose_and_said_to_be(session):
    answer = visits(session(dm=DM, vs=VS))
    assert cell(answer, "WEEK 2", "Placebo").change_mean == 128 - 130
    assert cell(answer, "SCREENING", "Placebo").change_n == 0
    assert said(answer, "no BASE") == "VS has no BASE: derived from the record with ABLFL = Y."
    assert said(answer, "no CHG") == (
        "VS has no CHG: derived as AVAL - BASE, but for records before the first dose."
    )


@pytest.mark.parametrize("flag", ["VSBLFL", "VSLOBXFL"])
def test_either_flag_marks_the_baseline(session, flag):
    answer = visits(session(dm=DM, vs=VS.replace("VSBLFL", flag)))
    assert f"ABLFL is {flag}" in said(answer, "VS: PARAMCD")
    assert cell(answer, "WEEK 2", "Placebo").change_mean == -2


def findings(*rows, columns="LBSTRESN VISITNUM LBDTC", test="GLUC Glucose mmol/L"):
    """A laboratory table of subject P1 (first dose 2024-01-10), a row a text."""
    names = f"DOMAIN USUBJID LBSEQ LBTESTCD LBTEST LBSTRESU {columns}"
    body = [f"LB P1 {number} {test} {row}" for number, row in enumerate(rows, 1)]
    return "\n".join([names, *body])


def test_without_a_flag_baseline_is_the_last_value_before_the_first_dose(session):
    table = findings("5 1 2024-01-02", "6 2 2024-01-09", "- 2.5 2024-01-09", "8 3 2024-01-11")
    answer = visits(session(dm=DM, lb=table))
    assert cell(answer, "Visit 3", "Placebo").change_mean == 2
    assert "baseline is derived as a subject's last value before the first dose" in said(
        answer, "LB has no BASE"
    )


def test_the_day_of_the_first_dose_counts_as_before_it(session):
    table = findings("5 1 2024-01-02", "6 2 2024-01-10T15:00", "8 3 2024-01-11")
    answer = visits(session(dm=DM, lb=table))
    assert cell(answer, "Visit 3", "Placebo").change_mean == 2
    assert "LBDTC is after RFXSTDTC, the same day counting as before" in said(answer, "APOBLFL")


def test_on_that_day_times_decide_where_both_are_known(session):
    timed = DM.replace("2024-01-10 PBO", "2024-01-10T09:30 PBO")
    table = findings("5 1 2024-01-10T08:00", "6 2 2024-01-10T09:45", "8 3 2024-01-11")
    answer = visits(session(dm=timed, lb=table))
    assert cell(answer, "Visit 2", "Placebo").change_mean == 1
    assert cell(answer, "Visit 3", "Placebo").change_mean == 3


def test_a_date_without_its_day_is_no_baseline(session):
    table = findings("5 1 2024-01-02", "6 2 2024-01", "8 3 2024-01-11")
    assert cell(visits(session(dm=DM, lb=table)), "Visit 3", "Placebo").change_mean == 3


def test_concentrations_have_no_baseline(session):
    table = findings("0 1 2024-01-10", "6 2 2024-01-11").replace("LB", "PC")
    answer = visits(session(dm=DM, pc=table))
    assert cell(answer, "Visit 2", "Placebo").change_n == 0
    assert said(answer, "PC has no change from baseline")


def test_study_days_are_derived_where_the_domain_has_none(session):
    table = findings("5 1 2024-01-09", "6 2 2024-01-10", "8 3 2024-01-11T07:00", "9 4 2024-01")
    opened = session(dm=DM, lb=table)
    answer = opened.answer(Question("values", parse("endpoint=GLUC")))
    assert [row.day for row in answer.rows] == [-1, 1, 2, None]
    assert "ADY is derived from LBDTC and RFSTDTC" in said(answer, "LB: PARAMCD")


def test_a_test_of_two_specimens_is_two_parameters(session):
    table = findings(
        "5 1 2024-01-09 BLOOD", "6 2 2024-01-11 BLOOD", "0 1 2024-01-09 URINE",
        columns="LBSTRESN VISITNUM LBDTC LBSPEC",
    )  # fmt: skip
    table += "\nLB P1 4 ALT ALT U/L 20 1 2024-01-09 BLOOD"
    endpoints = session(dm=DM, lb=table).study.endpoints
    assert [(one.key, one.title, one.rows) for one in endpoints] == [
        ("GLUC.BLOOD", "Glucose, BLOOD (mmol/L)", 2),
        ("GLUC.URINE", "Glucose, URINE (mmol/L)", 1),
        ("ALT", "ALT (U/L)", 1),
    ]


def test_a_test_in_two_units_is_two_parameters(session):
    table = findings("5 1 2024-01-09") + "\nLB P1 2 GLUC Glucose mg/dL 90 2 2024-01-11"
    endpoints = session(dm=DM, lb=table).study.endpoints
    assert [(one.key, one.title) for one in endpoints] == [
        ("GLUC.mmol/L", "Glucose (mmol/L)"), ("GLUC.mg/dL", "Glucose (mg/dL)"),
    ]  # fmt: skip


def test_a_qualifier_that_tells_nothing_more_is_not_part_of_the_code(session):
    table = findings(
        "5 1 2024-01-09 BLOOD CHEM", "0 1 2024-01-09 URINE URINALYSIS",
        columns="LBSTRESN VISITNUM LBDTC LBSPEC LBCAT",
    )  # fmt: skip
    keys = [one.key for one in session(dm=DM, lb=table).study.endpoints]
    assert keys == ["GLUC.BLOOD", "GLUC.URINE"]


def test_one_test_of_two_datasets_is_called_by_both_names(session):
    study = session(dm=DM, lbch=findings("5 1 2024-01-09"), lbur=findings("0 1 2024-01-09")).study
    assert [one.key for one in study.endpoints] == ["LBCH.GLUC", "LBUR.GLUC"]


def test_positions_are_time_points_where_there_are_no_others(session):
    table = findings(
        "140 1 2024-01-09 STANDING", "130 1 2024-01-09 SUPINE",
        columns="LBSTRESN VISITNUM LBDTC LBPOS",
    ).replace("LB", "VS")  # fmt: skip
    answer = visits(session(dm=DM, vs=table), "timepoint=supine")
    assert cell(answer, "Visit 1", "Placebo").mean == 130
    assert "time point SUPINE" in steps(answer)


def test_text_that_is_a_number_is_a_value_where_there_is_no_other(session):
    table = findings("5 1 2024-01-09", "TRACE 2 2024-01-11").replace("LBSTRESN", "LBSTRESC")
    answer = visits(session(dm=DM, lb=table))
    assert "AVAL is LBSTRESC where that is a number" in said(answer, "LB: PARAMCD")
    assert cell(answer, "Visit 1", "Placebo").mean == 5
    assert steps(answer)["AVAL present"] == 1


def test_a_number_that_is_none_is_an_error_that_names_the_column_of_the_file(session):
    opened = session(dm=DM, lb=findings("5 1 2024-01-09", "mmol/L 2 2024-01-11"))
    with pytest.raises(StudyError) as error:
        visits(opened)
    assert str(error.value) == "lb.csv: AVAL is LBSTRESN, row 2: 'mmol/L' is not a number."


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
