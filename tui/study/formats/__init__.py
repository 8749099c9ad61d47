"""One reader a format, each loaded when a file of its kind is met. To add one: a module, a line."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

import polars as pl

from tui.study.header import Header

_MODULES = {
    ".parquet": "parquet",
    ".csv": "delimited",
    ".tsv": "delimited",
    ".json": "dataset_json",
    ".ndjson": "dataset_json",
    ".dsjc": "dataset_json",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
    ".xpt": "transport",
    ".xport": "transport",
    ".xpt5": "transport",
    ".xpt8": "transport",
    ".v5xpt": "transport",
    ".v8xpt": "transport",
    ".sas7bdat": "sas7bdat",
}
"""The module that reads files of an ending."""

SUFFIXES = tuple(_MODULES)
"""File name endings that are read as datasets."""


class Reader(Protocol):
    """What a module of this package has.

    Both raise `Unreadable` with the reason (or polars' own errors, or OSError): a file that is
    cut short is an error, never a shorter table. Neither keeps the file open, neither writes.
    One may have `stretches` besides, which tells its rows apart sooner than it gives them.
    """

    def headers(self, path: Path, encoding: str | None = None) -> tuple[Header, ...]:
        """The datasets of a file, without reading their rows where the format allows it.

        `encoding` is that of text which is not UTF-8, in a file that does not state its own.
        """

    def scan(self, path: Path, header: Header, number: str | None = None) -> pl.LazyFrame:
        """The rows of one of them, not yet read, its columns named and typed as the header says.

        `number` names a column that is put in front, each row's place in the file from 1.
        """

    def labels(self, path: Path, header: Header) -> dict[str, str]:
        """Column labels by the names in capitals; what has no label is left out."""

    def recipe(self, path: Path, header: Header, texts: list[str]) -> str:
        """A polars expression that reads the file outside this program; empty if there is none.

        Args:
            path: The file.
            header: What `headers` gave for it.
            texts: Columns that have to come as text even where all their values are digits.
        """


def reader(path: Path) -> Reader:
    """The reader of a file, told by its ending."""
    name = _MODULES[path.suffix.lower()]
    return cast(Reader, import_module(f"tui.study.formats.{name}"))
