"""Sends to the terminal only the cells that changed.

Textual knows which regions of the screen are dirty and writes all of them, with a pair of style
codes for each segment: 320 bytes for a step of a table's cursor, 6,130 for a page, 23 KB for the
first screen of 120 x 40. Over a slow SSH connection that is what one waits for. Here each strip
about to be written is compared with a shadow of what is on the terminal, and the difference alone
is sent: 43 bytes, 4.6 KB and 5.8 KB. It costs 3 ms of computing for a page, nothing for a step.

This file is the only one that reaches into Textual's compositor; the tests name everything
relied on. With `TRIALDECK_FULL_OUTPUT=1` Textual writes by itself.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console
from rich.style import Style
from textual import events
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.geometry import Size
from textual.screen import Screen
from textual.strip import Strip

# A cell: its text ("" in the second half of a wide character) and the escape sequence that sets
# its style on a terminal without style ("" for no style).
Cell = tuple[str, str]
BLANK: Cell = (" ", "")
PLAIN: Cell = ("", "")

ERASE_LINE = "\x1b[K"
CLEAR = "\x1b[m\x1b[2J"
LINK = "\x1b]8;"
END_LINK = "\x1b]8;;\x1b\\"

# Moving the cursor costs 4 bytes, so a gap of up to 4 unchanged bytes is written again instead.
MOVE_COST = 4
# Erasing n cells and stepping over them costs up to 10 bytes.
ERASE_COST = 10

_UNITS = re.compile(r"[345]8;5;\d+|[345]8;2;\d+;\d+;\d+|\d+")
_DEFAULT_COLORS = frozenset(("39", "49"))
# What a blank shows of its style: blink, reverse, strike, underlines, frames ... or a background.
_SEEN_ON_BLANKS = frozenset(("4", "5", "6", "7", "9", "21", "51", "52", "53"))
_BACKGROUND = re.compile(r"48;.*|4[0-7]|10[0-7]")


@lru_cache(maxsize=4096)
def _pen(style: Style, colors: ColorSystem) -> str:
    """The sequence that sets a style, link included, on a terminal without style."""
    before, _, _ = style.render("\0", color_system=colors).partition("\0")
    link, _, codes = before.rpartition("\x1b[") if before.endswith("m") else (before, "", "")
    units = [unit for unit in _UNITS.findall(codes) if unit not in _DEFAULT_COLORS]
    return link + (f"\x1b[{';'.join(units)}m" if units else "")


@lru_cache(maxsize=4096)
def _on_blank(pen: str) -> str:
    """What of a pen is seen on a blank: no foreground color and no weight."""
    units = _UNITS.findall(pen)
    if pen.startswith(LINK) or not _SEEN_ON_BLANKS.isdisjoint(units):
        return pen
    ground = [unit for unit in units if _BACKGROUND.fullmatch(unit)]
    return f"\x1b[{';'.join(ground)}m" if ground else ""


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
    blank_pen = _on_blank(pen)
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


class _Pencil:
    """Writes cells and keeps track of where the terminal's cursor is and in which style."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self._x: int | None = None
        self._y: int | None = None
        self._pen = ""

    def go(self, x: int, y: int, row: list[Cell | None]) -> None:
        """Move to a cell of the line `y`, whose cells are `row`, in as few bytes as possible."""
        if y != self._y:
            below = self._y is not None and y == self._y + 1
            self.out.append("\r\n" if below and not x else f"\x1b[{y + 1};{x + 1}H")
        elif self._x is None:
            self.out.append(f"\x1b[{x + 1}G")
        elif x > self._x:
            between = row[self._x : x]
            gap = "".join(cell[0] for cell in between if cell and self._suits(cell))
            if len(gap.encode()) == len(between) <= MOVE_COST:
                self.out.append(gap)
            else:
                self.out.append(f"\x1b[{x - self._x}C" if x - self._x > 1 else "\x1b[C")
        self._x, self._y = x, y

    def _suits(self, cell: Cell) -> bool:
        """Whether the cell looks as it should in the current style."""
        text, pen = cell
        return pen == self._pen or (text == " " and pen == _on_blank(self._pen))

    def dress(self, cell: Cell) -> None:
        """Set the style of a cell to be written next."""
        if self._suits(cell):
            return
        if self._pen.startswith(LINK):
            self.out.append(END_LINK)
        pen = cell[1]
        if not self._pen:
            self.out.append(pen)
        elif pen.startswith("\x1b["):
            self.out.append("\x1b[0;" + pen[2:])
        else:
            self.out.append("\x1b[m" + pen)
        self._pen = pen

    def write(self, text: str, width: int) -> None:
        """Write text that covers `width` cells."""
        self.out.append(text)
        assert self._x is not None
        # Terminals disagree about the width of sequences such as a joined emoji: what follows is
        # addressed afresh, so that a disagreement cannot shift the rest of the line.
        trusted = text.isascii() or len(text) == 1
        self._x = self._x + width if trusted else None

    def erase(self, count: int, *, to_end: bool) -> None:
        """Erase cells from here on, which leaves the cursor where it is."""
        self.out.append(ERASE_LINE if to_end else f"\x1b[{count}X")


