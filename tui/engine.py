"""The process that reads the study and answers questions about it, through a pipe.

It is started before Textual is imported, so that the data are read on one core while the screen is
made ready on the other: first data then come as early as a bare Textual program paints. It keeps
every computation off the process that draws, and it ends when its standard input does: a dropped
connection leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import select
import struct
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO, Any

from tui import deferred
from tui.errors import ChangedError, TrialdeckError
from tui.selection import FIELDS, Selection

_LENGTH = struct.Struct("!I")

LOOK = 2.0
"""Seconds between two looks at the study's files."""

SPARING = 50
"""On a slow network drive the pause is this many times what a look takes: at most 2 % of a core."""

BEHIND = 5
"""How much nicer the process is once the first data are there.

Statistics keep every core busy for a moment, and meanwhile keys are to be answered.
"""


@dataclass(frozen=True)
class Opening:
    """The first message: what to open.

    Attributes:
        study: A path, or None for the built-in study.
        encoding: That of text in files that do not state theirs.
    """

    study: str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class Ask:
    """A question with its number. A later one of the same slot makes an earlier one void.

    `data` is the state of the data that the figures on the screen are of, where they are of any.
    """

    number: int
    slot: str
    question: Any
    data: str = ""


@dataclass(frozen=True)
class Reply:
    """An answer, or the sentence that says why there is none.

    `fatal` says that the study cannot be opened at all, `changed` that the data are no longer those
    that were asked for. What nobody asked for has number 0: in the slot `data`, when the study has
    been opened and whenever its files have changed, the state that these are in; in the slot
    `progress`, while a file takes long to read, how far it has come.
    """

    number: int
    slot: str
    answer: Any = None
    error: str | None = None
    fatal: bool = False
    changed: bool = False


@dataclass(frozen=True)
class Reload:
    """Asks for the study to be read anew, and what a selection still means in it."""

    selection: Selection


@dataclass(frozen=True)
class Reloaded:
    """The study has been read anew.

    Attributes:
        data: The state of the data that is answered from now on.
        changes: What has changed in the folder since it was read before, in words.
        asked: The selection that was asked about.
        kept: What of it still means something.
        gone: A sentence for each choice that does not.
    """

    data: str
    changes: str
    asked: Selection
    kept: Selection
    gone: tuple[str, ...]

    def applied(self, now: Selection) -> Selection:
        """A selection without the choices that are gone; what was chosen meanwhile stays."""
        return now.changed(
            **{
                name: getattr(self.kept, name)
                for name in FIELDS
                if getattr(now, name) == getattr(self.asked, name)
            }
        )


def started() -> None:
    """Ends a start: what is in memory now stays, and garbage is collected from here on.

    Nor does anything wait any more that is loaded from now on, see `tui.deferred`.

    Both processes start with the collector off: modules make objects that live as long as the
    program, and looking through them again and again takes 5 to 10 % of the time to load them.
    """
    deferred.end()
    gc.freeze()
    gc.enable()


def frame(message: object) -> bytes:
    """A message as bytes, its length in front."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(body)) + body


class Frames:
    """Takes bytes as they come and gives back whole messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Any]:
        """The messages that are complete now."""
        self._buffer += data
        messages = []
        while len(self._buffer) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer)
            end = _LENGTH.size + length
            if len(self._buffer) < end:
                break
            messages.append(pickle.loads(bytes(self._buffer[_LENGTH.size : end])))
            del self._buffer[:end]
        return messages


def serve(source: int, sink: IO[bytes]) -> None:
    """Opens a study and answers the questions that come in until there are no more to come.

    Between them it looks whether the study's files are still those that it read. It is this
    process that looks, and no thread of the one that draws: on a network drive that hangs, a look
    takes until the drive is back, and here it holds up nothing but answers that need the drive as
    well. For the same reason it needs no thread of its own: while it computes it does not look, and
    rows of another state of the data are refused wherever a file is read.

    Args:
        source: File descriptor of the messages: what to open, then questions.
        sink: Where the answers go.
    """
    from tui.analyses.session import Session
    from tui.study.open import open_study

    frames = Frames()
    came = _first(source, frames)
    if not came:
        return
    opening, *asks = came

    def opened() -> Session:
        return Session(open_study(opening.study, opening.encoding))

    try:
        session = opened()
    except Exception as error:  # no traceback reaches a user
        _send(sink, Reply(0, "study", error=sentence(error), fatal=True))
        return
    watch = _Watch(session.study.fingerprint)
    _send(sink, Reply(0, "data", watch.opened))
    waiting: dict[str, Ask] = {}
    _line_up(waiting, asks)
    while _wait(source, frames, waiting, watch.pause):
        if waiting:
            ask = waiting.pop(next(iter(waiting)))
            if isinstance(ask.question, Reload):
                session, reply = _reload(session, ask, opened)
                if reply.error is None:
                    watch = _Watch(session.study.fingerprint)
            else:
                reply = _reply(session, ask, watch.opened)
            _send(sink, reply)
            if not gc.isenabled():  # the first answer
                started()
                os.nice(BEHIND)
        if now := watch.look():
            _send(sink, Reply(0, "data", now))


