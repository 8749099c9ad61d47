"""Writing a view to a file: only to a path the user gives, never over a file that is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tui.analyses.answer import Answer
from tui.errors import TrialdeckError, one_of
from tui.report import file
from tui.report.formats import FORMATS

_FORMS = {".csv": "csv", ".md": "md", ".json": "json", ".txt": "text"}


def write(path_text: str, answer: Answer | None, picture: Callable[[], str]) -> str:
    """Writes an answer, or with .svg the screen, and says what was written.

    Raises:
        TrialdeckError: when the suffix is not one of these, the file is there, or it cannot be
            written.
    """
    path = Path(path_text).expanduser()
    suffix = path.suffix.lower()
    if suffix == ".svg":
        content = picture()
    elif suffix in _FORMS:
        if answer is None:
            raise TrialdeckError("There is nothing to write yet.")
        content = FORMATS[_FORMS[suffix]](answer)
    else:
        raise TrialdeckError(f"The file's name has to end in {one_of([*_FORMS, '.svg'])}.")
    return file.write(path, content)


def describe(path_text: str, answer: Answer | None) -> str:
    """Writes what was recognized of a study as a study.toml, and says what was written.

    Raises:
        TrialdeckError: when the study's page is not shown, or the file cannot be written.
    """
    if answer is None or not answer.draft:
        raise TrialdeckError("Open the study's page first (S): its parts are what is written.")
    return file.write(Path(path_text).expanduser(), answer.draft)
