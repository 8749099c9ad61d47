"""Scripts: what was done in the browser as lines of its own words, read and replayed.

A line is what a user may type after `:`, so a script is parsed as those are, never evaluated. One
that begins with # is a remark. Above all others stand which study is opened, and how it is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tui import __version__
from tui.errors import TrialdeckError
from tui.report.visible import visible
from tui.study import text_file
from tui.study.builtin import NAME

MOST = 1 << 20
"""Bytes of a script: some 30,000 steps."""

_HEAD = ("study", "encoding")


@dataclass(frozen=True)
class Script:
    """A script that has been read.

    Attributes:
        path: Where it lies, for the sentences that name it.
        lines: The number of each line that says something, and its words.
        study: What to open, where it says so.
        encoding: That of text in files that do not state theirs, where it says so.
    """

    path: str
    lines: tuple[tuple[int, str], ...]
    study: str | None = None
    encoding: str | None = None


def head(study: str | None, encoding: str | None) -> str:
    """The first lines of a script.

    Raises:
        TrialdeckError: when the study's path cannot be written as a line.
    """
    study = study or NAME
    if study != study.strip() or visible(study) != study:
        raise TrialdeckError(f"The path {study!r} cannot be written as a line of a script.")
    said = f"# trialdeck {__version__}\nstudy {study}\n"
    return f"{said}encoding {encoding}\n" if encoding else said


def read(path: str) -> Script:
    """The script in a file.

    Raises:
        TrialdeckError: when it cannot be read, or is not text.
    """
    text = text_file.read(Path(path), MOST)
    if text is None:
        raise TrialdeckError(f"{path} cannot be read: there is no such file.")
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1)]
    said = [(number, line) for number, line in lines if line and not line.startswith("#")]
    chosen: dict[str, str] = {}
    for _, line in said[: len(_HEAD)]:
        name, _, value = line.partition(" ")
        if name not in _HEAD or name in chosen or not value:
            break
        chosen[name] = value.strip()
    return Script(path, tuple(said[len(chosen) :]), **chosen)
