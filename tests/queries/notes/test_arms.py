"""Planned and actual arms at subject level."""

from __future__ import annotations

SUBJECTS = """
    USUBJID TRT01P  TRT01A
    P1      Placebo Placebo
    P2      Placebo {0}
    D1      Drug    Drug
"""


def test_the_same_arms_are_no_note(study, noted):
    opened = study(adsl=SUBJECTS.format("Placebo"))
    assert noted(opened, "other-arm", "no-actual-arm") == []


def test_a_subject_who_got_another_arm_is_named_with_both(study, noted, rows):
    (note,) = noted(study(adsl=SUBJECTS.format("Drug")), "other-arm", "no-actual-arm")
    assert (note.id, note.rows, note.subjects, rows(note)) == ("other-arm", 1, 1, [2])
    assert note.first[0].text == "planned Placebo, actual Drug"
    assert note.see.subject == "P2"


def test_a_subject_without_an_actual_arm_is_another_note(study, noted):
    (note,) = noted(study(adsl=SUBJECTS.format("-")), "other-arm", "no-actual-arm")
    assert (note.id, note.subjects) == ("no-actual-arm", 1)
