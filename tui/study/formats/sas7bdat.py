"""SAS7BDAT files, read by pyreadstat in chunks; its bounds are checked before, its rows after.

Why pyreadstat. Seconds for 1 M rows of 640 bytes in 40 columns, 3 and all of them, with the peak of
memory, and milliseconds for the pilot's ADLBC (37,132 rows, 46 columns):

| reader          | 3 cols, s | all | peak, MB | ADLBC | the nine genuine files                    |
|-----------------|-----------|-----|----------|-------|-------------------------------------------|
| pyreadstat 1.3  | 0.32      | 5.5 | 1,587    | 126   | all right, with numbers taken as they are |
| in chunks       | 0.86      | 4.6 | 346      |       |                                           |
| polars-readstat | 0.19      | 1.4 | 674      | 77    | 806 of 997 rows where one is deleted      |
| nbase-converter | 0.15      | 1.4 | 1,098    | 39    | dates stay numbers                        |
| pandas.read_sas | fails     |     |          | fails | the deleted row is back; times numbers    |

It is ReadStat, in C. Its own dates overflow where a number is none, so that numbers are taken as
they are and the calendar is this program's. A process of its own would not be worth its 0.2 s: of
80,000 files damaged at random none ended or hung the reader once their length and rows are checked
(tests/study/formats/test_fuzzed_sas_files.py). Nothing writes the format but nbase-converter 0.0.6.
"""

from __future__ import annotations

import codecs
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

from tui.study import progress
from tui.study.formats.encoding import UNSTATED, asked
from tui.study.formats.sas import calendar, catalog, text
from tui.study.formats.sas.look import Look
from tui.study.formats.sas.pages import pages, rows_on
from tui.study.header import Header, Unreadable, columns_of, numbered

_CHUNK = 100_000
_CHUNKS = 8
"""Rows read at once, and at most how many times: each chunk passes over the rows before it."""

_LOOKED_AT = 5_000_000
"""Numbers that are read when a file is opened: 0.5 s. Of a larger file those that may be dates."""

_UTF_8 = "utf-8"


@dataclass(frozen=True)
class _Place:
    """How the text is read: in this encoding, or None, as the file says."""

    encoding: str | None


def headers(path: Path, encoding: str | None = None) -> tuple[Header, ...]:
    """One dataset; of its numbers those under formats of dates are read, to know whether all are.

    Of a file that is not large the others are, too, for what is missing in them. That all rows are
    there its pages tell, unless they are compressed.
    """
    divided = pages(path)
    place = _Place(None if divided.says else (encoding or _UTF_8))
    with warnings.catch_warnings(action="error"):  # that it renamed a column
        _, said = _read(path, place, metadataonly=True)
    names, rows = list(said.column_names), int(said.number_rows or 0)
    if not all(names) or (rows and not names) or not 0 <= rows <= path.stat().st_size:
        raise Unreadable(f"its header is damaged: it says {rows:,} rows of {len(names):,} columns.")
    if 0 < (there := rows_on(path, divided)) < rows:
        raise Unreadable(
            f"it is cut short: its header says {rows:,} rows, its pages hold {there:,}."
        )
    formats = {name: said.original_variable_types[name] or "" for name in names}
    look, notes = _look(path, place, said, formats, rows, counted=there > 0)
    labels = {name: said.column_names_to_labels[name] or "" for name in names}
    kinds = ((name, look.kinds[name]) for name in names)
    shown = {name: f"{form}{'' if '.' in form else '.'}" for name, form in formats.items() if form}
    decodes, beside = catalog.beside(path, formats)
    in_it = (asked(encoding),) if encoding and not divided.says else ()
    columns = columns_of(kinds, labels, shown)
    return (
        Header(
            path.stem.upper(),
            tuple(catalog.with_decodes(column, decodes) for column in columns),
            rows,
            said.file_label or "",
            (*in_it, *look.notes(), *notes, *_unread(there, rows), *beside),
            place,
        ),
    )


def scan(path: Path, header: Header, number: str | None = None) -> pl.LazyFrame:
    """The rows, by chunk, of the columns that are asked for."""
    own = {column.name: column.own_name for column in header.columns}
    place = header.place
    assert isinstance(place, _Place)

    def source(
        columns: list[str] | None,
        predicate: pl.Expr | None,
        limit: int | None,
        batch: int | None,
    ) -> Iterator[pl.DataFrame]:
        names = list(own) if columns is None else columns
        rows = header.rows if limit is None else min(limit, header.rows)
        asked_for = [own[name] for name in names]
        for values, _ in _chunks(path, place, asked_for, rows, header.rows):
            frame = pl.DataFrame(
                [_series(values[own[name]], header.kinds[name]).alias(name) for name in names]
            )
            yield frame if predicate is None else frame.filter(predicate)

    return numbered(register_io_source(source, schema=header.kinds, is_pure=True), number)


