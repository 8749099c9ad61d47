"""The CDISC pilot from its SDTM gives the figures of its analysis datasets, where they can agree.

They cannot where an analysis dataset does what SDTM has no word for: visit windows and last
observations carried forward (ADADAS, ADNPIX), End of Treatment; nor in the actual arm. DM's ACTARM
has 12 subjects of the high-dose arm, who were never given 81 mg (EX), in the low-dose arm, ADSL's
TRT01A has them in the high-dose arm. So all is compared by the planned arm.
"""

from __future__ import annotations

from functools import cache

import pytest

from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.selection import parse
from tui.study.open import open_study

POPULATION = "population=SAFFL arm=planned"
SAME = {
    "ADLBC": ("LBCH", "SCREENING 1", 17, 510),
    "ADLBH": ("LBHE", "SCREENING 1", 17, 459),
    "ADVS": ("VS", "BASELINE", 5, 150),
}
"""Of an analysis dataset: its domain, the visit of its baseline, and how many parameters and cells
(visits by arm) are the same. UREAN is BUN in ADLBC, and a height has no visit in ADVS."""


@pytest.fixture(scope="module")
def raw(pilot) -> Session:
    return Session(open_study(str(pilot.parent / "cdiscpilotsdtm")))


@pytest.fixture(scope="module")
def cells():
    """Visits by arm of an endpoint: n and mean, of the values and of the changes."""

    @cache
    def read(session, key, baseline):
        line = f"endpoint={key} records=all {POPULATION}"
        answer = session.answer(Question("visits", parse(line), statistics=False))
        visits = [(row.visit.upper(), row) for row in answer.rows]
        return {
            ("BASELINE" if visit == baseline else visit, row.arm): (
                row.n, row.mean, row.change_n, row.change_mean,
            )
            for visit, row in visits
            if visit != "BASELINE" or baseline == "BASELINE"
        }  # fmt: skip

    return read


def keys(session, dataset):
    return {one.code: one.key for one in session.study.endpoints if one.dataset.name == dataset}


@pytest.mark.parametrize("analysis", SAME)
def test_every_mean_and_change_is_that_of_the_analysis_dataset(analysis, raw, pilot_session, cells):
    domain, baseline, parameters, count = SAME[analysis]
    ours, theirs = keys(raw, domain), keys(pilot_session, analysis)
    same = sorted((set(ours) & set(theirs)) - {"HEIGHT"})
    compared = 0
    for code in same:
        expected = cells(pilot_session, theirs[code], "BASELINE")
        found = cells(raw, ours[code], baseline)
        for cell, figures in expected.items():
            assert found[cell] == figures, (code, cell)
        compared += len(expected)
    assert (len(same), compared) == (parameters, count)


def test_adas_cog_is_the_same_at_baseline_and_later_only_where_observed(raw, pilot_session, cells):
    """Its week 24 holds the retrieval visits, by its windows, and values carried forward."""
    theirs = cells(pilot_session, "ACTOT", "BASELINE")
    ours = cells(raw, "ACTOT", "BASELINE")
    for arm in ("Placebo", "Xanomeline Low Dose", "Xanomeline High Dose"):
        assert ours["BASELINE", arm] == theirs["BASELINE", arm]
        assert ours["WEEK 24", arm][0] < theirs["WEEK 24", arm][0]


def test_arms_and_populations_have_the_subjects_of_adsl(raw, pilot_session):
    for population in ("ITTFL", "SAFFL", "EFFFL"):
        line = parse(f"population={population} arm=planned")
        arms = [
            [(arm.label, arm.n) for arm in one.answer(Question("baseline", line)).arms]
            for one in (raw, pilot_session)
        ]
        assert arms[0] == arms[1]


def test_incidence_by_aetrtem_is_that_of_trtemfl(raw, pilot_session):
    """Subjects of every system and term. ADAE has 230 records more: events that AE has once."""
    tables = [
        {
            (row.system, row.term, row.arm): (row.n, row.N)
            for row in one.answer(Question("incidence", parse(POPULATION))).rows
        }
        for one in (raw, pilot_session)
    ]
    assert len(tables[0]) == 762
    assert tables[0] == tables[1]


def test_the_actual_arm_is_that_of_dm(raw):
    answer = raw.answer(Question("incidence", parse("population=SAFFL")))
    assert answer.selection.arm == "actual"
    assert [(arm.label, arm.n) for arm in answer.arms] == [
        ("Placebo", 86), ("Xanomeline Low Dose", 96), ("Xanomeline High Dose", 72),
    ]  # fmt: skip


def test_52_screen_failures_are_left_out_and_counted(raw):
    answer = raw.answer(Question("arms", parse("population=all")))
    assert [(one.step, one.rows) for one in answer.funnel] == [
        ("subjects in DM", 306),
        ("planned arm Placebo, Xanomeline Low Dose, Xanomeline High Dose", 254),
    ]
