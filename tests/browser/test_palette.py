"""Styles and glyphs: what the terminal can take, and what eyes can tell apart."""

import pytest
from rich.cells import cell_len
from rich.style import Style

from tui.browser.palette import Palette, palette_for
from tui.browser.themes import THEMES


@pytest.mark.parametrize(
    ("environ", "ascii_only"),
    [
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LANG": "de_DE.utf8", "TERM": "xterm"}, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, True),
        ({"LANG": "C", "LC_CTYPE": "en_US.UTF-8"}, False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),  # Python's own doing
        ({"LANG": "C.UTF-8", "LC_ALL": ""}, False),
        ({"LANG": "en_US.UTF-8", "TERM": "linux"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, True),
        ({}, True),
    ],
)
def test_glyphs_are_ascii_where_the_terminal_takes_no_more(environ, ascii_only):
    palette = palette_for(environ)
    assert palette.ascii == ascii_only
    signs = [palette.marker, palette.cut, palette.rule, palette.hidden_left, palette.hidden_right]
    signs += [palette.arm_glyph(arm) for arm in range(9)]
    assert all(cell_len(sign) == 1 for sign in signs)
    assert "".join(signs).isascii() == ascii_only
    assert len(set(signs[5:])) == 8


def styles(palette):
    """Every style that a palette has."""
    named = [palette.title, palette.header, palette.block, palette.dim, palette.marked]
    return [*named, palette.cursor or Style(), *(palette.arm(arm) for arm in range(9))]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "vt100"}, {"TERM": "xterm-mono"}])
def test_where_there_is_no_color_no_style_of_any_theme_has_one(theme, environ):
    palette = palette_for({"COLORTERM": "truecolor", **environ}, theme)
    assert all(style.color is None and style.bgcolor is None for style in styles(palette))
    assert not palette.has_color


def test_an_empty_no_color_asks_for_nothing():
    assert palette_for({"NO_COLOR": ""}).has_color


@pytest.mark.parametrize(
    ("environ", "depth"),
    [
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "true"),
        ({"TERM": "tmux-256color", "COLORTERM": "24bit"}, "true"),
        ({"TERM": "xterm-direct"}, "true"),
        ({"TERM": "screen-256color"}, "256"),
        ({"TERM": "xterm-kitty"}, "256"),
        ({"TERM": "alacritty"}, "256"),
        ({"TERM": "xterm"}, "16"),
        ({"TERM": "screen"}, "16"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "xterm", "COLORTERM": "1"}, "16"),
        ({}, "16"),
        ({"TERM": "vt220"}, "none"),
        ({"TERM": "xterm-mono"}, "none"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, "none"),
    ],
)
def test_how_many_colors_there_are_is_told_by_the_environment(environ, depth):
    assert palette_for(environ).depth == depth


@pytest.mark.parametrize(
    ("said", "theme"),
    [
        ("15;0", "dark"),
        ("12;8", "dark"),
        ("0;15", "light"),
        ("0;default;7", "light"),
        ("0;default", "neutral"),
        ("", "neutral"),
        ("15;99", "neutral"),
    ],
)
def test_the_theme_fits_the_background_where_the_terminal_says_which_it_has(said, theme):
    assert palette_for({"COLORFGBG": said}).theme == theme
    assert palette_for({"COLORFGBG": said}, "terminal").theme == "terminal"


def test_ascii_can_be_asked_for():
    palette = palette_for({"LANG": "en_US.UTF-8"}, ascii_only=True)
    assert palette.ascii
    assert not palette.utf8
    assert palette_for({"LANG": "en_US.UTF-8", "TERM": "linux"}).utf8


def test_high_contrast_dims_nothing_and_reverses_the_cursor():
    for theme in ("contrast-dark", "contrast-light"):
        palette = Palette(theme=theme)
        assert palette.cursor == Style(reverse=True)
        assert not palette.dim.dim
