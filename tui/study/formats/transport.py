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
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars.io.plugins import register_io_source

from tui.study import progress
from tui.study.formats.encoding import UNSTATED, asked
from tui.study.formats.sas import calendar, ibm, text
from tui.study.formats.sas.look import Look
from tui.study.formats.sas.members import Field, Member, members
from tui.study.header import Header, Unreadable, columns_of

_BLOCK = 16 << 20
"""Bytes read at once: twice as many are not faster, and decoded they take some 20 MB."""

_LOOK = 1 << 20

Bytes = NDArray[np.uint8]
Rows = NDArray[np.intp] | None


@dataclass(frozen=True)
class Place:
    """Where a member's rows lie, and how they are read."""

    member: Member
    kinds: dict[str, pl.DataType]
    encoding: str
    alone: bool


def headers(path: Path, encoding: str | None = None) -> tuple[Header, ...]:
    """The members; the rows are looked at once, at the speed of reading.

    The header of such a file leaves open what its text is written in, and whether every number
    under DATE9. is a date: both have to be known before the first row is used, and said.
    """
    found = [_settled(member, encoding) for member in members(path)]
    looks = [_look(path, member) for member in found]
    other = [one for _, one in looks if one]
    if other and encoding is None:
        raise Unreadable(f"{other[0]}, which is not UTF-8, and {UNSTATED}")
    used = encoding if other and encoding else text.UTF_8
    if other and (wrong := next(filter(None, (_misfit(path, one, used) for one in found)), None)):
        raise Unreadable(f"{wrong}, which is not {used}.")
    places = [Place(member, look.kinds, used, len(found) == 1)
              for member, (look, _) in zip(found, looks, strict=True)]  # fmt: skip
    said = (asked(used),) if other else ()
    return tuple(
        _header(path, place, (*said, *_notes(look, place.member)))
        for place, (look, _) in zip(places, looks, strict=True)
    )


def _settled(member: Member, encoding: str | None) -> Member:
    """The member, its names and labels in the encoding of the file."""

    def text_of(one: Field, part: str, what: str) -> str:
        return text.settled(getattr(one, part), what, encoding)

    fields = tuple(
        replace(
            one,
            name=text_of(one, "name", f"the name of column {number}"),
            label=text_of(one, "label", f"the label of column {number}"),
            format=text_of(one, "format", f"the format of column {number}"),
        )
        for number, one in enumerate(member.fields, 1)
    )
    name = text.settled(member.name, "the name of a dataset", encoding)
    label = text.settled(member.label, f"the label of {name}", encoding)
    return replace(member, name=name, label=label, fields=fields)


def _header(path: Path, place: Place, notes: tuple[str, ...]) -> Header:
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
        notes,
        place,
    )


def scan(path: Path, header: Header, number: str | None = None) -> pl.LazyFrame:
    """The rows, by block; a condition is tried before the columns it does not need are decoded.

    A condition does not get below a row index, so that the rows' numbers come from here.
    """
    place = header.place
    assert isinstance(place, Place)
    fields = {one.name.strip().upper(): one for one in place.member.fields}
    index = {} if number is None else {number: pl.get_index_type()}
    schema = {**index, **header.kinds}

    def frame(block: Bytes, first: int, names: list[str], rows: Rows = None) -> pl.DataFrame:
        texts, others = {}, []
        for name in names:
            if name == number:
                others.append(_places(name, first, len(block), rows))
                continue
            one = fields[name]
            column = block[:, one.position : one.position + one.length]
            column = column if rows is None else column[rows]
            if one.numeric:
                others.append(_numbers(column, place.kinds[one.name]).alias(name))
            else:
                texts[name] = column
        return pl.DataFrame([*text.values(texts, place.encoding), *others]).select(names)

    def source(
        columns: list[str] | None,
        predicate: pl.Expr | None,
        limit: int | None,
        batch: int | None,
    ) -> Iterator[pl.DataFrame]:
        names = list(schema) if columns is None else columns
        for first, block in _blocks(path, place.member, limit):
            if predicate is None:
                yield frame(block, first, names)
                continue
            tried = frame(block, first, predicate.meta.root_names() or names)
            kept = tried.select(predicate.fill_null(False)).to_series()
            if kept.any():
                others = [name for name in names if name not in tried.columns]
                rows = None if kept.all() else np.flatnonzero(kept.to_numpy())
                found = tried if rows is None else tried.filter(kept)
                rest = frame(block, first, others, rows).get_columns() if others else []
                yield found.hstack(rest).select(names)

    return register_io_source(source, schema=schema, is_pure=True)


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


