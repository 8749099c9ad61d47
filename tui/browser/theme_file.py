"""The theme that was chosen last, kept beside keys.toml where the user has that folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tui.browser import keys_file
from tui.browser.themes import THEMES
from tui.errors import TrialdeckError, one_of
from tui.study import text_file

MOST = 100
"""Bytes of the file: one name."""


def place(environ: Mapping[str, str]) -> Path | None:
    """Where it is kept; without a home there is none."""
    keys = keys_file.place(environ)
    return keys.with_name("theme") if keys else None


def load(environ: Mapping[str, str]) -> str | None:
    """The theme that is kept, if any.

    Raises:
        TrialdeckError: when the file cannot be read, or names no theme.
    """
    path = place(environ)
    text = text_file.read(path, MOST) if path else None
    if text is None:
        return None
    if text.strip() not in THEMES:
        raise TrialdeckError(
            f"{path}: There is no theme {text.strip()!r}: there is {one_of(list(THEMES))}."
        )
    return text.strip()


def keep(environ: Mapping[str, str], theme: str) -> str:
    """Keeps a theme, and says whether; the folder is the user's to make, not ours.

    Raises:
        TrialdeckError: when the file cannot be written.
    """
    path = place(environ)
    if path is None:
        return "for this session, as there is no home"
    if not path.parent.is_dir():
        return f"for this session, as there is no folder {path.parent}"
    from tui.report import file  # not loaded before the first screen

    file.write(path, f"{theme}\n", replace=True)
    return "kept for the next session"
