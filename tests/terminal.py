"""A program on a pty of its own, and what it writes on an emulated screen."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pyte

from .processes import LIMIT

ROOT = Path(__file__).parents[1]

ALWAYS = {
    "TERM": "xterm-256color",
    "LANG": "C.UTF-8",
    "TRIALDECK_NO_TOUR": "1",
    "XDG_CONFIG_HOME": "/nowhere",
}
"""The environment of a program: nobody's first use, keys or theme, unless a test is about that."""

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

MOUSE = {b"1000", b"1002", b"1003", b"1006", b"1015"}


class Terminal:
    """A program on a terminal of `width` x `height` cells that knows synchronized updates."""

    def __init__(self, argv: list[str], width: int, height: int, **environ: str | None) -> None:
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self.screen)
        self._rest = b""
        self.raw = b""
        self.patience = LIMIT
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        environ = {**ALWAYS, **kept, **environ}
        given = {name: value for name, value in environ.items() if value is not None}
        given["PYTHONPATH"] = str(ROOT)
        leader, follower = pty.openpty()
        self._fd, self._name = leader, os.ttyname(follower)
        self.modes = termios.tcgetattr(leader)
        self._set_size(width, height)
        self._pid = os.posix_spawnp(
            argv[0],
            argv,
            given,
            setsid=True,
            file_actions=[
                # Opening a terminal after setsid makes it the controlling one: SIGWINCH, ctrl+z.
                (os.POSIX_SPAWN_OPEN, 0, self._name, os.O_RDWR, 0),
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

    def take(self, seconds: float) -> bytes:
        """What the program writes within this time, drawn nowhere."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return b""
        data = os.read(self._fd, 65536)
        if b"\x1b[?2026$p" in data:
            os.write(self._fd, b"\x1b[?2026;2$y")
        return data

    def read(self, seconds: float) -> bytes:
        """What the program writes within this time, as soon as it writes something."""
        new = self.take(seconds)
        self.raw += new
        data = self._rest + new
        cut = UNFINISHED.search(data)
        end = cut.start() if cut else len(data)
        self._rest = data[end:]
        self._stream.feed(SILENT.sub(b"", data[:end]))
        return new

    @property
    def is_restored(self) -> bool:
        """Whether every private mode is as a shell expects it."""
        last = {}
        for numbers, switch in re.findall(rb"\x1b\[\?([0-9;]+)([hl])", self.raw):
            last |= dict.fromkeys(numbers.split(b";"), switch)
        on = {mode for mode, switch in last.items() if switch == b"h"}
        pushed = len(re.findall(rb"\x1b\[>\d+u", self.raw)), self.raw.count(b"\x1b[<u")
        assert b"1049" in last
        assert not last.keys() & MOUSE  # it is left to the terminal: text can be selected
        return on <= {b"7", b"25"} and {b"25"} <= on and len(set(pushed)) == 1

    def skim(self) -> None:
        """Read what there is now, and draw nothing."""
        while select.select([self._fd], [], [], 0)[0]:
            self.raw += os.read(self._fd, 65536)

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Read until the condition holds."""
        end = time.monotonic() + self.patience
        while not condition():
            self.read(0.5)
            assert time.monotonic() < end, "on the screen:\n" + "\n".join(self.lines)

    def wait_for(self, text: str) -> None:
        """Read until the text is on the screen."""
        try:
            self.wait_until(lambda: any(text in line for line in self.lines))
        except AssertionError as error:
            raise AssertionError(f"waited for {text!r}; {error}") from None

    def wait_complete(self) -> None:
        """Read until the browser's first screen is whole: the statistics, the notes counted."""
        self.wait_for("ANCOVA at each visit")
        self.wait_for("(!)")
        self.rest()

    def rest(self, quiet: float = 0.1) -> bytes:
        """What is still written until nothing comes for so many seconds."""
        start, end = len(self.raw), time.monotonic() + self.patience
        while self.read(quiet):
            assert time.monotonic() < end, "it never comes to rest"
        return self.raw[start:]

    def answer(self, *keys: str, quiet: float = 0.1) -> bytes:
        """What is written because of keys that something has to be written for."""
        start = len(self.raw)
        self.press(*keys)
        self.wait_until(lambda: len(self.raw) > start)
        self.rest(quiet)
        return self.raw[start:]

    def press(self, *keys: str) -> None:
        """Send keys, all at once."""
        os.write(self._fd, "".join(KEYS.get(key, key) for key in keys).encode())

    def resize(self, width: int, height: int) -> None:
        """Change the size, which empties this terminal and tells the program.

        To the size that it has, neither happens: the kernel then sends no signal.
        """
        if (width, height) == (self.screen.columns, self.screen.lines):
            return
        self.screen.resize(height, width)
        self.screen.erase_in_display(2)
        self._set_size(width, height)

    def stop_output(self) -> None:
        """From now on the terminal takes nothing, as over a connection that is stuck."""
        follower = os.open(self._name, os.O_RDWR | os.O_NOCTTY)
        termios.tcflow(follower, termios.TCOOFF)
        os.close(follower)

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
        end = time.monotonic() + self.patience
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
