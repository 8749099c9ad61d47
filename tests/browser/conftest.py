"""A terminal for the tests: a program on a pty, its output on an emulated screen."""

import asyncio
import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pyte
import pytest
from textual.pilot import Pilot

from tui.browser.app import Browser
from tui.browser.engine import Engine
from tui.browser.palette import Palette
from tui.browser.view import View, first_questions

ROOT = Path(__file__).parents[2]
LIMIT = 20.0  # seconds until a condition that is not met fails the test

KEYS = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
}

# What pyte would print instead of ignoring it: queries and private sequences that draw nothing.
SILENT = re.compile(rb"\x1b\[(?:[<>=][0-9;]*[@-~]|\?[0-9;]*(?:\$p|u))")
UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*)?\Z")


class Terminal:
    """A program on a terminal of `width` x `height` cells that knows synchronized updates."""

    def __init__(self, argv: list[str], width: int, height: int, **environ: str | None) -> None:
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self.screen)
        self._rest = b""
        self.raw = b""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        environ = {"TERM": "xterm-256color", "LANG": "C.UTF-8", **kept, **environ}
        given = {name: value for name, value in environ.items() if value is not None}
        given["PYTHONPATH"] = str(ROOT)
        leader, follower = pty.openpty()
        self._fd = leader
        self.modes = termios.tcgetattr(leader)
        self._set_size(width, height)
        self._pid = os.posix_spawn(
            sys.executable,
            [sys.executable, *argv],
            given,
            setsid=True,
            file_actions=[
                # Opening a terminal after setsid makes it the controlling one: SIGWINCH, ctrl+z.
                (os.POSIX_SPAWN_OPEN, 0, os.ttyname(follower), os.O_RDWR, 0),
                (os.POSIX_SPAWN_DUP2, 0, 1),
                (os.POSIX_SPAWN_DUP2, 0, 2),
                (os.POSIX_SPAWN_CLOSE, leader),
            ],
        )
        os.close(follower)
        self.pid = self._pid

    @property
    def text(self) -> str:
        """The screen as a golden holds it: lines without trailing blanks."""
        return "".join(f"{line.rstrip()}\n" for line in self.lines)

    @property
    def modes_now(self) -> list[object]:
        """The line discipline's settings: those of `modes` before the program took over."""
        return termios.tcgetattr(self._fd)

    @property
    def lines(self) -> list[str]:
        """The screen as text; unlike pyte's `display` also between the halves of an update."""
        buffer, width = self.screen.buffer, self.screen.columns
        return ["".join(buffer[y][x].data for x in range(width)) for y in range(self.screen.lines)]

    def _set_size(self, width: int, height: int) -> None:
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def read(self, seconds: float) -> bytes:
        """What the program writes within this time, as soon as it writes something."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return b""
        data = os.read(self._fd, 65536)
        if b"\x1b[?2026$p" in data:
            os.write(self._fd, b"\x1b[?2026;2$y")
        self.raw += data
        data = self._rest + data
        cut = UNFINISHED.search(data)
        end = cut.start() if cut else len(data)
        self._rest = data[end:]
        self._stream.feed(SILENT.sub(b"", data[:end]))
        return self.raw[-len(data) :]

    def skim(self) -> None:
        """Read what there is now, and draw nothing."""
        while select.select([self._fd], [], [], 0)[0]:
            self.raw += os.read(self._fd, 65536)

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Read until the condition holds."""
        end = time.monotonic() + LIMIT
        while not condition():
            self.read(0.5)
            assert time.monotonic() < end, "on the screen:\n" + "\n".join(self.lines)

    def wait_for(self, text: str) -> None:
        """Read until the text is on the screen."""
        try:
            self.wait_until(lambda: any(text in line for line in self.lines))
        except AssertionError as error:
            raise AssertionError(f"waited for {text!r}; {error}") from None

    def rest(self) -> bytes:
        """What is still written until nothing comes for 0.1 s."""
        start = len(self.raw)
        while self.read(0.1):
            pass
        return self.raw[start:]

    def press(self, *keys: str) -> None:
        """Send keys, all at once."""
        os.write(self._fd, "".join(KEYS.get(key, key) for key in keys).encode())

    def resize(self, width: int, height: int) -> None:
        """Change the size, which empties this terminal and tells the program."""
        self.screen.resize(height, width)
        self.screen.erase_in_display(2)
        self._set_size(width, height)

    def hang_up(self) -> None:
        """The connection is gone: the other end of the pty closes."""
        os.close(self._fd)
        self._fd = -1

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        os.kill(self._pid, number)

    def wait_stopped(self) -> None:
        """Wait until the program has stopped itself."""
        while not (done := os.waitpid(self._pid, os.WUNTRACED | os.WNOHANG))[0]:
            self.read(0.05)
        assert os.WIFSTOPPED(done[1])

    def wait_ended(self) -> int:
        """Wait until the program has ended; its exit status."""
        end = time.monotonic() + LIMIT
        while not (done := os.waitpid(self._pid, os.WNOHANG))[0]:
            assert time.monotonic() < end, "still there:\n" + "\n".join(self.lines)
            if self._fd < 0:
                time.sleep(0.01)
            else:
                with contextlib.suppress(OSError):  # its end of the pty is gone
                    self.read(0.05)
        if self._fd >= 0:  # what it wrote last
            with contextlib.suppress(OSError):
                self.rest()
        self._pid = 0
        return os.waitstatus_to_exitcode(done[1])

    def cells(self) -> list[list[tuple[object, ...]]]:
        """Each cell's text and what of its style can be seen on it."""
        grid = []
        for y in range(self.screen.lines):
            line = self.screen.buffer[y]
            cells = [line[x] for x in range(self.screen.columns)]
            grid.append([self._seen(cell) for cell in cells])
        return grid

    @staticmethod
    def _seen(cell: pyte.screens.Char) -> tuple[object, ...]:
        ground = (cell.data, cell.bg, cell.reverse, cell.underscore, cell.strikethrough)
        return ground if cell.data == " " else (*ground, cell.fg, cell.bold, cell.italics)

    def close(self) -> None:
        """End the program, and wait until it has ended."""
        try:
            if self._pid:
                self.signal(signal.SIGKILL)
                os.waitpid(self._pid, 0)
        finally:
            if self._fd >= 0:
                os.close(self._fd)


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    """Starts programs: terminal(argv, width, height, VARIABLE=value); None takes one out."""
    started: list[Terminal] = []

    def start(
        argv: list[str], width: int = 120, height: int = 40, **environ: str | None
    ) -> Terminal:
        started.append(Terminal(argv, width, height, **environ))
        return started[-1]

    yield start
    for program in started:
        program.close()


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Lets a browser in this process go on until the condition holds."""
    end = time.monotonic() + LIMIT
    while not condition():
        await pilot.pause(0.01)
        assert time.monotonic() < end
    await pilot.pause()


async def _browse(
    play: Callable[[Browser, Pilot[None]], Awaitable[None]], width: int, height: int
) -> None:
    engine, view = Engine(None), View()
    try:
        for slot, question in first_questions(view).items():
            engine.ask(slot, question)
        app = Browser(None, view, engine, Palette())
        async with app.run_test(size=(width, height)) as pilot:
            await until(pilot, lambda: len(app.answers) == 4 and not engine.busy)
            await play(app, pilot)
    finally:
        engine.stop()


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Runs the browser of the built-in study, without a terminal, in this process.

    browser(play, width, height) waits for the first screen to be complete, and then for
    `await play(app, pilot)`.
    """
    monkeypatch.delenv("NO_COLOR", raising=False)

    def run(
        play: Callable[[Browser, Pilot[None]], Awaitable[None]], width: int = 120, height: int = 40
    ) -> None:
        asyncio.run(_browse(play, width, height))

    return run
