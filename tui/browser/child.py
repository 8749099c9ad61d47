"""The engine's process: started, asked whether it still runs, ended.

Every millisecond until it runs is one until the first data are on the screen. Forked before
anything is loaded it needs no Python of its own to start, which takes 15 ms and more; once there
are threads and locks a fork is no longer safe, and the next one is a program of its own.
"""

from __future__ import annotations

import os
import signal
import sys


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


def forked() -> Child:
    """A copy of this process that becomes the engine: only before anything has been loaded."""
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
        from tui import engine

        engine.main()
        status = 0
    finally:
        os._exit(status)


def spawned() -> Child:
    """A program of its own, from any process."""
    theirs, questions = os.pipe()
    answers, ours = os.pipe()
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "tui.engine"],
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_DUP2, theirs, 0),
            (os.POSIX_SPAWN_DUP2, ours, 1),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ],
    )
    os.close(theirs)
    os.close(ours)
    return Child(pid, questions, answers)
