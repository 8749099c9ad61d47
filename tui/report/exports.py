"""An answer written to a file, in the form that the ending of its name says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tui.analyses.answer import Answer
from tui.errors import TrialdeckError, one_of
from tui.report import file, html, markdown, rtf, text, xlsx
from tui.report.cells import guarded
from tui.report.formats import as_json, csv_text, flat_rows


def _csv(answer: Answer) -> str:
    """The rows as CSV for a spreadsheet, which is what opens such a file on a double click."""
    fields, rows = flat_rows(answer)
    names = {field: guarded(field) for field in fields}
    guarded_rows = ({names[name]: guarded(cell) for name, cell in row.items()} for row in rows)
    return csv_text(list(names.values()), guarded_rows)


EXPORTS: dict[str, Callable[[Answer], str | bytes]] = {
    ".csv": _csv,
    ".md": markdown.render,
    ".json": as_json,
    ".txt": text.render,
    ".xlsx": xlsx.render,
    ".html": html.render,
    ".rtf": rtf.render,
}
"""What makes the content of a file, by the ending of its name."""


def write(path: Path, answer: Answer, replace: bool = False) -> str:
    """Writes an answer, and says what was written.

    Raises:
        ThereAlreadyError: when the file is there and is not to be replaced.
        TrialdeckError: when its name says no form, the answer is not complete, or it cannot be
            written.
    """
    check(path, replace)
    return file.write(path, content(path, answer), replace)


def content(path: Path, answer: Answer) -> str | bytes:
    """What the file is to hold.

    Raises:
        TrialdeckError: when the answer is not complete, or the form cannot hold it.
    """
    check_complete(answer)
    return EXPORTS[path.suffix.lower()](answer)


def check_complete(answer: Answer) -> None:
    """Refuses an answer of which figures are still to come, as if there were none.

    Raises:
        TrialdeckError: when it is such a one.
    """
    if answer.partial:
        raise TrialdeckError("The statistics are still on their way: write it when they are there.")


def check(path: Path, replace: bool = False, *others: str) -> None:
    """Looks whether an answer can be written there, before any work is done for it.

    Args:
        path: The path of the file.
        replace: Whether a file that is there is to be replaced.
        others: Endings that can be written as well.

    Raises:
        ThereAlreadyError: when the file is there and is not to be replaced.
        TrialdeckError: when its name says no form, or the path cannot be written to.
    """
    if path.suffix.lower() not in (*EXPORTS, *others):
        raise TrialdeckError(f"The file's name has to end in {one_of([*EXPORTS, *others])}.")
    file.check(path, replace)
