"""Draws cells in as few bytes as can be: how to get to them, and how to set their style.

What is used besides text is known to every terminal from `linux` and `screen` to xterm: CUP, CHA,
CUU to CUB, IND, RI, BS, DL, IL, EL, ECH and SGR, but not REP, and no margins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tui.browser.cells import BLANK, PLAIN, Cell, from_pen_to_pen, on_blank

Row = Sequence[Cell | None]
"""The cells of one line; None where nothing is known."""


class Line(NamedTuple):
    """The line `y` as it is on the terminal, and as it shall be."""

    y: int
    old: Row
    new: Row


ERASE_LINE = "\x1b[K"
RESET = "\x1b[m"
# Erasing n cells and stepping over them costs up to 10 bytes.
ERASE_COST = 10


def _across(start: int, end: int) -> str:
    """From one column to another, from where the cursor surely is."""
    if end >= start:
        return "" if end == start else "\x1b[C" if end == start + 1 else f"\x1b[{end - start}C"
    from_edge = "\r" + _across(0, end)
    return min("\b" * (start - end), f"\x1b[{start - end}D", from_edge, key=len)


def _down(count: int) -> str:
    """Some lines down, or up where it is negative."""
    if abs(count) <= 1:
        return ("", "\x1bD", "\x1bM")[count]
    return f"\x1b[{count}B" if count > 0 else f"\x1b[{-count}A"


class Pencil:
    """Writes cells and keeps track of where the terminal's cursor is and in which style."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._out: list[str] = []
        self._x: int | None = None
        self._y: int | None = None
        # Whether the column is the terminal's too if that shows signs such as ● in two cells: no
        # such disagreement is to reach beyond its line.
        self._sure = False
        self._pen = ""

    @property
    def text(self) -> str:
        """What has been written."""
        return "".join(self._out)

    @property
    def pen(self) -> str:
        """The style that is set."""
        return self._pen

    def again(self) -> Pencil:
        """A pencil that goes on where this one is, and has written nothing."""
        other = Pencil(self._width)
        other._x, other._y, other._sure, other._pen = self._x, self._y, self._sure, self._pen
        return other

    def _take(self, other: Pencil) -> None:
        """Make what another one has written from here its own."""
        self._out.append(other.text)
        self._x, self._y, self._sure, self._pen = other._x, other._y, other._sure, other._pen

    def go(self, x: int, y: int, row: Row) -> None:
        """Move to a cell of the line `y`, whose cells are `row`, in as few bytes as possible."""
        if self._y == y:
            move, is_sure = f"\x1b[{x + 1}G", True
            if self._x is not None:
                step = _across(self._x, x)
                if 0 < x - self._x <= len(step):
                    step = self._gap(row[self._x : x]) or step
                if len(step) < len(move):
                    move, is_sure = step, self._sure
        else:
            below = None if self._y is None else y - self._y
            moves = [f"\x1b[{y + 1};{x + 1}H"]
            if below == 1:
                moves.append(f"\r{_down(1)}{_across(0, x)}")
            if self._x is not None and below is not None and self._sure:
                moves.append(_down(below) + _across(self._x, x))
            move, is_sure = min(moves, key=len), True
        self._out.append(move)
        self._x, self._y, self._sure = x, y, is_sure

    def _gap(self, between: Row) -> str:
        """The text of cells that can be written again in the current style, else nothing."""
        gap = "".join(cell[0] for cell in between if cell and self._suits(cell))
        return gap if gap.isascii() and len(gap) == len(between) else ""

    def _suits(self, cell: Cell) -> bool:
        """Whether the cell looks as it should in the current style."""
        text, pen = cell
        return pen == self._pen or (text == " " and pen == on_blank(self._pen))

    def dress(self, cell: Cell) -> None:
        """Set the style of a cell to be written next."""
        if not self._suits(cell):
            self._out.append(from_pen_to_pen(self._pen, cell[1]))
            self._pen = cell[1]

    def write(self, text: str, width: int) -> None:
        """Write text that covers `width` cells."""
        self._out.append(text)
        assert self._x is not None
        # Terminals disagree about the width of sequences such as a joined emoji: what follows is
        # addressed afresh, so that a disagreement cannot shift the rest of the line. From the last
        # column the cursor does not go on.
        trusted = text.isascii() or len(text) == 1
        end = self._x + width
        self._x = end if trusted and end < self._width else None
        self._sure = self._sure and (text.isascii() or "\u2800" <= text <= "\u28ff")  # Braille

    def erase(self, count: int, *, to_end: bool) -> None:
        """Erase cells from here on, which leaves the cursor where it is."""
        self._out.append(ERASE_LINE if to_end else f"\x1b[{count}X")

    def redraw(self, lines: Sequence[Line]) -> None:
        """Write the cells of these lines that differ.

        Line by line or one style after the other, whichever is shorter: a chart of four arms takes
        an eighth less the second way, a table more.
        """
        by_line, by_pen = self.again(), self.again()
        pens: dict[str, list[tuple[Line, list[int]]]] = {self._pen: []}
        runs = 0
        for line in lines:
            places, count = by_line._redraw(line)
            runs += count
            for pen, some in places.items():
                pens.setdefault(pen, []).append((line, some))
        parts = [part for pen in pens.values() for part in pen]
        if runs - len(pens) < len(parts):  # it saves no more than going back costs
            self._take(by_line)
            return
        for line, some in parts:
            by_pen._draw(some, line)
        self._take_shorter(by_line, by_pen)

    def _redraw(self, line: Line) -> tuple[dict[str, list[int]], int]:
        """Write the cells of a line that differ, in the shorter way.

        Returns:
            The cells by pen, and how many runs of one pen they are from left to right.
        """
        places = _changed(line)
        pens, runs = self._pens(places, line.new)
        if runs <= len(pens) + 1:  # it saves no more than the way back costs
            self._draw(places, line)
            return pens, runs
        in_turn, by_pen = self.again(), self.again()
        in_turn._draw(places, line)
        for some in pens.values():
            by_pen._draw(some, line)
        self._take_shorter(in_turn, by_pen)
        return pens, runs

    def _take_shorter(self, *ways: Pencil) -> None:
        self._take(min(ways, key=lambda one: len(one.text.encode()) + len(RESET) * bool(one._pen)))

    def _pens(self, places: Iterable[int], new: Row) -> tuple[dict[str, list[int]], int]:
        """The cells to be written of each pen, that in hand first, and how often it changes."""
        pens: dict[str, list[int]] = {}
        pen, runs = self._pen, 1
        for x in places:
            cell = new[x]
            assert cell is not None
            if cell[1] != pen and not (cell[0] == " " and cell[1] == on_blank(pen)):
                pen, runs = cell[1], runs + 1
            pens.setdefault(pen, []).append(x)
        return dict(sorted(pens.items(), key=lambda one: one[0] != self._pen)), runs

    def _draw(self, places: Sequence[int], line: Line) -> None:
        """Write these cells of a line, from left to right."""
        y, old, new = line
        done = at = 0
        while at < len(places):
            x, at = places[at], at + 1
            cell = new[x]
            if x < done or cell is None:
                continue
            if x != self._x or y != self._y:
                self.go(x, y, new)
            if cell[1] != self._pen:
                self.dress(cell)
            if cell == BLANK:
                done, to_end = _changed_blanks(x, old, new)
                if done - x > (len(ERASE_LINE) if to_end else ERASE_COST):
                    self.erase(done - x, to_end=to_end)
                else:
                    self.write(" " * (done - x), done - x)
                continue
            text, done = cell[0], x + 1
            if text.isascii():  # a call for each letter would take a third of what a frame takes
                while at < len(places) and places[at] == done and (more := self._more(new[done])):
                    text, done, at = text + more, done + 1, at + 1
            else:
                while done < len(new) and (half := new[done]) and half[0] == "":
                    done += 1
            self.write(text, done - x)

    def _more(self, cell: Cell | None) -> str:
        """The letter of a cell that can be written along with those before it."""
        if cell is None or cell == BLANK or not cell[0].isascii() or not self._suits(cell):
            return ""
        return cell[0]

    def finish(self) -> None:
        """Leave the terminal without style."""
        self.dress(PLAIN)


def _changed(line: Line) -> list[int]:
    """The cells that differ; a wide character changes in both halves, and is written with one."""
    pairs = enumerate(zip(line.old, line.new, strict=True))
    return [x for x, (was, cell) in pairs if cell and cell[0] and cell != was]


def _changed_blanks(x: int, old: Row, new: Row) -> tuple[int, bool]:
    """Where the changes end in the blanks that begin at x, and if they are the line's last."""
    end = last = x
    while end < len(new) and new[end] == BLANK:
        if old[end] != BLANK:
            last = end
        end += 1
    return last + 1, end == len(new)
