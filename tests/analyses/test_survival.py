"""Times to an event as they are shown; the figures themselves are held against R in `validate`."""

from __future__ import annotations

import csv

import pytest

from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.analyses.survival_figures import landmarks
from tui.errors import SelectionError
from tui.report.pictures import pictures
from tui.report.tables import tables_of
from tui.selection import parse
from tui.study.open import open_study

KIND = "survival"


@pytest.fixture
def times(tmp_path):
    """Opens a study: each subject is an arm, a time and CNSR, or None for no record."""

    def write(*subjects, unit=" (weeks)", **columns) -> Session:
        adsl = [("USUBJID", "TRT01P", "ITTFL", *columns)]
        adtte = [("USUBJID", "PARAMCD", "PARAM", "AVAL", "CNSR")]
        for index, (arm, time, censored) in enumerate(subjects):
            name = f"S{index:02d}"
            adsl.append((name, arm, "Y", *(values[index] for values in columns.values())))
            if time is not None:
                adtte.append((name, "OS", f"Overall survival{unit}", time, censored))
        for file, rows in (("adsl", adsl), ("adtte", adtte)):
            with (tmp_path / f"{file}.csv").open("w", encoding="utf-8", newline="") as out:
                csv.writer(out).writerows(rows)
        return Session(open_study(str(tmp_path)))

    return write


def section(answer, name):
    return [row for row in answer.rows if row.section == name]


def test_the_pilot_has_a_row_for_each_thing_said(pilot_session, printed):
    answer = printed(pilot_session, "adjust=holm")
    counts = {name: len(section(answer, name)) for name in ("arm", "landmark", "overall")}
    assert counts == {"arm": 3, "landmark": 9, "overall": 1}
    low, high = section(answer, "contrast")
    assert (low.arm, high.arm) == ("Xanomeline Low Dose", "Xanomeline High Dose")
    assert low.p_adjusted == pytest.approx(low.log_rank_p)
    assert high.p_adjusted == pytest.approx(2 * high.log_rank_p)
    assert (answer.selection.population, answer.selection.arm) == ("SAFFL", "actual")


def test_the_curves_hold_every_subject_once(pilot_session, printed):
    answer = printed(pilot_session, "")
    for arm in section(answer, "arm"):
        steps = [row for row in section(answer, "curve") if row.arm == arm.arm]
        assert sum(row.events for row in steps) == arm.events
        assert sum(row.censored for row in steps) == arm.censored
        assert steps[0].at_risk == arm.n


def test_round_times_are_few(printed):
    assert landmarks(198) == [50, 100, 150]
    assert landmarks(35) == [10, 20, 30]
    assert landmarks(0.9) == pytest.approx([0.2, 0.4, 0.6, 0.8])
    assert landmarks(6) == [1, 2, 3, 4, 5, 6]
    assert landmarks(0) == landmarks(float("nan")) == []
    for last in (1.0, 7.3, 99.0, 1234.5, 1e-3):
        assert 2 <= len(landmarks(last)) <= 6
        assert landmarks(last)[-1] <= last


def test_a_lone_arm_is_compared_with_nothing(pilot_session, printed):
    answer = printed(pilot_session, "arms=Placebo")
    assert not section(answer, "contrast")
    assert not section(answer, "overall")
    assert any("nothing to compare it with" in note for note in answer.notes)


def test_two_arms_have_no_test_over_all(pilot_session, printed):
    answer = printed(pilot_session, "arms='Placebo,High Dose'")
    assert not section(answer, "overall")
    assert len(section(answer, "contrast")) == 1


def test_dunnett_is_refused_with_the_reason(pilot_session, printed):
    answer = printed(pilot_session, "adjust=dunnett")
    assert {row.p_adjusted for row in section(answer, "contrast")} == {None}
    assert answer.method.multiplicity == "none"
    assert any("dunnett needs the joint distribution" in note for note in answer.notes)


def test_models_say_whom_and_what_they_leave_out(times, printed):
    subjects = [("Placebo", 2 + index, index % 3 == 0) for index in range(8)]
    subjects += [("Drug", 1 + 2 * index, index % 4 == 0) for index in range(8)]
    subjects = [(arm, time, int(censored)) for arm, time, censored in subjects]
    ages = [40 + 7 * (index % 5) for index in range(16)]
    ages[3] = ""
    sites = ["A", "B"] * 8
    sites[5] = ""
    session = times(*subjects, AGE=ages, SITE=sites, TWICE=[age and 2 * age for age in ages])
    answer = printed(session, "covariates=AGE,TWICE strata=SITE")
    (drug,) = section(answer, "contrast")
    assert drug.n == 15
    assert drug.hazard_ratio is not None
    said = " ".join(answer.notes)
    assert "Cox, Drug: 1 of 16 left out for want of a covariate" in said
    assert "Without SITE, and a stratum of their own: 1." in said
    assert "TWICE adds nothing" in said
    assert "strata of SITE" in answer.method.formula


