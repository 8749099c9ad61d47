"""The structure of SAS transport files: members, their columns, and where their rows lie.

Sources: SAS TS-140, "The Record Layout of a Data Set in SAS Transport (XPORT) Format" (version 5),
and "Record Layout of a SAS Version 8 or 9 Data Set in SAS Transport Format" (long names, labels in
records of their own, a count of rows). All is in records of 80 bytes; columns are described by
"namestr" of 140 bytes; rows follow each other without a gap, and blanks fill the last record. In a
row the columns lie in the order of their descriptions: the position that each also states is that
in SAS's own memory in genuine files of version 8, and every reader leaves it alone.

Version 5 does not say how many rows there are. Rows and less than 80 blanks have to make up the
length exactly: what is left over of a row that was cut is found so, but for the cut that falls
between two rows and at the end of a record of 80, which nothing in such a file could tell.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from tui.study.formats.sas import text
from tui.study.formats.sas.content import pieces
from tui.study.header import Unreadable

RECORD = 80
_MARK = b"HEADER RECORD*******%-8sHEADER RECORD!!!!!!!"
_FIRST = {_MARK % b"LIBRARY ": 5, _MARK % b"LIBV8   ": 8}
_MEMBER = {5: _MARK % b"MEMBER  ", 8: _MARK % b"MEMBV8  "}
_DESCRIPTOR = {5: _MARK % b"DSCRPTR ", 8: _MARK % b"DSCPTV8 "}
_NAMESTRS = {5: _MARK % b"NAMESTR ", 8: _MARK % b"NAMSTV8 "}
_ROWS = {5: _MARK % b"OBS     ", 8: _MARK % b"OBSV8   "}
_LABELS = {_MARK % b"LABELV8 ": 3, _MARK % b"LABELV9 ": 5}
"""Records of long labels, and how many numbers stand before each."""

_NAMESTR = struct.Struct(">hhhh8s40s8shh4s8shhi32sh18s")
_LONGEST = 32_767  # bytes of a character variable, in every version of SAS
_RECORDS = 10_000  # looked at at once, 800 kB


@dataclass(frozen=True)
class Field:
    """A column as it lies in a record.

    Attributes:
        name: Its name.
        label: Its label; may be empty.
        format: Its display format (`DATE9.`); may be empty.
        numeric: Whether it holds numbers.
        position: Where it starts in a record.
        length: Its bytes.
    """

    name: str
    label: str
    format: str
    numeric: bool
    position: int
    length: int


@dataclass(frozen=True)
class Member:
    """A dataset of the file.

    Attributes:
        name: Its name.
        label: Its label; may be empty.
        fields: Its columns.
        width: Bytes of a row.
        start: Where its rows start in the file.
        rows: Number of rows.
        doubt: How many rows the blanks at its end could also be.
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    width: int
    start: int
    rows: int
    doubt: int = 0


