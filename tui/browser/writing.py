"""The writing of a file in a process of its own: keys are answered meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import TYPE_CHECKING

from tui.analyses.answer import Answer
from tui.errors import TrialdeckError

if TYPE_CHECKING:
    from tui.browser.app import Browser

LEAVING = 2.0
"""Seconds that leaving waits for a file whose content is made: for a disk that hangs no longer."""


STAYS = 2.0
"""Seconds in which no move takes away what is said of a file."""


class Writing:
    """What a browser writes; one file at a time."""

    def __init__(self, app: Browser) -> None:
        self._app = app
        self._name = self._said = ""
        self._ended = float("-inf")
        self._stopped = False
        self._process: Process | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def said(self) -> str:
        """What has become of a file, for so long that a key which is held down does not hide it."""
        return self._said if time.monotonic() < self._ended + STAYS else ""

    @property
    def notice(self) -> str:
        """What is being written, and how to stop it."""
        key = self._app.keymap.hint("close")
        return f"writing {self._name}: {key} stops it" if self._name else ""

    def start(self, path: Path, answer: Answer, replace: bool, remark: str) -> None:
        """Begins with a file.

        Args:
            path: Where it is written.
            answer: What is written.
            replace: Whether a file that is there is replaced.
            remark: What is said of it when it is written.

        Raises:
            TrialdeckError: when another one is being written.
        """
        if self._name:
            raise TrialdeckError(f"{self._name} is still being written: one file at a time.")
        self._name, self._said, self._stopped = path.name, "", False
        self._task = asyncio.create_task(self._write(path, answer, replace, remark))

    async def _write(self, path: Path, answer: Answer, replace: bool, remark: str) -> None:
        from tui.report import writer

        try:
            reply = writer.said(await self._output(path, answer, replace))
        except asyncio.CancelledError:  # the browser ends
            if self._process is None or self._process.returncode != 0:
                said = f"{path.name} is not written: the browser was left before."
                self._app.failure = self._app.failure or said
            raise
        except OSError as error:
            reply, said = None, f"{path} cannot be written: {error.strerror}."
        else:
            why = "" if self._stopped else ": the process that wrote it has ended"
            said = f"{'stopped: ' * self._stopped}{path.name} is not written{why}"
        finally:
            self._name, self._process = "", None
        if reply is not None:
            said = reply.error or f"{reply.answer}{remark}"
        if reply is None or reply.error:
            self._app.recording.did(f"# {path.name} was not written")
        self._said, self._ended = said, time.monotonic()
        self._app.draw(said)

    async def _output(self, path: Path, answer: Answer, replace: bool) -> bytes:
        """What the process says at its end."""
        from tui.report import writer

        process = await asyncio.create_subprocess_exec(
            *writer.COMMAND, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
        )
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        if self._stopped:  # while it was being started
            self._end()
        try:
            with contextlib.suppress(ConnectionError):  # ended: its output says why, or nothing
                for part in writer.parts(path, answer, replace):
                    process.stdin.write(part)
                    await process.stdin.drain()
                    await asyncio.sleep(0)  # a key may be waiting
            return await process.stdout.read()
        finally:
            self._end()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), LEAVING)

    def stop(self) -> bool:
        """Stops the writing; whether there was any."""
        self._stopped = bool(self._name)
        self._end()
        return self._stopped

    def _end(self) -> None:
        if self._process:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
