"""Textual's driver of a terminal, for one that can be gone at any moment."""

from __future__ import annotations

import contextlib
from typing import IO, Any

from textual.drivers.linux_driver import LinuxDriver


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

    def _enable_mouse_support(self) -> None:
        """Clicks and the wheel alone: every move would send 10 bytes up the line, for nothing."""
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1006h")
