"""Styles and glyphs: what the terminal can take, and what eyes can tell apart."""

import pytest
from rich.cells import cell_len
from rich.color import Color

from tui.browser.palette import ARM_COLORS, ERROR_COLOR, MARKED_COLOR, palette_for


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


def test_without_color_no_style_has_one():
    palette = palette_for({"NO_COLOR": "1"})
    styles = [palette.title, palette.header, palette.dim, palette.marked, palette.error]
    styles += [palette.block, *(palette.arm(arm) for arm in range(8))]
    assert all(style.color is None and style.bgcolor is None for style in styles)
    assert palette_for({"NO_COLOR": ""}).color


def test_colors_are_readable_on_black_and_on_white_and_none_is_green():
    for number in (*ARM_COLORS, MARKED_COLOR, ERROR_COLOR):
        color = Color.parse(f"color({number})").get_truecolor()
        linear = [
            (c / 255 + 0.055) ** 2.4 / 1.055**2.4 if c > 10 else c / 255 / 12.92 for c in color
        ]
        light = sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
        assert (light + 0.05) / 0.05 >= 3
        assert 1.05 / (light + 0.05) >= 3
        assert not color.green > max(color.red, color.blue)
