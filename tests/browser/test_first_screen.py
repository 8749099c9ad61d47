"""The first screen: with the first data where they come soon, else without them."""

from __future__ import annotations

import asyncio

import pytest

from tui.browser import app as app_module
from tui.browser.app import Browser
from tui.browser.engine import Engine
from tui.browser.palette import Palette
from tui.browser.view import FIRST, View, first_questions

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
