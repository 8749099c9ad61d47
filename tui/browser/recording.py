"""The recording of a session: each step is in its file as soon as its figures are there."""

from __future__ import annotations

import os
from pathlib import Path

from tui.browser.view import View
from tui.errors import TrialdeckError


class Recording:
    """What is written of what is done; nothing before `switch` has been told a file.

    Args:
        study: What is looked at: a path, or None for the built-in study.
        encoding: That of text in files that do not state theirs.
    """

    def __init__(self, study: str | None, encoding: str | None) -> None:
        self._study, self._encoding = study, encoding
        self._path: Path | None = None
        self._view = View()  # where the lines of the file lead to
        self._missing = False
        self._later: list[tuple[str, View]] = []
        self._failure = ""

    @property
    def notice(self) -> str:
        """That what is done is written."""
        return "recording" if self._path else ""

    def switch(self, name: str) -> str:
        """Begins with a file, or ends without one, and says so.

        Raises:
            TrialdeckError: when there is a file with this name, or it cannot be written.
        """
        path = self._path
        if path and name:
            raise TrialdeckError(f"{path} is being recorded: record alone ends it.")
        if path:
            self._path = None
            return f"recorded in {path}: trialdeck replay {path}"
        if not name:
            raise TrialdeckError("record needs the name of a file: record FILE.")
        from tui.browser import export, script
        from tui.report import file

        new = export.expanded(name)
        file.write(new, script.head(self._study, self._encoding))
        self._path, self._view, self._missing, self._later = new, View(), False, []
        return f"recording in {new}: record alone ends it"

    def follow(self, view: View) -> str:
        """Writes how to come to a view whose figures are there; what is to be said of that."""
        if self._path and view != self._view:
            from tui.browser import record

            try:
                lines = record.lines(self._view, view)
            except TrialdeckError as error:
                lines = () if self._missing else (f"# A step is missing here: {error}",)
                self._missing = True
            else:
                self._view, self._missing = view, False
            lines += tuple(line for line, there in self._later if there == view)
            self._write(lines)
        self._later = []
        said, self._failure = self._failure, ""
        return said

    def did(self, line: str, view: View | None = None) -> None:
        """Writes what was done; with a view, once the file leads there."""
        if view is None or view == self._view:
            self._write((line,))
        else:
            self._later.append((line, view))

    def _write(self, lines: tuple[str, ...]) -> None:
        """At the end of the file, which has to be there: it was made for its owner alone."""
        if not self._path or not lines:
            return
        try:
            # Opened for each step: nothing is held back that a lost connection would lose.
            handle = os.open(self._path, os.O_WRONLY | os.O_APPEND)
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write("".join(f"{line}\n" for line in lines))
        except OSError as error:
            path, self._path = self._path, None
            self._failure = f"Recording has ended: {path} cannot be written: {error.strerror}."
