"""How far a long read has come, for whoever wants to show it: the readers tell, one listens."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Listener = Callable[[str, int, int], None]
"""Is told the file's name, how much of it has been read, and how much there is."""

LONG = 0.5
"""Seconds from which on a read is worth a word."""

_listener: Listener | None = None
_clock: Callable[[], float] = time.monotonic
# Of the process and not of its context: polars calls a reader on a thread of its own.
_reading: tuple[Path, float] | None = None
_told = 0.0


@contextmanager
def told_to(listener: Listener, clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """Within, long reads are told to the listener: from half a second on, five times a second."""
    global _listener, _clock, _reading
    _listener, _clock, _reading = listener, clock, None
    try:
        yield
    finally:
        _listener, _reading = None, None


def report(path: Path, done: int, total: int) -> None:
    """Readers call it after each batch; `done` and `total` in bytes or rows, as they know it."""
    global _reading, _told
    if _listener is None:
        return
    now = _clock()
    if _reading is None or _reading[0] != path:
        _reading, _told = (path, now), now
    elif now - _reading[1] >= LONG and now - _told >= 0.2:
        _told = now
        _listener(path.name, done, total)
    if done >= total:
        _reading = None


def said(name: str, done: int, total: int) -> str:
    """How far a read has come, in words."""
    return f"reading {name} {100 * done // max(total, 1)} %"
