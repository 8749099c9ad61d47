"""SAS transport files (XPORT), versions 5 and 8, read by NumPy a block of rows at a time.

Why no library reads them. Seconds for 1 M rows of 640 bytes in 40 columns, all and 3 of them, with
the peak of memory, and milliseconds for the pilot's ADLBC (37,132 rows, 46 columns):

| reader            | all, s | 3 columns | peak, MB | ADLBC | what it makes of small files         |
|-------------------|--------|-----------|----------|-------|--------------------------------------|
| this one          | 2.5    | 0.28      | 710      | 72    | as SAS shows them                    |
| polars-readstat   | 1.15   | 0.25      | 674      | 29    | Latin-1 lost (U+FFFD), no E8601DA    |
| nbase-converter   | 1.2    | 0.18      | 454      | 40    | dates stay numbers                   |
| pyreadstat 1.3    | 9.0    | 2.2       | 1,892    | 265   | right; 120 of 254 rows of a cut file |
| pandas.read_sas   | 7.8    | 7.8       | 389      | 328   | zero is 5.4e-79                      |

(Two busy cores, the best of several runs. In queries that name their columns this one holds 125 MB;
its look at the rows when a file is opened takes 0.4 s of the large file, 15 ms of ADLBC.)

The rows are records of fixed width, so that a column is a stride of memory: what is not asked for
costs its reading and nothing more. The file is read and not mapped: a mapped file that another
program cuts short ends the process with a signal, and reading is no slower (4 GB/s).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars.io.plugins import register_io_source

from tui.study import progress
from tui.study.formats.sas import calendar, ibm, text
from tui.study.formats.sas.look import Look
from tui.study.formats.sas.members import Field, Member, members
from tui.study.header import Header, Unreadable, columns_of

_BLOCK = 8 << 20
"""Bytes read at once: twice as many are not faster, and decoded they take some 20 MB."""

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Place:
    """Where a member's rows lie, and how they are read."""

    member: Member
    kinds: dict[str, pl.DataType]
    encoding: str
    alone: bool


def headers(path: Path) -> tuple[Header, ...]:
    """The members; the rows are looked at once, at the speed of reading.

    The header of such a file leaves open what its text is written in, and whether every number
    under DATE9. is a date: both have to be known before the first row is used, and said.
    """
    found = members(path)
    looks = [_look(path, member) for member in found]
    encoding = text.WINDOWS if any(other for _, other in looks) else text.UTF_8
    alone = len(found) == 1
    return tuple(
        _header(path, Place(member, look.kinds, encoding, alone), _notes(look, member, other))
        for member, (look, other) in zip(found, looks, strict=True)
    )


def _header(path: Path, place: Place, notes: Iterable[str]) -> Header:
    member = place.member
    named = {one.name: one for one in member.fields}
    return Header(
        path.stem.upper() if place.alone or not member.name else member.name.upper(),
        columns_of(
            ((one.name, place.kinds[one.name]) for one in member.fields),
            {name: one.label for name, one in named.items()},
            {name: one.format for name, one in named.items()},
        ),
        member.rows,
        member.label,
        tuple(notes),
        place,
    )


def scan(path: Path, header: Header) -> pl.LazyFrame:
    """The rows, by block; a condition is tried before the columns it does not need are decoded."""
    place = header.place
    assert isinstance(place, Place)
    own = {column.name: column.own_name for column in header.columns}
    fields = {name: _field(place.member, own[name]) for name in own}

    def frame(block: Bytes, names: list[str]) -> pl.DataFrame:
        return pl.DataFrame([_series(block, fields[name], place).alias(name) for name in names])

    def source(
        columns: list[str] | None,
        predicate: pl.Expr | None,
        limit: int | None,
        batch: int | None,
    ) -> Iterator[pl.DataFrame]:
        names = list(own) if columns is None else columns
        for block in _blocks(path, place.member, limit):
            if predicate is None:
                yield frame(block, names)
                continue
            tried = frame(block, predicate.meta.root_names() or names)
            kept = tried.select(predicate.fill_null(False)).to_series()
            if kept.any():
                others = [name for name in names if name not in tried.columns]
                rest = frame(block[kept.to_numpy()], others)
                yield tried.filter(kept).hstack(rest.get_columns()).select(names)

    return register_io_source(source, schema=header.kinds, is_pure=True)


