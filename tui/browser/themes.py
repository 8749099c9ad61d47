"""The themes: which colors stand for arms and for marked cells, by what the terminal can show.

A theme colors text; the background stays the terminal's own. Painting it would cost 3 KB of blanks
on the first screen, and a terminal that is left has to look as before. So a theme says which
background it is for, and `neutral`, the default, is for both: its colors have a contrast of at
least 4.5 to black and to white where any color can be sent, and 4.2 in the 256 that there are
usually (ssh does not forward the variable that announces more). Only a relative luminance between
0.175 and 0.183 gives 4.5 to both.

The first four arms are blue, orange, grey and purple, as in Okabe and Ito's set for color vision
of every kind (https://jfly.uni-koeln.de/color/): they differ with protanopia and deuteranopia too.
No color is green, so that red never stands against it. An arm has a glyph and a label as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Color = int | str | None
"""A number in the table of 256, whose first 16 are the terminal's own; #rrggbb; its text color."""


@dataclass(frozen=True)
class Colors:
    """Colors of the arms in their order in the study, which then repeat, and of a marked cell."""

    arms: tuple[Color, ...]
    marked: Color


@dataclass(frozen=True)
class Theme:
    """Colors for a terminal that takes 256, 16, or any.

    Attributes:
        about: What it is for, in the picker.
        many: For 256 colors.
        few: For 16, whose shades differ from terminal to terminal: the few that both xterm and the
            Linux console show with a contrast of 3 to the background.
        exact: For true color, where it comes closer than the 256: it takes twice the bytes.
        strong: Nothing is dim, and the cursor is reversed.
    """

    about: str
    many: Colors
    few: Colors
    exact: Colors | None = None
    strong: bool = False


_OWN = Colors((4, 3, None, 5, 6, 12, 11, 13), 5)
_NONE = Colors((None,), None)
_EXACT = (63, "#b85c00", 243, "#8b62b4", 163, 131, "#cf00cf", 98)
_FEW_ON_DARK = Colors((12, 11, 7, 13, 14, 9), 13)
_FEW_ON_LIGHT = Colors((4, 1, 8, 5), 5)

THEMES: Mapping[str, Theme] = {
    "neutral": Theme(
        "for any background",
        Colors((63, 130, 243, 97, 163, 131, 164, 98), 162),
        Colors((12, 9, None, 5), 5),
        Colors(_EXACT, "#cf3399"),
    ),
    "dark": Theme(
        "for a dark background",
        Colors((117, 172, 247, 141, 222, 173, 220, 224), 205),
        _FEW_ON_DARK,
    ),
    "light": Theme(
        "for a light background",
        Colors((25, 94, 236, 57, 17, 96, 19, 95), 125),
        _FEW_ON_LIGHT,
    ),
    "contrast-dark": Theme(
        "for a dark background: high contrast, nothing dim, the cursor reversed",
        Colors((111, 215, 231, 218, 220, 210, 178, 223), 219),
        _FEW_ON_DARK,
        strong=True,
    ),
    "contrast-light": Theme(
        "for a light background: high contrast, nothing dim, the cursor reversed",
        Colors((21, 88, 238, 90, 16, 19, 17, 18), 89),
        _FEW_ON_LIGHT,
        strong=True,
    ),
    "terminal": Theme("the terminal's own 16 colors", _OWN, _OWN),
    "mono": Theme("no color at all", _NONE, _NONE),
}

DEFAULT = "neutral"
