"""Small files of every format, the genuine ones, and what a reader makes of a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from tui.study.formats import reader, transport
from tui.study.header import Header, Unreadable

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


@pytest.fixture
def file(tmp_path):
    """A file with these bytes."""

    def make(data, name="adx.xpt"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return make


@pytest.fixture
def refused(file):
    """The sentence with which a transport file is refused."""

    def sentence(data, encoding=None):
        with pytest.raises(Unreadable) as error:
            transport.headers(file(data), encoding)
        return str(error.value)

    return sentence
