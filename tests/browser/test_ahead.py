"""The table of an endpoint is there when Enter comes, for it is asked for at rest before."""

from __future__ import annotations

import select

import pytest
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.events import Key
from textual.pilot import Pilot
from textual.screen import Screen

from tui.browser import ahead
from tui.browser.app import Browser
from tui.browser.display import _strips
from tui.browser.engine import AHEAD

from ..processes import LIMIT
from .conftest import until


async def typed(pilot: Pilot[None], app: Browser, *keys: str) -> None:
    """Presses keys, and waits until what can be chosen is known and no key has come for a while."""
    await pilot.press(*keys)
    await until(pilot, lambda: "choices" in app.answers and app.asking._rest._handle is None)


async def named(pilot: Pilot[None], app: Browser) -> None:
    """Types the name of an endpoint, and waits for what is asked ahead."""
    await typed(pilot, app, "colon", *"endpoint GLUC")
    await until(pilot, lambda: AHEAD in app.answers)


def deliver(app: Browser, slot: str) -> None:
    """Waits until the reply of a slot has come; it is taken when the browser goes on."""
    while slot in app.engine._last:
        select.select([app.engine._output], [], [], LIMIT)
        app.engine._read()


@pytest.mark.parametrize("keys", [("colon", *"endpoint GLUC"), ("p", *"GLUC")])
def test_enter_finds_the_table_of_the_endpoint_that_was_named(browser, keys):
    async def play(app: Browser, pilot: Pilot[None]) -> None:
        await typed(pilot, app, *keys)
        await until(pilot, lambda: AHEAD in app.answers)
        assert app.view.selection.endpoint is None
        there = app.answers[AHEAD]
        await pilot.press("enter")
        assert app.answers["visits"] is there
        assert app.view.selection.endpoint == there.question.selection.endpoint == "GLUC"
        await until(pilot, lambda: app.answers["trends"].selection.endpoint == "GLUC")

    browser(play)


@pytest.mark.parametrize(
    "line",
    [
        "endpoint",
        "endpoint NONE",
        "where AGE > 60",
        "endpoint=GLUC where=AGE>60",
        "visits 8",
        "study",
    ],
)
def test_only_an_endpoint_that_the_study_has_is_asked_for(browser, line):
    async def play(app: Browser, pilot: Pilot[None]) -> None:
        await typed(pilot, app, "colon", *"endpoint ")
        await pilot.press("ctrl+u")
        await typed(pilot, app, *line)
        await pilot.pause()
        assert AHEAD not in app.asked

    browser(play)


def test_nobody_waits_for_what_is_asked_ahead(browser):
    """Esc closes the prompt then, and stops no work."""

    async def play(app: Browser, pilot: Pilot[None]) -> None:
        await typed(pilot, app, "colon", *"endpoint GLU")
        ahead.ask(app, app.view.selecting(endpoint="GLUC"))
        assert AHEAD in app.engine._last
        assert not app.engine.busy
        await pilot.press("escape")
        assert not app.prompting
        await until(pilot, lambda: AHEAD in app.answers)
        assert app.view.selection.endpoint is None

    browser(play)


@pytest.mark.parametrize("has_come", [False, True], ids=["computed", "waits for its turn"])
def test_a_late_answer_does_not_take_the_place_of_the_one_asked_ahead(browser, has_come):
    async def play(app: Browser, pilot: Pilot[None]) -> None:
        await named(pilot, app)
        await pilot.press("escape")
        app.go(app.view.selecting(endpoint="WEIGHT"))
        if has_come:
            deliver(app, "visits")
        app.go(app.view.selecting(endpoint="GLUC"))
        await until(pilot, lambda: not app.engine.busy)
        await until(pilot, lambda: app.answers["trends"].selection.endpoint == "GLUC")
        assert app.answers["visits"].question.selection.endpoint == "GLUC"
        assert app.answers["visits"] is app.answers[AHEAD]

    browser(play)


def test_a_reply_that_has_come_when_work_is_stopped_changes_nothing(browser):
    async def play(app: Browser, pilot: Pilot[None]) -> None:
        await app.complete()
        app.go(app.view.selecting(endpoint="WEIGHT"))
        deliver(app, "visits")
        app.go(app.view.but(page="tests"))
        assert app.engine.busy
        await app.act("close")
        assert app.view.selection.endpoint is None
        await pilot.pause()
        await pilot.press("m")
        await until(pilot, lambda: "choices" in app.answers)
        assert app.answers["visits"].question.selection.endpoint is None

    browser(play)


def test_what_was_asked_ahead_of_other_data_is_forgotten(browser):
    async def play(app: Browser, pilot: Pilot[None]) -> None:
        await named(pilot, app)
        await pilot.press("escape", "R")
        await until(pilot, lambda: AHEAD not in app.answers)
        assert AHEAD not in app.asked

    browser(play)


@pytest.fixture
def drawn(monkeypatch) -> list[str]:
    """The text of what is drawn, by update."""
    texts: list[str] = []
    display = Browser._display

    def seen(app: Browser, screen: Screen[None], update: LayoutUpdate | ChopsUpdate) -> None:
        texts.append("\n".join(strip.text for _, _, strip in _strips(update)))
        display(app, screen, update)

    monkeypatch.setattr(Browser, "_display", seen)
    return texts


MEDIAN = "162.0"  # of plasma glucose; none of hemoglobin A1c is as large


def test_the_table_comes_with_the_lines_in_the_place_of_the_prompt(browser, drawn):
    """Textual draws at its next tick what it knows of by then: the lines, and the table later."""

    async def play(app: Browser, pilot: Pilot[None]) -> None:
        await named(pilot, app)
        await pilot.pause()
        drawn.clear()
        await pilot.press("enter")
        await until(pilot, lambda: any("Tab pane" in text for text in drawn))
        assert MEDIAN in next(text for text in drawn if "Tab pane" in text)

    browser(play)


def test_keys_that_come_at_once_are_drawn_once(browser, drawn):
    """Nothing of a prompt that opens and closes meanwhile, nor the table one drawing later."""

    async def play(app: Browser, pilot: Pilot[None]) -> None:
        await named(pilot, app)
        await pilot.press("escape")
        drawn.clear()
        for key in (":", *"endpoint GLUC", "\r"):
            app.post_message(Key({":": "colon", "\r": "enter"}.get(key, key), key))
        await until(pilot, lambda: bool(drawn))
        assert MEDIAN in drawn[0]

    browser(play)
