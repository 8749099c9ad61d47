"""Cells of a terminal's screen: a text and the escape sequence that sets its style."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.style import Style

# A cell: its text ("" in the second half of a wide character) and the escape sequence that sets
# its style on a terminal without style ("" for no style), its pen.
Cell = tuple[str, str]
BLANK: Cell = (" ", "")
PLAIN: Cell = ("", "")

LINK = "\x1b]8;"
END_LINK = "\x1b]8;;\x1b\\"

_UNITS = re.compile(r"[345]8;5;\d+|[345]8;2;\d+;\d+;\d+|\d+")
_DEFAULT_COLORS = frozenset(("39", "49"))
# What a blank shows of its style: blink, reverse, strike, underlines, frames ... or a background.
_SEEN_ON_BLANKS = frozenset(("4", "5", "6", "7", "9", "21", "51", "52", "53"))
_FOREGROUND = re.compile(r"38;.*|3[0-7]|9[0-7]")
_BACKGROUND = re.compile(r"48;.*|4[0-7]|10[0-7]")


@lru_cache(maxsize=4096)
def _pen(style: Style, colors: ColorSystem) -> str:
    """The sequence that sets a style, link included, on a terminal without style."""
    before, _, _ = style.render("\0", color_system=colors).partition("\0")
    link, _, codes = before.rpartition("\x1b[") if before.endswith("m") else (before, "", "")
    units = [unit for unit in _UNITS.findall(codes) if unit not in _DEFAULT_COLORS]
    return link + (f"\x1b[{';'.join(units)}m" if units else "")


@lru_cache(maxsize=4096)
def on_blank(pen: str) -> str:
    """What of a pen is seen on a blank: no foreground color and no weight."""
    units = _UNITS.findall(pen)
    if pen.startswith(LINK) or not _SEEN_ON_BLANKS.isdisjoint(units):
        return pen
    ground = [unit for unit in units if _BACKGROUND.fullmatch(unit)]
    return f"\x1b[{';'.join(ground)}m" if ground else ""


def _replaces(unit: str) -> str:
    """What a unit of a style takes the place of: another color, or itself alone."""
    if _FOREGROUND.fullmatch(unit):
        return "foreground"
    return "background" if _BACKGROUND.fullmatch(unit) else unit


@lru_cache(maxsize=4096)
def from_pen_to_pen(old: str, new: str) -> str:
    """The sequence that sets a pen where another one is set.

    A color takes the place of the one before it, so no more than the difference is sent. Only what
    has to be taken away, such as a weight, needs the reset of everything.
    """
    if not old:
        return new
    if LINK not in old + new:
        before = {_replaces(unit): unit for unit in _UNITS.findall(old)}
        after = {_replaces(unit): unit for unit in _UNITS.findall(new)}
        if before.keys() <= after.keys():
            units = [unit for place, unit in after.items() if before.get(place) != unit]
            return f"\x1b[{';'.join(units)}m" if units else ""
    end = END_LINK if old.startswith(LINK) else ""
    return end + ("\x1b[0;" + new[2:] if new.startswith("\x1b[") else "\x1b[m" + new)


def _clusters(text: str) -> Iterator[tuple[str, int]]:
    """The characters of a text, each with what combines with it, and their widths in cells."""
    cluster = ""
    for char in text:
        if not cluster or (cell_len(char) and not cluster.endswith("\u200d")):
            if cluster:
                yield cluster, cell_len(cluster)
            cluster = char
        else:
            cluster += char
    if cluster:
        yield cluster, cell_len(cluster)


def _is_control(char: str) -> bool:
    return char < " " or "\x7f" <= char < "\xa0"


@lru_cache(maxsize=4096)
def cells_of(
    text: str, style: Style | None, colors: ColorSystem | None, ascii_only: bool = False
) -> tuple[Cell, ...]:
    """The cells of a text. What acts on a terminal has no place on the screen and is left out.

    Args:
        text: The text.
        style: Its style.
        colors: What the terminal takes; None for no color at all, attributes stay.
        ascii_only: Whether every other character becomes a question mark in each of its cells.
    """
    if style and colors is None:
        style = style.without_color
    pen = _pen(style, colors or ColorSystem.STANDARD) if style else ""
    blank_pen = on_blank(pen)
    if text.isascii() and text.isprintable():
        return tuple((char, blank_pen if char == " " else pen) for char in text)
    cells: list[Cell] = []
    for cluster, width in _clusters("".join(c for c in text if not _is_control(c))):
        if ascii_only and not cluster.isascii():
            cells.extend([("?", pen)] * width)
        elif width:
            cells.append((cluster, blank_pen if cluster == " " else pen))
            cells.extend([("", pen)] * (width - 1))
    return tuple(cells)
