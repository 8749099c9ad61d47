"""The process that reads the study and answers questions about it, through a pipe.

It is started before Textual is imported, so that the data are read on one core while the screen is
made ready on the other: first data then come as early as a bare Textual program paints. It keeps
every computation off the process that draws, and it ends when its standard input does: a dropped
connection leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import struct
import sys
from dataclasses import dataclass
from typing import IO, Any

from tui.errors import TrialdeckError

_LENGTH = struct.Struct("!I")


@dataclass(frozen=True)
class Ask:
    """A question with its number. A later one of the same slot makes an earlier one void."""

    number: int
    slot: str
    question: Any


@dataclass(frozen=True)
class Reply:
    """An answer, or the sentence that says why there is none.

    `fatal` says that the study cannot be opened at all.
    """

    number: int
    slot: str
    answer: Any = None
    error: str | None = None
    fatal: bool = False


def frame(message: Ask | Reply) -> bytes:
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


def serve(study: str | None, source: int, sink: IO[bytes]) -> None:
    """Answers the questions that come in until there are no more to come.

    Args:
        study: What to open: a path, or None for the built-in study.
        source: File descriptor of the questions.
        sink: Where the answers go.
    """
    from tui.analyses.session import Session
    from tui.study.open import open_study

    try:
        session = Session(open_study(study))
    except TrialdeckError as error:
        _send(sink, Reply(0, "study", error=str(error), fatal=True))
        return
    except Exception as error:  # no traceback reaches a user
        _send(sink, Reply(0, "study", error=_internal(error), fatal=True))
        return
    frames, waiting = Frames(), dict[str, Ask]()
    while True:
        while not waiting or select.select([source], [], [], 0)[0]:
            data = os.read(source, 1 << 16)
            if not data:
                return
            for ask in frames.feed(data):
                waiting.pop(ask.slot, None)  # put at the end: the newest question waits its turn
                waiting[ask.slot] = ask
        ask = waiting.pop(next(iter(waiting)))
        _send(sink, _reply(session, ask))


def _reply(session: Any, ask: Ask) -> Reply:
    try:
        return Reply(ask.number, ask.slot, session.answer(ask.question))
    except TrialdeckError as error:
        return Reply(ask.number, ask.slot, error=str(error))
    except Exception as error:  # no traceback reaches a user
        return Reply(ask.number, ask.slot, error=_internal(error))


def _internal(error: Exception) -> str:
    return f"This should not happen ({type(error).__name__}: {error}). Please report it."


def _send(sink: IO[bytes], reply: Reply) -> None:
    sink.write(frame(reply))
    sink.flush()


def main() -> None:
    """Entry point of the process: `python -m tui.engine [STUDY]`."""
    import signal

    # Ctrl+C in the terminal is for the program that draws; this one ends with its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    study = sys.argv[1] if len(sys.argv) > 1 else None
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints can get between the answers
    with contextlib.suppress(BrokenPipeError):  # the browser has gone
        serve(study, 0, sink)


if __name__ == "__main__":
    # Pickle names classes by module: those of `__main__` would be unknown on the other side.
    from tui import engine

    engine.main()