def _blocks(
    path: Path, member: Member, limit: int | None = None, size: int | None = None
) -> Iterator[tuple[int, Bytes]]:
    """The rows' bytes, of shape (rows, width), good until the next block is asked for.

    With each block the number of rows before it.
    """
    rows = member.rows if limit is None else min(member.rows, limit)
    if not rows or not member.width:
        return
    at_once = min(rows, max(1, (size or _BLOCK) // member.width))
    buffer = np.empty((at_once, member.width), np.uint8)
    with path.open("rb") as file:
        file.seek(member.start)
        for first in range(0, rows, at_once):
            block = buffer[: rows - first]
            if file.readinto(block.data) < block.nbytes:
                raise Unreadable("it was cut short while it was read.")
            progress.report(path, first + len(block), rows)
            yield first, block


def _places(name: str, first: int, length: int, rows: Rows) -> pl.Series:
    """The rows' places in the file, the first being 1."""
    places = np.arange(length) if rows is None else rows
    return pl.Series(name, places + (first + 1), pl.get_index_type())


def _numbers(column: Bytes, kind: pl.DataType) -> pl.Series:
    value, _ = ibm.numbers(ibm.words(column))
    return calendar.moments(pl.Series(value, nan_to_null=True), kind)


def _look(path: Path, member: Member) -> tuple[Look, str]:
    """What one pass over the rows shows, and the first byte that is not UTF-8, in words.

    For each byte of a row its maximum tells plain ASCII, at the speed of memory.
    """
    look = Look(
        {one.name: one.format for one in member.fields},
        [one.name for one in member.fields if one.numeric],
    )
    other = ""
    for first, block in _blocks(path, member, size=_LOOK):
        low = block.min(axis=0)
        for one in member.fields:
            if one.numeric and (look.has_moments(one.name) or not low[one.position + 1]):
                _look_at_numbers(look, block, one)
        other = other or _first_misfit(block, first, member, text.UTF_8)
    return look, other


def _misfit(path: Path, member: Member, encoding: str) -> str:
    """The first byte of a member that is not text of an encoding, in words."""
    found = (_first_misfit(block, first, member, encoding) for first, block in _blocks(path, member))
    return next(filter(None, found), "")


def _first_misfit(block: Bytes, first: int, member: Member, encoding: str) -> str:
    high = block.max(axis=0)
    for one in member.fields:
        place = slice(one.position, one.position + one.length)
        if not one.numeric and high[place].max() >= 0x80:
            wrong = text.misfit(block[:, place], encoding)
            if wrong:
                return f"column {one.name}, row {first + wrong[0] + 1} has the byte 0x{wrong[1]:02X}"
    return ""


def _look_at_numbers(look: Look, block: Bytes, one: Field) -> None:
    """A column is decoded only where it holds moments, or a second byte is 0 as of no number."""
    column = block[:, one.position : one.position + one.length]
    moment = look.has_moments(one.name)
    if not moment and not ibm.has_special(column):
        return
    value, codes = ibm.numbers(ibm.words(column))
    special = codes[ibm.IS_SPECIAL[codes]]
    look.take(
        one.name,
        pl.Series(value, nan_to_null=True) if moment else None,
        Counter(map(chr, special.tolist())),
    )


def _notes(look: Look, member: Member) -> Iterator[str]:
    yield from look.notes()
    if member.doubt:
        yield (
            f"The blanks at its end count as none of its rows; they could be {member.doubt} "
            "without any value."
        )
