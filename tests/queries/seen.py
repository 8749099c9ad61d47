"""What a test looks at in the records of an analysis, and a plain study to take them from."""

from __future__ import annotations

from collections.abc import Callable

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
LYING = """
    USUBJID PARAMCD AVISIT   AVISITN ATPT              ATPTN AVAL BASE CHG ABLFL
    P1      SYSBP   Baseline 0       AFTER_STANDING_1  2     120  120  -   Y
    P1      SYSBP   Baseline 0       AFTER_LYING_DOWN  1     130  130  -   Y
    P1      SYSBP   Week_4   4       AFTER_STANDING_1  2     118  120  -2  -
    P1      SYSBP   Week_4   4       AFTER_LYING_DOWN  1     131  130  1   -
    P1      SYSBP   Week_4   4       AFTER_STANDING_3  3     117  120  -3  -
"""
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
