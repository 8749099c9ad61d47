"""What is written under another name until it is whole, and what a killed process left of it.

A process that is killed (SIGKILL, the kernel short of memory) removes nothing; what it had written
of study data would stay beside its target, hidden, for ever. Whoever writes holds a lock that goes
with its process; the next one that writes to the same folder removes what nobody holds.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = ".trialdeck-"
"""How the name of what is not whole yet begins, file or folder."""


def hold(handle: int) -> None:
    """Says of an open file, as long as it is open, that somebody is writing it.

    Where there are no locks, as on some network drives, nothing is ever removed.
    """
    with suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """The same of a folder."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        hold(handle)
        yield
    finally:
        os.close(handle)


def remove(folder: Path) -> None:
    """Removes from a folder what we began to write there and nobody is writing any more.

    What is empty stays: it may have been made this moment, before it could be held.
    """
    with suppress(OSError):
        for one in folder.iterdir():
            if one.name.startswith(PREFIX):
                with suppress(OSError):
                    _remove_unheld(one)


def _remove_unheld(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # neither link nor pipe
    try:
        begun = any(path.iterdir()) if path.is_dir() else os.fstat(handle).st_size
        if not begun:
            return
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    finally:
        os.close(handle)
