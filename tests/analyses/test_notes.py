"""The answer on the notes: every command it names shows what the note is about."""

from __future__ import annotations

import json
import re
import shlex

import pytest

from tui import parsers
from tui.analyses import notes
from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.report.formats import FORMATS
from tui.selection import from_texts, parse
from tui.study.open import open_study

COLLECTIONS = ["cdiscpilotadam", "pharmaverseadam", "cdiscpilotsdtm", "pharmaversesdtm"]


@pytest.fixture(scope="module")
def sessions(pilot):
    opened = {}

    def session(name: str) -> Session:
        if name not in opened:
            opened[name] = Session(open_study(str(pilot.parent / name)))
        return opened[name]

    return session


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_what_a_note_names_shows_its_rows(sessions, collection):
    session = sessions(collection)
    shown = [row for row in session.answer(Question("notes")).rows if row.answer]
    assert shown
    for row in shown:
        answer = session.answer(Question(row.answer, parse(row.selection), row.subject))
        assert answer.rows, row
        if row.answer in ("values", "events"):
            there = {one.subject for one in answer.rows}
            assert row.first[0].subject in there, row
        if row.answer == "values" and row.id == "imputed":
            assert {one.row for one in answer.rows} & {one.row for one in row.first}, row


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_the_command_is_that_question(sessions, collection):
    for row in sessions(collection).answer(Question("notes")).rows:
        if row.answer is None:
            assert row.see.startswith("row")
            continue
        words = shlex.split(row.see)
        assert words[:3] == ["trialdeck", "show", row.answer]
        options = parsers.show_parser().parse_args(words[2:])
        assert from_texts(parsers.selection_texts(options)) == parse(row.selection)
        assert options.subject == row.subject
        assert options.study == str(sessions(collection).study.path)


def test_an_endpoint_limits_the_notes_to_its_dataset(sessions):
    answer = sessions("cdiscpilotadam").answer(Question("notes", parse("endpoint=ACTOT")))
    assert answer.title == "Notes on the data: ADADAS"
    assert {row.dataset for row in answer.rows} == {"ADADAS"}
    assert [row.id for row in answer.rows] == [
        "no-baseline",
        "resolved-duplicates",
        "imputed",
        "missing-visits",
    ]


def test_a_study_of_very_many_rows_is_not_counted_unasked(sessions, monkeypatch):
    study = sessions("cdiscpilotadam").study
    unasked = Question("notes", statistics=False)
    assert not Session(study).answer(unasked).partial
    monkeypatch.setattr(notes, "AT_ONCE", 10)
    answer = Session(study).answer(unasked)
    assert (answer.partial, answer.rows) == (True, ())
    assert Session(study).answer(Question("notes")).rows


def test_every_form_has_the_same_notes(sessions):
    answer = sessions("cdiscpilotadam").answer(Question("notes"))
    content = json.loads(FORMATS["json"](answer))
    assert list(content["rows"][0])[:9] == [
        "id",
        "severity",
        "dataset",
        "endpoint",
        "what",
        "rows",
        "subjects",
        "first",
        "see",
    ]
    assert content["rows"][0]["first"][0] == {
        "row": 5603,
        "subject": "01-708-1286",
        "text": "ACITM08, Week 8",
    }
    lines = FORMATS["csv"](answer).splitlines()
    assert len(lines) == 1 + len(answer.rows)
    text, markdown = (FORMATS[name](answer) for name in ("text", "md"))
    for row in answer.rows:
        assert row.id in text
        assert row.id in markdown
        assert row.what in " ".join(text.split())


def test_the_command_prints_a_planted_defect_and_ends_well(trialdeck, tmp_path):
    (tmp_path / "adsl.csv").write_text("USUBJID,TRT01P\nP1,Placebo\nD1,Drug\n")
    (tmp_path / "adlb.csv").write_text(
        "USUBJID,PARAMCD,PARAM,AVISIT,AVISITN,AVAL,BASE,CHG,ABLFL\n"
        "P1,K,Potassium (mmol/L),Baseline,0,4,4,,Y\n"
        "P1,K,Potassium (mmol/L),Week 4,4,5,4,2,\n"
        "D1,K,Potassium (mmol/L),Baseline,0,4,4,,Y\n"
        "D1,K,Potassium (mmol/L),Week 4,4,5,4,1,\n"
    )
    run = trialdeck("show", "notes", tmp_path)
    assert (run.status, run.err) == (0, "")
    assert re.search(r"^!  ADLB +change-differs +K +1 +1$", run.out, re.MULTILINE)
    assert "! CHG is not AVAL - BASE in 1 row of 1 subject: K." in run.out
    assert "First: row 2, P1, Week 4, AVAL 5, BASE 4, CHG 2." in run.out
    (row,) = trialdeck("show", "notes", tmp_path, "--format", "json").json["rows"]
    shown = trialdeck(*shlex.split(row["see"])[1:], "--format", "json")
    assert [one["row"] for one in shown.json["rows"] if one["visit_number"] == 4] == [2]


def test_a_clean_study_says_that_there_is_none(here, tmp_path):
    (tmp_path / "adsl.csv").write_text("USUBJID,TRT01P\nP1,Placebo\n")
    run = here("show", "notes", tmp_path)
    assert run.status == 0
    assert "(none)" in run.out
