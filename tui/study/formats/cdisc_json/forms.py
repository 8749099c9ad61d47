"""The forms of Dataset-JSON: one document (v1.1, and v1.0 which nests), lines, compressed lines.

Sources: CDISC Dataset-JSON v1.1 and v1.0, RFC 8259. A row is found here, and not yet decoded: a
document is searched for its rows once, lines are read in blocks, so that what is in memory beside
the file of a document is one block.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from tui.study.header import MOST_COLUMNS, NotADataset, Unreadable

_READ = 1 << 20
_LONGEST = 64 << 20  # bytes of a line: a row of 32,767 columns with 2,000 characters in each
_LARGE, _MOST_RATIO = 1 << 24, 250  # deflate can make 1,032 bytes of one, clinical data 10 to 50
_A_BLOCK = 20_000  # rows
_VERSIONS = ("1.0", "1.1")
T = TypeVar("T")


class Item(msgspec.Struct):
    """What the metadata say of a column; `type` is v1.0's name for `dataType`."""

    name: str
    data_type: str | None = msgspec.field(name="dataType", default=None)
    old_type: str | None = msgspec.field(name="type", default=None)
    label: str | None = None
    target: str | None = msgspec.field(name="targetDataType", default=None)
    format: str | None = msgspec.field(name="displayFormat", default=None)


class Metadata(msgspec.Struct):
    """What stands before the rows: in the first line, or in the document."""

    version: str | None = msgspec.field(name="datasetJSONVersion", default=None)
    name: str | None = None
    label: str | None = None
    records: int | None = None
    columns: list[Item] | None = None


class _FirstLine(Metadata):
    rows: msgspec.Raw = msgspec.Raw()


class _Group(Metadata):
    """A dataset of v1.0."""

    columns: list[Item] | None = msgspec.field(name="items", default=None)
    rows: list[msgspec.Raw] | None = msgspec.field(name="itemData", default=None)


class _Nest(msgspec.Struct):
    groups: dict[str, _Group] = msgspec.field(name="itemGroupData")


class _Document(Metadata):
    rows: list[msgspec.Raw] | None = None
    clinical: _Nest | None = msgspec.field(name="clinicalData", default=None)
    reference: _Nest | None = msgspec.field(name="referenceData", default=None)


class _Signs(msgspec.Struct):
    """The members by one of which an object is told to be Dataset-JSON."""

    version: msgspec.Raw = msgspec.field(name="datasetJSONVersion", default=msgspec.Raw())
    group: msgspec.Raw = msgspec.field(name="itemGroupOID", default=msgspec.Raw())
    clinical: msgspec.Raw = msgspec.field(name="clinicalData", default=msgspec.Raw())
    reference: msgspec.Raw = msgspec.field(name="referenceData", default=msgspec.Raw())


@dataclass(frozen=True)
class Block:
    """Rows that follow each other, each as it is written.

    Attributes:
        rows: Their bytes; an empty line among lines is none.
        first: The number of the first, counted from 1, of `unit`: a `row` or a `line`.
    """

    rows: Sequence[bytes | msgspec.Raw]
    first: int
    unit: str


@dataclass(frozen=True)
class Table:
    """A dataset of a file: its metadata, its columns, and its rows block by block.

    In a document, the rows are found under `keys`.
    """

    said: Metadata
    keys: tuple[str, ...]
    items: list[Item]
    records: int
    blocks: Iterator[Block]


def tables(path: Path) -> Iterator[Table]:
    """The datasets of a file.

    Raises:
        NotADataset: when it is JSON of another kind.
        Unreadable: when it is not whole, or its metadata do not say what they have to.
    """
    if path.suffix.lower() == ".json":
        return _of_document(path.read_bytes())
    return iter([_of_lines(path)])


