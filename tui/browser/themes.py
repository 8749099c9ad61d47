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
"""A number in the table of 256 (the first 16 are the terminal's own), #rrggbb, or its text color."""


@dataclass(frozen=True)
class Colors:
    """Colors of the arms in their order in the study, which then repeat, and of a marked cell."""

    arms: tuple[Color, ...]
    marked: Color


@dataclass(frozen=True)
class Theme:
    """Colors for a terminal that takes any, 256, or 16.

    Attributes:
        about: What it is for, in the picker and in `--help`.
        exact: For true color.
        many: For 256 colors.
        few: For 16.
        strong: Nothing is dim, and the cursor is reversed.
    """

    about: str
    exact: Colors
    many: Colors
    few: Colors
    strong: bool = False


_OWN = Colors((4, 3, None, 5, 6, 12, 11, 13), 5)
_NONE = Colors((None,), None)

# Of the 16, whose shades differ from terminal to terminal, the few that xterm and the Linux console
# both show with a contrast of 3 to the background.
_FEW_ON_BOTH = Colors((12, 9, None, 5), 5)
_FEW_ON_DARK = Colors((12, 11, 7, 13, 14, 9), 13)
_FEW_ON_LIGHT = Colors((4, 1, 8, 5), 5)

THEMES: Mapping[str, Theme] = {
    "neutral": Theme(
        "for a dark and for a light background",
        Colors(
            ("#5f5fff", "#b85c00", "#767676", "#8b62b4")
            + ("#d700af", "#af5f5f", "#cf00cf", "#875fd7"),
            "#cf3399",
        ),
        Colors((63, 130, 243, 97, 163, 131, 164, 98), 162),
        _FEW_ON_BOTH,
    ),
    "dark": Theme(
        "for a dark background",
        Colors(
            ("#87d7ff", "#d78700", "#9e9e9e", "#af87ff")
            + ("#ffd787", "#d7875f", "#ffd700", "#ffd7d7"),
            "#ff5faf",
        ),
        Colors((117, 172, 247, 141, 222, 173, 220, 224), 205),
        _FEW_ON_DARK,
    ),
    "light": Theme(
        "for a light background",
        Colors(
            ("#005faf", "#875f00", "#303030", "#5f00ff")
            + ("#00005f", "#875f87", "#0000af", "#875f5f"),
            "#af005f",
        ),
        Colors((25, 94, 236, 57, 17, 96, 19, 95), 125),
        _FEW_ON_LIGHT,
    ),
    "contrast-dark": Theme(
        "high contrast on a dark background, nothing dim, the cursor reversed",
        Colors(
            ("#87afff", "#ffaf5f", "#ffffff", "#ffafd7")
            + ("#ffd700", "#ff8787", "#d7af00", "#ffd7af"),
            "#ffafff",
        ),
        Colors((111, 215, 231, 218, 220, 210, 178, 223), 219),
        _FEW_ON_DARK,
        strong=True,
    ),
    "contrast-light": Theme(
        "high contrast on a light background, nothing dim, the cursor reversed",
        Colors(
            ("#0000ff", "#870000", "#444444", "#870087")
            + ("#000000", "#0000af", "#00005f", "#000087"),
            "#87005f",
        ),
        Colors((21, 88, 238, 90, 16, 19, 17, 18), 89),
        _FEW_ON_LIGHT,
        strong=True,
    ),
    "terminal": Theme("the terminal's own 16 colors", _OWN, _OWN, _OWN),
    "mono": Theme("no color at all", _NONE, _NONE, _NONE),
}

DEFAULT = "neutral"
