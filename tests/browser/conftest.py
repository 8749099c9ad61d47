"""The browser in this process, without a terminal."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from tui.browser.app import Browser
from tui.browser.engine import Engine
from tui.browser.palette import Palette
from tui.browser.view import FIRST, View, first_questions

from ..processes import LIMIT
from ..terminal import Terminal


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Lets a browser in this process go on until the condition holds."""
    end = time.monotonic() + LIMIT
    while not condition():
        await pilot.pause(0.01)
        assert time.monotonic() < end
    await pilot.pause()


async def _browse(
    play: Callable[[Browser, Pilot[None]], Awaitable[None]],
    width: int,
    height: int,
    study: str | None,
    palette: Palette,
) -> None:
    engine, view = Engine(study), View()
    try:
        engine.ask(FIRST, first_questions(view)[FIRST])
        app = Browser(study, view, engine, palette)
        async with app.run_test(size=(width, height)) as pilot:
            await until(pilot, lambda: len(app.answers) == 5 and not engine.busy)
            await play(app, pilot)
            if app.is_running:  # this end leaves the queue open: a reply would meet no widgets
                app.engine.listen(lambda reply: None)
                await pilot.pause()
    finally:
        engine.stop()


def stop_work(screen: Terminal, key: str) -> None:
    """Presses a key that asks an engine which is halted, and Esc once it is said that it works."""
    screen.press(key)
    screen.wait_for("working")
    screen.press("\x1b")


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Runs the browser, as a rule of the built-in study, without a terminal, in this process.

    browser(play, width, height) waits for the first screen to be complete, and then for
    `await play(app, pilot)`.
    """
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", "/nowhere")  # nobody's theme

    def run(
        play: Callable[[Browser, Pilot[None]], Awaitable[None]],
        width: int = 120,
        height: int = 40,
        study: str | None = None,
        palette: Palette | None = None,
    ) -> None:
        asyncio.run(_browse(play, width, height, study, palette or Palette()))

    return run
