"""What the columns of a text file hold: numbers, dates, or text, told by every value of them.

The rows pass by a batch at a time, so that a file is read once; a small one is one batch. Polars is
asked column by column where a call does it (10 µs for 500 values), and else for all columns at
once: a query of an expression a column takes 300 µs to plan, whatever it looks at.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from tui.study.formats import iso
from tui.study.header import Unreadable

NOT_AVAILABLE = "NA"
"""R's missing value: one in a column of numbers or dates, but a text (Namibia) among texts."""

_EXACT = 1e15
"""A number of 16 digits and more is at least as large; a double is exact up to 2**53, of 16."""

_LONG = "^[+-]?[0-9]{16,}"
_ZERO = "^[+-]?0[0-9]"
_DECIMAL_COMMA = "^[+-]?[0-9]*,[0-9]+$"
_NUMBER_WITH_COMMA = "^[+-]?[0-9]*,?[0-9]+$"


@dataclass(frozen=True)
class Found:
    """What the columns of a file hold.

    Attributes:
        kinds: The type of each column of numbers, dates or times.
        dates: The columns that are dates or times, and how they are written.
        not_available: The columns of these in which NA is a missing value.
        notes: What was decided, in words.
    """

    kinds: Mapping[str, pl.DataType]
    dates: Mapping[str, iso.Way]
    not_available: frozenset[str]
    notes: tuple[str, ...]


@dataclass
class _Seen:
    """What has been seen of a column.

    Attributes:
        filled, odd, na: Its values; how many of them are no numbers; how many are NA.
        first: The first value that is not NA.
        first_odd: The first one that is no number.
        broken: Whether a number is not a whole one of 64 bits.
        long: Whether one has more digits than a double.
        zero: Whether one begins with a zero that a number does not keep.
        beyond: Whether one is not finite.
        way: How the first value is written, if as a date or time.
        there: Its values in the rows that were looked at last, without NA.
        misfits: Values that are not written in this way.
        commas: Whether all values are numbers, with decimal commas.
    """

    filled: int = 0
    odd: int = 0
    na: int = 0
    first: str | None = None
    first_odd: str | None = None
    broken: bool = False
    long: bool = False
    zero: bool = False
    beyond: bool = False
    way: iso.Way | None = None
    there: int = 0
    misfits: int = 0
    commas: bool = True

    @property
    def may_be_numbers(self) -> bool:
        return self.filled > self.na == self.odd

    @property
    def loses_digits(self) -> bool:
        return self.zero or (self.long and self.broken)


class Look:
    """Takes the rows of a file as they pass by."""

    def __init__(self, names: Sequence[str], comma: bool) -> None:
        """Takes the columns that may be other than text.

        `comma` says that the fields are parted by commas, so that none has a decimal comma.
        """
        self._seen = {name: _Seen() for name in names}
        self._comma = comma
        self._values: dict[str, dict[str, pl.Series]] = {}

    def take(self, rows: pl.DataFrame) -> None:
        """Looks at some rows, as text, in order; a missing value is null."""
        self._values = {name: _numbers(rows[name], one) for name, one in self._seen.items()}
        maybe = [name for name, one in self._seen.items() if one.may_be_numbers]
        for name, zero in _asked(rows, maybe, pl.col(maybe).str.contains(_ZERO).any()):
            self._seen[name].zero |= zero
        long = [name for name in maybe if _is_large(self._values[name]["double"])]
        for name, digits in _asked(rows, long, pl.col(long).str.contains(_LONG).any()):
            self._seen[name].long |= digits
        self._take_dates(rows)
        if not self._comma:
            self._take_commas(rows)

    def found(self) -> Found:
        """What the columns hold.

        Raises:
            Unreadable: when the numbers of one are written with decimal commas.
        """
        for name, one in () if self._comma else self._seen.items():
            if one.commas and re.search(_DECIMAL_COMMA, one.first or ""):
                raise Unreadable(
                    f"column {name} has decimal commas ({one.first}); write decimal points."
                )
        return _decided(self._seen)

    def last(self, found: Found) -> Iterator[pl.Series]:
        """The columns of the last rows, which are all of a small file, as what they hold."""
        for name, kind in found.kinds.items():
            way = found.dates.get(name)
            sort = "date" if way else "double" if kind == pl.Float64 else "whole"
            yield self._values[name][sort]

    def _take_dates(self, rows: pl.DataFrame) -> None:
        """Counts the values that are not written as the first one of their column."""
        for way in dict.fromkeys(one.way for one in self._seen.values() if one.way):
            found = {name: one for name, one in self._seen.items() if one.way == way}
            dates = rows.select(iso.values(known(pl.col(list(found))), way))
            for name, one in found.items():
                one.misfits += one.there - dates[name].count()
                self._values[name]["date"] = dates[name]

    def _take_commas(self, rows: pl.DataFrame) -> None:
        names = [name for name, one in self._seen.items() if one.commas and one.first]
        commas = known(pl.col(names)).str.contains(_NUMBER_WITH_COMMA).all()
        for name, all_of_them in _asked(rows, names, commas):
            self._seen[name].commas = all_of_them


