"""Reading the files of a study, never writing them; what goes wrong is a sentence with its name."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from polars.exceptions import PanicException, PolarsError

from tui.errors import ChangedError, StudyError
from tui.study.changes import state
from tui.study.formats import reader
from tui.study.header import Header, NotADataset, Stretch, Unreadable
from tui.study.model import Dataset, with_derived

FEW = 100_000
"""Rows up to which a dataset is read by the engine of polars that starts soonest."""


def headers(path: Path, encoding: str | None = None) -> tuple[Header, ...]:
    """The datasets of a file, their columns in capitals.

    Args:
        path: The file.
        encoding: That of text which is not UTF-8, where the file does not state its own.

    Raises:
        StudyError: when the file cannot be read, with its name and the reason.
        NotADataset: when it is of another kind than its ending says.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would never end, nor would a device
            raise NotADataset("it is not a file.")
        return reader(path).headers(path, encoding)
    except NotADataset:
        raise
    except (PolarsError, PanicException, OSError, Unreadable) as error:
        raise StudyError(f"{path.name}: {_reason(error)}") from None


def scan(dataset: Dataset, number: str | None = None) -> pl.LazyFrame:
    """The rows of a dataset, not yet read, with its derived columns.

    Args:
        dataset: The dataset.
        number: A column to put in front with each row's place in the file, the first being 1.
    """
    with _the_same_file(dataset):  # some formats are looked into before they are scanned
        rows = reader(dataset.path).scan(dataset.path, dataset.header, number)
        return with_derived(rows, dataset)


def stretches(dataset: Dataset, names: Sequence[str]) -> Sequence[Stretch]:
    """The rows of a dataset, told apart where these columns have but one value.

    As the file says, or by readers that can do so sooner than they give the rows; by others, and
    where a column is derived, it is one stretch.
    """
    if are_told_apart(dataset, names):
        return dataset.header.stretches
    told_apart = getattr(reader(dataset.path), "stretches", None)
    if told_apart is None or _derives(dataset, names):
        return (Stretch(0, dataset.rows),)
    with _the_same_file(dataset):
        return tuple(told_apart(dataset.path, dataset.header, names))


def are_told_apart(dataset: Dataset, names: Sequence[str]) -> bool:
    """Whether the file says which values these columns have, and how often."""
    said = dataset.header.stretches
    return bool(said) and said[0].same.keys() >= set(names) and not _derives(dataset, names)


def skips(dataset: Dataset, names: Sequence[str]) -> bool:
    """Whether rows are found by the values of these columns without reading what is in others.

    Parquet has the least and the greatest value of each row group, and codes for few values.
    """
    return dataset.path.suffix.lower() == ".parquet" and not _derives(dataset, names)


def _derives(dataset: Dataset, names: Sequence[str]) -> bool:
    return any(one.name in names for one in dataset.derived)


def collect(dataset: Dataset, frame: pl.LazyFrame, streaming: bool = False) -> pl.DataFrame:
    """Reads a query on a dataset; a failure names the file and the reason.

    Args:
        dataset: The dataset.
        frame: The query.
        streaming: Whether its rows are many: then what is made of them is made in portions.
    """
    with _the_same_file(dataset):
        # For few rows the streaming engine takes 0.3 ms, ten times as long as the query.
        if dataset.rows <= FEW:
            return frame.collect(engine="in-memory")
        return frame.collect(engine="streaming" if streaming else "auto")


def collect_all(
    dataset: Dataset, frames: Sequence[pl.LazyFrame], streaming: bool = False
) -> list[pl.DataFrame]:
    """Reads several queries on a dataset at once: what they share is read and done once.

    Args:
        dataset: The dataset.
        frames: The queries.
        streaming: Whether its rows are too many for memory: then they are taken in portions, for
            one query after the other (of 10 million rows at once: 4.4 GB for 2.9, 11 s for 16).
    """
    with _the_same_file(dataset):
        if streaming:
            return [frame.collect(engine="streaming") for frame in frames]
        return pl.collect_all(frames)


def portions(dataset: Dataset, rows: int) -> Iterator[pl.DataFrame]:
    """A dataset as it is delivered, in order, about so many rows at a time.

    Its columns have their own names; derived ones are not among them.
    """
    own = {column.name: column.own_name for column in dataset.header.columns}
    with _the_same_file(dataset):
        delivered = reader(dataset.path).scan(dataset.path, dataset.header).rename(own)
        if dataset.path.suffix.lower() == ".parquet":  # as batches, polars reads ahead: 1.4 GB
            for first in range(0, dataset.rows, rows):
                yield delivered.slice(first, rows).collect()
        else:
            yield from delivered.collect_batches(chunk_size=rows, maintain_order=True)


def labels(dataset: Dataset) -> dict[str, str]:
    """Column labels from the file's own metadata; empty where there are none."""
    with _the_same_file(dataset):
        return reader(dataset.path).labels(dataset.path, dataset.header)


@contextmanager
def _the_same_file(dataset: Dataset) -> Iterator[None]:
    """Reads from a file that is still the one that was opened.

    It is looked at after it was read, which also finds what changed meanwhile, and before a
    failure is said: a file that was rewritten fails in ways that say nothing of it.
    """
    failed: BaseException | None = None
    try:
        yield
    except (PolarsError, PanicException, OSError, Unreadable, ValueError) as error:
        failed = error
    if dataset.state is not None and state(dataset.path) != dataset.state:
        raise ChangedError(f"{dataset.path.name} changed on disk since the study was opened.")
    if failed is not None:
        raise StudyError(f"{dataset.path.name}: {_reason(failed)}") from None


def recipe(dataset: Dataset, texts: list[str]) -> str:
    """A polars expression that reads the dataset outside this program.

    Args:
        dataset: The dataset.
        texts: Columns that have to come as text even where all their values are digits.

    Returns:
        The expression, with the columns in capitals; empty where there is none, as where the file
        has changed since: reading it would give other figures.
    """
    if dataset.derived:
        return ""
    try:
        with _the_same_file(dataset):
            said = reader(dataset.path).recipe(dataset.path, dataset.header, texts)
    except ChangedError:
        return ""
    own = [column.own_name for column in dataset.header.columns]
    capitals = [column.name for column in dataset.header.columns]
    return said and said + ("" if own == capitals else _CAPITALS)


_CAPITALS = ".rename(lambda name: name.strip().upper())"


def _reason(error: BaseException) -> str:
    """Why a file cannot be read, in words."""
    if isinstance(error, Unreadable):
        return str(error)
    if isinstance(error, PermissionError):
        return "permission to read it is denied."
    if isinstance(error, FileNotFoundError):
        return "it is no longer there."
    reason = (isinstance(error, OSError) and error.strerror) or str(error)
    said = (reason.strip().splitlines() or ["no reason given"])[0].rstrip(".")
    return f"it cannot be read: {said}."
