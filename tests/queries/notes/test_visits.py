"""Subjects without a value at a visit, by arm."""

from __future__ import annotations

SUBJECTS = "USUBJID TRT01P TRT01PN ITTFL\n" + "".join(
    f"{arm[0]}{number} {arm} {code} Y\n"
    for code, arm in enumerate(("Placebo", "Drug"))
    for number in range(10)
)


def records(*without: tuple[str, int]) -> str:
    lines = ["USUBJID PARAMCD AVISIT AVISITN AVAL ITTFL"]
    for arm in "PD":
        for number in range(10):
            name = f"{arm}{number}"
            lines += [
                f"{name} X Week_{week} {week} 1 Y"
                for week in (0, 4, 8)
                if (name, week) not in without
            ]
    return "\n".join(lines)


def test_everyone_at_every_visit_is_no_note(study, noted):
    assert noted(study(adsl=SUBJECTS, adlb=records()), "missing-visits") == []


def test_subject_visits_without_a_value_are_counted_by_arm(study, noted):
    gone = [("D0", 4), ("D0", 8), ("D1", 8), ("D2", 8), ("P0", 8)]
    (note,) = noted(study(adsl=SUBJECTS, adlb=records(*gone)), "missing-visits")
    assert (note.rows, note.subjects, note.severity) == (5, 4, "remark")
    assert note.what == (
        "X has no value at 5 of 60 scheduled subject-visits, most at Week 8: 1 of 10 Placebo, "
        "3 of 10 Drug. The arms differ most there: 10 %, 30 %."
    )
    assert {(one.row, one.subject, one.text) for one in note.first} == {
        (None, subject, f"Week {week}") for subject, week in gone
    }
    assert (note.see.kind, note.see.selection.endpoint) == ("visits", "X")


def test_a_visit_that_few_have_is_not_missed_by_the_others(study, noted):
    table = records() + "\nP0 X Week_5 5 1 Y"
    assert noted(study(adsl=SUBJECTS, adlb=table), "missing-visits") == []


def test_an_arm_without_any_value_is_not_expected_to_have_one(study, noted):
    table = "\n".join(line for line in records(("D0", 4)).splitlines() if not line.startswith("P"))
    (note,) = noted(study(adsl=SUBJECTS, adlb=table), "missing-visits")
    assert "1 of 30 scheduled subject-visits" in note.what
    assert "Placebo" not in note.what