def known(texts: pl.Expr) -> pl.Expr:
    """Texts without NA."""
    return pl.when(texts != NOT_AVAILABLE).then(texts)


def _numbers(texts: pl.Series, seen: _Seen) -> dict[str, pl.Series]:
    """Takes up the values of a column; gives them as numbers where all may be such."""
    double = texts.cast(pl.Float64, strict=False)
    filled = len(texts) - texts.null_count()
    odd = double.null_count() - texts.null_count()
    na = int((texts == NOT_AVAILABLE).sum()) if odd else 0
    seen.filled += filled
    seen.odd += odd
    seen.na += na
    seen.there = filled - na
    if odd and seen.first_odd is None:
        seen.first_odd = _first(texts if odd == filled else texts.filter(double.is_null()))
    if filled and seen.first is None:
        seen.first = _first(texts)
        if seen.first == NOT_AVAILABLE:
            seen.first = _first(texts.filter(texts != NOT_AVAILABLE))
        seen.way = _way_of(seen.first)
    if not seen.may_be_numbers:
        return {}
    whole = texts.cast(pl.Int64, strict=False)
    seen.broken |= whole.null_count() > double.null_count()
    # A sum is finite only where each number is, but for some that are finite and beyond together.
    seen.beyond |= not (math.isfinite(double.sum()) or double.is_finite().all())
    return {"double": double, "whole": whole}


def _first(texts: pl.Series) -> str | None:
    """The first value that is there."""
    if texts.null_count() == len(texts):
        return None
    first: str | None = texts[0]
    return texts.drop_nulls()[0] if first is None else first


def _way_of(text: str | None) -> iso.Way | None:
    if not text or not text[0].isdigit():  # as all ways begin; Python takes 0.2 ms for each of six
        return None
    return next((way for way in iso.OF_TEXT_FILES if re.search(way.shape, text)), None)


def _is_large(numbers: pl.Series) -> bool:
    least, most = numbers.min(), numbers.max()
    return any(isinstance(one, float) and not abs(one) < _EXACT for one in (least, most))


def _asked(
    rows: pl.DataFrame, names: Sequence[str], question: pl.Expr
) -> Iterator[tuple[str, bool]]:
    """The answers to a question that is one expression for all of these columns."""
    if names:
        yield from zip(names, rows.select(question).row(0), strict=True)


def _decided(seen: Mapping[str, _Seen]) -> Found:
    kinds: dict[str, pl.DataType] = {}
    dates: dict[str, iso.Way] = {}
    lost, split = [], []
    for name, one in seen.items():
        if one.may_be_numbers and one.loses_digits:
            lost.append(f"{name} is text: as numbers, some of its values would lose digits.")
        elif one.may_be_numbers and one.beyond:
            lost.append(f"{name} is text: some of its numbers are not finite.")
        elif one.may_be_numbers:
            kinds[name] = pl.Float64() if one.broken else pl.Int64()
        elif one.way and one.misfits:
            split.append(
                f"{name} is text: {one.misfits:,} of its values are no whole {one.way.sort}."
            )
        elif one.way:
            dates[name] = one.way
            kinds[name] = iso.KINDS[one.way.sort]
    missing = {name: seen[name].na for name in kinds if seen[name].na}
    said = [*lost, *split, *_said(seen, missing, kinds)]
    return Found(kinds, dates, frozenset(missing), tuple(said))


def _said(
    seen: Mapping[str, _Seen], missing: Mapping[str, int], kinds: Mapping[str, pl.DataType]
) -> Iterator[str]:
    """What was decided of NA, and of columns that are numbers but for a few values."""
    if missing:
        each = ", ".join(f"{name} ({count:,})" for name, count in missing.items())
        yield f"NA is a missing value in columns of numbers and dates: {each}."
    for name, one in seen.items():
        if name not in kinds and one.odd and one.odd * 10 <= one.filled:
            yield (
                f"{name} is text because of {one.odd:,} of its {one.filled:,} values "
                f"({one.first_odd})."
            )
