"""A study of a few rows in SDTM, and what a test looks at in it."""

from __future__ import annotations

from tui.analyses.answer import Question
from tui.selection import parse

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


def findings(*rows, columns="LBSTRESN VISITNUM LBDTC", test="GLUC Glucose mmol/L"):
    """A laboratory table of subject P1 (first dose 2024-01-10), a row a text."""
    names = f"DOMAIN USUBJID LBSEQ LBTESTCD LBTEST LBSTRESU {columns}"
    body = [f"LB P1 {number} {test} {row}" for number, row in enumerate(rows, 1)]
    return "\n".join([names, *body])
