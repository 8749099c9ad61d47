"""`trialdeck prepare`: a study of any format as parquet in which a parameter's rows stand together.

Each dataset is read once, in portions, and where it has PARAMCD told apart by it.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import polars as pl

from tui.errors import StudyError, TrialdeckError
from tui.study import builtin, by_parameter, describe, files, folder, leftovers
from tui.study.changes import fingerprint
from tui.study.formats import SUFFIXES, prepared
from tui.study.model import Dataset
from tui.study.row_groups import Group, row_groups

if TYPE_CHECKING:
    import pyarrow

_PORTION = 250_000
"""Rows that are read at a time. The large study of the bench takes 490 MB so, 750 at twice that."""

_NAME = re.compile(r"\w[\w .-]*")
"""Names of datasets that can be those of files; a file may hold any text as its name."""

Tell = Callable[[str, int, int], None]
"""Is told what is written, how many of its steps are done, and how many there are."""


@dataclass(frozen=True)
class Prepared:
    """What was written.

    Attributes:
        to: The folder.
        datasets, rows, size: How many datasets, rows of all, and bytes.
        copied: The names of the files that were copied.
        notes: What the readers decided, and which datasets were left out, in sentences.
    """

    to: Path
    datasets: int
    rows: int
    size: int
    copied: tuple[str, ...]
    notes: tuple[str, ...]

    def said(self) -> tuple[str, ...]:
        """What was written, as one sentence, and the notes, each as one."""
        kinds = "dataset" if self.datasets == 1 else "datasets"
        beside = f"; {' and '.join(self.copied)} beside" if self.copied else ""
        written = f"{self.datasets} {kinds} of {self.rows:,} rows, {self.size / 1e6:,.1f} MB"
        return (f"Written to {self.to}: {written}{beside}.", *self.notes)


def prepare(
    where: str | None,
    to: Path,
    tell: Tell = lambda name, done, total: None,
    encoding: str | None = None,
) -> Prepared:
    """Writes a study into a new folder.

    Args:
        where: The study, as for `open_study`.
        to: The folder, which must not be there, or be empty.
        tell: Is told how far it has come.
        encoding: That of text which is not UTF-8, in files that do not state theirs.

    Raises:
        StudyError: when the study cannot be read.
        TrialdeckError: when the folder is not empty or cannot be written.
    """
    path = builtin.place(where)
    place = path if path.is_dir() else path.parent
    there = fingerprint(place)
    only = None if path.is_dir() else path
    found = folder.contents(there, only, describe.read(place), encoding)
    chosen = {one.name: one for one in reversed(found.datasets)}
    for name in chosen:
        if not _NAME.fullmatch(name):
            raise StudyError(f"{chosen[name].path.name}: {name!r} cannot be the name of a file.")
    defined = next((one.defined.source for one in chosen.values() if one.defined), None)
    copied = [name for name in (describe.NAME, defined) if name and (place / name).is_file()]
    with _new_folder(to) as new:
        for one in chosen.values():
            _write(one, new, tell)
        for name in copied:
            with _private(new / name) as file:
                file.write((place / name).read_bytes())
        size = sum(one.stat().st_size for one in new.iterdir())
    return Prepared(
        to=to,
        datasets=len(chosen),
        rows=sum(one.rows for one in chosen.values()),
        size=size,
        copied=tuple(copied),
        notes=tuple(_notes(found, chosen)),
    )


def _notes(found: folder.Contents, chosen: Mapping[str, Dataset]) -> Iterator[str]:
    """What the readers decided, and what is left out: a sentence each."""
    for one in chosen.values():
        yield from (f"{one.path.name}: {note}" for note in one.header.notes)
    for one in found.datasets:
        if chosen[one.name] is not one:
            yield f"{one.path.name}: {one.name} is not written: {one.why}."
    for other in found.beside:
        if other.name.lower().endswith(SUFFIXES):
            yield f"{other.name} is not written: {other.said.rstrip('.')}."


@contextmanager
def _new_folder(to: Path) -> Iterator[Path]:
    """A folder that is there under its name when all is written, and not at all when it is not.

    It is made beside, for its owner alone, and renamed: onto a folder only if that is empty.
    """
    new = None
    try:
        if "\0" in str(to):
            raise TrialdeckError(f"{to} cannot be written: that is not a name of a folder.")
        if to.exists() and not (to.is_dir() and not any(to.iterdir())):
            raise TrialdeckError(f"{to} is there already and is not empty; choose another folder.")
        with _ended_in_order():
            try:
                new = Path(tempfile.mkdtemp(prefix=leftovers.PREFIX, dir=to.parent))
                with leftovers.held(new):
                    leftovers.remove(to.parent)
                    yield new
                    new.rename(to)
            except BaseException:
                if new is not None:
                    shutil.rmtree(new, ignore_errors=True)
                raise
    except OSError as error:
        raise TrialdeckError(f"{to} cannot be written: {error.strerror or error}.") from None


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """A signal that ends the program ends it as an exception, so that nothing is left behind."""

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {one: signal.signal(one, end) for one in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _private(path: Path) -> Any:
    """A new file that only its owner may read: study data are personal."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _write(dataset: Dataset, folder: Path, tell: Tell) -> None:
    """Writes one dataset, its columns and types as its reader has them, under their own names."""
    import pyarrow.parquet

    schema, grouped = _schema(dataset), "PARAMCD" in dataset.header.kinds
    name, steps, done = f"{dataset.name.lower()}.parquet", dataset.rows * (2 if grouped else 1), 0

    def came(rows: int) -> None:
        nonlocal done
        done += rows
        tell(name, done, steps)

    portions = files.portions(dataset, _PORTION)
    with (
        tempfile.TemporaryFile(dir=folder) as beside,
        _private(folder / name) as file,
        pyarrow.parquet.ParquetWriter(file, schema, compression="zstd") as writer,
    ):
        if grouped:
            batches = by_parameter.put(portions, dataset.header, schema, beside, came)
            groups = by_parameter.groups(batches, beside)
        else:
            tables = (by_parameter.table(one, schema) for one in portions)
            groups = iter([Group(dataset.rows, tables)])
        for table in row_groups(groups):
            writer.write_table(table, row_group_size=table.num_rows)
            came(table.num_rows)
        if grouped and (parts := by_parameter.counted(batches)):
            metadata = {prepared.ROWS: prepared.rows_text(parts, file.tell())}
            writer.add_key_value_metadata(metadata)
    if done != steps:
        raise StudyError(f"{dataset.path.name} changed while it was read.")


def _schema(dataset: Dataset) -> pyarrow.Schema:
    """The columns, each with its label and format where the source has them."""
    import pyarrow

    header, labels = dataset.header, files.labels(dataset)
    kinds = {one.own_name: one.kind for one in header.columns}
    plain = pl.DataFrame(schema=kinds).to_arrow(compat_level=pl.CompatLevel.oldest()).schema
    fields = [
        field.with_metadata(
            {
                name: text
                for name, text in (
                    ("label", labels.get(one.name, one.label)),
                    ("format", one.format),
                )
                if text
            }
        )
        for field, one in zip(plain, header.columns, strict=True)
    ]
    return pyarrow.schema(fields, {prepared.KEY: prepared.kept_text(header)})
