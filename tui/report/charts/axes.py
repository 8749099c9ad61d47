"""Where values fall on a chart: ticks for the y axis, visits for the x axis, rows for labels."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# Dots of a braille cell: finer than a cell by these factors.
DOTS_ACROSS = 2
DOTS_DOWN = 4

# No scale is closer than this part of the values on it: doubles would run out of digits.
_CLOSEST = 1e-9


@dataclass(frozen=True, slots=True)
class Scale:
    """A y axis on which every tick stands at the middle of a row, all the same distance apart.

    `top` is the value at the middle of row 0, counted in rows from the value 0.
    """

    mantissa: int  # of the distance between ticks: 1, 2 or 5
    exponent: int  # of ten
    rows_per_tick: int
    top: int
    rows: int

    def dot(self, value: float) -> int:
        """Dot row of a value, 0 at the top, held inside the chart."""
        row = self.top - value * _density(self.mantissa, self.exponent, self.rows_per_tick)
        return min(max(math.floor(row * DOTS_DOWN + DOTS_DOWN / 2), 0), self.rows * DOTS_DOWN - 1)

    def ticks(self) -> list[tuple[int, float]]:
        """(row, value) of each tick, from the top down."""
        first = self.top % self.rows_per_tick
        step = self.mantissa * 10.0**self.exponent
        return [
            (row, (self.top - row) // self.rows_per_tick * step)
            for row in range(first, self.rows, self.rows_per_tick)
        ]


def scale(low: float, high: float, rows: int) -> Scale:
    """Find the scale of `rows` rows that shows low..high largest, with ticks 1-2-5 apart."""
    magnitude = max(abs(low), abs(high), 1.0)
    if high - low < _CLOSEST * magnitude:
        low, high = low - magnitude / 10, high + magnitude / 10  # all values are equal
    # Ticks no closer than every second row nor more than ten; no fewer than three of them, or one
    # in four rows where the chart is low.
    closest = max(2, math.ceil(rows / 10))
    farthest = max(closest, min(rows // 2, 4), rows // 3)
    power = math.floor(math.log10(high - low))
    best: tuple[float, Scale] | None = None
    for exponent in range(power - 2, power + 2):
        for mantissa in (1, 2, 5):
            for rows_per_tick in range(closest, farthest + 1):
                density = _density(mantissa, exponent, rows_per_tick)
                bottom = math.floor(low * density + 0.5)
                top = math.floor(high * density + 0.5)
                spare = rows - (top - bottom + 1)
                if spare >= 0 and (best is None or density > best[0]):
                    found = Scale(mantissa, exponent, rows_per_tick, top + spare // 2, rows)
                    best = density, found
    assert best is not None  # ticks fifty times the range apart always leave it room
    return best[1]


def _density(mantissa: int, exponent: int, rows_per_tick: int) -> float:
    """Rows to one unit of the value."""
    return rows_per_tick / (mantissa * 10.0**exponent)


@dataclass(frozen=True, slots=True)
class Visits:
    """An x axis of visits by their number, so that weeks 4 and 12 are twice as far as 4 and 8.

    Arms stand beside each other at a visit, `dodge` dots apart, or their intervals would hide
    one another.
    """

    low: float
    high: float
    columns: int
    arms: int
    dodge: int

    @property
    def _edge(self) -> int:
        return math.ceil(self.arms * self.dodge / (2 * DOTS_ACROSS))

    def column(self, x: float) -> int:
        """Cell column of a visit: a whole cell, so that arms stand alike at every visit."""
        if self.high == self.low:
            return self.columns // 2
        room = self.columns - 1 - 2 * self._edge
        return self._edge + math.floor((x - self.low) / (self.high - self.low) * room + 0.5)

    def dot(self, x: float, arm: int) -> int:
        """Dot column of an arm at a visit."""
        return self.column(x) * DOTS_ACROSS + arm * self.dodge - (self.arms - 1) * self.dodge // 2


def visits(numbers: Sequence[float], columns: int, arms: int) -> Visits:
    """Lay out visits over `columns` cells: an arm to a cell where there is room, else two."""
    distinct = sorted(set(numbers))
    wide, narrow = (Visits(distinct[0], distinct[-1], columns, arms, dodge) for dodge in (2, 1))
    at = [wide.column(x) for x in distinct]
    roomy = all(right - left >= arms for left, right in pairwise(at))
    return wide if roomy else narrow


def tick_labels(labels: Sequence[tuple[int, str]], width: int) -> str:
    """Center labels on their columns in a line of `width` cells, leaving out what would collide.

    The last visit is where a trial is read, so it goes first; the others follow from the left.
    """
    line = [" "] * width
    for column, text in [*labels[-1:], *labels[:-1]]:
        start = min(max(column - (len(text) - 1) // 2, 0), max(width - len(text), 0))
        around = line[max(start - 1, 0) : start + len(text) + 1]
        if len(text) <= width and not "".join(around).strip():
            line[start : start + len(text)] = text
    return "".join(line)


def spread(wanted: Sequence[int], rows: int) -> list[int]:
    """Give each of the sorted wanted rows a row of its own, as near to it as order allows.

    Labels that want the same rows are pooled and centered on them (isotonic regression).
    """
    pools: list[tuple[int, int]] = []  # sum of (wanted - rank), number of labels
    for rank, row in enumerate(wanted):
        total, members = row - rank, 1
        while pools and pools[-1][0] * members >= total * pools[-1][1]:
            total, members = total + pools[-1][0], members + pools[-1][1]
            pools.pop()
        pools.append((total, members))
    places = [math.floor(total / n + 0.5) for total, n in pools for _ in range(n)]
    last = rows - len(wanted)
    return [min(max(place, 0), last) + rank for rank, place in enumerate(places)]
