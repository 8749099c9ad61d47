"""Where a study lies: the built-in one, or what is at a path."""

from __future__ import annotations

from pathlib import Path

from tui.errors import StudyError

NAME = "msb-dm003"


def folder() -> Path:
    """The built-in study's folder: in the installed package, or in the checkout."""
    package = Path(__file__).parents[1]
    installed = package / "builtin" / NAME
    return installed if installed.is_dir() else package.parent / "data" / NAME


def place(where: str | None) -> Path:
    """The folder or file of a study; None and the name of the built-in one are that.

    Raises:
        StudyError: when there is none, or it cannot be looked at.
    """
    path = folder() if where is None or where == NAME else Path(where)
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):  # a path cannot hold a NUL
        raise StudyError(f"There is no file or folder {str(path)!r}.") from None
    except OSError as error:
        raise StudyError(f"{str(path)!r} cannot be opened: {error.strerror}.") from None
    return path