def labels(path: Path, header: Header) -> dict[str, str]:
    """Column labels from the header."""
    return {column.name: column.label for column in header.columns if column.label}


def recipe(path: Path, header: Header, texts: list[str]) -> str:
    """By pyreadstat, which makes dates by their formats."""
    place = header.place
    assert isinstance(place, _Place)
    encoding = f', encoding="{place.encoding}"' if place.encoding else ""
    return (
        f'pyreadstat.read_sas7bdat("{path.name}", output_format="polars"{encoding})[0]'
        '.with_columns(pl.col(pl.String).replace("", None))'
    )


def _read(path: Path, place: _Place, **options: Any) -> tuple[dict[str, list[Any]], Any]:
    """What pyreadstat reads: values by column, and what the file says of itself."""
    import pyreadstat  # 100 ms, and only where such a file is met

    encoding = place.encoding and codecs.lookup(place.encoding).name.replace("_", "-").upper()
    try:
        values, said = pyreadstat.read_sas7bdat(
            path,
            output_format="dict",
            disable_datetime_conversion=True,
            encoding=encoding,
            **options,
        )
    except OSError:
        raise
    except Exception as error:  # of a damaged file also TypeError and whatever else it runs into
        reason = str(error).strip().rstrip(".") or type(error).__name__
        if place.encoding == _UTF_8 and isinstance(error, UnicodeDecodeError):
            byte = f"its text has the byte 0x{error.object[error.start]:02X}"
            raise Unreadable(f"{byte}, which is not UTF-8, and {UNSTATED}") from None
        if place.encoding and ("requested encoding" in reason or "character set" in reason):
            reason = f"it cannot be read as {place.encoding} (pyreadstat: {reason})."
            raise Unreadable(reason) from None
        raise Unreadable(f"it is damaged (pyreadstat: {reason}).") from None
    return values, said


def _chunks(
    path: Path, place: _Place, names: list[str], rows: int, total: int, **options: Any
) -> Iterator[tuple[dict[str, list[Any]], Any]]:
    """The values of the columns, chunk by chunk, and what the file says of itself."""
    at_once = max(_CHUNK, -(-rows // _CHUNKS))
    for first in range(0, rows, at_once):
        wanted = min(at_once, rows - first)
        part = {"row_offset": first, "row_limit": wanted}
        values, said = _read(path, place, usecols=names, **part, **options)
        there = min(len(values.get(name, ())) for name in names)
        if there != wanted:
            raise Unreadable(
                f"it is damaged: its header says {total:,} rows, and {first + there:,} can be read."
            )
        progress.report(path, first + wanted, rows)
        yield values, said


def _series(values: list[Any], kind: pl.DataType) -> pl.Series:
    if kind == pl.String:
        texts = pl.DataFrame({"": pl.Series(values, dtype=pl.String)})
        bare = texts.select(pl.all().str.strip_chars_end(" "))
        return bare.select(text.filled(pl.all())).to_series()
    return calendar.moments(_numbers(values), kind)


def _numbers(values: list[Any], tagged: bool = False) -> pl.Series:
    """Numbers; the letter of a special missing value is none."""
    return pl.Series(values, dtype=pl.Float64, strict=not tagged).fill_nan(None)


def _unread(there: int, rows: int) -> tuple[str, ...]:
    """Rows that stand in the file and are not read, as its header says."""
    more = there - rows
    return (f"Rows that its header counts as deleted are not read: {more:,}.",) if more > 0 else ()


def _look(
    path: Path, place: _Place, said: Any, formats: dict[str, str], rows: int, counted: bool
) -> tuple[Look, tuple[str, ...]]:
    """What the numbers show, and what was not looked at.

    Args:
        path: The file.
        place: How it is read.
        said: What its header says.
        formats: Display formats by column.
        rows: Number of rows.
        counted: Whether they are known to be there; otherwise some column is read to its end.
    """
    numeric = [name for name, kind in said.readstat_variable_types.items() if kind != "string"]
    look, notes = Look(formats, numeric), tuple[str, ...]()
    if rows * len(numeric) > _LOOKED_AT:
        numeric = [name for name in numeric if look.has_moments(name)]
        notes = ("Special missing values (.A to .Z, ._) count as missing; they were not counted.",)
    names = numeric or ([] if counted else said.column_names[:1])
    rows = rows if names else 0
    for values, found in _chunks(path, place, names, rows, rows, user_missing=True):
        for name in numeric:
            tagged, moments = name in found.missing_user_values, look.has_moments(name)
            letters = (value for value in values[name] if tagged and isinstance(value, str))
            numbers = _numbers(values[name], tagged) if moments else None
            look.take(name, numbers, Counter(letters) if tagged else Counter())
    return look, notes
