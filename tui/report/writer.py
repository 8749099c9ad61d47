"""The process that writes one answer to a file, so that the one that draws never waits for it.

It gets the answer through its standard input, in parts, and says at its end what has become of it.
Nothing stands on the disk before the whole content is made, so until then it may be ended at any
moment; from then on it ends by itself, with the whole file or none.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tui.analyses.answer import Answer
from tui.engine import Frames, Reply, frame, sentence
from tui.report import exports, file

COMMAND = (sys.executable, "-m", "tui.report.writer")

PART = 250
"""Rows sent at once: to pickle them takes a few ms, in which no key is answered."""


@dataclass(frozen=True)
class Task:
    """An answer without its rows, the number of these, and the file that it is written to."""

    path: Path
    replace: bool
    answer: Answer
    rows: int


def parts(path: Path, answer: Answer, replace_it: bool) -> Iterator[bytes]:
    """What the process is sent: the task, then the rows, a few at a time."""
    yield frame(Task(path, replace_it, replace(answer, rows=()), len(answer.rows)))
    for start in range(0, len(answer.rows), PART):
        yield frame(answer.rows[start : start + PART])


def said(output: bytes) -> Reply | None:
    """What the process said at its end; None if it was ended before."""
    return next(iter(Frames().feed(output)), None)


def _received(source: int) -> Task | None:
    """The task with its rows; None if whoever sends it has gone."""
    frames, task, rows = Frames(), None, list[Any]()
    while task is None or len(rows) < task.rows:
        data = os.read(source, 1 << 18)
        if not data:
            return None
        for message in frames.feed(data):
            if isinstance(message, Task):
                task = message
            else:
                rows += message
    return replace(task, answer=replace(task.answer, rows=tuple(rows)))


def _end_with(source: int) -> None:
    """Ends the process when its input does: a lost connection leaves nothing behind."""
    while os.read(source, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _written(task: Task) -> Reply:
    try:
        content = exports.content(task.path, task.answer)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # whole or not at all, and nothing beside it
        return Reply(0, "file", file.write(task.path, content, task.replace))
    except Exception as error:  # no traceback reaches a user
        return Reply(0, "file", error=sentence(error))


def main() -> None:
    """Entry point of the process, whose exit status is 0 once the file is there."""
    # Ctrl+C in the terminal is for the program that draws.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints can get before what is said
    task = _received(0)
    if task is None:
        sys.exit(1)
    threading.Thread(target=_end_with, args=(0,), daemon=True).start()
    reply = _written(task)
    with contextlib.suppress(BrokenPipeError):
        sink.write(frame(reply))
        sink.close()
    sys.exit(bool(reply.error))


if __name__ == "__main__":
    # Pickle names classes by module: those of `__main__` would be unknown on the other side.
    from tui.report import writer

    writer.main()
