"""Writing a view to a file: only to a path the user gives, never over a file that is there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tui.analyses.answer import Answer
from tui.errors import TrialdeckError, one_of
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
    try:
        # Study data are personal: readable by the owner alone, and nothing is written over.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
    except FileExistsError:
        raise TrialdeckError(f"{path.name} is there already; choose another name.") from None
    except OSError as error:
        raise TrialdeckError(f"{path} cannot be written: {error.strerror}.") from None
    return f"written to {path}"
