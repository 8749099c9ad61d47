"""SAS transport files (XPORT), versions 5 and 8, read by NumPy a block of rows at a time.

Why no library reads them. Seconds for 1 M rows of 640 bytes in 40 columns, all and 3 of them, with
the peak of memory, and milliseconds for the pilot's ADLBC (37,132 rows, 46 columns):

| reader            | all, s | 3 columns | peak, MB | ADLBC | what it makes of small files         |
|-------------------|--------|-----------|----------|-------|--------------------------------------|
| this one          | 2.5    | 0.29      | 580      | 55    | as SAS shows them                    |
| polars-readstat   | 1.15   | 0.25      | 674      | 29    | Latin-1 lost (U+FFFD), no E8601DA    |
| nbase-converter   | 1.2    | 0.18      | 454      | 40    | dates stay numbers                   |
| pyreadstat 1.3    | 9.0    | 2.2       | 1,892    | 265   | right; 120 of 254 rows of a cut file |
| pandas.read_sas   | 7.8    | 7.8       | 389      | 328   | zero is 5.4e-79                      |

(Two busy cores, the best of several runs. In queries that name their columns this one holds 125 MB;
its look at the rows when a file is opened takes 0.16 s of the large file, 2 ms of ADLBC.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars.io.plugins import register_io_source

from tui.study import progress
from tui.study.formats.encoding import UNSTATED, asked
from tui.study.formats.sas import content, ibm, text
from tui.study.formats.sas.look import Look
from tui.study.formats.sas.members import Field, Member, members
from tui.study.formats.sas.rows import Asked, Bytes, Place, blocks
from tui.study.header import Header, Stretch, Unreadable, columns_of


def headers(path: Path, encoding: str | None = None) -> tuple[Header, ...]:
    """The members; the rows are looked at once, at the speed of reading.

    The header of such a file leaves open what its text is written in, and whether every number
    under DATE9. is a date: both have to be known before the first row is used, and said.
    """
    content.forget(path)
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
        one
        if f"{one.name}{one.label}{one.format}".isascii()
        else replace(
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
    """The rows, by batch.

    polars gets no condition below a row index of its own, so that the numbers come from here.
    """
    index = {number: pl.get_index_type()} if number else {}
    schema = {**index, **header.kinds}
    asked = _asked(path, header, number)

    def source(
        columns: list[str] | None,
        predicate: pl.Expr | None,
        limit: int | None,
        batch: int | None,
    ) -> Iterator[pl.DataFrame]:
        return asked.batches(list(schema) if columns is None else columns, predicate, limit)

    return register_io_source(source, schema=schema, is_pure=True)


def stretches(path: Path, header: Header, names: Sequence[str]) -> Iterator[Stretch]:
    """The rows of a dataset, told apart by the values that these columns have."""
    return _asked(path, header).stretches(list(names))


def _asked(path: Path, header: Header, number: str | None = None) -> Asked:
    place = header.place
    assert isinstance(place, Place)
    fields = {one.name.strip().upper(): one for one in place.member.fields}
    return Asked(path, place, fields, number)


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


def _look(path: Path, member: Member) -> tuple[Look, str]:
    """What one pass over the rows shows, and the first byte that is not UTF-8, in words.

    For each byte of a row its maximum tells plain ASCII, at the speed of memory.
    """
    look = Look(
        {one.name: one.format for one in member.fields},
        [one.name for one in member.fields if one.numeric],
    )
    other = ""
    numeric = [one for one in member.fields if one.numeric]
    moments = [one for one in numeric if look.has_moments(one.name)]
    rest = [one for one in numeric if one not in moments]
    second = np.array([one.position + 1 for one in rest], np.intp)
    for first, block in blocks(path, member, 0, member.rows):
        progress.report(path, first + len(block), member.rows)
        low = _of_each_byte(np.minimum, block)
        for one in (*moments, *(rest[place] for place in np.flatnonzero(low[second] == 0))):
            _look_at_numbers(look, block, one)
        other = other or _first_misfit(first, block, member, text.UTF_8)
    return look, other


def _misfit(path: Path, member: Member, encoding: str) -> str:
    """The first byte of a member that is not text of an encoding, in words."""
    looked = (_first_misfit(*one, member, encoding) for one in blocks(path, member, 0, member.rows))
    return next(filter(None, looked), "")


def _first_misfit(first: int, block: Bytes, member: Member, encoding: str) -> str:
    high = _of_each_byte(np.maximum, block) >= 0x80
    for one in member.fields if (high & _is_text(member)).any() else ():
        place = slice(one.position, one.position + one.length)
        if not one.numeric and high[place].any():
            wrong = text.misfit(block[:, place], encoding)
            if wrong:
                return (
                    f"column {one.name}, row {first + wrong[0] + 1} has the byte 0x{wrong[1]:02X}"
                )
    return ""


def _of_each_byte(extreme: np.ufunc, block: Bytes) -> NDArray[np.uint8]:
    """The least or the greatest value of each byte of a row.

    NumPy takes a row at a time, and is three times as fast where eight of them are one long row.
    """
    width = block.shape[1]
    whole = len(block) - len(block) % 8
    rows = block[whole:]
    if whole:
        eight = extreme.reduce(block[:whole].reshape(-1, 8 * width), axis=0)
        rows = np.concatenate((eight.reshape(8, width), rows))
    return cast(NDArray[np.uint8], extreme.reduce(rows, axis=0))


def _is_text(member: Member) -> NDArray[np.bool_]:
    """Which bytes of a row are text."""
    return np.repeat(
        [not one.numeric for one in member.fields], [one.length for one in member.fields]
    )


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
        value if moment else None,
        Counter(map(chr, special.tolist())),
    )


def _notes(look: Look, member: Member) -> Iterator[str]:
    yield from look.notes()
    if member.doubt:
        yield (
            f"The blanks at its end count as none of its rows; they could be {member.doubt} "
            "without any value."
        )
