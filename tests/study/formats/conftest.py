"""Small files of every format, the genuine ones, and what a reader makes of a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from tui.study.formats import reader
from tui.study.header import Header

SHARED = Path(__file__).parents[4] / "shared" / "files"


@dataclass(frozen=True)
class Read:
    """A dataset as its reader gives it: the header, and all rows."""

    header: Header
    frame: pl.DataFrame
    labels: dict[str, str]


@pytest.fixture(scope="session")
def read() -> Callable[..., list[Read]]:
    """Reads all datasets of a file; a header says what the rows then are."""

    def datasets(path: Path, encoding: str | None = None) -> list[Read]:
        found = []
        for header in reader(path).headers(path, encoding):
            frame = reader(path).scan(path, header).collect()
            assert dict(frame.schema) == header.kinds
            assert frame.height == header.rows
            found.append(Read(header, frame, reader(path).labels(path, header)))
        return found

    return datasets


@pytest.fixture(scope="session")
def shared() -> Callable[[str], list[Path]]:
    """The genuine files of a folder; skips where they are not beside the checkout."""

    def files(folder: str) -> list[Path]:
        if not SHARED.is_dir():
            pytest.skip("the genuine files are not beside this checkout")
        return sorted((SHARED / folder).iterdir())

    return files
