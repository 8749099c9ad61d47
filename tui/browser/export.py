"""Writing a view to a file: only to a path the user gives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tui.analyses.answer import Answer
from tui.errors import TrialdeckError
from tui.report import exports, file

PICTURE = ".svg"


def write(
    path_text: str, answer: Answer | None, picture: Callable[[], str], replace: bool = False
) -> str:
    """Writes an answer, or with .svg the screen, and says what was written.

    Raises:
        ThereAlreadyError: when the file is there and is not to be replaced.
        TrialdeckError: when the suffix is not one of these, or the file cannot be written.
    """
    path, shown = checked(path_text, answer, replace)
    if shown is None:
        return file.write(path, picture(), replace)
    return exports.write(path, shown, replace)


def checked(path_text: str, answer: Answer | None, replace: bool) -> tuple[Path, Answer | None]:
    """Where what can be written, before any work is done for it; None stands for the screen.

    Raises:
        ThereAlreadyError: when the file is there and is not to be replaced.
        TrialdeckError: when the suffix is not one of these, the path cannot be written to, or the
            answer is not there or not complete.
    """
    path = expanded(path_text)
    exports.check(path, replace, PICTURE)
    if path.suffix.lower() == PICTURE:
        return path, None
    if answer is None:
        raise TrialdeckError("There is nothing to write yet.")
    exports.check_complete(answer)
    return path, answer


def no_picture() -> str:
    """Where there is no screen.

    Raises:
        TrialdeckError: always.
    """
    raise TrialdeckError("A picture of the screen can only be made on a screen: .txt, .csv or .md.")


def describe(path_text: str, answer: Answer | None, replace: bool = False) -> str:
    """Writes what was recognized of a study as a study.toml, and says what was written.

    Raises:
        ThereAlreadyError: when the file is there and is not to be replaced.
        TrialdeckError: when the study's page is not shown, or the file cannot be written.
    """
    if answer is None or not answer.draft:
        raise TrialdeckError("Open the study's page first (:study): its parts are what is written.")
    return file.write(expanded(path_text), answer.draft, replace)


def expanded(path_text: str) -> Path:
    """The path that was typed, with `~` for the home.

    Raises:
        TrialdeckError: when there is no such home.
    """
    try:
        return Path(path_text).expanduser()
    except RuntimeError:
        raise TrialdeckError(f"{path_text} cannot be written: there is no such home.") from None
