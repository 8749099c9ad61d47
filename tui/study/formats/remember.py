"""What the last files that were read came to, for formats that cannot be read column by column."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from tui.study.changes import State, state

T = TypeVar("T")
_Key = tuple[Path, State | None]


class Kept(Generic[T]):
    """Results by path and state of the file, the oldest forgotten beyond a number of bytes.

    Of a file that changes on disk there is none; what is larger than the whole bound is not kept.
    """

    def __init__(self, size: Callable[[T], int], most: int) -> None:
        """Takes the bytes that a result takes up, and how many may be kept."""
        self._size, self._most = size, most
        self._kept: OrderedDict[_Key, T] = OrderedDict()
        self._lock = Lock()  # polars calls readers from threads of its own

    def of(self, path: Path) -> T | None:
        """What is kept of the file as it is now."""
        key = (path, state(path))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, path: Path, at: State | None, found: T) -> None:
        """Keeps a result; `at` is the file's state before it was read."""
        self.forget(path)
        with self._lock:
            self._kept[path, at] = found
            while sum(map(self._size, self._kept.values())) > self._most:
                self._kept.popitem(last=False)

    def forget(self, path: Path) -> None:
        """Reads the file anew when it is asked for again, whatever its state says."""
        with self._lock:
            for old in [one for one in self._kept if one[0] == path]:
                del self._kept[old]


class Remembered(Kept[T]):
    """Results of a reader, each read when it is asked for and not kept."""

    def __init__(self, read: Callable[[Path], T], size: Callable[[T], int], most: int) -> None:
        """Takes what reads a file, the bytes that a result takes up, and how many may be kept."""
        super().__init__(size, most)
        self._read = read

    def __call__(self, path: Path) -> T:
        """What the file comes to, read now or earlier."""
        found = self.of(path)
        if found is None:
            at = state(path)
            found = self._read(path)
            self.keep(path, at, found)
        return found
