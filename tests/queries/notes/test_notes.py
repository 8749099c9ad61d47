"""All checks at once: what is planted is counted, the order of rows is not, and `see` shows it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.queries import notes
from tui.queries.notes import NOTES, find
from tui.study.open import open_study

SUBJECTS = 12
WEEKS = (0, 4, 8)


def records() -> list[dict[str, object]]:
    return [
        {
            "USUBJID": f"S{subject:02d}",
            "PARAMCD": "HBA1C",
            "PARAM": "HbA1c (%)",
            "AVISIT": f"Week {week}" if week else "Baseline",
            "AVISITN": week,
            "AVAL": 7 + subject / 10 + week / 100,
            "BASE": 7 + subject / 10,
            "CHG": week / 100,
            "ABLFL": "" if week else "Y",
            "ANL01FL": "Y",
            "DTYPE": "",
        }
        for subject in range(SUBJECTS)
        for week in WEEKS
    ]


def written(folder, rows: list[dict[str, object]]):
    lines = ["USUBJID,TRT01P,TRT01PN,ITTFL"]
    lines += [f"S{one:02d},{'AB'[one % 2]},{one % 2},Y" for one in range(SUBJECTS)]
    (folder / "adsl.csv").write_text("\n".join(lines) + "\n")
    lines = [",".join(rows[0]), *(",".join(str(cell) for cell in row.values()) for row in rows)]
    (folder / "adlb.csv").write_text("\n".join(lines) + "\n")
    return open_study(str(folder))


def summary(found):
    return sorted((one.id, one.dataset, one.rows, one.subjects, one.what) for one in found)


def change(row):
    row["CHG"] = float(row["CHG"]) + 1


def unit(row):
    row["AVAL"] = 54
    row["BASE"] = row["CHG"] = ""


def impute(row):
    row["DTYPE"] = "LOCF"


DEFECTS = {"change-differs": change, "other-unit": unit, "imputed": impute}


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.sampled_from(list(DEFECTS)),
    st.sets(st.integers(0, SUBJECTS * len(WEEKS) - 1).filter(lambda place: place % len(WEEKS))),
    st.randoms(use_true_random=False),
)
def test_as_many_defects_are_found_as_were_planted_in_whatever_order(
    tmp_path_factory, id, places, order: random.Random
):
    rows = records()
    for place in places:
        DEFECTS[id](rows[place])
    found = find(written(tmp_path_factory.mktemp("study"), rows))
    notes_of = [one for one in found if one.id == id]
    assert [one.rows for one in notes_of] == ([len(places)] if places else [])
    assert {one.id for one in found} <= {id, "imputed"}
    if places:
        subjects = {rows[place]["USUBJID"] for place in places}
        assert notes_of[0].subjects == len(subjects)
        assert [one.row for one in notes_of[0].first] == sorted(one + 1 for one in places)[:20]
    order.shuffle(rows)
    assert summary(find(written(tmp_path_factory.mktemp("shuffled"), rows))) == summary(found)


def test_a_clean_study_has_no_note(tmp_path):
    assert find(written(tmp_path, records())) == ()


def test_a_study_that_is_too_large_for_memory_has_the_same_notes(pilot, monkeypatch):
    study = open_study(str(pilot))
    at_once = find(study)
    monkeypatch.setattr(notes, "IN_MEMORY", 0)
    assert find(study) == at_once


def test_text_where_a_number_is_due_is_found_and_keeps_no_other_note_back(study, noted, rows):
    opened = study(
        adlb="""
        USUBJID PARAMCD AVISIT AVISITN AVAL  BASE CHG
        P1      X       Week_4 4       7     5    3
        P1      X       Week_8 8       >100  5    -
        P2      X       Week_8 8       NA    5    -
        """
    )
    (note,) = noted(opened, "not-a-number")
    assert (note.rows, note.subjects, rows(note), note.severity) == (1, 1, [2], "contradiction")
    assert note.first[0].text == "Week 8, AVAL >100"
    assert len(noted(opened, "change-differs")) == 1


def test_contradictions_stand_first(tmp_path):
    rows = records()
    impute(rows[1])
    change(rows[5])
    assert [one.id for one in find(written(tmp_path, rows))] == ["change-differs", "imputed"]


def test_every_check_is_one_module():
    modules = [check.__module__ for check in NOTES]
    assert len(set(modules)) == len(modules)


@pytest.mark.parametrize(
    "collection", ["cdiscpilotadam", "pharmaverseadam", "cdiscpilotsdtm", "pharmaversesdtm"]
)
def test_real_studies_have_notes_with_as_many_rows_as_they_name(pilot, collection):
    found = find(open_study(str(pilot.parent / collection)))
    assert found
    for note in found:
        assert note.rows >= len(note.first) or note.id == "no-records"
        assert len(note.first) == min(20, len(note.first))
        assert note.what.endswith(".")
        assert note.subjects or note.first[0].subject is None
