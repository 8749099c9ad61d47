"""What a picker offers, and where a choice leads."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tui.analyses.answer import Answer, Question, StudyHeader
from tui.analyses.rows.study import StudyRow
from tui.browser.app import Browser
from tui.browser.choices import offered, present, table, taken
from tui.browser.table import TableView
from tui.browser.themes import DEFAULT
from tui.browser.view import View, command, questions
from tui.selection import Selection, parse

from .conftest import until

ENDPOINT = StudyRow("endpoint", "ALT", "Alanine Aminotransferase (U/L)", 1502, "ADLBC")
TIMES = StudyRow("time to event", "TTDE", "Time to First Dermatologic Event", 254, "ADTTE")
NONE = StudyRow("not to be had", "survival", "", None, "no dataset with PARAMCD, AVAL and CNSR")


def study(*rows: StudyRow) -> Answer:
    header = StudyHeader("S", "", "", False, "")
    return Answer(Question("study"), header, "", Selection(), (), rows)


def test_times_to_an_event_are_offered_among_the_endpoints():
    answer = study(ENDPOINT, TIMES)
    assert offered(answer, "endpoint", "") == [ENDPOINT, TIMES]
    assert offered(answer, "endpoint", "first derma") == [TIMES]
    assert [row[0] for row in table(answer, "endpoint", "").rows] == ["ALT", "TTDE"]


def test_what_begins_as_it_was_typed_is_offered_first():
    names = [row.name for row in offered(study(), "page", "tests")]
    assert names[0] == "tests"
    assert "responders" in names  # whose label says what is tested
    assert offered(study(TIMES, ENDPOINT), "endpoint", "a")[0] == ENDPOINT


@pytest.mark.parametrize("text", ["light", "t", "dark"])
def test_every_letter_leads_to_what_is_offered_first(browser, text):
    async def play(app: Browser, pilot: Pilot[None]) -> None:
        await pilot.press("T")
        await until(
            pilot, lambda: bool(app.body.as_lines()) and "neutral" in app.body.as_lines()[1]
        )
        for letter in text:
            await pilot.press(letter)
            await pilot.pause()
        names = [row.name for row in offered(study(), "theme", text)]
        assert isinstance(app.body, TableView)
        assert [row[0] for row in app.body.table.rows] == names
        assert app.body.row == 0
        await pilot.press("down", "enter")
        assert app.message.startswith(f"theme {names[1]}:")

    browser(play)


@pytest.mark.parametrize(
    ("keys", "at"),
    [
        (("p",), "HBA1C"),
        (("P",), "ITTFL"),
        (("m",), "ancova"),
        (("T",), DEFAULT),
        (("B", "a"), "baseline"),
        (("p", "g", "backspace"), "HBA1C"),
    ],
)
def test_a_picker_opens_at_what_is_in_force(browser, keys, at):
    async def play(app: Browser, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: app.answers["visits"].selection.method is not None)
        await pilot.press(*keys)
        body = app.query_one("#page-table", TableView)
        await until(pilot, lambda: body.cell_key is not None and body.cell_key[0][0] == at)

    browser(play)


def test_where_nothing_is_in_force_yet_a_picker_opens_at_its_first_choice():
    assert present("endpoint", View(page="survival"), study(TIMES), "dark") == ""
    assert present("endpoint", View(page="survival", time_to_event="TTDE"), None, "") == "TTDE"
    assert present("method", View(), None, "dark") == ""


def test_a_time_to_an_event_leads_to_its_page_and_leaves_the_table_its_endpoint():
    view = View(parse("endpoint=ALT where=SEX=F visits=8 method=welch"))
    page = taken(view, TIMES)
    assert (page.page, page.selection) == ("survival", view.selection)
    asked = questions(page)
    assert asked["page"] == Question("survival", parse("endpoint=TTDE where=SEX=F"))
    assert asked["visits"] == questions(view)["visits"]
    assert command(page, None) == "trialdeck show survival --endpoint TTDE --where SEX=F"
    assert taken(view, ENDPOINT).selection.endpoint == "ALT"


def test_the_page_takes_the_first_time_to_an_event_where_none_was_chosen():
    page = taken(View(parse("endpoint=ALT strata=SEX")), StudyRow("page", "survival", ""))
    assert questions(page)["page"] == Question("survival", parse("strata=SEX"))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((ENDPOINT, TIMES), "Kaplan-Meier"),
        ((ENDPOINT, NONE), "not to be had: no dataset with PARAMCD, AVAL and CNSR"),
    ],
)
def test_the_page_says_where_the_study_has_no_times(rows, said):
    (row,) = offered(study(*rows), "page", "survival")
    assert said in row.label


def test_opening_a_filter_looks_for_nothing_and_a_letter_does(browser):
    """What the prompt held before is no letter: a search for it met the first one typed."""

    async def type_one(app, pilot) -> None:
        await pilot.press("colon", "x", "escape", "4", "slash")
        assert app.prompting == "filter"
        assert app.asking._rest._handle is None
        await pilot.press("h")
        assert app.asking._rest._handle is not None

    browser(type_one)
