"""Dates in an order that cannot be."""

from __future__ import annotations

import pytest

SUBJECTS = """
    USUBJID TRT01P  RFICDTC    BRTHDTC TRTSDT     TRTEDT     DTHDTC
    P1      Placebo 2020-02-01 1950    2020-03-01 2020-06-01 -
    D1      Drug    2020-02-01 1960-05 2020-03-01 2020-06-01 2020-08
"""
IDS = ("date-order", "before-birth", "end-before-start", "after-death", "before-consent")
EVENTS = "USUBJID AEDECOD AESTDTC AEENDTC\nP1 Cough 2020-04-01 2020-04-02\nD1 Cough {} {}\n"


def test_dates_in_order_are_no_note(study, noted):
    assert noted(study(adsl=SUBJECTS, adae=EVENTS.format("2020-08", "2020-08-30")), *IDS) == []


@pytest.mark.parametrize(
    ("start", "end", "ids"),
    [
        ("2020-01-31", "-", ["before-consent"]),
        ("2020-01", "-", ["before-consent"]),
        ("2020-02", "-", []),
        ("2020", "-", []),
        ("1960-04", "-", ["before-birth", "before-consent"]),
        ("2020-04-02", "2020-04-01", ["end-before-start"]),
        ("2020-04-02", "2020-04", []),
        ("2020-04-02", "2020-03", ["end-before-start"]),
        ("2020-09-01", "-", ["after-death"]),
        ("2020-08-31T10:00", "-", []),
        ("UNK", "-", []),
    ],
)
def test_two_dates_are_compared_as_far_as_both_are_known(study, noted, rows, start, end, ids):
    found = noted(study(adsl=SUBJECTS, adae=EVENTS.format(start, end)), *IDS)
    assert sorted(one.id for one in found) == sorted(ids)
    for note in found:
        assert (note.rows, note.subjects, rows(note)) == (1, 1, [2])
        assert note.severity == ("remark" if note.id == "before-consent" else "contradiction")


@pytest.mark.parametrize(
    ("flag", "ids"), [("-", ["before-consent"]), ("D", ["before-consent"]), ("M", []), ("Y", [])]
)
def test_an_imputed_date_says_no_more_than_its_flag(study, noted, flag, ids):
    events = f"USUBJID AEDECOD ASTDT ASTDTF\nP1 Cough 2020-04-01 -\nD1 Cough 2020-01-01 {flag}\n"
    assert [one.id for one in noted(study(adsl=SUBJECTS, adae=events), *IDS)] == ids


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            "P1      Placebo 2020-02-01",
            "P1 Placebo 2020-03-02",
            "first dose before informed consent",
        ),
        ("2020-02-01 1950", "2020-02-01 2021", "informed consent before birth"),
        ("2020-06-01 -", "2020-02-28 -", "last dose before the first"),
        ("2020-06-01 -", "2020-06-01 2020-02", "death before the first dose"),
    ],
)
def test_at_subject_level_the_bounds_are_held_against_each_other(
    study, noted, rows, old, new, what
):
    (note,) = noted(study(adsl=SUBJECTS.replace(old, new)), "date-order")
    assert what in note.what
    assert (note.rows, note.subjects, rows(note), note.see.subject) == (1, 1, [1], "P1")


def test_values_before_consent_and_after_death_are_remarks(study, noted):
    table = """
        USUBJID PARAMCD AVISIT   AVISITN ADT        AVAL
        P1      X       Baseline 0       2020-01-15 1
        D1      X       Week_30  30      2020-09-15 1
    """
    found = noted(study(adsl=SUBJECTS, adlb=table), *IDS)
    assert {(one.id, one.severity, one.rows) for one in found} == {
        ("before-consent", "remark", 1),
        ("after-death", "remark", 1),
    }