def test_a_subject_without_a_time_is_said(times, printed):
    session = times(("Placebo", 3, 0), ("Drug", 4, 0), ("Placebo", 5, 0), ("Drug", None, None))
    answer = printed(session, "")
    assert "Without a time, and not counted: 1 of the subjects in force." in answer.notes
    assert [arm.n for arm in answer.arms] == [2, 2]
    assert sorted(row.n for row in section(answer, "arm")) == [1, 2]


# Poor data: a figure or a reason

POOR = {
    "nobody has an event": [("Placebo", 3, 1), ("Placebo", 5, 1), ("Drug", 4, 1), ("Drug", 6, 1)],
    "one arm has no event": [("Placebo", 3, 0), ("Placebo", 5, 1), ("Drug", 4, 1), ("Drug", 6, 1)],
    "the reference has none": [("Placebo", 3, 1), ("Placebo", 5, 1), ("Drug", 4, 0)],
    "all at time 0": [("Placebo", 0, 0), ("Placebo", 0, 0), ("Drug", 0, 0), ("Drug", 0, 1)],
    "one subject an arm": [("Placebo", 3, 0), ("Drug", 4, 0)],
    "one arm after the other": [("Placebo", 1, 0), ("Placebo", 2, 0), ("Drug", 3, 0)],
    "an arm without a time": [("Placebo", 3, 0), ("Placebo", 5, 1), ("Drug", None, None)],
    "nobody has a usable time": [("Placebo", -3, 0), ("Drug", -4, 1)],
    "a single subject": [("Placebo", 3, 0)],
}


@pytest.mark.parametrize("name", POOR)
def test_what_cannot_be_had_has_a_reason(name, times, printed):
    answer = printed(times(*POOR[name]), "")
    for row in section(answer, "arm"):
        assert row.not_estimable or None not in (row.q1, row.median, row.q3)
    for row in section(answer, "landmark"):
        assert row.not_estimable or None not in (row.survival, row.survival_lower)
    for row in section(answer, "contrast"):
        assert row.not_estimable or None not in (row.log_rank_p, row.hazard_ratio)
    assert all(len(line) <= 80 for picture in pictures(answer, 80, False) for line in picture)


def test_reasons_name_their_cause(times, printed):
    def contrast(name):
        return section(printed(times(*POOR[name]), ""), "contrast")[0]

    assert contrast("one arm has no event").not_estimable == (
        "no event in the arm: the hazard ratio goes to 0"
    )
    assert contrast("one arm has no event").log_rank_p is not None
    assert "infinite" in contrast("the reference has none").not_estimable
    assert "monotone" in contrast("one arm after the other").not_estimable
    assert "no subjects in the arm" in contrast("an arm without a time").not_estimable


def test_beyond_an_arms_follow_up_is_not_estimable(times, printed):
    subjects = [("Placebo", 30, 1), ("Placebo", 2, 0), ("Drug", 4, 0), ("Drug", 12, 1)]
    answer = printed(times(*subjects), "")
    late = {row.arm: row for row in section(answer, "landmark") if row.time == 20}
    assert late["Placebo"].survival == 0.5
    assert late["Drug"].survival is None
    assert late["Drug"].not_estimable == "beyond the last time of the arm"
    assert late["Drug"].at_risk == 0
    rows = [row for table in tables_of(answer) for row in table.rows if row[:2] == ("20", "Drug")]
    assert rows == [("20", "Drug", "0", "n.e.", "n.e.", "n.e.")]
    kept = next(note for note in answer.notes if note.startswith("The restricted mean"))
    assert kept.endswith("keeps its last S(t) to there: Drug (12).")


def test_the_unit_stands_with_the_times(times, printed):
    answer = printed(times(("Placebo", 3, 0), ("Drug", 4, 0)), "")
    assert answer.unit == "weeks"
    assert answer.title == "Overall survival (weeks) by arm"


def test_a_study_of_times_alone_is_shown(times):
    session = times(("Placebo", 3, 0), ("Drug", 4, 0))
    assert session.answer(Question("survival")).rows
    with pytest.raises(SelectionError, match="show survival --endpoint OS analyzes it"):
        session.answer(Question("visits", parse("endpoint=OS")))
