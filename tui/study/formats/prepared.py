"""What a parquet file that `trialdeck prepare` wrote says beyond its columns and their labels.

It stands in the footer under two keys, as JSON, so that polars alone reads it, in under 1 ms. One
is part of the schema, as labels are, and a program that writes the table anew may keep it. The
other tells where the rows lie, and is the file's own.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from tui.study.header import Column, Header, Stretch

KEY, ROWS = "trialdeck", "trialdeck.rows"

_END = b"PAR1"
"""What a parquet file ends with, after four bytes that say how long its footer is."""


@dataclass(frozen=True)
class Kept:
    """What the file's source said.

    Attributes:
        label: The dataset's label.
        notes: What the reader of the source decided.
        decodes: By column, in capitals: coded values and what they mean.
    """

    label: str = ""
    notes: Sequence[str] = ()
    decodes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def with_decodes(self, columns: Sequence[Column]) -> tuple[Column, ...]:
        """Columns with the meaning of their coded values."""
        return tuple(
            dataclasses.replace(one, decodes=self.decodes.get(one.name, {})) for one in columns
        )


def kept_text(header: Header) -> str:
    """What is to be kept of a dataset, as it is written."""
    decodes = {one.name: dict(one.decodes) for one in header.columns if one.decodes}
    said = dataclasses.asdict(Kept(header.label, header.notes, decodes))
    return json.dumps(said, ensure_ascii=False)


def rows_text(parts: Sequence[tuple[int, Mapping[str, Any]]], end: int) -> str:
    """Where rows with the same values lie, as it is written.

    Args:
        parts: How many rows stand together, and what they have in the same columns: texts and
            numbers.
        end: The place after the last row, where the footer begins.
    """
    columns = list(parts[0][1]) if parts else []
    said = [[rows, *(same[name] for name in columns)] for rows, same in parts]
    return json.dumps({"end": end, "columns": columns, "parts": said}, ensure_ascii=False)


def kept(metadata: Mapping[str, str]) -> Kept:
    """What a file's metadata say of its source.

    Any program may write any metadata: what is not as `kept_text` has it counts as not there.
    """
    said = _parsed(metadata.get(KEY))
    if not isinstance(said, dict):
        return Kept()
    notes, decodes = said.get("notes"), said.get("decodes")
    return Kept(
        str(said.get("label", "")),
        tuple(map(str, notes)) if isinstance(notes, list) else (),
        {
            str(column): {str(value): str(meaning) for value, meaning in one.items()}
            for column, one in (decodes.items() if isinstance(decodes, dict) else ())
            if isinstance(one, dict)
        },
    )


def stretches(
    metadata: Mapping[str, str], path: Path, columns: Sequence[Column], rows: int
) -> tuple[Stretch, ...]:
    """Where rows with the same values lie, as a file's metadata say; empty where they do not.

    Metadata may have been kept while the rows became others. So they count only where the footer
    begins where it did when they were written, which the rows of no other file would come to, and
    where they fit: all rows told, and values of the columns' types.

    Args:
        metadata: The file's.
        path: The file.
        columns: Its columns.
        rows: How many rows it has.
    """
    said = _parsed(metadata.get(ROWS))
    if not isinstance(said, dict) or said.get("end") != _end_of_rows(path):
        return ()
    kinds = {one.name: one.kind for one in columns}
    try:
        names = said["columns"]
        schema = {"": pl.Int64(), **{name: kinds[name] for name in names}}
        parts = pl.DataFrame(said["parts"], schema, orient="row").rows()
    except (KeyError, TypeError, ValueError, OverflowError, PolarsError):
        return ()
    sizes = [one[0] for one in parts]
    if None in sizes or min(sizes, default=0) < 1 or sum(sizes) != rows:
        return ()
    starts = accumulate(sizes, initial=0)
    return tuple(
        Stretch(start, size, dict(zip(names, values, strict=True)))
        for start, (size, *values) in zip(starts, parts, strict=False)
    )


def _parsed(text: str | None) -> Any:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None


def _end_of_rows(path: Path) -> int | None:
    """The place of the footer, which ends with its size and four letters."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 8))
        tail = file.read(8)
    return size - 8 - int.from_bytes(tail[:4], "little") if tail[4:] == _END else None
