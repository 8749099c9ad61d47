"""The first screen: with the first data where they come soon, else without them."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from tui.browser import app as app_module
from tui.browser.app import Browser
from tui.browser.engine import Engine
from tui.browser.palette import Palette
from tui.browser.view import FIRST, View, first_questions

from ..processes import children, needs_proc
from .conftest import until


class Noting(Browser):
    """A browser that keeps what is in the table when the first screen has been drawn."""

    table: list[str]
    computing: bool

    def begun(self) -> None:
        self.table = self.body.as_lines()  # type: ignore[union-attr]
        self.computing = any(slot != FIRST for slot in self.engine._last)
        super().begun()


async def _start(wait: float, monkeypatch: pytest.MonkeyPatch) -> Noting:
    monkeypatch.setattr(app_module, "SOON", wait)
    engine, view = Engine(None), View()
    try:
        engine.ask(FIRST, first_questions(view)[FIRST])
        app = Noting(None, view, engine, Palette())
        async with app.run_test(size=(120, 40)) as pilot:
            await until(pilot, lambda: len(app.answers) == 5 and not engine.busy)
    finally:
        engine.stop()
    return app


def test_it_has_the_data_that_come_soon_and_nothing_else_is_computed_before(monkeypatch):
    app = asyncio.run(_start(60, monkeypatch))
    assert "8.22  0.84" in "\n".join(app.table)
    assert not app.computing


def test_data_that_take_longer_do_not_hold_it_up(monkeypatch):
    app = asyncio.run(_start(0, monkeypatch))
    assert "8.22" not in "\n".join(app.table)
    assert app.answers["visits"].rows[0].mean is not None


class Halting(Browser):
    """A browser whose engine halts as soon as the first screen has been drawn."""

    process: int

    def begun(self) -> None:
        os.kill(self.process, signal.SIGSTOP)
        super().begun()


def _shown(app: Browser) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def _stop_what_follows(monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    monkeypatch.setattr(app_module, "SOON", 60)
    before = set(children(os.getpid()))
    engine, view = Engine(None), View()
    try:
        engine.ask(FIRST, first_questions(view)[FIRST])
        app = Halting(None, view, engine, Palette())
        (app.process,) = set(children(os.getpid())) - before
        async with app.run_test(size=(120, 40)) as pilot:
            await until(pilot, lambda: engine.busy)
            await pilot.press("escape")
            await until(pilot, lambda: not engine.busy)
            stopped = _shown(app)
            await pilot.press("R")
            await until(pilot, lambda: len(app.answers) == 5 and not engine.busy)
            return stopped, _shown(app)
    finally:
        engine.stop()


@needs_proc
def test_what_is_stopped_before_it_has_come_says_how_to_get_it(monkeypatch):
    stopped, read = asyncio.run(_stop_what_follows(monkeypatch))
    assert "no statistics: stopped; R asks again" in stopped
    assert stopped.count("stopped; R asks again") == 4  # with the arms, the trends and the events
    assert "ANCOVA at each visit" in read
    assert "stopped" not in read
    assert "reading" not in read
