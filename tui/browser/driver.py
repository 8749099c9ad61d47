"""Textual's driver of a terminal, for one that can be gone at any moment."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable
from typing import IO, Any

from textual._ansi_sequences import SYNC_END, SYNC_START
from textual.drivers.linux_driver import LinuxDriver

GRACE = 5
"""Seconds that are left to an orderly end once the connection is gone."""

AT_ONCE = 256
"""Characters that a terminal shows at once without being asked to: they come in one piece."""


def end_on_signals(leave: Callable[[], None]) -> None:
    """Ends with the connection, even one that is stuck.

    What is still to be written to it then holds up the event loop. A handler of Python's own
    runs all the same.
    """
    loop = asyncio.get_running_loop()

    def end(*_: object) -> None:
        signal.alarm(GRACE)
        loop.call_soon_threadsafe(leave)

    for sign in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, end)


class _Output:
    """What Textual's output thread writes to: a terminal that is gone takes everything.

    The thread would end with an error otherwise. Its queue holds 30 pieces: where a connection was
    stuck before it was cut, the queue is full, and the event loop waits for a place in it for ever.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._file.flush()

    def fileno(self) -> int:
        return self._file.fileno()


class Driver(LinuxDriver):
    """Draws on a terminal as long as it is there."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._file: Any = _Output(self._file)
        self._update = ""

    def start_application_mode(self) -> None:
        """Take the terminal; a new size of it is looked at by the event loop, and in its turn.

        Textual looks in the handler of the signal. That of a second one can run amid that of the
        first, and what was read first is then reported last, and stays.
        """
        super().start_application_mode()  # type: ignore[no-untyped-call]
        look = signal.getsignal(signal.SIGWINCH)
        if callable(look):
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGWINCH, look, signal.SIGWINCH, None)

    def write(self, data: str) -> None:
        """Write; an update of the screen in one piece, hence in one packet.

        Textual writes its beginning, its text and its end one by one, and each piece may be a
        packet of its own, with 80 bytes around it over SSH.
        """
        self._update += data
        if self._update.startswith(SYNC_START) and not self._update.endswith(SYNC_END):
            return
        whole, self._update = self._update, ""
        inside = len(SYNC_START), len(whole) - len(SYNC_END)
        if whole.startswith(SYNC_START) and inside[1] - inside[0] <= AT_ONCE:
            whole = whole[slice(*inside)]
        super().write(whole)

    def _enable_mouse_support(self) -> None:
        """Clicks and the wheel alone: every move would send 10 bytes up the line, for nothing."""
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1006h")
