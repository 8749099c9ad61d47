"""A picture of the screen as SVG that fetches nothing, under half as large as Rich makes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

_SURPLUS = (
    # Rich has a picture fetch its font from a server; without, it is the reader's own.
    re.compile(r"@font-face \{.*?\n    \}\n\s*", re.DOTALL),
    # A clip for every line: each text has its length, so it never runs over.
    re.compile(r"<clipPath id=\"\S+-line-\d+\">.*?</clipPath>\s*", re.DOTALL),
    re.compile(r' clip-path="url\(#\S+-line-\d+\)"'),
    re.compile(r"<text [^>]*>\n</text>"),  # the ends of the lines
)
_NAME = re.compile(r'<clipPath id="(terminal-\d+-)clip-terminal">')
"""What stands before every name, so that several pictures could stand in one page."""


def svg(app: App[None]) -> str:
    """The screen as it is."""
    made = app.export_screenshot(title="trialdeck", simplify=True)
    name = _NAME.search(made)
    for surplus in _SURPLUS:
        made = surplus.sub("", made)
    return made.replace("&#160;", "\u00a0").replace(name[1] if name else "\0", "")