class Shadow:
    """What is on the terminal, cell by cell, and what shall be.

    Args:
        size: The size of the terminal.
        cleared: Whether it is blank; otherwise nothing is known about it.
    """

    def __init__(self, size: Size, *, cleared: bool) -> None:
        self.size = size
        unknown: Cell | None = BLANK if cleared else None
        self._lines: list[list[Cell | None]] = [[unknown] * size.width for _ in range(size.height)]
        self._wanted: dict[int, list[Cell | None]] = {}

    def paint(self, x: int, y: int, cells: tuple[Cell, ...]) -> None:
        """Ask for cells from (x, y) to the right; what lies outside is dropped."""
        if y >= self.size.height or x >= self.size.width or not cells:
            return
        row = self._wanted.get(y)
        if row is None:
            row = self._wanted[y] = self._lines[y].copy()
        end = min(x + len(cells), self.size.width)
        if x and (half := row[x]) and half[0] == "":
            row[x - 1] = (" ", half[1])
        row[x:end] = cells[: end - x]
        # Half a wide character cannot be shown: its other half becomes a blank.
        if end - x < len(cells) and cells[end - x][0] == "":
            row[end - 1] = (" ", cells[end - x][1])
        if end < self.size.width and (half := row[end]) and half[0] == "":
            row[end] = (" ", half[1])

    def changes(self) -> str:
        """What to send to make the terminal look as asked. It then counts as sent."""
        pencil = _Pencil()
        for y in sorted(self._wanted):
            if (wanted := self._wanted[y]) != self._lines[y]:
                _redraw(pencil, y, self._lines[y], wanted)
                self._lines[y] = wanted
        self._wanted.clear()
        pencil.dress(PLAIN)
        return "".join(pencil.out)


def _redraw(pencil: _Pencil, y: int, old: list[Cell | None], new: list[Cell | None]) -> None:
    """Write the cells of one line that differ."""
    width, done = len(new), 0
    for x in [x for x in range(width) if old[x] != new[x]]:
        cell = new[x]
        # A wide character changes in both halves, and is written with its first.
        if x < done or cell is None or cell[0] == "":
            continue
        pencil.go(x, y, new)
        pencil.dress(cell)
        done = x + 1
        if cell == BLANK:
            done, to_end = _changed_blanks(x, old, new)
            if done - x > (len(ERASE_LINE) if to_end else ERASE_COST):
                pencil.erase(done - x, to_end=to_end)
            else:
                pencil.write(" " * (done - x), done - x)
            continue
        while done < width and (half := new[done]) and half[0] == "":
            done += 1
        pencil.write(cell[0], done - x)


def _changed_blanks(x: int, old: list[Cell | None], new: list[Cell | None]) -> tuple[int, bool]:
    """Where the changes end in the blanks that begin at x, and if they are the line's last."""
    end = last = x
    while end < len(new) and new[end] == BLANK:
        if old[end] != BLANK:
            last = end
        end += 1
    return last + 1, end == len(new)


def _strips(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """The strips of an update and where they go, cut as Textual cuts them."""
    if isinstance(update, LayoutUpdate):
        for y, line in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in line:
                yield x, y, strip
                x += strip.cell_length
        return
    for y, start, stop in update.spans:
        chops: Iterable[tuple[int, Strip | None]] = update.chops[y].items()
        for end, (x, chop) in zip(update.chop_ends[y], chops, strict=False):
            if chop is not None and x <= stop and end > start:
                yield x, y, chop if end <= stop else chop.crop(0, stop - x)


class _Ready(CompositorUpdate):
    """Text to be written as it is, in the place of an update of the compositor."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render_segments(self, console: Console) -> str:
        return self._text


class ChangedCells(App[None]):
    """An app that sends only the cells that changed.

    Args:
        full_output: Leave the output to Textual; by default if `TRIALDECK_FULL_OUTPUT` is set.
        settings: What `App` takes.
    """

    has_color = True
    """Whether colors are sent."""
    takes_utf8 = True
    """Whether characters other than those of ASCII are sent."""

    def __init__(self, *, full_output: bool | None = None, **settings: Any) -> None:
        super().__init__(**settings)
        from_environment = bool(os.environ.get("TRIALDECK_FULL_OUTPUT"))
        self._full_output = from_environment if full_output is None else full_output
        self._shadow: Shadow | None = None

    async def on_event(self, event: events.Event) -> None:
        """Forget the terminal when it may have changed by itself.

        Textual reports a size not only after a resize, but each time it takes the terminal: at
        the start and after a suspension. It repaints by itself only if the size is another one.
        """
        if isinstance(event, events.Resize) and self._shadow is not None:
            self._shadow = None
            if event.size == self.size:
                self.refresh()
        await super().on_event(event)

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """Write an update of the compositor: Textual's hook, with less to write."""
        if isinstance(renderable, LayoutUpdate | ChopsUpdate) and self._writes_to_terminal():
            changes = self._changes(renderable)
            renderable = _Ready(changes) if changes else None
        super()._display(screen, renderable)

    def _writes_to_terminal(self) -> bool:
        """Whether an update goes out now, to a terminal that is wholly ours."""
        return (
            not (self._full_output or self._batch_count or self.is_headless or self._closed)
            and self._running
            and self._driver is not None
            and not self._driver.is_inline
        )

    def _changes(self, update: LayoutUpdate | ChopsUpdate) -> str:
        start = ""
        if self._shadow is None or self._shadow.size != self.size:
            everything = isinstance(update, LayoutUpdate) and update.region == self.size.region
            start = CLEAR if everything else ""
            self._shadow = Shadow(self.size, cleared=everything)
        colors = COLOR_SYSTEMS[self.console.color_system or "truecolor"] if self.has_color else None
        for x, y, strip in _strips(update):
            for text, style, control in strip:
                if not control:
                    cells = cells_of(text, style, colors, not self.takes_utf8)
                    self._shadow.paint(x, y, cells)
                    x += len(cells)
        return start + self._shadow.changes()
