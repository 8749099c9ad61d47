"""Colors and glyphs by name, for the terminal at hand.

Color is never the only carrier of a meaning: every arm has a glyph too, a marked cell has its
sign in the text. Foreground and background stay the terminal's own, so that the screen is
readable on a dark and on a light one; the colors used have a contrast of at least 3 : 1 to both
black and white. They are numbers of the 256-color table, because ssh does not forward the
variable that announces more. There is no green, so that red never stands against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rich.style import Style

from tui.report.terminal import is_ascii

# The first three differ for every kind of color vision: blue, orange, grey.
ARM_COLORS = (33, 166, 244, 134, 30, 136, 61, 168)
MARKED_COLOR = 162
ERROR_COLOR = 160

ARM_GLYPHS = "●■▲◆○□△◇"
ARM_GLYPHS_ASCII = "oxA#*+%@"


@lru_cache(maxsize=64)
def _style(color: int | None, *, bold: bool = False, reverse: bool = False) -> Style:
    name = None if color is None else f"color({color})"
    return Style(color=name, bold=bold or None, reverse=reverse or None)


@dataclass(frozen=True)
class Palette:
    """What the terminal can show: any character or only ASCII, colors or only attributes."""

    ascii: bool = False
    color: bool = True

    def arm(self, position: int) -> Style:
        """The style of the arm at this position in the study; the ninth is like the first."""
        return self._colored(ARM_COLORS[position % len(ARM_COLORS)])

    def arm_glyph(self, position: int) -> str:
        """The glyph of the arm at this position in the study."""
        glyphs = ARM_GLYPHS_ASCII if self.ascii else ARM_GLYPHS
        return glyphs[position % len(glyphs)]

    def _colored(self, color: int, *, bold: bool = False, reverse: bool = False) -> Style:
        return _style(color if self.color else None, bold=bold, reverse=reverse)

    @property
    def title(self) -> Style:
        """The line above a pane."""
        return _style(None, bold=True)

    @property
    def header(self) -> Style:
        """Column headings."""
        return _style(None, bold=True)

    @property
    def block(self) -> Style:
        """The first cell of a row that begins a block."""
        return _style(None, bold=True)

    @property
    def dim(self) -> Style:
        """What matters less, such as the cursor of a table without the focus."""
        return Style(dim=True)

    @property
    def marked(self) -> Style:
        """A cell that carries a sign."""
        return self._colored(MARKED_COLOR, bold=True)

    @property
    def error(self) -> Style:
        """What went wrong; without color it is reversed."""
        return self._colored(ERROR_COLOR, bold=True, reverse=not self.color)

    @property
    def marker(self) -> str:
        """Points at the current row."""
        return ">" if self.ascii else "▸"

    @property
    def hidden_left(self) -> str:
        """There are columns to the left of the pane."""
        return "<" if self.ascii else "‹"

    @property
    def hidden_right(self) -> str:
        """There are columns to the right of the pane."""
        return ">" if self.ascii else "›"

    @property
    def cut(self) -> str:
        """The end of a text that was longer than its place."""
        return "~" if self.ascii else "…"

    @property
    def rule(self) -> str:
        """A horizontal line."""
        return "-" if self.ascii else "─"


def palette_for(environ: Mapping[str, str]) -> Palette:
    """The palette for a terminal, from the environment it came with.

    Textual takes `NO_COLOR` out of `os.environ` when an app is made: ask before that.
    """
    return Palette(ascii=is_ascii(environ), color=not environ.get("NO_COLOR"))
