"""CSV and TSV files with a header; polars scans them, column by column, once their layout is known.

The types come from the whole file: one guessed from the first rows fails, or lies, on the last.
Reading all as text, once, and seeing what can be cast takes 1.2 s for 1 M rows of 20 columns, and
shows what a type would lose: the zeros of 0101, the last digits of a long number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from tui.study.changes import state
from tui.study.formats import iso, text_kinds
from tui.study.formats.layout import Layout, as_utf8, layout_of
from tui.study.formats.remember import Kept
from tui.study.header import Header, columns_of, numbered

MISSING = ["", "."]
"""What stands for a missing value in text files: nothing, or SAS's dot."""

_SMALL = 4 << 20
"""Bytes up to which the rows of a file are kept in memory, as what they hold: a question then costs
0.1 ms and not 1 ms and more."""

_MOST = 64 << 20
"""Bytes that the rows of small files take up in memory, all together."""

_IDENTIFIERS = ("STUDYID", "USUBJID", "SUBJID", "SITEID")
"""Text even where every value is digits: 101 is a name."""

_Held = tuple[Header, pl.DataFrame]
_held: Kept[_Held] = Kept(lambda one: int(one[1].estimated_size()), _MOST)


@dataclass(frozen=True)
class _Place:
    """How the rows of a file that has been looked through are read.

    Attributes:
        layout: How it is laid out.
        dates: The columns that are dates, and how they are written.
        not_available: The columns of numbers and dates in which NA is a missing value.
    """

    layout: Layout
    dates: Mapping[str, iso.Way]
    not_available: frozenset[str]


def headers(path: Path, encoding: str | None = None) -> tuple[Header, ...]:
    """One dataset; each row of it has as many fields as the header."""
    before = state(path)
    layout = layout_of(path, encoding)
    own = [name if name.strip() else f"COLUMN{at}" for at, name in enumerate(layout.names, 1)]
    names = [column.name for column in columns_of((name, pl.String()) for name in own)]
    look = text_kinds.Look(
        [name for name in names if not _is_name(name)], comma=layout.separator == ","
    )
    texts, is_small = _rows(path, layout, names, {}), _is_small(path)
    rows = texts.collect(engine="in-memory") if is_small else pl.DataFrame()
    for some in [rows] if is_small else texts.collect_batches(maintain_order=True):
        look.take(some)
    found = look.found()
    notes = [*layout.notes, *found.notes]
    if own != list(layout.names):
        notes.append("A column without a name is called COLUMN and its place.")
    columns = columns_of(
        (name, found.kinds.get(one, pl.String())) for name, one in zip(own, names, strict=True)
    )
    place = _Place(layout, found.dates, found.not_available)
    header = Header(path.stem.upper(), columns, layout.rows, "", tuple(notes), place)
    _held.forget(path)
    if is_small:
        _held.keep(path, before, (header, rows.with_columns(look.last(found))))
    return (header,)


def scan(path: Path, header: Header, number: str | None = None) -> pl.LazyFrame:
    """The file's rows."""
    held = _held.of(path)
    if held and held[0] == header:
        return numbered(held[1].lazy(), number)
    found = header.place
    assert isinstance(found, _Place)
    kinds = header.kinds
    others = found.dates.keys() | found.not_available
    plain = {name: kind for name, kind in kinds.items() if name not in others}
    rows = _rows(path, found.layout, list(kinds), plain)
    return numbered(rows, number).with_columns(
        _values(name, kinds[name], found.dates.get(name)) for name in kinds if name in others
    )


def labels(path: Path, header: Header) -> dict[str, str]:
    """Such files have none."""
    return {}


def recipe(path: Path, header: Header, texts: list[str]) -> str:
    """Of the columns, those named in `texts` are read as text even where all are digits."""
    found = header.place
    assert isinstance(found, _Place)
    own = {column.name: column.own_name for column in header.columns}
    overrides = ", ".join(f'"{own[name]}": pl.String' for name in texts)
    options = [
        f"separator={found.layout.separator!r}" if found.layout.separator != "," else "",
        f"eol_char={found.layout.end!r}" if found.layout.end != "\n" else "",
        f'encoding="{found.layout.encoding}"' if found.layout.encoding != "utf-8" else "",
        f"n_rows={found.layout.rows}" if found.layout.trailing else "",
    ]
    said = "".join(f"{option}, " for option in options if option)
    cast = ", ".join(
        f'pl.col("{own[name]}").replace("NA", None).cast(pl.{header.kinds[name]})'
        for name in sorted(found.not_available - found.dates.keys())
    )
    return (
        f'pl.read_csv(\n    "{path.name}", {said}infer_schema_length=None, '
        f"null_values={MISSING}, try_parse_dates=True,\n"
        f"    schema_overrides={{{overrides}}},\n)"
    ) + (f".with_columns({cast})" if cast else "")


def _rows(
    path: Path, layout: Layout, names: list[str], kinds: Mapping[str, pl.DataType]
) -> pl.LazyFrame:
    """The rows, as text but for the columns of these types."""
    options: dict[str, Any] = {
        "separator": layout.separator,
        "eol_char": layout.end,
        "new_columns": names,  # by place: the file's own names may be lower case
        "schema_overrides": {**dict.fromkeys(names, pl.String()), **kinds},
        "infer_schema_length": 0,
        "null_values": MISSING,
        "n_rows": layout.rows if layout.trailing else None,
    }
    if _is_small(path):  # to open, map and scan it takes longer than to read it
        return pl.read_csv(as_utf8(path, layout), **options).lazy()
    scanned = path if layout.encoding == "utf-8" else as_utf8(path, layout)
    return pl.scan_csv(scanned, **options)


def _is_small(path: Path) -> bool:
    return path.stat().st_size < _SMALL


def _is_name(column: str) -> bool:
    return column in _IDENTIFIERS or column.endswith(("FL", "DTC", "CD"))


def _values(name: str, kind: pl.DataType, way: iso.Way | None) -> pl.Expr:
    """A column of text with NA, or of dates, as what it holds."""
    known = text_kinds.known(pl.col(name))
    return (iso.values(known, way) if way else known.cast(kind)).alias(name)
