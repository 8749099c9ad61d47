"""The browser's side of the engine: asks, and hands on what comes back. It never draws."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import time
from collections.abc import Callable

from tui.analyses.answer import Question
from tui.browser.child import Child, spawned
from tui.engine import Ask, Frames, Opening, Reload, Reloaded, Reply, frame

NOTES, AHEAD = "notes", "ahead"
UNASKED = (NOTES, AHEAD)
"""The slots of questions that no key has asked: the number of notes for the header, and the table
that the next key may ask for. Nobody waits for their answers."""


class Engine:
    """A child process that answers questions about one study.

    Questions are numbered and go to a slot (a pane or a page); an answer to any but the last
    question of its slot is dropped, so what lands is always what was last asked.
    """

    def __init__(
        self,
        study: str | None,
        process: Child | None = None,
        encoding: str | None = None,
    ) -> None:
        """Takes over a process that has been started, or starts one, and has it open the study."""
        self._study = study
        self.encoding = encoding  # of files that do not state theirs, if one was asked for
        self._number = 0
        self._last: dict[str, int] = {}  # of the questions that are to be answered, by slot
        self._valid: dict[str, int] = {}  # the number from which on replies are of use
        self.data = ""  # the state of the data that the figures are of, as soon as one is known
        self._deliver: Callable[[Reply], None] | None = None
        self._take(process or spawned(study))

    def _take(self, process: Child) -> None:
        self._process = process
        self._input, self._output = process.questions, process.answers
        os.set_blocking(self._input, False)
        os.set_blocking(self._output, False)
        self._gone = False
        self._frames = Frames()
        self._waiting: dict[str, Ask] = {}
        self._unsent = frame(Opening(self._study, self.encoding))
        self._write()

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come that somebody waits for."""
        return any(slot not in UNASKED for slot in self._last)

    def ask(self, slot: str, question: Question | Reload) -> None:
        """Asks a question; the reply is delivered when it is there."""
        if self._deliver and (self._gone or self._process.has_ended()):
            self.restart()
        self._number += 1
        self._last[slot] = self._valid[slot] = self._number
        self._waiting.pop(slot, None)
        self._waiting[slot] = Ask(self._number, slot, question, self.data)
        self._write()

    def _write(self) -> None:
        """Sends what the pipe takes.

        An engine that computes reads nothing: a full pipe must not hold up the keys.
        """
        with contextlib.suppress(BrokenPipeError):  # its end is delivered by `_read`
            while self._unsent or self._waiting:
                if not self._unsent:
                    self._unsent = frame(self._waiting.pop(next(iter(self._waiting))))
                try:
                    self._unsent = self._unsent[os.write(self._input, self._unsent) :]
                except BlockingIOError:
                    asyncio.get_running_loop().add_writer(self._input, self._write)
                    return
        if self._deliver:
            asyncio.get_running_loop().remove_writer(self._input)

    def forget(self) -> None:
        """What has been asked is of no use any more: no answer to it is taken that has not been."""
        for slot in self._valid.keys() - UNASKED:
            self.drop(slot)

    def drop(self, slot: str) -> None:
        """The answer to the last question of a slot is of no use any more."""
        self._waiting.pop(slot, None)
        self._last.pop(slot, None)
        self._valid[slot] = self._number + 1

    def is_late(self, reply: Reply) -> bool:
        """Whether its slot has been asked anew since it came, or needs no answer any more."""
        return 0 < reply.number < self._valid.get(reply.slot, 0)

    def listen(self, deliver: Callable[[Reply], None]) -> None:
        """From now on replies are delivered, in the running event loop."""
        self._deliver = deliver
        asyncio.get_running_loop().add_reader(self._output, self._read)

    def wait(self, slot: str, seconds: float) -> list[Reply]:
        """The replies up to that to a question, or those that come within a time.

        Nothing else is done meanwhile. For use before `listen`.
        """
        found: list[Reply] = []
        self._deliver = found.append
        end = time.monotonic() + seconds
        while slot in self._last and (left := end - time.monotonic()) > 0:
            if select.select([self._output], [], [], left)[0]:
                self._read()
        self._deliver = None
        return found

    def _read(self) -> None:
        data = os.read(self._output, 1 << 18)
        if not data:
            asyncio.get_running_loop().remove_reader(self._output)
            self._gone = True
            if self._last:
                self._last.clear()
                self._hand_on(
                    Reply(0, "engine", error="The engine stopped; the next change starts it anew.")
                )
            return
        for reply in self._frames.feed(data):
            if not reply.number or self._last.get(reply.slot) == reply.number:
                self._last.pop(reply.slot, None)
                self._note(reply)
                self._hand_on(reply)

    def _note(self, reply: Reply) -> None:
        """Keeps the state of the data; with another one, or with none, no answer is to come."""
        if reply.slot == "data":
            self.data = self.data or reply.answer
        elif isinstance(reply.answer, Reloaded):
            self.data = reply.answer.data
            self._last.clear()
        elif reply.fatal:
            self._last.clear()

    def _hand_on(self, reply: Reply) -> None:
        if self._deliver:
            self._deliver(reply)

    def restart(self) -> None:
        """Stops whatever is being computed and starts a new process: what is asked next answers."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._output)
        loop.remove_writer(self._input)
        self.stop()
        self.forget()
        self._last.clear()
        self._take(spawned(self._study))
        loop.add_reader(self._output, self._read)

    def stop(self) -> None:
        """Ends the process."""
        self._process.stop()
