"""Where the built-in study lies."""

from __future__ import annotations

from pathlib import Path

NAME = "msb-dm003"


def folder() -> Path:
    """The built-in study's folder: in the installed package, or in the checkout."""
    package = Path(__file__).parents[1]
    installed = package / "builtin" / NAME
    return installed if installed.is_dir() else package.parent / "data" / NAME
