"""What the numbers of a SAS file show that its header does not say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tui.study.formats.sas import calendar


class Look:
    """Takes the numbers of a file as they pass by: which are no moments, which special missing.

    A column under a date's format whose every value is one becomes dates; with one that is none
    (half a day, a time of 30 hours, a number beyond the calendar) it stays as it was delivered.
    """

    def __init__(self, formats: Mapping[str, str], numeric: Iterable[str]) -> None:
        """Takes the display format of each column, and the names of those that hold numbers."""
        self._formats = formats
        numbers = set(numeric)
        self._said: dict[str, pl.DataType] = {
            name: calendar.kind_of(shown) if name in numbers else pl.String()
            for name, shown in formats.items()
        }
        self._misfits: Counter[str] = Counter()
        self._special: dict[str, Counter[str]] = {}

    def has_moments(self, name: str) -> bool:
        """Whether the format of a column makes its numbers dates or times."""
        return self._said[name].is_temporal()

    def take(
        self, name: str, numbers: pl.Series | NDArray[np.float64] | None, special: Counter[str]
    ) -> None:
        """Some values of a column: its numbers where it has moments, and its special missings."""
        if numbers is not None and (count := calendar.misfits(numbers, self._said[name])):
            self._misfits[name] += count
        if special:
            self._special.setdefault(name, Counter()).update(special)

    @property
    def kinds(self) -> dict[str, pl.DataType]:
        """The type of each column."""
        return self._said | dict.fromkeys(self._misfits, calendar.NUMBER)

    def notes(self) -> Iterator[str]:
        """What was found, in words."""
        for name, count in self._misfits.items():
            yield (
                f"{name} is a number of {calendar.UNITS[self._said[name]]}: {count:,} of its "
                f"values cannot be shown as {self._formats[name].rstrip('.')}."
            )
        if self._special:
            found = "; ".join(
                f"{name} " + ", ".join(f".{code} {count:,}" for code, count in sorted(some.items()))
                for name, some in self._special.items()
            )
            yield f"Special missing values count as missing: {found}."