def labels(path: Path, header: Header) -> dict[str, str]:
    """Column labels from the header."""
    return {column.name: column.label for column in header.columns if column.label}


def recipe(path: Path, header: Header, texts: list[str]) -> str:
    """By pyreadstat, which reads the first member only, and dates by their formats."""
    place = header.place
    if not isinstance(place, Place) or not place.alone:
        return ""
    encoding = "" if place.encoding == text.UTF_8 else f', encoding="{place.encoding}"'
    return (
        f'pyreadstat.read_xport(\n    "{path.name}", output_format="polars"{encoding}\n)[0]'
        '.with_columns(pl.col(pl.String).replace("", None))'
    )


def _field(member: Member, name: str) -> Field:
    return next(one for one in member.fields if one.name == name)


def _blocks(path: Path, member: Member, limit: int | None = None) -> Iterator[Bytes]:
    """The rows' bytes, of shape (rows, width); good until the next block is asked for."""
    rows = member.rows if limit is None else min(member.rows, limit)
    if not rows or not member.width:
        return
    at_once = min(rows, max(1, _BLOCK // member.width))
    buffer = np.empty((at_once, member.width), np.uint8)
    with path.open("rb") as file:
        file.seek(member.start)
        for first in range(0, rows, at_once):
            block = buffer[: rows - first]
            if file.readinto(block.data) < block.nbytes:
                raise Unreadable("it was cut short while it was read.")
            progress.report(path, first + len(block), rows)
            yield block


def _series(block: Bytes, one: Field, place: Place) -> pl.Series:
    if not one.numeric:
        column = block[:, one.position : one.position + one.length]
        return text.values(column, place.encoding)
    value, _ = ibm.numbers(ibm.words(block, one.position, one.length))
    return calendar.moments(pl.Series(value, nan_to_null=True), place.kinds[one.name])


def _look(path: Path, member: Member) -> tuple[Look, list[str]]:
    """What one pass over the rows shows, and the columns of text that is not UTF-8.

    For each byte of a row its maximum tells plain ASCII, at the speed of memory.
    """
    look = Look(
        {one.name: one.format for one in member.fields},
        [one.name for one in member.fields if one.numeric],
    )
    other: list[str] = []
    for block in _blocks(path, member):
        high = block.max(axis=0)
        for one in member.fields:
            place = slice(one.position, one.position + one.length)
            if one.numeric:
                _look_at_numbers(look, block, one)
            elif high[place].max() >= 0x80 and one.name not in other:
                other += [] if text.is_utf_8(block[:, place]) else [one.name]
    return look, other


def _look_at_numbers(look: Look, block: Bytes, one: Field) -> None:
    """A column is decoded only where it holds moments, or a second byte is 0 as of no number."""
    first, second = block[:, one.position], block[:, one.position + 1]
    moment = look.has_moments(one.name)
    if not moment and not (ibm.IS_SPECIAL[first] & (second == 0)).any():
        return
    value, codes = ibm.numbers(ibm.words(block, one.position, one.length))
    special = codes[ibm.IS_SPECIAL[codes]]
    look.take(
        one.name,
        pl.Series(value, nan_to_null=True) if moment else None,
        Counter(map(chr, special.tolist())),
    )


def _notes(look: Look, member: Member, other: list[str]) -> Iterator[str]:
    if other:
        names = ", ".join(other)
        yield f"Its text is not all UTF-8 ({names}); its code page is taken to be Windows-1252."
    yield from look.notes()
    if member.doubt:
        yield (
            f"The blanks at its end count as none of its rows; they could be {member.doubt} "
            "without any value."
        )
