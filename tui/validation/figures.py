"""A published figure beside the computed one, and when the two agree."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "cases"
"""The files of reference figures; the tests of the other rooms read them too."""

R_DIGITS = 9
"""The digits that the files of R's figures were written with; zeros at the end are left out."""


def read(name: str) -> Any:
    """A file of reference figures; numbers as Decimal, which keeps the digits as they are printed.

    >>> read("msb-dm003")["visits"]["weeks"]
    [0, 1, 2, 4, 8, 12]
    """
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"), parse_float=Decimal)


def fingerprint() -> str:
    """SHA-256 over the reference files: which figures an installation was held against."""
    digest = hashlib.sha256()
    for path in sorted([*FOLDER.glob("*.json"), *FOLDER.glob("*.csv")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@dataclass(frozen=True)
class Limit:
    """How far a computed figure may lie from the published one, and the rule that says so."""

    allowed: float
    rule: str


@dataclass(frozen=True)
class Figure:
    """A figure of a case.

    Attributes:
        name: Which one: `week 8, 2.0 M/kg, difference`.
        published: As printed, or as R printed it.
        computed: By this program on this machine, unrounded; not finite where it has none.
        limit: When the two agree.
        printed: Significant digits that were published.
    """

    name: str
    published: str
    computed: float
    limit: Limit
    printed: int

    @property
    def expected(self) -> float:
        """The published figure as a number; "<0.05" is the whole range below, from 0."""
        return 0.0 if self.published.startswith("<") else float(self.published)

    @property
    def of_limit(self) -> float:
        """The distance as a part of the one allowed; above 1 the figures differ."""
        if not math.isfinite(self.computed):
            return math.inf
        distance = abs(self.computed - self.expected)
        return distance / self.limit.allowed if self.limit.allowed else math.inf * bool(distance)

    @property
    def agrees(self) -> bool:
        """Whether the computed figure is as near as the rule asks."""
        return self.of_limit <= 1

    @property
    def digits(self) -> int | None:
        """Significant digits that agree, at most those published; None of "<0.05".

        It is the log relative error of McCullough 1998 (Am Stat 52:358), whole digits of it; a
        computed figure that rounds to the published one has all its digits.
        """
        if self.published.startswith("<"):
            return None
        if not math.isfinite(self.computed):
            return 0
        distance = abs(self.computed - self.expected)
        if distance <= half_unit(self.published, self.printed):
            return self.printed
        if self.expected == 0:
            return 0
        agreed = math.floor(-math.log10(distance / abs(self.expected)))
        return min(max(agreed, 0), self.printed)


@dataclass(frozen=True)
class Case:
    """Figures of one statistic from one source.

    Attributes:
        statistic: What is computed.
        name: Of which data.
        source: Who published the figures, or computed them.
        figures: Computes them; it may raise, which fails the case.
        needs: The package without which it cannot run, or nothing.
    """

    statistic: str
    name: str
    source: str
    figures: Callable[[], Iterable[Figure]]
    needs: str = ""


def half_unit(published: str, digits: int) -> float:
    """Half a unit of the last digit printed. A hair more: a figure may lie on the very edge."""
    number = Decimal(published.lstrip("<"))
    last = int(number.as_tuple().exponent)
    last = min(last, (number.adjusted() if number else 0) - digits + 1)
    return 0.5001 * 10.0**last


def significant(published: str) -> int:
    """The significant digits of a printed number.

    >>> [significant(text) for text in ("0.0177", "-1.006", "246", "0.0")]
    [3, 4, 3, 1]
    """
    return len(Decimal(published.lstrip("<")).as_tuple().digits)


def printed(name: str, published: object, computed: object, more: Limit | None = None) -> Figure:
    """To the last digit that was printed, and `more` where the source stopped its search early."""
    text = str(published)
    if text.startswith("<"):
        limit = Limit(math.nextafter(float(text[1:]), 0), f"below {text[1:]}")
    else:
        limit = Limit(half_unit(text, significant(text)), "printed digits")
        if more:
            limit = Limit(limit.allowed + more.allowed, f"{limit.rule} + {more.rule}")
    return _figure(name, text, computed, limit, significant(text))


def relative(
    name: str, published: object, computed: object, part: float, digits: int = R_DIGITS
) -> Figure:
    """To a part of the published figure; 0 asks for the very number."""
    # Sums in another order differ in the last of 16 digits: the floor is for figures that are 0.
    allowed = max(part * abs(float(str(published))), 1e-12)
    limit = Limit(allowed, f"{part:g} relative" if part else "exact")
    return within(name, published, computed, limit, digits)


def within(
    name: str, published: object, computed: object, limit: Limit, digits: int = R_DIGITS
) -> Figure:
    """To a limit of its own."""
    return _figure(name, str(published), computed, limit, digits)


def _figure(name: str, text: str, computed: Any, limit: Limit, digits: int) -> Figure:
    return Figure(name, text, math.nan if computed is None else float(computed), limit, digits)
