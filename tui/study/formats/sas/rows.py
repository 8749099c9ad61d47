"""The rows of a SAS transport file: columns gathered block by block, decoded for many at once.

They are records of fixed width, so that a column is a stride of memory: what is not asked for costs
its reading and nothing more. The file is read and not mapped: a mapped file that another program
cuts short ends the process with a signal, and reading is no slower (9 GB/s from memory). A small
one is read once, for the look at it, the list of its parameters and the first of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tui.study import progress
from tui.study.formats.sas import calendar, content, ibm, text
from tui.study.formats.sas.members import Field, Member
from tui.study.header import Stretch

_BLOCK = 1 << 20
"""Bytes read at once. They stay in the processor's cache, where a column is gathered from them in
half the time, and in memory that is used again: to touch 14 MB for the first time takes 4 ms and
more."""

_BATCH = 16 << 20
"""Bytes whose rows are decoded at once: a call of polars costs as much as some 5,000 values."""

_HELD = 1 << 20
"""Rows up to which the columns that list the parameters are kept: PARAMCD is asked for again with
each endpoint."""

Bytes = NDArray[np.uint8]
Kept = NDArray[np.intp] | None


class Kinds(NamedTuple):
    """Columns of a batch, by the rows that are alike in them.

    Attributes:
        values: The columns, a row a kind.
        of: The kind of each row of the batch.
    """

    values: pl.DataFrame
    of: NDArray[np.intp]


@dataclass(frozen=True)
class Place:
    """Where a member's rows lie, and how they are read.

    Attributes:
        member: What the file's header says of them.
        kinds: The type that each column gets, by own name.
        encoding: What its text is written in.
        alone: Whether it is the file's only member.
        held: Columns that are asked for again, by the first row of a batch.
    """

    member: Member
    kinds: Mapping[str, pl.DataType]
    encoding: str
    alone: bool
    held: dict[int, Kinds] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Asked:
    """The rows of a query, by batch.

    Attributes:
        path: The file.
        place: Where they lie.
        fields: The columns by the names that they get.
        number: The column of the rows' places in the file, if there is to be one.
    """

    path: Path
    place: Place
    fields: Mapping[str, Field]
    number: str | None = None

    def batches(
        self, names: list[str], condition: pl.Expr | None, limit: int | None
    ) -> Iterator[pl.DataFrame]:
        """These columns; a condition is tried before those that it does not need are decoded."""
        rows = self.place.member.rows
        for first, count in self._parts(rows if limit is None else min(limit, rows)):
            if condition is None:
                yield self._frame(names, first, count)
                continue
            tried, kind = self._tried(condition.meta.root_names() or names, first, count)
            where = tried.select_seq(condition.fill_null(False)).to_series().to_numpy()
            where = where if kind is None else where[kind]
            if where.any():
                kept = None if where.all() else np.flatnonzero(where)
                found = _of_rows(tried, kind, kept)
                others = [name for name in names if name not in tried.columns]
                rest = self._frame(others, first, count, kept).get_columns() if others else []
                yield found.hstack(rest).select(names)

    def stretches(self, names: list[str]) -> Iterator[Stretch]:
        """The rows by the values that these columns have together, batch by batch.

        Rows are told apart by their bytes, and of each kind one is decoded: 18 of the 37,132 of
        the pilot's ADLBC, which takes 4 ms and not 9.
        """
        member = self.place.member
        asked = {name: self.fields[name] for name in names}
        for first, count in self._parts(member.rows):
            raw = _gathered(self.path, member, asked, first, count, None)
            start, kind = _alike(list(raw.values()))
            found = self._decoded({name: one[start] for name, one in raw.items()}, names)
            if member.rows <= _HELD:
                self.place.held[first] = Kinds(found, kind)
            rows = np.bincount(kind, minlength=len(start))
            for values, place, number in zip(found.rows(), start, rows, strict=True):
                together = dict(zip(names, values, strict=True))
                yield Stretch(first + int(place), int(number), together)

    def _parts(self, rows: int) -> Iterator[tuple[int, int]]:
        """Where each batch of the first so many rows begins, and its rows."""
        at_once = max(1, _BATCH // max(1, self.place.member.width))
        for first in range(0, rows, at_once):
            count = min(at_once, rows - first)
            progress.report(self.path, first + count, rows)
            yield first, count

    def _tried(
        self, names: list[str], first: int, count: int
    ) -> tuple[pl.DataFrame, NDArray[np.intp] | None]:
        """Columns of these rows: by their kinds, where they are held so."""
        held = self.place.held.get(first)
        if held is not None and set(names) <= set(held.values.columns):
            return held.values.select(names), held.of[:count]
        return self._frame(names, first, count), None

    def _frame(self, names: list[str], first: int, count: int, kept: Kept = None) -> pl.DataFrame:
        asked = {name: self.fields[name] for name in names if name != self.number}
        raw = _gathered(self.path, self.place.member, asked, first, count, kept)
        places = [_places(name, first, count, kept) for name in names if name == self.number]
        return self._decoded(raw, names, *places)

    def _decoded(self, raw: dict[str, Bytes], names: list[str], *places: pl.Series) -> pl.DataFrame:
        """Columns from their bytes, beside others that are there already."""
        kinds = {name: self.place.kinds[self.fields[name].name] for name in raw}
        numeric = [name for name in kinds if self.fields[name].numeric]
        words = [ibm.words(raw.pop(name)) for name in numeric]
        # Of few rows all columns together, of many one by one: they stay in the cache.
        few = bool(words) and len(words[0]) < text.FEW
        together = [words] if few else [[one] for one in words]
        values = (column for some in together for column in ibm.numbers(np.stack(some))[0])
        numbers = [
            pl.Series(name, column, nan_to_null=True)
            for name, column in zip(numeric, values, strict=True)
        ]
        frame = pl.DataFrame([*places, *numbers, *text.values(raw, self.place.encoding)])
        for moment in {kind for kind in kinds.values() if kind.is_temporal()}:
            alike = [name for name, kind in kinds.items() if kind == moment]
            frame = frame.with_columns(calendar.moments(pl.col(alike), moment))
        return frame.select(names)


def _of_rows(frame: pl.DataFrame, kind: NDArray[np.intp] | None, kept: Kept) -> pl.DataFrame:
    """All rows or those that are kept, of a frame of rows or of their kinds."""
    wanted = kind if kept is None else kept if kind is None else kind[kept]
    return frame if wanted is None else frame[wanted]


def blocks(path: Path, member: Member, first: int, count: int) -> Iterator[tuple[int, Bytes]]:
    """Some rows' bytes, of shape (rows, width), good until the next block is asked for.

    With each block the number of rows before it.
    """
    if not count or not member.width:
        return
    at_once = max(1, _BLOCK // member.width)
    begin = member.start + first * member.width
    end = begin + count * member.width
    for piece in content.pieces(path, begin, end, at_once * member.width):
        block = piece.reshape(-1, member.width)
        yield first, block
        first += len(block)


def _gathered(
    path: Path, member: Member, asked: Mapping[str, Field], first: int, count: int, kept: Kept
) -> dict[str, Bytes]:
    """The bytes of some columns, each of shape (rows, length), of all or some of these rows."""
    if not asked:
        return {}
    if kept is not None:
        rows = _kept(path, member, first, count, kept)
        return {
            name: rows[:, one.position : one.position + one.length] for name, one in asked.items()
        }
    found = {name: np.empty((count, one.length), np.uint8) for name, one in asked.items()}
    for start, block in blocks(path, member, first, count):
        place = slice(start - first, start - first + len(block))
        for name, one in asked.items():
            found[name][place] = block[:, one.position : one.position + one.length]
    return found


def _kept(path: Path, member: Member, first: int, count: int, kept: NDArray[np.intp]) -> Bytes:
    """Some of these rows, whole: of few rows columns are gathered once and not block by block."""
    found = np.empty((len(kept), member.width), np.uint8)
    for start, block in blocks(path, member, first, count):
        low, high = np.searchsorted(kept, (start - first, start - first + len(block)))
        np.take(block, kept[low:high] - (start - first), axis=0, out=found[low:high], mode="clip")
    return found


def _alike(columns: Sequence[Bytes]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows told apart by the bytes of all columns: the first of each kind, and each row's kind.

    The kinds are in the order of their first rows. As a rule the first column tells them, as
    PARAMCD does: then the others, of 37,132 rows, are only compared, in 0.5 ms.
    """
    kind = np.zeros(len(columns[0]), np.intp)
    first = kind[:1]
    for column in columns:
        if column.shape[1] % 8:
            column = np.pad(column, ((0, 0), (0, -column.shape[1] % 8)))
        for word in column.view(np.uint64).T:
            if (word != word[first][kind]).any():
                one = len(first) == 1
                first, kind = _told_apart(word if one else _told_apart(word)[1] * len(first) + kind)
    return first, kind


def _told_apart(keys: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first of each different key, in their order, and for each key which of these it is."""
    different = pl.Series(keys).unique(maintain_order=True).to_numpy()
    order = np.argsort(different)
    kind = order[np.searchsorted(different, keys, sorter=order)]
    first = np.empty(len(different), np.intp)
    first[kind[::-1]] = np.arange(len(keys))[::-1]  # what is written last stays: the first row
    return first, kind


def _places(name: str, first: int, count: int, kept: Kept) -> pl.Series:
    """The rows' places in the file, the first being 1."""
    places = np.arange(count) if kept is None else kept
    return pl.Series(name, places + (first + 1), pl.get_index_type())
