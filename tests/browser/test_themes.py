"""Colors as eyes see them: readable on their backgrounds, and apart for every kind of vision."""

from itertools import combinations

import numpy as np
import pytest
from rich.color import Color

from tui.browser.themes import THEMES

# What people have: black, the grey of editors, Solarized dark and light, and their likes.
DARK = ("#000000", "#1e1e1e", "#002b36", "#303030")
LIGHT = ("#ffffff", "#fdf6e3", "#eeeeee")
BOTH = ("#000000", "#ffffff")

# The least contrast, as WCAG 2 defines it, of a theme's colors to its backgrounds: 4.5 is its
# level AA, 7 AAA, and 3 what it asks of bold text and of signs.
CONTRASTS = {
    "dark": (DARK, 4.5),
    "light": (LIGHT, 4.5),
    "contrast-dark": (DARK[:2], 7),
    "contrast-light": (("#ffffff", "#eeeeee"), 7),
}

# The first 16 colors of xterm, and of the Linux console (VGA) where they differ.
XTERM = {
    None: None, 1: "#cd0000", 3: "#cdcd00", 4: "#0000ee", 5: "#cd00cd", 7: "#e5e5e5", 8: "#7f7f7f",
    9: "#ff0000", 11: "#ffff00", 12: "#5c5cff", 13: "#ff00ff", 14: "#00ffff",
}  # fmt: skip
VGA = {
    None: None, 1: "#aa0000", 3: "#aa5500", 4: "#0000aa", 5: "#aa00aa", 7: "#aaaaaa", 8: "#555555",
    9: "#ff5555", 11: "#ffff55", 12: "#5555ff", 13: "#ff55ff", 14: "#55ffff",
}  # fmt: skip

# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
         [0.004733, 0.691367, 0.303900]]
    ),
}  # fmt: skip
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
     [0.0193339, 0.1191920, 0.9503041]]
)  # fmt: skip
WHITE = np.array([0.95047, 1.0, 1.08883])


def linear(color) -> np.ndarray:
    name = f"color({color})" if isinstance(color, int) else color
    share = np.array(Color.parse(name).get_truecolor()) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def contrast(one, other) -> float:
    low, high = sorted(float(TO_XYZ[1] @ linear(color)) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(color, vision: str) -> np.ndarray:
    """A color as someone of that vision sees it, in CIE L*a*b*."""
    share = TO_XYZ @ np.clip(VISION[vision] @ linear(color), 0, 1) / WHITE
    x, y, z = np.where(share > 216 / 24389, np.cbrt(share), (24389 / 27 * share + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def least_distance(colors, vision: str) -> float:
    """The smallest color difference (CIE 1976) between any two."""
    seen = [lab(color, vision) for color in colors]
    return min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2))


def colors_of(colors) -> list:
    return [*colors.arms, colors.marked]


@pytest.mark.parametrize("name", CONTRASTS)
def test_text_is_readable_on_the_backgrounds_that_a_theme_is_for(name):
    grounds, least = CONTRASTS[name]
    for color in colors_of(THEMES[name].many):
        assert all(contrast(color, ground) >= least for ground in grounds), color


def test_the_neutral_theme_is_readable_on_black_and_on_white():
    exact, many = THEMES["neutral"].exact, THEMES["neutral"].many
    for least, colors in ((4.5, exact), (4.2, many)):
        for color in colors_of(colors):
            assert all(contrast(color, ground) >= least for ground in BOTH), color


@pytest.mark.parametrize(
    ("name", "ground"), [("neutral", "#000000"), ("neutral", "#ffffff"), ("dark", "#000000"),
                         ("light", "#ffffff")]
)  # fmt: skip
def test_of_16_colors_those_are_taken_that_can_be_seen_on_xterm_and_on_the_console(name, ground):
    for number in filter(None, colors_of(THEMES[name].few)):
        assert contrast(XTERM[number], ground) >= 3, number
        assert contrast(VGA[number], ground) >= 3, number


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("name", [*CONTRASTS, "neutral"])
def test_arms_keep_apart_for_every_kind_of_color_vision(name, vision):
    """A difference of 2.3 is just noticeable; 10 is another color at a glance."""
    theme = THEMES[name]
    for colors in filter(None, (theme.many, theme.exact)):
        assert least_distance(colors.arms[:4], vision) >= (10 if vision == "tritanopia" else 15)
        assert least_distance(colors.arms, vision) >= (2.5 if vision == "tritanopia" else 6)


def test_no_color_is_green():
    for name, theme in THEMES.items():
        for colors in filter(None, (theme.exact, theme.many)):
            for color in (one for one in colors_of(colors) if name not in ("terminal", "mono")):
                red, green, blue = linear(color)
                assert green <= max(red, blue), color
        assert not {2, 10} & {*colors_of(theme.few)}