def decoded(kind: type[T], text: bytes, before: int = 0) -> T:
    """JSON as a struct; what is wrong is a sentence with its line.

    Args:
        kind: The struct.
        text: The JSON.
        before: Lines of the file before it.
    """
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.ValidationError as error:
        raise Unreadable(f"its metadata are not Dataset-JSON: {error}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(fault(error, text, before + 1)) from None


def fault(error: Exception, text: bytes, line: int) -> str:
    """Why bytes are not JSON, with the line, their first being `line`."""
    if isinstance(error, RecursionError):
        return f"line {line} nests deeper than data do."
    if isinstance(error, UnicodeDecodeError):
        return f"line {line + _lines(text[: error.start])} is not UTF-8 text."
    said = str(error).removeprefix("JSON is malformed: ")
    if "truncated" in said:
        return f"line {line + _lines(text.rstrip())} ends before its JSON does: it is cut off."
    head, _, place = said.rpartition(" (byte ")
    at = int(place[:-1]) if place[:-1].isdigit() else 0
    return f"line {line + _lines(text[:at])} is not JSON: {head or said}."


def _lines(text: bytes) -> int:
    return text.count(b"\n")


def _of_document(text: bytes) -> Iterator[Table]:
    _check_start(text)
    try:
        signs = decoded(_Signs, text)
    except Unreadable as error:
        if text.lstrip()[:1] != b"{" and "metadata" in str(error):
            raise NotADataset("it is JSON, and not Dataset-JSON.") from None
        raise
    if not any(map(bytes, msgspec.structs.astuple(signs))):
        raise NotADataset("it is JSON, and not Dataset-JSON.")
    document = decoded(_Document, text)
    nests = {"clinicalData": document.clinical, "referenceData": document.reference}
    if not any(nests.values()):
        yield _table(document, document.rows, ("rows",))
    for data, nest in nests.items():
        for name, group in nest.groups.items() if nest else ():
            group.version = document.version
            yield _table(group, group.rows, (data, "itemGroupData", name, "itemData"))


def _table(said: Metadata, rows: list[msgspec.Raw] | None, keys: tuple[str, ...]) -> Table:
    items, records = _items(said), _records(said)
    if rows is None:
        raise Unreadable("it has metadata and no rows.")
    blocks = (
        Block(rows[at : at + _A_BLOCK], at + 1, "row") for at in range(0, len(rows), _A_BLOCK)
    )
    return Table(said, keys, items, records, blocks)


def _of_lines(path: Path) -> Table:
    blocks = _blocks(_inflated(path) if path.suffix.lower() == ".dsjc" else _pieces(path))
    first = next(blocks, None)
    if first is None or not first.rows:
        raise Unreadable("it is empty.")
    head = bytes(first.rows[0])
    _check_start(head)
    said = decoded(_FirstLine, head)
    if bytes(said.rows):
        raise Unreadable("its first line holds rows: it is one document, to be named .json.")
    items, records = _items(said), _records(said)

    def rest() -> Iterator[Block]:
        yield Block(first.rows[1:], 2, "line")
        yield from blocks

    return Table(said, (), items, records, rest())


def _check_start(text: bytes) -> None:
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("it is UTF-16 text; Dataset-JSON is UTF-8.")
    if text.startswith(b"\xef\xbb\xbf"):
        raise Unreadable(
            "it begins with a byte-order mark, which JSON must not have (RFC 8259); "
            "save it as UTF-8 without one."
        )
    if not text.strip():
        raise Unreadable("it is empty.")


def _items(said: Metadata) -> list[Item]:
    if said.version is None:
        raise Unreadable("its metadata have no datasetJSONVersion.")
    if not said.version.startswith(_VERSIONS):
        raise Unreadable(f"it is Dataset-JSON {said.version[:20]}; 1.0 and 1.1 are read.")
    if not said.columns:
        raise Unreadable("its metadata name no columns.")
    if len(said.columns) > MOST_COLUMNS:
        raise Unreadable(f"it has {len(said.columns):,} columns; {MOST_COLUMNS:,} are the most.")
    for place, item in enumerate(said.columns, 1):
        if item.data_type is None and item.old_type is None:
            raise Unreadable(f"its column {place}, {item.name}, has no dataType.")
    return said.columns


def _records(said: Metadata) -> int:
    if said.records is None:
        raise Unreadable("its metadata do not say how many records it has.")
    return said.records


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_READ):
            yield piece


def _inflated(path: Path) -> Iterator[bytes]:
    """What a compressed file holds: zlib's format, as the specification asks, or gzip's.

    Its pieces are small however much a few bytes stand for, and what would fill the memory ends.
    """
    decoder, read, made, begun = zlib.decompressobj(wbits=47), 0, 0, False
    for piece in _pieces(path):
        read += len(piece)
        while piece:
            if decoder.eof:  # gzip may have several members
                if not piece.strip(b"\0"):
                    break
                decoder, begun = zlib.decompressobj(wbits=47), False
            try:
                out = decoder.decompress(piece, _READ)
            except zlib.error:
                where = "is neither zlib nor gzip" if not made else "is damaged"
                raise Unreadable(f"its compression {where}.") from None
            begun = True
            made += len(out)
            if made > _LARGE and made > _MOST_RATIO * read:
                raise Unreadable(f"it swells to more than {_MOST_RATIO} times its size.")
            if out:
                yield out
            piece = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
    if begun and not decoder.eof:
        raise Unreadable("its compressed data end too early: it is cut off.")


def _blocks(pieces: Iterable[bytes]) -> Iterator[Block]:
    """Lines in blocks of whole ones; the first is number 1."""
    rest: list[bytes] = []
    line, held = 1, 0
    for piece in pieces:
        cut = piece.rfind(b"\n")
        if cut < 0:
            rest.append(piece)
        else:
            lines = b"".join((*rest, piece[:cut])).split(b"\n")
            yield Block(lines, line, "line")
            line += len(lines)
            rest = [piece[cut + 1 :]]
        held = sum(map(len, rest)) if cut >= 0 else held + len(piece)
        if held > _LONGEST:
            raise Unreadable(f"line {line} is longer than {_LONGEST >> 20} MB.")
    if last := b"".join(rest):
        yield Block([last], line, "line")
