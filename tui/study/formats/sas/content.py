"""The bytes of a file, piece by piece: those of a small one are read once, for every pass over it.

A pass over the pilot's ADLBC, 14 MB, costs 3 ms where it reads the file, and five of them stand
between its header and its first table.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tui.study.formats.remember import Remembered
from tui.study.header import Unreadable

_MOST = 32 << 20
"""Bytes of the last small files that are kept, all together."""

_Bytes = NDArray[np.uint8]


def _all(path: Path) -> _Bytes:
    return np.fromfile(path, np.uint8)


_read = Remembered(_all, len, _MOST)

forget = _read.forget
"""Has a file read anew: a change within a tick of the clock (4 ms) does not show in its state."""


def pieces(path: Path, start: int, end: int, size: int) -> Iterator[_Bytes]:
    """The bytes of a file from one place to another, so many at a time.

    Each piece is good until the next one is asked for.

    Raises:
        Unreadable: when the file ends before.
    """
    if path.stat().st_size <= _MOST // 2:
        data = _read(path)
        if len(data) < end:
            raise Unreadable(_CUT)
        yield from (data[place : min(end, place + size)] for place in range(start, end, size))
        return
    buffer = np.empty(min(size, end - start), np.uint8)
    with path.open("rb") as file:
        file.seek(start)
        for place in range(start, end, size):
            piece = buffer[: end - place]
            if file.readinto(piece.data) < len(piece):
                raise Unreadable(_CUT)
            yield piece


_CUT = "it was cut short while it was read."
