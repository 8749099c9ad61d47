"""A terminal that notes when what came: a thread reads, and the screen is drawn in the pauses.

Drawing the screen takes longer than the program needs to change it, and would take a core away from
the program. So it is done when nothing has come for a while, and a time is the moment at which the
piece was read that completed what was waited for.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from ..terminal import Terminal


@dataclass(frozen=True)
class Cost:
    """What a key costs: seconds to the first byte, to what was waited for, to the last; bytes."""

    first: float
    shown: float
    settled: float
    written: int


class Watched(Terminal):
    """A program on a terminal. Times count from its start, or from a key.

    `quiet` is the time in seconds without a byte after which an answer counts as complete.
    """

    def __init__(
        self, argv: list[str], width: int, height: int, quiet: float = 0.15, **environ: str | None
    ) -> None:
        self.quiet = quiet
        self._pieces: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        self.heard = b""  # all that has come, drawn or not
        self._ended = threading.Event()
        self.began = self.came = self._last = time.monotonic()
        super().__init__(argv, width, height, **environ)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        while not self._ended.is_set():
            try:
                data = super().take(0.05)
            except OSError:  # the program has ended
                return
            if data:
                self._last = time.monotonic()
                self.heard += data
                self._pieces.put((self._last, data))

    def take(self, seconds: float) -> bytes:
        """The next piece; `came` says when it came."""
        try:
            self.came, data = self._pieces.get(timeout=seconds)
        except queue.Empty:
            return b""
        return data

    def wait_quiet(self) -> None:
        """Waits until something has come, and then nothing for a while."""
        end = time.monotonic() + self.patience
        while self._pieces.empty() or time.monotonic() < self._last + self.quiet:
            assert time.monotonic() < end, self.text
            time.sleep(self.quiet / 10)

    def lead(self, *keys: str) -> None:
        """Presses keys one by one, and waits for what they lead to, if for anything."""
        for key in keys:
            self.press(key)
            time.sleep(2 * self.quiet)
            while time.monotonic() < self._last + self.quiet:
                time.sleep(self.quiet / 10)
        self.draw()

    def shows(self, text: str) -> float:
        """Waits for a text; how many seconds after the start it was there."""
        self.reaches(lambda screen: text in screen)
        return self.came - self.began

    def reaches(self, condition: Callable[[str], bool]) -> None:
        """Waits until a condition holds for the text of the screen; `came` says when it did."""
        while not condition(self.text):
            if self._pieces.empty():
                self.wait_quiet()
            self.read(0)

    def draw(self) -> None:
        """Draws all that has come."""
        while not self._pieces.empty():
            self.read(0)

    def cost(self, *keys: str, shows: Callable[[str], bool] | None = None) -> Cost:
        """Presses keys at once, and waits for the whole answer."""
        self.draw()
        pressed, start = time.monotonic(), len(self.raw)
        self.press(*keys)
        self.wait_quiet()
        first = shown = 0.0
        while not self._pieces.empty():
            self.read(0)
            first = first or self.came - pressed
            if shows and not shown and shows(self.text):
                shown = self.came - pressed
            if shows and not shown and self._pieces.empty():
                self.wait_quiet()
        return Cost(first, shown, self.came - pressed, len(self.raw) - start)

    def held(self, key: str, times: int = 30, rate: float = 30.0) -> Cost:
        """Holds a key down; the times count from the last press."""
        self.draw()
        began, start = time.monotonic(), len(self.raw)
        for number in range(times):
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
            pressed = time.monotonic()
            self.press(key)
        self.wait_quiet()
        self.draw()
        lag = max(0.0, self.came - pressed)
        return Cost(lag, lag, lag, len(self.raw) - start)

    def at_rest(self, seconds: float) -> int:
        """The bytes that are written while nothing is pressed."""
        self.draw()
        time.sleep(seconds)
        start = len(self.raw)
        self.draw()
        return len(self.raw) - start

    def close(self) -> None:
        self._ended.set()
        self._reader.join()
        super().close()
