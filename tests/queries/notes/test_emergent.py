"""Treatment-emergent flags against dates."""

from __future__ import annotations

import pytest

SUBJECTS = """
    USUBJID TRT01P  TRTSDT     TRTEDT
    P1      Placebo 2020-03-01 2020-06-01
    D1      Drug    2020-03-01 2020-06-01
"""
IDS = ("emergent-before-dose", "on-treatment-not-emergent")


@pytest.mark.parametrize(
    ("start", "flag", "id"),
    [
        ("2020-02-29", "Y", "emergent-before-dose"),
        ("2020-02", "Y", "emergent-before-dose"),
        ("2020-03", "Y", None),
        ("2020-03-01", "Y", None),
        ("2020-02-29", "-", None),
        ("2020-03-01", "-", "on-treatment-not-emergent"),
        ("2020-07-01", "N", "on-treatment-not-emergent"),
        ("2020-07-02", "-", None),
        ("2020-03", "-", "on-treatment-not-emergent"),
        ("2020", "-", None),
        ("-", "-", None),
    ],
)
def test_a_flag_is_held_against_what_is_known_of_the_date(study, noted, rows, start, flag, id):
    events = f"USUBJID AEDECOD AESTDTC TRTEMFL\nP1 Cough 2020-04-01 Y\nD1 Cough {start} {flag}\n"
    found = noted(study(adsl=SUBJECTS, adae=events), *IDS)
    if id is None:
        assert found == []
        return
    (note,) = found
    assert (note.id, note.rows, note.subjects, rows(note)) == (id, 1, 1, [2])
    assert note.see.kind == "events"
    assert note.see.selection.where == "USUBJID=D1"


def test_the_days_after_the_last_dose_are_said(study, noted):
    events = "USUBJID AEDECOD AESTDTC TRTEMFL\nP1 Cough 2020-04-01 -\n"
    (note,) = noted(study(adsl=SUBJECTS, adae=events), *IDS)
    assert "30 days after the last" in note.what
