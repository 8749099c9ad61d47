"""Reading the files of a study, never writing them: one reader a format, all of them lazy."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from tui.errors import StudyError
from tui.study.model import Dataset

SUFFIXES = (".parquet", ".csv")
"""File name endings that are read as datasets."""

MISSING = ["", "."]
"""What stands for a missing value in text files: nothing, or SAS's dot."""

_IDENTIFIERS = ("STUDYID", "USUBJID", "SUBJID", "SITEID")
"""Text even where every value is digits: 0101 is not 101."""


def schema(path: Path) -> dict[str, pl.DataType]:
    """The columns of a file, in capitals, with their types.

    Raises:
        StudyError: when the file cannot be read, with its name and the reason.
    """
    try:
        if path.suffix.lower() == ".csv":
            return _csv_schema(path)
        return {name.upper(): kind for name, kind in pl.read_parquet_schema(path).items()}
    except (PolarsError, OSError, UnicodeDecodeError) as error:
        raise StudyError(f"{path.name}: {_reason(path, error)}") from None


def scan(path: Path, columns: Mapping[str, pl.DataType]) -> pl.LazyFrame:
    """The rows of a file, not yet read; `columns` is what `schema` gave for it."""
    if path.suffix.lower() == ".csv":
        return pl.scan_csv(
            path,
            new_columns=list(columns),  # by place: the file's own names may be lower case
            schema_overrides=dict(columns),
            infer_schema_length=0,
            null_values=MISSING,
        )
    frame = pl.scan_parquet(path)
    return frame.rename({name: name.upper() for name in frame.collect_schema()})


def own_names(path: Path) -> dict[str, str]:
    """The names that a file itself gives its columns, by the names in capitals that we use."""
    names = _header(path) if path.suffix.lower() == ".csv" else list(pl.read_parquet_schema(path))
    return {name.strip().upper(): name for name in names}


def collect(dataset: Dataset, frame: pl.LazyFrame) -> pl.DataFrame:
    """Reads a query on a dataset; a failure names the file and the reason."""
    try:
        return frame.collect()
    except (PolarsError, OSError) as error:
        raise StudyError(f"{dataset.path.name}: {_reason(dataset.path, error)}") from None


def count_rows(path: Path, columns: Mapping[str, pl.DataType]) -> int:
    """Number of rows; from the metadata where the format has it."""
    try:
        return int(scan(path, columns).select(pl.len()).collect().item())
    except (PolarsError, OSError) as error:
        raise StudyError(f"{path.name}: {_reason(path, error)}") from None


def labels(path: Path) -> dict[str, str]:
    """Column labels from the file's own metadata; empty where there are none."""
    if path.suffix.lower() != ".parquet":
        return {}
    import pyarrow.parquet  # loaded only when labels are asked for: 100 ms

    found = {}
    for column in pyarrow.parquet.read_schema(path):
        label = (column.metadata or {}).get(b"label", b"").decode("utf-8", "replace").strip()
        if label:
            found[column.name.upper()] = label
    return found


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file), [])


def _csv_schema(path: Path) -> dict[str, pl.DataType]:
    """Types from the whole file: a type guessed from the first rows fails, or lies, on the last."""
    header = _header(path)
    if not header:
        raise OSError("the file is empty")
    capitals = [name.strip().upper() for name in header]
    twice = sorted({name for name in capitals if capitals.count(name) > 1})
    if twice:
        raise OSError(f"its header names {', '.join(twice)} more than once")
    if uneven := _uneven_row(path):  # Polars cuts or fills such a row in silence (1 ms for 1,000)
        raise OSError(uneven)
    text = {
        name: pl.String
        for name in capitals
        if name in _IDENTIFIERS or name.endswith(("FL", "DTC", "CD"))
    }
    frame = pl.scan_csv(
        path,
        new_columns=capitals,
        schema_overrides=text,
        infer_schema_length=None,
        null_values=MISSING,
    )
    kinds = dict(frame.collect_schema())
    return kinds | dict.fromkeys(_dates(frame, kinds), pl.Date())


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


def _reason(path: Path, error: Exception) -> str:
    """Why a file cannot be read, in words, with the row where that can be told."""
    if isinstance(error, UnicodeDecodeError) or "utf-8" in str(error).lower():
        return "it is not UTF-8 text."
    if isinstance(error, PermissionError):
        return "permission to read it is denied."
    if isinstance(error, FileNotFoundError):
        return "it is no longer there."
    if path.suffix.lower() == ".csv" and isinstance(error, PolarsError):
        uneven = _uneven_row(path)
        if uneven:
            return uneven
    if path.suffix.lower() == ".parquet" and isinstance(error, PolarsError):
        return f"it is not a whole parquet file ({_first_line(error)})."
    return f"it cannot be read: {_first_line(error)}."


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0].rstrip(".")


def _uneven_row(path: Path) -> str | None:
    """The first row with another number of fields than the header."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.reader(file)
        width = len(next(reader, []))
        for row in reader:
            if row and len(row) != width:
                return f"line {reader.line_num} has {len(row)} fields where the header has {width}."
    return None