def _wait(source: int, frames: Frames, waiting: dict[str, Ask], pause: float) -> bool:
    """Lines up what has come; until something has, for that many seconds. False at the end."""
    while select.select([source], [], [], 0 if waiting else pause)[0]:
        data = os.read(source, 1 << 16)
        if not data:
            return False
        _line_up(waiting, frames.feed(data))
    return True


def _first(source: int, frames: Frames) -> list[Any]:
    """The first messages that come; none where there are none to come."""
    while data := os.read(source, 1 << 16):
        if came := frames.feed(data):
            return came
    return []


def _line_up(waiting: dict[str, Ask], asks: Iterable[Ask]) -> None:
    """The newest question of a slot takes its turn at the end, and makes the one before void."""
    for ask in asks:
        waiting.pop(ask.slot, None)
        waiting[ask.slot] = ask


class _Watch:
    """Looks now and then at the files of a study.

    `opened` is the state of the data that was read.
    """

    def __init__(self, fingerprint: Any) -> None:
        self._folder = fingerprint.folder
        self.opened = self._seen = fingerprint.digest
        self._next = time.monotonic() + LOOK

    @property
    def pause(self) -> float:
        """Seconds until the next look is due."""
        return max(0.0, self._next - time.monotonic())

    def look(self) -> str | None:
        """The state of the files if a look is due and finds another one than the last look."""
        from tui.study.changes import fingerprint

        start = time.monotonic()
        if start < self._next:
            return None
        before, self._seen = self._seen, fingerprint(self._folder).digest
        end = time.monotonic()
        self._next = end + max(LOOK, SPARING * (end - start))
        return self._seen if self._seen != before else None


def _reload(session: Any, ask: Ask, opened: Callable[[], Any]) -> tuple[Any, Reply]:
    """The session that answers from now on: the one before where the study cannot be opened."""
    from tui.study.changes import described

    try:
        new = opened()
        kept, gone = new.still_meaningful(ask.question.selection)
    except Exception as error:  # no traceback reaches a user
        return session, Reply(ask.number, ask.slot, error=sentence(error))
    before, after = session.study.fingerprint, new.study.fingerprint
    changes = described(before, after)
    reloaded = Reloaded(after.digest, changes, ask.question.selection, kept, gone)
    return new, Reply(ask.number, ask.slot, reloaded)


def _reply(session: Any, ask: Ask, data: str) -> Reply:
    """The answer, or why there is none; never one of other data than those on the screen."""
    if ask.data not in ("", data):
        error = "The data changed on disk since they were read: R reloads."
        return Reply(ask.number, ask.slot, error=error, changed=True)
    try:
        return Reply(ask.number, ask.slot, session.answer(ask.question))
    except ChangedError as error:
        said = f"{str(error).rstrip('.')}: R reloads."
        return Reply(ask.number, ask.slot, error=said, changed=True)
    except Exception as error:  # no traceback reaches a user
        return Reply(ask.number, ask.slot, error=sentence(error))


def sentence(error: Exception) -> str:
    """What a user is told of an error, whatever it is."""
    if isinstance(error, TrialdeckError):
        return str(error)
    return f"This should not happen ({type(error).__name__}: {error}). Please report it."


def _send(sink: IO[bytes], reply: Reply) -> None:
    sink.write(frame(reply))
    sink.flush()


def main() -> None:
    """What the process does, whose standard input and output are the pipe."""
    import signal

    gc.disable()  # until the first answer is there, see `started`
    from tui.study import progress

    # Ctrl+C in the terminal is for the program that draws; this one ends with its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints can get between the answers

    def tell(name: str, done: int, total: int) -> None:
        _send(sink, Reply(0, "progress", progress.said(name, done, total)))

    with contextlib.suppress(BrokenPipeError), progress.told_to(tell):  # the browser has gone
        serve(0, sink)


if __name__ == "__main__":
    # Pickle names classes by module: those of `__main__` would be unknown on the other side.
    from tui import engine

    deferred.install()
    engine.main()
