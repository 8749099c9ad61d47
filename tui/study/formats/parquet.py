"""Parquet files: polars scans them, and reads no column and no row group that is not asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from tui.study.formats import kinds, prepared
from tui.study.header import Header, Stretch, Unreadable

_PLACE = "\0place"
"""A row's place in the file; no name that a column has."""

_MANY = 50_000_000
"""Rows of a file whose parameters are counted by their codes: to load pyarrow and its parts takes
0.15 s, and at 10 million rows that is all that is won."""


def headers(path: Path, encoding: str | None = None) -> tuple[Header, ...]:
    """One dataset; its number of rows stands in the footer."""
    try:
        own = pl.read_parquet_schema(path)
        held, notes = kinds.columns(own)
        rows = int(pl.scan_parquet(path).select(pl.len()).collect().item())
        metadata = pl.read_parquet_metadata(path)
    except PolarsError as error:
        said = (str(error).strip().splitlines() or ["no reason given"])[0].rstrip(".")
        raise Unreadable(f"it is not a whole parquet file ({said}).") from None
    kept = prepared.kept(metadata)
    return (
        Header(
            path.stem.upper(),
            kept.with_decodes(held),
            rows,
            label=kept.label,
            notes=(*notes, *kept.notes),
            place=own,
            stretches=prepared.stretches(metadata, path, held, rows),
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
    own = header.place  # read once, with the header: that is half of what it takes to scan
    assert isinstance(own, pl.Schema)
    rows = pl.scan_parquet(path, row_index_name=number and _PLACE, row_index_offset=1)
    front = (pl.col(_PLACE).alias(number),) if number else ()
    return kinds.as_known(rows, own, header.columns, *front)


def recipe(path: Path, header: Header, texts: list[str]) -> str:
    """Types stand in the file, so nothing has to be said of them."""
    return f'pl.read_parquet("{path.name}")'


def stretches(path: Path, header: Header, names: Sequence[str]) -> Iterator[Stretch]:
    """The rows of a file, told apart by the values that these columns have.

    Where a row group has one value in each column its statistics say so, and no row is read. Of
    others the values are counted. That is done for a file that is so large that it is quicker; any
    other is one stretch.
    """
    if header.rows < _MANY:
        yield Stretch(0, header.rows)
        return
    from concurrent.futures import ThreadPoolExecutor

    import pyarrow.parquet

    from tui.study.formats.combinations import combinations

    own = {column.own_name: column.name for column in header.columns if column.name in names}
    metadata = pyarrow.parquet.read_metadata(path)
    groups = [metadata.row_group(place) for place in range(metadata.num_row_groups)]
    starts = [0, *accumulate(group.num_rows for group in groups)]

    def told_apart(place: int) -> list[Stretch]:
        same = _same(groups[place], own)
        if len(same) == len(own):
            return [Stretch(starts[place], groups[place].num_rows, same)]
        return combinations(path, metadata, place, starts[place], list(own))

    with ThreadPoolExecutor(pl.thread_pool_size()) as threads:
        for found in threads.map(told_apart, range(len(groups))):
            for one in found:
                same = {own.get(name, name): value for name, value in one.same.items()}
                yield Stretch(one.first, one.rows, same)
    pyarrow.default_memory_pool().release_unused()  # 75 MB, of which nothing is used any more


def _same(group: Any, names: Collection[str]) -> dict[str, Any]:
    """Of these columns those that have one value in a row group, and the value."""
    found = {
        column.path_in_schema: _only(column.statistics, group.num_rows)
        for column in map(group.column, range(group.num_columns))
        if column.path_in_schema in names
    }
    return {name: one[0] for name, one in found.items() if one}


def _only(statistics: Any, rows: int) -> tuple[Any] | None:
    """The one value of a column's rows in a row group, if there is one and the footer says so."""
    if statistics is None or not statistics.has_null_count:
        return None
    if statistics.null_count == rows:
        return (None,)
    if statistics.null_count or not statistics.has_min_max or statistics.min != statistics.max:
        return None
    return (statistics.min,) if isinstance(statistics.min, str | int | float) else None
