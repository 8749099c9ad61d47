"""CSV and TSV files, in UTF-8, with a header; a row of another width is an error."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from tui.study.header import Header, Unreadable, columns_of

MISSING = ["", "."]
"""What stands for a missing value in text files: nothing, or SAS's dot."""

_IDENTIFIERS = ("STUDYID", "USUBJID", "SUBJID", "SITEID")
"""Text even where every value is digits: 0101 is not 101."""


def headers(path: Path) -> tuple[Header, ...]:
    """Types from the whole file: a type guessed from the first rows fails, or lies, on the last."""
    try:
        own = _header(path)
        if not own:
            raise Unreadable("it is empty.")
        names = [column.name for column in columns_of((name, pl.String()) for name in own)]
        if uneven := _uneven_row(path):  # polars cuts or fills such a row in silence
            raise Unreadable(uneven)
        kinds, rows = _kinds(path, names)
    except UnicodeDecodeError:
        raise Unreadable("it is not UTF-8 text.") from None
    except PolarsError as error:
        if "utf-8" in str(error).lower():
            raise Unreadable("it is not UTF-8 text.") from None
        raise
    columns = columns_of(zip(own, (kinds[name] for name in names), strict=True))
    return (Header(path.stem.upper(), columns, rows),)


def scan(path: Path, header: Header) -> pl.LazyFrame:
    """The file's rows."""
    return pl.scan_csv(
        path,
        separator=_separator(path),
        new_columns=list(header.kinds),  # by place: the file's own names may be lower case
        schema_overrides=header.kinds,
        infer_schema_length=0,
        null_values=MISSING,
    )


def labels(path: Path, header: Header) -> dict[str, str]:
    """Such files have none."""
    return {}


def recipe(path: Path, header: Header, texts: list[str]) -> str:
    """Of the columns, those named in `texts` are read as text even where all are digits."""
    own = {column.name: column.own_name for column in header.columns}
    overrides = ", ".join(f'"{own[name]}": pl.String' for name in texts)
    separator = "" if _separator(path) == "," else 'separator="\\t", '
    return (
        f'pl.read_csv(\n    "{path.name}", {separator}infer_schema_length=None, '
        f"null_values={MISSING}, try_parse_dates=True,\n"
        f"    schema_overrides={{{overrides}}},\n)"
    )


def _separator(path: Path) -> str:
    return "\t" if path.suffix.lower() == ".tsv" else ","


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file, delimiter=_separator(path)), [])


def _kinds(path: Path, capitals: list[str]) -> tuple[dict[str, pl.DataType], int]:
    """The type of each column, and the number of rows."""
    text = {
        name: pl.String
        for name in capitals
        if name in _IDENTIFIERS or name.endswith(("FL", "DTC", "CD"))
    }
    frame = pl.scan_csv(
        path,
        separator=_separator(path),
        new_columns=capitals,
        schema_overrides=text,
        infer_schema_length=None,
        null_values=MISSING,
    )
    kinds = dict(frame.collect_schema())
    rows = int(frame.select(pl.len()).collect().item())
    return kinds | dict.fromkeys(_dates(frame, kinds), pl.Date()), rows


def _dates(frame: pl.LazyFrame, kinds: Mapping[str, pl.DataType]) -> list[str]:
    """Columns named as dates (TRTSDT) all of whose values are ISO dates.

    Polars' own search for dates takes 50 ms for a file of 1,000 rows; this takes 2.
    """
    named = [name for name, kind in kinds.items() if name.endswith("DT") and kind == pl.String]
    if not named:
        return []
    parsed = frame.select(
        (pl.col(name).str.to_date("%Y-%m-%d", strict=False).is_null() == pl.col(name).is_null())
        .all()
        .alias(name)
        for name in named
    ).collect()
    return [name for name in named if parsed[name].item()]


def _uneven_row(path: Path) -> str | None:
    """The first row with another number of fields than the header."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=_separator(path))
        width = len(next(reader, []))
        for row in reader:
            if row and len(row) != width:
                return f"line {reader.line_num} has {len(row)} fields where the header has {width}."
    return None
