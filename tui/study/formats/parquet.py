"""Parquet files: polars scans them, and reads no column and no row group that is not asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from tui.study.formats import kinds, prepared
from tui.study.header import Header, Stretch, Unreadable

_PLACE = "\0place"
"""A row's place in the file; no name that a column has."""

_MANY = 50_000_000
"""Rows of a file whose statistics are always looked at: 0.07 s, most of it to load pyarrow, where
a pass over two columns takes 0.6 s or more."""


def headers(path: Path, encoding: str | None = None) -> tuple[Header, ...]:
    """One dataset; its number of rows stands in the footer."""
    try:
        held, notes = kinds.columns(pl.read_parquet_schema(path))
        rows = int(pl.scan_parquet(path).select(pl.len()).collect().item())
        kept = prepared.read(path)
    except PolarsError as error:
        said = (str(error).strip().splitlines() or ["no reason given"])[0].rstrip(".")
        raise Unreadable(f"it is not a whole parquet file ({said}).") from None
    return (
        Header(
            path.stem.upper(),
            kept.with_decodes(held),
            rows,
            label=kept.label,
            notes=(*notes, *kept.notes),
            place=kept.grouped,
        ),
    )


def labels(path: Path, header: Header) -> dict[str, str]:
    """Column labels from the Arrow schema in the footer, which polars does not show."""
    import pyarrow.parquet  # loaded only when labels are asked for: 100 ms

    try:
        return kinds.labels_of(pyarrow.parquet.read_schema(path))
    except pyarrow.ArrowException as error:
        said = (str(error).strip().splitlines() or ["no reason given"])[0].rstrip(".")
        raise Unreadable(f"its labels cannot be read ({said}).") from None


def scan(path: Path, header: Header, number: str | None = None) -> pl.LazyFrame:
    """The file's rows.

    Counted by the scan itself they are filtered there too: an endpoint of 10 million rows then
    takes 0.1 s and 130 MB, and 0.8 s and 1.1 GB where all of them are counted above it.
    """
    rows = pl.scan_parquet(path, row_index_name=number and _PLACE, row_index_offset=1)
    front = (pl.col(_PLACE).alias(number),) if number else ()
    return kinds.as_known(rows, rows.collect_schema(), header.columns, *front)


def recipe(path: Path, header: Header, texts: list[str]) -> str:
    """Types stand in the file, so nothing has to be said of them."""
    return f'pl.read_parquet("{path.name}")'


def stretches(path: Path, header: Header, names: Sequence[str]) -> Iterator[Stretch]:
    """The rows of a file, told apart where these columns have one value each for a row group.

    It is asked only of a file whose parameters stand together, or that is so large that looking
    costs nothing; of all others it is one stretch.
    """
    if not header.place and header.rows < _MANY:
        yield Stretch(0, header.rows)
        return
    import pyarrow.parquet

    own = {column.own_name: column.name for column in header.columns if column.name in names}
    metadata = pyarrow.parquet.read_metadata(path)
    first = start = 0
    for place in range(metadata.num_row_groups):
        group = metadata.row_group(place)
        found = {
            own[column.path_in_schema]: _only(column.statistics, group.num_rows)
            for column in map(group.column, range(group.num_columns))
            if column.path_in_schema in own
        }
        end = start + group.num_rows
        same = {name: one[0] for name, one in found.items() if one}
        if len(same) == len(names):
            if first < start:
                yield Stretch(first, start - first)
            yield Stretch(start, group.num_rows, same)
            first = end
        start = end
    if first < start:
        yield Stretch(first, start - first)


def _only(statistics: Any, rows: int) -> tuple[Any] | None:
    """The one value of a column's rows in a row group, if there is one and the footer says so."""
    if statistics is None or not statistics.has_null_count:
        return None
    if statistics.null_count == rows:
        return (None,)
    if statistics.null_count or not statistics.has_min_max or statistics.min != statistics.max:
        return None
    return (statistics.min,) if isinstance(statistics.min, str | int | float) else None