def members(path: Path) -> tuple[Member, ...]:
    """The datasets of a transport file.

    Raises:
        Unreadable: when it is none, is cut short, or contradicts itself.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        version = _FIRST.get(file.read(RECORD)[:48], 0)
        if not version:
            raise Unreadable("it is empty." if not size else "it is not a SAS transport file.")
        file.seek(2 * RECORD, 1)
        found = [_member(path, file, version, size)]
        while (end := _end(found[-1])) + RECORD <= size and _is_member(file, end, version):
            found.append(_member(path, file, version, size))
        if end != size:
            raise Unreadable(
                f"it is damaged: {size - end:,} bytes follow the last row of {found[-1].name}."
            )
    return tuple(found)


def _end(member: Member) -> int:
    length = member.rows * member.width
    return member.start + length + -length % RECORD


def _is_member(file: BinaryIO, place: int, version: int) -> bool:
    file.seek(place)
    found = file.read(48) == _MEMBER[version]
    file.seek(place)
    return found


def _member(path: Path, file: BinaryIO, version: int, size: int) -> Member:
    described = _expect(file, _MEMBER[version])
    namestr = _number(described[74:78], "the length of its columns' descriptions")
    if namestr not in (136, 140):  # 136 on VAX/VMS
        raise Unreadable(f"its header is damaged: {namestr} bytes describe a column.")
    _expect(file, _DESCRIPTOR[version])
    first, second = _read(file, RECORD), _read(file, RECORD)
    name = text.header(first[8:16] if version == 5 else first[8:40])
    columns = _number(_expect(file, _NAMESTRS[version])[53:58], "the number of its columns")
    length = columns * namestr
    if file.tell() + length > size:
        raise _cut()
    raw = _read(file, length + -length % RECORD)
    fields = _fields(raw, namestr, columns, version)
    record = _read(file, RECORD)
    if numbers := _LABELS.get(record[:48]):
        fields = _with_long_labels(file, fields, _number(record[48:53], "its labels"), numbers)
        record = _read(file, RECORD)
    if record[:48] != _ROWS[version]:
        raise Unreadable("its header is damaged: no rows follow the columns.")
    width = fields[-1].position + fields[-1].length if fields else 0
    member = Member(name, text.header(second[32:72]), tuple(fields), width, file.tell(), 0)
    said = record[48:].strip(b" \0") if version == 8 else b""
    if said.strip(b"0"):
        return _counted(member, _number(said.split()[0], "the number of its rows"), size)
    return _measured(path, file, member, version, size)


def _counted(member: Member, rows: int, size: int) -> Member:
    """A member of version 8, which says how many rows it has."""
    there = (size - member.start) // member.width if member.width else 0
    if rows > there:
        raise Unreadable(
            f"it is cut short: its header says {rows:,} rows of {member.name}, "
            f"and it holds {there:,}."
        )
    return replace(member, rows=rows)


def _measured(path: Path, file: BinaryIO, member: Member, version: int, size: int) -> Member:
    """A member of version 5: its rows are told by the bytes up to the next one."""
    end = _next(path, member.start, size, _MEMBER[version]) or size
    length = end - member.start
    if length % RECORD:
        raise Unreadable(
            "it is cut short: its length is not a multiple of 80 bytes, as a transport file's is."
        )
    if not member.width:
        return member
    file.seek(max(member.start, end - RECORD))
    blanks = RECORD - len(_read(file, RECORD).rstrip(b" ")) if length else 0
    rows, rest = divmod(length, member.width)
    if rest > min(blanks, RECORD - 1):
        raise Unreadable(
            f"it is cut short: after {rows:,} whole rows of {member.name} {rest} bytes of a row "
            "are left."
        )
    # Blanks could be rows as well where a row is shorter than they are and all of it is text: as
    # blanks, a number is none that is stored. They are taken as what fills the record, as by other
    # readers: without rows at the end in which nothing stands, no figure is another.
    more = (min(blanks, RECORD - 1) - rest) // member.width
    file.seek(member.start)
    doubtful = more if not any(one.numeric for one in member.fields) else 0
    return replace(member, rows=rows - more, doubt=doubtful)


def _next(path: Path, start: int, size: int, mark: bytes) -> int:
    """Where the next member starts, 0 if there is none: on a boundary of 80 bytes."""
    sign = np.frombuffer(mark[:8], np.uint64)[0]
    end = size - (size - start) % RECORD
    for piece in pieces(path, start, end, _RECORDS * RECORD):
        records = piece.reshape(-1, RECORD)
        for number in np.flatnonzero(records[:, :8].view(np.uint64)[:, 0] == sign):
            if records[number].tobytes().startswith(mark):
                return start + int(number) * RECORD
        start += len(piece)
    return 0


def _fields(raw: bytes, size: int, columns: int, version: int) -> list[Field]:
    found: list[Field] = []
    position = 0
    for number in range(columns):
        one = _field(raw[number * size :][:size].ljust(140, b"\0"), number + 1, position, version)
        position += one.length
        found.append(one)
    return found


def _field(raw: bytes, number: int, position: int, version: int) -> Field:
    kind, _, length, _, short, label, form, form_length, decimals, *_ = _NAMESTR.unpack(raw)
    long = _NAMESTR.unpack(raw)[-3]
    name = text.header(long if version == 8 and long.strip(b" \0") else short)
    where = f"its header is damaged: column {number} ({name})"
    if kind not in (1, 2) or not name:
        raise Unreadable(f"{where} is neither numeric nor character.")
    if not (2 <= length <= 8 if kind == 1 else 1 <= length <= _LONGEST):
        raise Unreadable(f"{where} has a length of {length} bytes.")
    shown = _format(form, form_length, decimals)
    return Field(name, text.header(label), shown, kind == 1, position, length)


def _format(name: bytes, length: int, decimals: int) -> str:
    """As SAS writes it: DATE9., 8.2, $SEX."""
    stem = text.header(name)
    if not stem and length <= 0:
        return ""
    return f"{stem}{length if length > 0 else ''}.{decimals if decimals > 0 and length > 0 else ''}"


def _with_long_labels(file: BinaryIO, fields: list[Field], count: int, numbers: int) -> list[Field]:
    """Labels of more than 40 characters, and formats of more than 8; of either version 8 or 9."""
    start, head = file.tell(), struct.Struct(f">{numbers}h")
    found = {}
    for _ in range(min(count, len(fields))):
        which, *lengths = head.unpack(_read(file, head.size))
        if not 1 <= which <= len(fields) or min(lengths) < 0:
            raise Unreadable("its header is damaged: a label belongs to no column.")
        parts = [text.header(_read(file, length)) for length in lengths]
        one = fields[which - 1]
        form = parts[2] if numbers == 5 and parts[2] else one.format
        found[which - 1] = replace(one, name=parts[0] or one.name, label=parts[1], format=form)
    _read(file, -(file.tell() - start) % RECORD)
    return [found.get(place, one) for place, one in enumerate(fields)]


def _expect(file: BinaryIO, mark: bytes) -> bytes:
    record = _read(file, RECORD)
    if record[:48] != mark:
        raise Unreadable(f"its header is damaged: {mark[20:28].decode().strip()} is not there.")
    return record


def _read(file: BinaryIO, length: int) -> bytes:
    found = file.read(length)
    if len(found) < length:
        raise _cut()
    return found


def _cut() -> Unreadable:
    return Unreadable("it is cut short: it ends in the middle of its header.")


def _number(digits: bytes, what: str) -> int:
    if not digits.strip().isdigit():
        raise Unreadable(f"its header is damaged: {what} is no number.")
    return int(digits)
