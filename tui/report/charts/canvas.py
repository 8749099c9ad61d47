"""A grid of braille cells to draw on, two dots across and four down in each."""

from tui.report.charts.axes import DOTS_ACROSS, DOTS_DOWN

# Unicode, "Braille Patterns" (U+2800..U+28FF): the bit of each dot, by row and column.
_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_EMPTY = 0x2800

Cell = tuple[str, int | None]


class Canvas:
    """Cells that remember their dots and which series drew in them last.

    Dots of several series in a cell add up; a glyph stands for the whole cell, the last one wins.
    Coordinates are dots from the top left; what lies outside is not drawn. In ASCII, where a cell
    has one mark, an interval goes before the lines that cross it.
    """

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._dots = [[0] * columns for _ in range(rows)]
        self._bars = [[False] * columns for _ in range(rows)]
        self._glyphs = [[""] * columns for _ in range(rows)]
        self._owners: list[list[int | None]] = [[None] * columns for _ in range(rows)]

    def dot(self, x: int, y: int, series: int | None, *, bar: bool = False) -> None:
        """Set one dot."""
        column, row = x // DOTS_ACROSS, y // DOTS_DOWN
        if 0 <= column < self.columns and 0 <= row < self.rows:
            self._dots[row][column] |= _BITS[y % DOTS_DOWN][x % DOTS_ACROSS]
            self._bars[row][column] |= bar
            self._owners[row][column] = series

    def line(self, start: tuple[int, int], end: tuple[int, int], series: int) -> None:
        """Draw a straight line, one dot to each step along its longer side."""
        (x0, y0), (x1, y1) = start, end
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for step in range(steps + 1):
            # Whole-number rounding: the same dots whichever way the line runs.
            x = x0 + (2 * (x1 - x0) * step + steps) // (2 * steps)
            y = y0 + (2 * (y1 - y0) * step + steps) // (2 * steps)
            self.dot(x, y, series)

    def bar(self, x: int, y0: int, y1: int, series: int) -> None:
        """Draw an interval: a vertical line over both ends."""
        for y in range(min(y0, y1), max(y0, y1) + 1):
            self.dot(x, y, series, bar=True)

    def rule(self, y: int, *, every: int) -> None:
        """Draw a dotted line across, for nobody: one dot to so many cells."""
        for x in range(0, self.columns * DOTS_ACROSS, DOTS_ACROSS * every):
            self.dot(x, y, None)

    def glyph(self, x: int, y: int, text: str, series: int) -> None:
        """Put a glyph in the cell of a dot."""
        column, row = x // DOTS_ACROSS, y // DOTS_DOWN
        if 0 <= column < self.columns and 0 <= row < self.rows:
            self._glyphs[row][column] = text
            self._owners[row][column] = series

    def cells(self, row: int, *, ascii: bool) -> list[Cell]:
        """One row of cells as (character, series that drew there last)."""
        return [
            (glyph or (_ascii(dots, bar) if ascii else _braille(dots)), owner)
            for glyph, dots, bar, owner in zip(
                self._glyphs[row],
                self._dots[row],
                self._bars[row],
                self._owners[row],
                strict=True,
            )
        ]


def _braille(dots: int) -> str:
    return chr(_EMPTY + dots) if dots else " "


def _ascii(dots: int, bar: bool) -> str:
    """The mark that comes nearest: a bar, or a line high, in the middle or low in its cell."""
    if bar:
        return "|"
    down = [y for y, bits in enumerate(_BITS) if any(dots & bit for bit in bits)]
    if not down:
        return " "
    middle = sum(down) / len(down)
    return "'" if middle < 1 else "-" if middle <= 2 else "."
