"""The engine's process: started, asked whether it still runs, ended.

Every millisecond until it runs is one until the first data are on the screen. Forked before there
are threads it needs no Python of its own to start, which takes 15 ms and more, and what both
processes need is loaded once; later a fork is no longer safe, and the next one is a program of its
own.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

BOTH = (
    "concurrent.futures",
    "datetime",
    "decimal",
    "typing_extensions",
    "tui.analyses.answer",
    "tui.analyses.rows.visits",
    "tui.engine",
    "tui.study.progress",
    "tui.study.text_file",
)
"""What either process would load by itself, in 13 ms."""

SMALL = 4_000_000
"""Bytes of a study up to which polars gets one thread; as parquet that is a million records.

Several wait for each other: one answers another endpoint of the built-in study in 22 ms, two in 24,
and of a million records in 54 and 58. It takes a core for each thread as well, from the others who
are on the server, and from the keys.
"""

THREADS = 8
"""Threads of polars at most.

It takes one for each core. Those of 64 cores make a session 210 MB and 2.1 s of computing until its
first screen is complete, 8 make it 120 MB and 1.0 s: a server of many cores has many users.
"""


class Child:
    """A process that answers questions.

    Attributes:
        questions: File descriptor of what it reads: first what to open, then questions.
        answers: File descriptor of what it says.
    """

    def __init__(self, pid: int, questions: int, answers: int) -> None:
        self._pid = pid
        self.questions = questions
        self.answers = answers
        self._ended = False

    def has_ended(self) -> bool:
        """Whether it runs no more."""
        if not self._ended:
            self._ended = os.waitpid(self._pid, os.WNOHANG)[0] != 0
        return self._ended

    def stop(self) -> None:
        """Ends it, whatever it does; a second time there is nothing to do."""
        if self.questions < 0:
            return
        os.close(self.questions)
        os.close(self.answers)
        self.questions = self.answers = -1
        if not self._ended:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._ended = True


def forked(words: Iterable[str]) -> Child:
    """A copy of this process that becomes the engine: only while it has one thread.

    Args:
        words: Those of the command line, which have not been read yet. One names the study.
    """
    for name in BOTH:
        with contextlib.suppress(ImportError):  # a library may do without another some day
            import_module(name)
    theirs, questions = os.pipe()
    answers, ours = os.pipe()
    pid = os.fork()
    if pid:
        os.close(theirs)
        os.close(ours)
        return Child(pid, questions, answers)
    status = 1
    try:  # whatever happens, what this process was to do is its parent's
        os.close(questions)
        os.close(answers)
        for end, number in ((theirs, 0), (ours, 1), (os.open(os.devnull, os.O_WRONLY), 2)):
            os.dup2(end, number)
            os.close(end)
        os.environ.update(_settings(words))
        from tui import engine

        engine.main()
        status = 0
    finally:
        os._exit(status)


def spawned(study: str | None) -> Child:
    """A program of its own, from any process, for a study; None is the built-in one."""
    theirs, questions = os.pipe()
    answers, ours = os.pipe()
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "tui.engine"],
        {**os.environ, **_settings([study] if study else [])},
        file_actions=[
            (os.POSIX_SPAWN_DUP2, theirs, 0),
            (os.POSIX_SPAWN_DUP2, ours, 1),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ],
    )
    os.close(theirs)
    os.close(ours)
    return Child(pid, questions, answers)


def _settings(paths: Iterable[str]) -> dict[str, str]:
    """What polars takes from the environment when it is loaded, if the user has not set it."""
    if "POLARS_MAX_THREADS" in os.environ:
        return {}
    threads = 1 if all(map(_is_small, paths)) else min(THREADS, os.cpu_count() or 1)
    return {"POLARS_MAX_THREADS": str(threads)}


def _is_small(path: str) -> bool:
    """Whether what lies in a folder, or beside a file, is small; so is what is neither."""
    place, left = Path(path), SMALL
    try:
        if not place.exists():
            return True
        for one in (place if place.is_dir() else place.parent).iterdir():
            left -= one.stat().st_size
            if left < 0:
                return False
    except OSError:  # to be said when it is opened
        return True
    return True
