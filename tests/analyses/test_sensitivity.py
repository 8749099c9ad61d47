"""Each line of the strip is what the method says by itself; what cannot be done says why."""

from __future__ import annotations

from functools import cache

import pytest

from tui.analyses.answer import Question
from tui.analyses.rows.visits import NO_CHANGE_AT_BASELINE
from tui.analyses.session import Session
from tui.report.formats import FORMATS
from tui.selection import parse
from tui.study.open import open_study

KIND = "sensitivity"
ARMS = ["0.3 M/kg", "1.0 M/kg", "2.0 M/kg"]
ACTOT = "endpoint=ACTOT population=EFFFL covariates=SEX"
STRIP = {
    "Student": "method=student",
    "Welch": "method=welch",
    "Mann-Whitney": "method=mann-whitney",
    "Permutation": "method=permutation",
    "ANCOVA pooled": "method=ancova",
    "ANCOVA pairwise": "method=ancova arms={arm},Placebo",
    "MMRM Kenward-Roger": "method=mmrm df=kenward-roger",
    "MMRM Satterthwaite": "method=mmrm df=satterthwaite",
}
OF_PILOT = {
    "ANCOVA pooled, equal weights, imputed kept": "weights=equal imputed=keep",
    "ANCOVA pooled, equal weights, imputed dropped": "weights=equal imputed=drop",
    "ANCOVA pooled, observed weights": "weights=observed",
    "MMRM Kenward-Roger, imputed kept": "method=mmrm",
    "MMRM Kenward-Roger, imputed dropped": "method=mmrm imputed=drop",
    "MMRM Satterthwaite": "method=mmrm df=satterthwaite",
}


@pytest.fixture(scope="module")
def built_in():
    session = Session(open_study())
    return cache(lambda kind, line="": session.answer(Question(kind, parse(line))))


@pytest.fixture(scope="module")
def pilot_ask(pilot_session):
    return cache(lambda kind, line="": pilot_session.answer(Question(kind, parse(line))))


def strip(answer, arm):
    return {row.analysis: row for row in answer.rows if row.arm == arm}


def same(row, ask, line, arm):
    """The row has the figures of the table of visits under its own selection."""
    rows = ask("visits", line).rows
    [own] = [one for one in rows if (one.visit, one.arm) == (row.visit, arm)]
    expected = (own.difference, own.difference_lower, own.difference_upper, own.p)
    for one, wanted in zip((row.estimate, row.lower, row.upper, row.p), expected, strict=True):
        # Alone or beside other visits, a mean differs in its last digit.
        assert one == (None if wanted is None else pytest.approx(wanted, rel=1e-12)), row.analysis


@pytest.mark.parametrize("week", [8, 12])
def test_every_line_is_what_its_method_says(week, built_in):
    answer = built_in("sensitivity", f"visits={week}")
    for arm in ARMS:
        rows = strip(answer, arm)
        assert list(rows) == list(STRIP)
        for name, line in STRIP.items():
            same(rows[name], built_in, line.format(arm=f"'{arm}'"), arm)


def test_covariates_weights_and_imputed_rows_have_their_lines(pilot_ask):
    answer = pilot_ask("sensitivity", f"{ACTOT} visits=24")
    for arm in ("Xanomeline Low Dose", "Xanomeline High Dose"):
        rows = strip(answer, arm)
        assert len(rows) == 11
        for name, line in OF_PILOT.items():
            same(rows[name], pilot_ask, f"{ACTOT} {line}", arm)
        same(rows["Welch"], pilot_ask, "endpoint=ACTOT population=EFFFL method=welch", arm)
    assert any("compare the arms without SEX" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("line", "in_force"),
    [
        ("", "ANCOVA pooled, equal weights, imputed kept"),
        ("imputed=drop", "ANCOVA pooled, equal weights, imputed dropped"),
        ("weights=observed", "ANCOVA pooled, observed weights, imputed kept"),
        ("method=welch", "Welch"),
        ("method=mmrm", "MMRM Kenward-Roger, imputed kept"),
        ("method=mmrm df=satterthwaite imputed=drop", "MMRM Satterthwaite, imputed dropped"),
    ],
)
def test_the_method_in_force_is_marked(line, in_force, pilot_ask):
    rows = pilot_ask("sensitivity", f"{ACTOT} {line}").rows
    marked = [row.analysis for row in rows if row.in_force]
    assert marked == [in_force] * 2


