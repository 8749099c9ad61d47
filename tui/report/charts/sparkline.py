"""A course over visits in one line of text.

Widgets that draw sparklines scale each series by itself, so that a fall of 0.1 and one of 1.6 look
alike, and take x as an index, so that week 24 stands beside week 12. Here the scale is given by
the caller, one for all arms, and x is the visit.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter

# From low to high. A gap is a space, so the lowest level must leave a mark.
BLOCKS = "▁▂▃▄▅▆▇█"
ASCII_LEVELS = "_.-=+*#@"
GAP = " "


def sparkline(
    points: Sequence[tuple[float, float | None]],
    *,
    low: float,
    high: float,
    x_low: float,
    x_high: float,
    width: int,
    ascii: bool = False,
) -> str:
    """Draw (visit, value) pairs as exactly `width` characters, one cell each.

    Values run from `low` to `high` (beyond them they are held at the edge; when the two are equal
    everything is at mid-height), visits from `x_low` to `x_high` (beyond them they are left out).
    Between two measured visits the line is straight; a visit with no value, None or NaN, breaks
    it on both sides. Of several visits in one column the last measured one shows.
    """
    if width < 1:
        return ""
    levels = ASCII_LEVELS if ascii else BLOCKS
    visits = [
        (_column(x, x_low, x_high, width), _level(value, low, high, len(levels) - 1))
        for x, value in sorted(
            (point for point in points if x_low <= point[0] <= x_high), key=itemgetter(0)
        )
    ]
    cells = [GAP] * width
    for (left, before), (right, after) in pairwise(visits):
        if before is not None and after is not None:
            for column in range(left + 1, right):
                share = (column - left) / (right - left)
                cells[column] = levels[int(before * (1 - share) + after * share + 0.5)]
    for column, level in visits:
        if level is not None:
            cells[column] = levels[int(level + 0.5)]
    return "".join(cells)


def _column(x: float, x_low: float, x_high: float, width: int) -> int:
    span = x_high - x_low
    share = (x - x_low) / span if 0 < span < math.inf else 0.0
    return math.floor(share * (width - 1) + 0.5)


def _level(value: float | None, low: float, high: float, top: int) -> float | None:
    """Height of a value, 0 at `low` to `top` at `high`; None where nothing was measured."""
    if value is None or not math.isfinite(value):
        return None
    span = high - low
    if not 0 < span < math.inf:
        return top / 2
    return min(max((value - low) / span, 0.0), 1.0) * top
