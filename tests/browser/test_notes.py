"""The number of notes in the header, the page it leads to, and where a note leads."""

import pytest

from tui.analyses.answer import Question
from tui.analyses.rows.notes import NoteRow
from tui.analyses.session import Session
from tui.browser.actions import ACTIONS, Here
from tui.browser.engine import Engine
from tui.browser.view import NOTE_COUNT, PANES, View, questions
from tui.errors import SelectionError
from tui.selection import Selection
from tui.study.open import open_study


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40)])
def test_the_header_counts_the_notes_and_its_key_opens_them(terminal, pilot, width, height):
    screen = terminal(["-m", "tui", str(pilot), "--endpoint", "ACTOT"], width, height)
    screen.wait_for("24 data notes (!)")
    assert "24 data notes (!)" in screen.lines[0]
    screen.press("!")
    screen.wait_for("notes 1/24")
    screen.wait_for("4 rows after baseline, of 2 subjects")
    screen.press("j", "j")
    screen.wait_for("notes 3/24")
    screen.wait_for("241 of 12463 rows were not observed")
    screen.press("j", "j")
    screen.wait_for("notes 5/24")
    screen.press("\r")
    screen.wait_for("Subject 01-703-1096")
    screen.press("\x1b")
    screen.wait_for("visits 1/")
    screen.press("!")
    screen.wait_for("4 rows after baseline, of 2 subjects")
    screen.press("\r")
    screen.wait_for("where USUBJID=01-708-1286")
    screen.wait_for("Word Recognition")
    screen.press("-")
    screen.wait_for("4 rows after baseline, of 2 subjects")
    screen.press("j", "\r")
    screen.wait_for("No page shows these rows: rows 1306")


def test_a_word_and_the_picker_lead_there_too(terminal):
    screen = terminal(["-m", "tui"], 80, 24)
    screen.wait_for("3 data notes (!)")
    screen.press(":")
    screen.wait_for("a command")
    screen.press("notes", "\r")
    screen.wait_for("notes 1/3")
    screen.press("Y")
    screen.wait_for("sent to the terminal: trialdeck show notes")
    screen.press("\x1b")
    screen.wait_for("visits 1/24")
    screen.press("a")
    screen.wait_for("Choose the page")
    screen.press("notic", "\r")
    screen.wait_for("notes 1/3")


def test_the_count_is_asked_for_last_and_again_only_for_the_page():
    assert questions(View(page="notes"))["page"] == Question("notes")
    assert Question("notes", statistics=False) == NOTE_COUNT
    assert "notes" not in questions(View(page="notes", selection=Selection(endpoint="ACTOT")))


@pytest.mark.parametrize(
    ("answer", "line", "pane"),
    [
        ("visits", "endpoint=GLUC", "visits"),
        ("values", "endpoint=GLUC population=all", "visits"),
        ("events", "population=all where=USUBJID=X emergent=all", "events"),
    ],
)
def test_a_note_leads_to_the_pane_of_what_it_is_about(answer, line, pane):
    view = enter(answer, line)
    assert (view.page, view.pane, str(view.selection)) == ("", pane, line)


def enter(answer: str | None, line: str) -> View:
    """The view after Enter on a note."""
    row = NoteRow("id", "remark", "ADLB", None, "What.", 1, 1, (), "rows 1", answer, line)
    view = View(Selection(endpoint="HBA1C"), page="notes", pane=PANES[0])
    there = Session(open_study(None)).answer(Question("notes"))
    shown = type(there)(**{**there.__dict__, "rows": (row,)})
    return ACTIONS["open"](Here(view, {"page": shown}, 0))


def test_a_note_that_nothing_shows_says_where_its_rows_stand():
    with pytest.raises(SelectionError, match="No page shows these rows: rows 1"):
        enter(None, "")


def test_counting_the_notes_is_no_work_that_esc_stops():
    engine = Engine.__new__(Engine)
    engine._last = {"notes": 5}
    assert not engine.busy
    engine._last = {"notes": 5, "visits": 6}
    assert engine.busy
