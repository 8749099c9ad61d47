"""Colors and glyphs by name, for the terminal at hand.

Color is never the only carrier of a meaning: every arm has a glyph too, a marked cell has its
sign in the text, and the cursor is a sign. Foreground and background stay the terminal's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rich.style import Style

from tui.browser.themes import DEFAULT, THEMES, Color, Colors
from tui.report.terminal import Depth, background, color_depth, is_ascii, takes_utf8

ARM_GLYPHS = "●■▲◆○□△◇"
ARM_GLYPHS_ASCII = "oxA#*+%@"


@lru_cache(maxsize=64)
def _style(color: Color = None, *, bold: bool = False) -> Style:
    name = f"color({color})" if isinstance(color, int) else color
    return Style(color=name, bold=bold or None)


@dataclass(frozen=True)
class Palette:
    """What the terminal can show, and how it is used.

    Attributes:
        ascii: Signs and charts are of ASCII alone.
        utf8: Other characters of the data can be sent; else each is shown as a question mark.
        depth: How many colors there are.
        theme: Which of them are used: a name in `THEMES`.
    """

    ascii: bool = False
    utf8: bool = True
    depth: Depth = "256"
    theme: str = DEFAULT

    @property
    def has_color(self) -> bool:
        """Whether a color may be sent at all."""
        return self.depth != "none" and self.theme != "mono"

    @property
    def _strong(self) -> bool:
        return THEMES[self.theme].strong

    @property
    def _colors(self) -> Colors:
        theme = THEMES[self.theme if self.has_color else "mono"]
        if self.depth == "true" and theme.exact:
            return theme.exact
        return theme.few if self.depth == "16" else theme.many

    def arm(self, position: int) -> Style:
        """The style of the arm at this position in the study; colors repeat after the last."""
        arms = self._colors.arms
        return _style(arms[position % len(arms)])

    def arm_glyph(self, position: int) -> str:
        """The glyph of the arm at this position in the study."""
        glyphs = ARM_GLYPHS_ASCII if self.ascii else ARM_GLYPHS
        return glyphs[position % len(glyphs)]

    @property
    def title(self) -> Style:
        """The line above a pane."""
        return _style(bold=True)

    @property
    def header(self) -> Style:
        """Column headings."""
        return _style(bold=True)

    @property
    def block(self) -> Style:
        """The first cell of a row that begins a block."""
        return _style(bold=True)

    @property
    def dim(self) -> Style:
        """What matters less, such as the cursor of a table without the focus."""
        return Style() if self._strong else Style(dim=True)

    @property
    def cursor(self) -> Style | None:
        """The signs of the cursor: reversed they cost 8 bytes more a step, so only by choice."""
        return Style(reverse=True) if self._strong else None

    @property
    def marked(self) -> Style:
        """A cell that carries a sign."""
        return _style(self._colors.marked, bold=True)

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


def palette_for(
    environ: Mapping[str, str], theme: str | None = None, ascii_only: bool = False
) -> Palette:
    """The palette for a terminal, from the environment it came with.

    Textual takes `NO_COLOR` out of `os.environ` when an app is made: ask before that.

    Args:
        environ: The environment.
        theme: The theme that was asked for; else the one for the background, where that is known.
            To ask the terminal would cost a round trip before anything is drawn.
        ascii_only: ASCII was asked for.
    """
    return Palette(
        ascii=ascii_only or is_ascii(environ),
        utf8=not ascii_only and takes_utf8(environ),
        depth=color_depth(environ),
        theme=theme or background(environ) or DEFAULT,
    )
