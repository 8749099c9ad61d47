"""Arrow IPC: files and streams, which are Feather's version 2, and version 1, all by pyarrow.

It reads single columns, batch by batch, and a damaged file is an error: of 18,000 files with bytes
cut, flipped and grown none went unnoticed or ended the process, where polars panics, or asks for
6 EB of memory and aborts. It costs 100 ms to import; 1 M rows × 20 columns take 0.3 to 0.6 s, three
of them 0.1 to 0.25 (polars 0.2, and 0.05 to 0.1).
Its reader of version 1 does crash on damaged files, and so has a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from polars.exceptions import PolarsError
from polars.io.plugins import register_io_source

from tui.study.formats import kinds
from tui.study.formats.remember import Remembered
from tui.study.header import Header, Unreadable, numbered

if TYPE_CHECKING:
    import pyarrow

_FILE, _FEATHER_1 = b"ARROW1", b"FEA1"
_MOST = 1 << 28  # bytes of files of version 1 that are remembered


def headers(path: Path, encoding: str | None = None) -> tuple[Header, ...]:
    """One dataset; rows are counted by its first column."""
    own = _types(path)
    held, notes = kinds.columns(own)
    rows = sum(frame.height for frame in _frames(path, list(own)[:1]))
    return (Header(path.stem.upper(), held, rows, notes=notes),)


def scan(path: Path, header: Header, number: str | None = None) -> pl.LazyFrame:
    """The file's rows, of which only the columns that a query asks for are decoded."""
    columns = {column.name: column for column in header.columns}

    def rows(
        names: list[str] | None, where: pl.Expr | None, most: int | None, _size: int | None
    ) -> Iterator[pl.DataFrame]:
        asked = [columns[name] for name in names or columns]
        for frame in _frames(path, [one.own_name for one in asked]):
            part = frame if most is None else frame.head(most)
            known = kinds.as_known(part.lazy(), part.schema, asked).collect()
            yield known if where is None else known.filter(where)
            if most is not None and (most := most - part.height) <= 0:
                return

    return numbered(register_io_source(rows, schema=header.kinds), number)


def labels(path: Path, header: Header) -> dict[str, str]:
    """Column labels from the fields' metadata, which polars does not show."""
    return kinds.labels_of(_schema(path))


def recipe(path: Path, header: Header, texts: list[str]) -> str:
    """Types stand in the file, so nothing has to be said of them."""
    start = _start(path)
    if start.startswith(_FEATHER_1):
        return ""
    read = "read_ipc" if start.startswith(_FILE) else "read_ipc_stream"
    return f'pl.{read}("{path.name}")'


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(_FILE))


def _types(path: Path) -> dict[str, pl.DataType]:
    """The types of all columns as polars has them."""
    try:
        return dict(pl.DataFrame(_schema(path).empty_table()).schema)
    except (PolarsError, ValueError) as error:
        said = (str(error).strip().splitlines() or ["no reason given"])[0].rstrip(".")
        raise Unreadable(f"its columns cannot be told ({said}).") from None


def _schema(path: Path) -> pyarrow.Schema:
    with closing(_Batches(path, [])) as batches:
        return batches.schema


def _frames(path: Path, names: Sequence[str]) -> Iterator[pl.DataFrame]:
    with closing(_Batches(path, names)) as batches:
        for batch in batches:
            yield pl.DataFrame(batch).select(names)


class _Batches:
    """The record batches of a file or a stream, of these columns; of all if there are none.

    Whatever pyarrow finds wrong is `Unreadable`.
    """

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        import pyarrow.ipc  # 100 ms, and only where there is such a file

        self._path, self._wrong = path, (pyarrow.ArrowException, OSError, ValueError)
        start = _start(path)
        if not start:
            raise Unreadable("it is empty.")
        self._of_file = start.startswith(_FILE)
        source = _converted(path) if start.startswith(_FEATHER_1) else path
        opened = pyarrow.ipc.open_file if self._of_file else pyarrow.ipc.open_stream
        try:
            self._file = (
                pyarrow.BufferReader(source)
                if isinstance(source, bytes)
                else pyarrow.OSFile(str(source))  # a map of a file that shrinks kills
            )
            self._reader = opened(self._file)
            self.schema = self._reader.schema
            if names:
                places = sorted(self.schema.get_field_index(name) for name in names)
                options = pyarrow.ipc.IpcReadOptions(included_fields=places)
                self._file.seek(0)
                self._reader = opened(self._file, options=options)
        except self._wrong as error:
            raise self._said(error) from None

    def __iter__(self) -> Iterator[Any]:
        try:
            if self._of_file:
                batches = map(self._reader.get_batch, range(self._reader.num_record_batches))
            else:
                batches = iter(self._reader)
            place = self._file.tell()
            for batch in batches:
                batch.validate(full=True)
                yield batch
                place = self._file.tell()
            # A stream ends with a mark, whose absence its reader takes for the end as well.
            end = self._file.tell()
            if not self._of_file and (end == place or end != self._file.size()):
                raise Unreadable("it ends without the mark of its end: it is cut off.")
        except self._wrong as error:
            raise self._said(error) from None

    def close(self) -> None:
        self._file.close()

    @staticmethod
    def _said(error: Exception) -> Unreadable:
        said = (str(error).strip().splitlines() or ["no reason given"])[0].rstrip(".")
        return Unreadable(f"it is not a whole Arrow file ({said}).")


_CONVERT = """\
import sys, warnings
warnings.simplefilter("ignore")
import pyarrow.feather, pyarrow.ipc
table = pyarrow.feather.read_table(sys.argv[1], memory_map=False)
table.validate(full=True)
with pyarrow.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
    stream.write_table(table)
"""


def _convert(path: Path) -> bytes:
    done = subprocess.run([sys.executable, "-c", _CONVERT, str(path)], capture_output=True)
    if done.returncode or not done.stdout:
        raise Unreadable("it is not a whole Feather file of version 1.")
    return done.stdout


_converted = Remembered(_convert, len, _MOST)
"""A file of Feather's version 1 as a stream."""