def test_a_sign_stands_where_p_crosses_alpha(built_in):
    rows = strip(built_in("sensitivity", "visits=8"), "2.0 M/kg")
    assert rows["ANCOVA pooled"].p < 0.05
    assert [name for name, row in rows.items() if row.crosses] == [
        "Student",
        "Welch",
        "Permutation",
    ]
    other = strip(built_in("sensitivity", "visits=8 method=welch"), "2.0 M/kg")
    assert not other["Student"].crosses
    assert other["ANCOVA pooled"].crosses
    assert not any(row.crosses for row in built_in("sensitivity", "visits=8 alpha=0.2").rows[-8:])
    text = FORMATS["text"](built_in("sensitivity", "visits=8"))
    assert text.count("0.0847*") == 2  # in the forest and in the table
    assert "p is on the other side of 0.05" in text


def test_the_last_visit_is_taken_and_said(built_in):
    answer = built_in("sensitivity")
    assert answer.rows == built_in("sensitivity", "visits=12").rows
    assert any("Week 12, the last on the time axis" in note for note in answer.notes)
    assert answer.selection.visits == (12.0,)


def test_several_visits_are_shown_one_after_the_other(built_in):
    rows = built_in("sensitivity", "visits=8,12").rows
    alone = [built_in("sensitivity", f"visits={week}").rows for week in (8, 12)]
    assert [row.p for row in rows] == pytest.approx([row.p for one in alone for row in one])
    assert [row.visit for row in rows] == [row.visit for one in alone for row in one]


def test_every_analysis_says_how_it_was_done(built_in):
    notes = " ".join(built_in("sensitivity").notes)
    assert all(name in notes for name in STRIP)
    assert "Monte Carlo standard error" in notes


# What cannot be had


def test_one_analysis_that_fails_gives_its_reason(built_in):
    rows = strip(built_in("sensitivity", "covariance=banded"), "2.0 M/kg")
    assert rows["MMRM Satterthwaite"].p is None
    assert "There is no covariance 'banded'" in rows["MMRM Satterthwaite"].not_estimable
    assert rows["ANCOVA pooled"].p is not None


def test_a_visit_off_the_time_axis_has_no_mmrm(pilot_ask):
    answer = pilot_ask("sensitivity", "endpoint=ALT visits=99")
    rows = strip(answer, "Xanomeline Low Dose")
    assert rows["MMRM Kenward-Roger"].not_estimable == "the visit is not on the time axis"
    assert rows["ANCOVA pooled"].p is not None


def test_the_baseline_visit_has_no_change(built_in):
    rows = built_in("sensitivity", "visits=0").rows
    assert {row.not_estimable for row in rows} == {NO_CHANGE_AT_BASELINE}
    assert {row.estimate for row in rows} == {None}


@pytest.mark.parametrize(
    "subjects",
    [
        [("Placebo", 10, 11)],
        [("Placebo", 10, 11), ("Drug", 9, 8)],
        [("Placebo", 10, 10), ("Drug", 9, 9)] * 4,
        [("Placebo", 10, None), ("Drug", 9, None)] * 3,
        [("Placebo", 10, 11), ("Placebo", 9, 12)] * 3,
        [("Placebo", None, 11), ("Drug", None, 12)] * 3,
    ],
)
def test_poor_data_give_reasons(subjects, study, printed):
    answer = printed(study(subjects), "value=CHG")
    assert all(row.p is not None or row.not_estimable for row in answer.rows)
    assert not any(row.crosses for row in answer.rows)


def test_a_lone_arm_is_said(study, printed):
    answer = printed(study([("Placebo", 10, 11), ("Placebo", 9, 12)]), "")
    assert answer.rows == ()
    assert "Placebo is the only arm shown: there is nothing to compare it with." in answer.notes
