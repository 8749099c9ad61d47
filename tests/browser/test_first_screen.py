"""The first screen: with the first data where they come soon, else without them."""

from __future__ import annotations

import asyncio
import select

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


def test_keys_do_not_wait_for_statistics_where_the_first_data_come_as_it_is_drawn():
    """The event loop may have seen them come, and calls the reader when they have been taken."""
    order: list[str] = []

    async def start() -> None:
        engine, view = Engine(None), View()
        try:
            asked = first_questions(view)
            for slot in (FIRST, "visits"):
                engine.ask(slot, asked[slot])
            engine.listen(lambda reply: order.append(reply.slot))
            select.select([engine._output], [], [])
            loop = asyncio.get_running_loop()
            loop.call_soon(lambda: order.extend(one.slot for one in engine.wait(FIRST, 60)))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            order.append("a key")
            while "visits" not in order:
                await asyncio.sleep(0.01)
        finally:
            engine.stop()

    asyncio.run(start())
    assert order.index(FIRST) < order.index("a key") < order.index("visits")
