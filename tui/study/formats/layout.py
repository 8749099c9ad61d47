"""How a text file is laid out: its encoding, separator, lines and fields.

polars fills a row that is short with nulls, makes a row of an empty line, and reports what is wrong
with quotation marks without a line. So each file is looked through once before polars reads it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tui.study.formats import characters
from tui.study.formats import encoding as encodings
from tui.study.formats.characters import pieces
from tui.study.header import MOST_COLUMNS, Unreadable

_BLOCK, _SMALL = 4 << 20, 1 << 20
_OPEN = "Its last line has no end: if the file was cut off, its last value may be cut, too."
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs"}


@dataclass(frozen=True)
class Layout:
    """How a text file is laid out.

    Attributes:
        encoding: As Python names it; `utf-8` also with a byte-order mark.
        separator: Between fields.
        end: The byte that ends a line: a newline (also after a return), or a return alone.
        names: The header, as it is written.
        rows: Number of rows after the header.
        trailing: Whether empty lines follow the last row.
        notes: What was assumed, in words.
    """

    encoding: str
    separator: str
    end: str
    names: tuple[str, ...]
    rows: int
    trailing: bool
    notes: tuple[str, ...]


def layout_of(path: Path, asked: str | None = None) -> Layout:
    """The layout of a file, every row of which has as many fields as the header.

    Args:
        path: The file.
        asked: The encoding of a text that is not UTF-8.

    Raises:
        Unreadable: with the line, where a row has another number of fields, a quotation mark is
            out of place, or a byte cannot be part of a text.
    """
    encoding = characters.encoding_of(path, asked)
    first = next(pieces(path, encoding), b"")
    if not first.strip():
        raise Unreadable("it is empty.")
    end = "\n" if b"\n" in first or b"\r" not in first[:-1] else "\r"
    header = _first_record(next(_blocks(path, encoding, end)), end)
    separator, said = _separator(path, header)
    names = _names(header, separator)
    rows, trailing = _count(_blocks(path, encoding, end), separator, end, len(names))
    notes = [encodings.asked(encoding)] if encoding not in characters.CERTAIN else []
    if not characters.last(path, encoding).endswith(end.encode()):
        notes.append(_OPEN)
    return Layout(encoding, separator, end, names, rows, trailing, (*notes, *said))


def as_utf8(path: Path, layout: Layout) -> bytes:
    """The whole text as UTF-8, made in memory: no copy is left on a disk."""
    return b"".join(pieces(path, layout.encoding))


def _blocks(path: Path, encoding: str, end: str) -> Iterator[bytes]:
    """Pieces that end with a line; the last line gets its end if it has none."""
    mark = end.encode()
    rest: list[bytes] = []
    for piece in pieces(path, encoding):
        cut = piece.rfind(mark) + 1
        if cut:
            yield b"".join((*rest, piece[:cut]))
            rest = []
        rest.append(piece[cut:])
    if last := b"".join(rest):
        yield last + mark


def _first_record(block: bytes, end: str) -> str:
    """The header, whose quoted names may hold line ends."""
    record = re.match(rb'(?:[^"%b]++|"[^"]*+")*+' % end.encode(), block)
    if record is None or not block.startswith(end.encode(), record.end()):
        raise Unreadable("a quotation mark in its header is not closed.")
    return record.group().decode().rstrip("\r")


def _separator(path: Path, header: str) -> tuple[str, tuple[str, ...]]:
    """That of the file's ending; another one only where the header leaves no doubt."""
    usual = "\t" if path.suffix.lower() == ".tsv" else ","
    bare = re.sub(r'"[^"]*"', "", header)
    others = [one for one in _NAMES if one != usual and one in bare]
    if usual in bare or not others:
        return usual, ()
    if len(others) > 1:
        raise Unreadable(f"its header is not parted by {_NAMES[usual]}, but by two other signs.")
    return others[0], (f"Its fields are parted by {_NAMES[others[0]]}.",)


def _names(header: str, separator: str) -> tuple[str, ...]:
    if header.count(separator) >= MOST_COLUMNS:
        raise Unreadable(f"its header has more than {MOST_COLUMNS:,} columns.")
    try:
        return tuple(next(csv.reader([header], delimiter=separator), []))
    except csv.Error as error:
        raise Unreadable(f"its header cannot be read: {error}.") from None


def _count(blocks: Iterator[bytes], separator: str, end: str, width: int) -> tuple[int, bool]:
    """Rows after the header, and whether empty lines follow the last one.

    In a small file whose quoted fields hold no line end, a count of separators in each line will
    do: NumPy takes 80 ms to load, on the way to the first figures on the screen. Any other file,
    and a small one that is wrong, takes the exact way.
    """
    seen, mark, comma, exact = 0, end.encode(), separator.encode(), None
    for block in blocks:
        if exact is None and len(block) < _SMALL and width > 1:
            lines = _bare(block, comma, mark).split(mark)[:-1]
            if {line.count(comma) for line in lines} == {width - 1}:
                seen += len(lines)
                continue
        if exact is None:
            from tui.study.formats.records import Records

            exact = Records(ord(separator), ord(end), width, line=seen, seen=seen)
        exact.take(block)
    if exact is None:
        return seen - 1, False
    return exact.full(), exact.blank_at > 0


def _bare(block: bytes, comma: bytes, mark: bytes) -> bytes:
    """A block without what its quoted fields hold; nothing where that takes the exact way."""
    if b'"' not in block:
        return block
    parts = block.split(b'"')
    outside, inside = parts[::2], parts[1::2]  # between the marks of a doubled one is nothing
    before = {one[-1:] for one in outside[:-1]} <= {comma, mark, b""}
    after = {one[:2].strip(b"\r")[:1] for one in outside[1:]} <= {comma, mark, b""}
    if len(parts) % 2 == 0 or not before or not after or any(mark in one for one in inside):
        return b""
    return b"".join(outside)
