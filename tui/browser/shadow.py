"""What is on the terminal, cell by cell, and what to send to make it look otherwise."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from textual.geometry import Size

from tui.browser.cells import BLANK, Cell
from tui.browser.pencil import Line, Pencil, Row

LEAST_SHIFTED = 3
"""Lines that have to be the same, further up or down, before they are moved."""
SHIFT_COST = 24
"""Cells that could be written for what it costs to move lines."""


class Shift(NamedTuple):
    """Lines `first` to `last` that stand `by` lines further down now (up, where negative)."""

    first: int
    last: int
    by: int

    @property
    def region(self) -> range:
        """The lines that are touched."""
        return range(min(self.first, self.first + self.by), max(self.last, self.last + self.by) + 1)

    def text(self) -> str:
        """Deletes lines at one end of the region and inserts as many at the other.

        No scrolling region is set, which would stay behind if the connection were cut just then,
        and SU and SD are unknown to `linux`.
        """
        count, region = abs(self.by), self.region
        gone, new = region.start, region.stop - count
        if self.by > 0:
            gone, new = new, gone
        return f"\x1b[{gone + 1}H\x1b[{count}M\x1b[{new + 1}H\x1b[{count}L"


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
        shift = self._shift()
        start = self._shifted(shift) if shift else ""
        pencil = Pencil(self.size.width)
        pencil.redraw(
            [
                Line(y, old, new)
                for y, new in sorted(self._wanted.items())
                if new != (old := self._lines[y])
            ]
        )
        for y, new in self._wanted.items():
            self._lines[y] = new
        self._wanted.clear()
        pencil.finish()
        return start + pencil.text

    def _shift(self) -> Shift | None:
        """Lines that only move, if moving them saves something: those of a page that scrolls.

        Lines can be moved in their whole width alone: margins at the sides are not known to tmux,
        screen, PuTTY or `linux`.
        """
        old, new = self._lines, self._wanted
        changed = [y for y, row in new.items() if row != old[y]]
        if len(changed) < LEAST_SHIFTED:
            return None
        came_from = {tuple(old[y]): y for y in changed}
        found = [(y, came_from.get(tuple(new[y]))) for y in changed]
        steps = Counter(y - was for y, was in found if was is not None and was != y)
        if not steps:
            return None
        by = steps.most_common(1)[0][0]
        stretches: list[list[int]] = [[]]
        for y in range(max(0, by), min(self.size.height, self.size.height + by)):
            if new.get(y, old[y]) != old[y - by]:
                stretches.append([])
            else:
                stretches[-1].append(y)
        longest = max(stretches, key=len)
        if len(longest) < LEAST_SHIFTED:
            return None
        shift = Shift(longest[0] - by, longest[-1] - by, by)
        return shift if self._saved(shift) > SHIFT_COST else None

    def _saved(self, shift: Shift) -> int:
        """How many cells fewer have to be written if lines are moved first."""
        moved, saved = self._moved(shift), 0
        for y in shift.region:
            wanted = self._wanted.get(y, self._lines[y])
            saved += _differing(self._lines[y], wanted) - _differing(moved[y], wanted)
        return saved

    def _moved(self, shift: Shift) -> list[list[Cell | None]]:
        """The lines once some have been moved; those that they leave are blank."""
        lines = self._lines.copy()
        for y in shift.region:
            inside = shift.first <= y - shift.by <= shift.last
            lines[y] = self._lines[y - shift.by] if inside else [BLANK] * self.size.width
        return lines

    def _shifted(self, shift: Shift) -> str:
        """Moves lines here, and says how to move them there."""
        for y in shift.region:
            self._wanted.setdefault(y, self._lines[y])
        self._lines = self._moved(shift)
        return shift.text()


def _differing(one: Row, other: Row) -> int:
    """In how many cells two lines differ."""
    return sum(a != b for a, b in zip(one, other, strict=True))
