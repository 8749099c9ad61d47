"""The first screen: with the first data where they come soon, else without them."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest
from textual.pilot import Pilot

from tui.browser import app as app_module
from tui.browser.app import Browser
from tui.browser.engine import Engine
from tui.browser.palette import Palette
from tui.browser.view import FIRST, View, first_questions

from .conftest import until

One = TypeVar("One", bound=Browser)


class Noting(Browser):
    """A browser that keeps what is in the table when the first screen has been drawn."""

    table: list[str]
    computing: bool

    def begun(self) -> None:
        self.table = self.body.as_lines()  # type: ignore[union-attr]
        self.computing = any(slot != FIRST for slot in self.engine._last)
        super().begun()


@asynccontextmanager
async def _begun(
    kind: type[One], wait: float, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[One, Pilot[None]]]:
    """A browser that waits so many seconds for its first data."""
    monkeypatch.setattr(app_module, "SOON", wait)
    engine, view = Engine(None), View()
    try:
        engine.ask(FIRST, first_questions(view)[FIRST])
        app = kind(None, view, engine, Palette())
        async with app.run_test(size=(120, 40)) as pilot:
            yield app, pilot
    finally:
        engine.stop()


async def _whole(app: Browser, pilot: Pilot[None]) -> None:
    await until(pilot, lambda: len(app.answers) == 5 and not app.engine.busy)


async def _start(wait: float, monkeypatch: pytest.MonkeyPatch) -> Noting:
    async with _begun(Noting, wait, monkeypatch) as (app, pilot):
        await _whole(app, pilot)
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

    def begun(self) -> None:
        os.kill(self.engine._process._pid, signal.SIGSTOP)
        super().begun()


def _shown(app: Browser) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def _stop_what_follows(monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    async with _begun(Halting, 60, monkeypatch) as (app, pilot):
        await until(pilot, lambda: app.engine.busy)
        await pilot.press("escape")
        await until(pilot, lambda: not app.engine.busy)
        stopped = _shown(app)
        await pilot.press("R")
        await _whole(app, pilot)
        return stopped, _shown(app)


def test_what_is_stopped_before_it_has_come_says_how_to_get_it(monkeypatch):
    stopped, read = asyncio.run(_stop_what_follows(monkeypatch))
    assert "no statistics: stopped; R asks again" in stopped
    assert stopped.count("stopped; R asks again") == 4  # with the arms, the trends and the events
    assert "ANCOVA at each visit" in read
    assert "stopped" not in read
    assert "reading" not in read
