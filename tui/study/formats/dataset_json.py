"""Dataset-JSON: v1.1 in its three forms and v1.0, decoded by msgspec.

It checks each value against the column's type and each row against the number of columns while it
decodes. 200,000 rows × 20 columns (36 MB): msgspec 0.7 s at 171 MB, its untyped decoder 1.6 s,
orjson 2.2 s at 382 MB, the standard library 2.3 s, ijson 2.4 s. orjson, and msgspec's untyped
decoder, round whole numbers of more than 64 bits without a word; the standard library takes NaN.

JSON cannot be read column by column, and its records have to be counted: a file is decoded when the
study is opened, and the frame is remembered, so that a question costs what one on memory costs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from tui.study import progress
from tui.study.formats.cdisc_json import columns
from tui.study.formats.cdisc_json.forms import Block, Item, Table, fault, tables
from tui.study.formats.remember import Remembered
from tui.study.header import Header, Unreadable, columns_of, numbered

_MOST = 1 << 30  # bytes of frames; a file that takes more is decoded for each question
_CALLED = {
    "str": "text",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
}


@dataclass(frozen=True)
class _Place:
    """Where a dataset's rows are, and whether they are as the columns say without SAS's numbers."""

    keys: tuple[str, ...]
    plain: bool


def headers(path: Path, encoding: str | None = None) -> tuple[Header, ...]:
    """The datasets of a file; v1.0 may have several in one."""
    return tuple(header for header, _ in _decoded(path))


def scan(path: Path, header: Header, number: str | None = None) -> pl.LazyFrame:
    """The rows of one of them."""

    def rows() -> pl.DataFrame:
        for one, frame in _decoded(path):
            if one == header:
                return frame
        raise Unreadable("it has changed since it was opened.")

    return numbered(pl.defer(rows, schema=header.kinds), number)


def labels(path: Path, header: Header) -> dict[str, str]:
    """Column labels, from the metadata."""
    return {column.name: column.label for column in header.columns if column.label}


def recipe(path: Path, header: Header, texts: list[str]) -> str:
    """By the standard library's json; none where dates are SAS's numbers."""
    place = header.place
    if not isinstance(place, _Place) or not place.plain:
        return ""
    if path.suffix.lower() == ".json":
        keys = "".join(f'["{key}"]' for key in place.keys)
        rows = f'json.load(open("{path.name}", encoding="utf-8")){keys}'
    else:
        lines = (
            f'open("{path.name}", encoding="utf-8")'
            if path.suffix.lower() == ".ndjson"
            else f'zlib.decompress(open("{path.name}", "rb").read(), 47).decode().split("\\n")'
        )
        rows = f"[json.loads(line) for line in {lines} if line.strip()][1:]"
    moments = [column for column in header.columns if column.kind.is_temporal()]
    schema = ", ".join(
        f'"{column.own_name}": pl.{pl.String() if column in moments else column.kind}'
        for column in header.columns
    )
    dates = ", ".join(
        f'pl.col("{one.own_name}").str.{_PARSE[str(one.kind.base_type())]}' for one in moments
    )
    return (
        f"pl.DataFrame(\n    {rows},\n    schema={{{schema}}},\n"
        '    orient="row", strict=False,\n).with_columns(pl.col(pl.String).replace("", None))'
    ) + (f".with_columns({dates})" if dates else "")


_PARSE = {
    "Date": "to_date()",
    "Datetime": 'to_datetime("%Y-%m-%dT%H:%M:%S%.f")',
    "Time": 'to_time("%H:%M:%S%.f")',
}


def _decode(path: Path) -> list[tuple[Header, pl.DataFrame]]:
    found = [_dataset(path, table) for table in tables(path)]
    if not found:
        raise Unreadable("it holds no dataset.")
    return found


_decoded = Remembered(
    _decode, lambda found: sum(int(frame.estimated_size()) for _, frame in found), _MOST
)


def _dataset(path: Path, table: Table) -> tuple[Header, pl.DataFrame]:
    """A dataset as its columns, its records counted."""
    items = table.items
    columns_of((item.name, pl.String()) for item in items)  # no name twice, before rows are read
    parts = [[columns.part(item, ())] for item in items]
    count = 0
    for rows in _rows(table):
        count += len(rows)
        if count > table.records:
            break
        progress.report(path, count, table.records)
        for one, item, values in zip(parts, items, zip(*rows, strict=True), strict=bool(rows)):
            one.append(columns.part(item, values))
    if count != table.records:
        more = "at least " if count > table.records else ""
        raise Unreadable(f"its metadata say {table.records:,} records; it has {more}{count:,}.")
    done = [columns.whole(item, one) for item, one in zip(items, parts, strict=True)]
    plain = all(
        item.target or not one.dtype.is_temporal()
        for item, (one, _) in zip(items, done, strict=True)
    )
    header = Header(
        (table.said.name or path.stem).upper(),
        columns_of(
            ((item.name, one.dtype) for item, (one, _) in zip(items, done, strict=True)),
            {item.name: item.label or "" for item in items},
            {item.name: item.format or "" for item in items},
        ),
        count,
        table.said.label or "",
        tuple(note for _, note in done if note),
        _Place(table.keys, plain),
    )
    named = zip(header.columns, done, strict=True)
    return header, pl.DataFrame([values.alias(column.name) for column, (values, _) in named])


def _rows(table: Table) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of each block, decoded and checked."""
    decode = msgspec.json.Decoder(columns.row_type(table.items)).decode
    before = 0
    for block in table.blocks:
        rows = [row for row in block.rows if block.unit == "row" or row.strip()]
        try:
            yield list(map(decode, rows))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise Unreadable(_first_fault(block, before, table.items, decode)) from None
        before += len(rows)


def _first_fault(
    block: Block, before: int, items: list[Item], decode: Callable[[bytes], Any]
) -> str:
    """What is wrong with the first row that cannot be decoded; rows are counted as data rows."""
    for place, row in enumerate(block.rows):
        text = bytes(row)
        if block.unit == "line" and not text.strip():
            continue
        before += 1
        try:
            decode(text)
        except msgspec.ValidationError as error:
            return _misfit(text, str(error), before, items)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            if block.unit == "line":
                return fault(error, text, block.first + place)
            return fault(error, text, before).replace("line", "row", 1)
    return "its rows cannot be decoded."


def _misfit(text: bytes, said: str, row: int, items: list[Item]) -> str:
    """A row with another number of values, or a value of another type than its column's."""
    found = re.search(r"got `(\w+)` - at `\$\[(\d+)\]`", said)
    if found:
        item, is_ = items[int(found[2])], _CALLED.get(found[1], found[1])
        return f"row {row:,}: {item.name} has to be {columns.wanted(item)}, and is {is_}."
    if place := re.search(r"Number out of range - at `\$\[(\d+)\]`", said):
        return f"row {row:,}: {items[int(place[1])].name} is too large for a number."
    try:
        values = msgspec.json.decode(text, type=list[msgspec.Raw])
    except msgspec.MsgspecError:
        return f"row {row:,} is not a list of values."
    if len(values) == len(items):
        return f"row {row:,} holds a number that is too large."
    return f"row {row:,} has {len(values)} values where there are {len(items)} columns."
