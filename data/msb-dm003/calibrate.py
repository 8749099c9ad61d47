"""Fit whole-number values to printed figures: intervals, closed-form models, a hill climb.

All values are whole numbers (tenths of a percent, of a kilogram, ...), so that every sum is exact
and the climb takes the same path on every machine.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from chance import Chance

MARGIN = 0.06  # stay this share of an interval away from either end
STARTS = 30  # attempts before the climb gives up
PATIENCE = 4_000  # moves in vain after which an attempt ends


@dataclass(frozen=True)
class Span:
    """An interval a figure has to lie in."""

    low: float
    high: float

    def miss(self, value: float) -> float:
        """Return the squared distance from the inner part of the span, in half widths."""
        half = (self.high - self.low) / 2
        inner = half * (1 - 2 * MARGIN)
        excess = abs(value - (self.low + self.high) / 2) - inner
        return 0.0 if excess <= 0 else (excess / half) * (excess / half)


@dataclass(frozen=True)
class Figure:
    """A computed value and the span it has to lie in."""

    name: str
    value: float
    span: Span


Figures = Callable[[list[int]], list[Figure]]
Bounds = list[tuple[int, int]]


def printed(text: str, unit: float = 1.0) -> Span:
    """Return the values that round to the printed text, in multiples of `unit`."""
    decimals = len(text.partition(".")[2])
    half = 0.5 / float(10**decimals)
    return Span((float(text) - half) / unit, (float(text) + half) / unit)


def both(first: Span, second: Span) -> Span:
    """Return the part two spans have in common."""
    return Span(max(first.low, second.low), min(first.high, second.high))


def half_up(numerator: int, denominator: int) -> int:
    """Divide two positive whole numbers and round half away from zero."""
    return (2 * numerator + denominator) // (2 * denominator)


def to_int(value: float) -> int:
    """Round to the nearest whole number, half away from zero."""
    return int(value + 0.5) if value >= 0 else -int(0.5 - value)


def moments(values: Sequence[int], scale: float) -> tuple[float, float]:
    """Return mean and standard deviation of values given in units of 1/scale."""
    count, total = len(values), sum(values)
    squares = sum(value * value for value in values) - total * total / count
    return total / count / scale, sqrt(squares / (count - 1)) / scale


@dataclass(frozen=True)
class Fit:
    """Analysis of covariance: adjusted differences from the first arm, and raw means."""

    difference: tuple[float, ...]
    error: tuple[float, ...]
    mean: tuple[float, ...]

    def ratio(self, arm: int) -> float:
        """Return the t statistic of an arm against the first."""
        return self.difference[arm] / self.error[arm]


def ancova(
    rows: Sequence[int], arm: Sequence[int], base: Sequence[int], out: Sequence[int], scale: float
) -> Fit:
    """Fit `out ~ arm + base` with one residual variance over all arms, on the rows named.

    A constant `base` drops out of the model.
    """
    arms = max(arm) + 1
    count, sum_x, sum_y = [0] * arms, [0] * arms, [0] * arms
    xx = xy = yy = 0
    for row in rows:
        group, x, y = arm[row], base[row], out[row]
        count[group] += 1
        sum_x[group] += x
        sum_y[group] += y
        xx, xy, yy = xx + x * x, xy + x * y, yy + y * y
    mean_x = [total / size for total, size in zip(sum_x, count, strict=True)]
    mean_y = [total / size for total, size in zip(sum_y, count, strict=True)]
    s_xx = xx - sum(total * mean for total, mean in zip(sum_x, mean_x, strict=True))
    s_xy = xy - sum(total * mean for total, mean in zip(sum_x, mean_y, strict=True))
    s_yy = yy - sum(total * mean for total, mean in zip(sum_y, mean_y, strict=True))
    adjusts = s_xx > 1e-6
    slope = s_xy / s_xx if adjusts else 0.0
    variance = (s_yy - slope * s_xy) / (len(rows) - arms - (1 if adjusts else 0))
    difference, error = [], []
    for group in range(arms):
        gap = mean_x[group] - mean_x[0]
        leverage = gap * gap / s_xx if adjusts else 0.0
        difference.append((mean_y[group] - mean_y[0] - slope * gap) / scale)
        error.append(sqrt(variance * (1 / count[group] + 1 / count[0] + leverage)) / scale)
    return Fit(tuple(difference), tuple(error), tuple(mean / scale for mean in mean_y))


def total_miss(figures: list[Figure]) -> float:
    """Return how far the figures are from their spans, all together."""
    return sum(figure.span.miss(figure.value) for figure in figures)


def climb(
    name: str, plan: list[int], bounds: Bounds, figures: Figures, steps: tuple[int, ...] = (1,)
) -> list[int]:
    """Change the plan until every figure lies in its span, from several starts if need be."""
    start = [min(max(cell, low), high) for cell, (low, high) in zip(plan, bounds, strict=True)]
    unmet: list[Figure] = []
    for attempt in range(STARTS):
        cells = ascend(Chance(f"climb {name} {attempt}"), start, bounds, figures, steps)
        unmet = [figure for figure in figures(cells) if figure.span.miss(figure.value) > 0]
        if not unmet:
            return cells
    message = f"{name}: not met from {STARTS} starts: {unmet}"
    raise RuntimeError(message)


def ascend(
    chance: Chance, cells: list[int], bounds: Bounds, figures: Figures, steps: tuple[int, ...]
) -> list[int]:
    """Move one or two cells at a time, keep what brings the figures closer to their spans.

    Stops as soon as no span is missed, so that as much of the plan is kept as can be.
    """
    best = total_miss(figures(cells))
    since = 0
    while best > 0 and since < PATIENCE:
        moved = list(cells)
        for _ in range(1 + chance.below(2)):
            place = chance.below(len(cells))
            step = steps[chance.below(len(steps))] * (1 if chance.below(2) else -1)
            low, high = bounds[place]
            moved[place] = min(max(moved[place] + step, low), high)
        since += 1
        if moved != cells and (reached := total_miss(figures(moved))) < best:
            cells, best, since = moved, reached, 0
    return cells
