"""Numbers as trials print them.

Every figure on the screen, on the command line and in a file goes through here, so that a reviewer
who lays the program beside a SAS listing finds the same digits.
"""

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import count

NOT_ESTIMABLE = "n.e."

MAX_DECIMALS = 4
P_DECIMALS = 4

# The largest double has 309 digits before the point; the default context (28) would refuse it.
_ROUNDING = Context(prec=400, rounding=ROUND_HALF_UP)

# 2 * (1 - cdf) can leave [0, 1] by a few units in the last place: still a p value.
_NOISE = 1e-9


def fixed(value: float | None, decimals: int) -> str:
    """Print with so many decimals, half away from zero as SAS does: 42.65 prints 42.7.

    What is rounded is the decimal number a reader would see, not the binary one behind it: 1.005
    is stored as 1.00499..., which `round` and f-strings print as 1.00. It has 14 digits, for a sum
    that should be 42.65 may come out as 42.649999999999999. Zero has no sign.
    """
    if value is None or not math.isfinite(value):
        return NOT_ESTIMABLE
    unit = Decimal(1).scaleb(-decimals)
    rounded = Decimal(f"{value:.14g}").quantize(unit, context=_ROUNDING)
    return f"{rounded if rounded else abs(rounded):f}"


def p_value(p: float | None, alpha: float = 0.05) -> str:
    """Print a p value with four decimals, or with as many as keep it on its side of `alpha`.

    0.04996 would print 0.0500 and seem not significant, so it prints 0.04996. A p equal to alpha
    counts as not below it. Only a p of exactly 1 prints 1.0000, and none prints 0.0000.
    """
    if p is None or not -_NOISE <= p <= 1 + _NOISE:  # NaN fails the comparison too
        return NOT_ESTIMABLE
    p = min(max(p, 0.0), 1.0)
    if p < 0.0001:
        return "<0.0001"
    if 0.99995 <= p < 1:
        return ">0.9999"
    # Ends at the latest where the text is p itself.
    return next(
        text
        for text in (fixed(p, decimals) for decimals in count(P_DECIMALS))
        if (float(text) < alpha) == (p < alpha)
    )


def percent(n: int, total: int) -> str:
    """Print n of total as a percentage with one decimal: "33.3%"."""
    if total == 0:
        return NOT_ESTIMABLE
    # Multiplied first: one correctly rounded division, so 49 of 400 is 12.25 and prints 12.3.
    return f"{fixed(100 * n / total, 1)}%"


def count_percent(n: int, total: int) -> str:
    """Print a count with its percentage, "5 (33.3%)"; no subject at all is a bare "0"."""
    if total == 0:
        return NOT_ESTIMABLE
    return f"{n} ({percent(n, total)})" if n else "0"


def interval(lower: float | None, upper: float | None, decimals: int) -> str:
    """Print confidence limits, "(-0.81, -0.01)"; a missing or infinite limit prints "n.e.".

    A limit that would round to zero has a decimal or two more, "(-0.81, -0.005)": whether the
    interval holds zero is what it is read for.
    """
    return f"({_limit(lower, decimals)}, {_limit(upper, decimals)})"


def _limit(value: float | None, decimals: int) -> str:
    texts = [fixed(value, more) for more in range(decimals, MAX_DECIMALS + 1)]
    return next((text for text in texts if text.strip("-0.")), texts[0])


@dataclass(frozen=True, slots=True)
class Precision:
    """Decimals of each statistic, from the decimals of the data as they were delivered.

    The convention of trial tables: extremes as the data, one more for what is computed. An SD
    has at least two and otherwise follows the mean, so HbA1c prints in % as 7.95 (0.84) and in
    mmol/mol as 63.4 (9.18).
    """

    data: int

    @property
    def extreme(self) -> int:
        """Minimum and maximum: values that were measured."""
        return self.data

    @property
    def mean(self) -> int:
        """Means, their differences, and confidence limits."""
        return min(self.data + 1, MAX_DECIMALS)

    @property
    def median(self) -> int:
        """Median and quartiles: half-way between two measured values at the finest."""
        return self.mean

    @property
    def sd(self) -> int:
        """Standard deviations and standard errors."""
        return max(self.mean, 2)
