"""A file is written whole, for its owner alone, and over nothing that was there unasked."""

from __future__ import annotations

import os
import resource
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tui.errors import TrialdeckError
from tui.report import file
from tui.report.file import ThereAlreadyError


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """As on a disk that is full: a file takes no more than so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def foreign() -> Iterator[Path]:
    """A folder that may be looked into and not written to, for root too."""
    own = os.geteuid()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "there.csv").write_text("old", encoding="utf-8")
        folder.chmod(0o555)
        if own == 0:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            os.seteuid(own)
            folder.chmod(0o755)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_readable_by_its_owner_alone_whatever_the_umask(tmp_path: Path):
    before = os.umask(0)
    try:
        assert file.write(tmp_path / "a.csv", "é\n") == f"written to {tmp_path / 'a.csv'}"
    finally:
        os.umask(before)
    assert mode(tmp_path / "a.csv") == 0o600
    assert (tmp_path / "a.csv").read_bytes() == "é\n".encode()
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_file_that_is_there_stays_until_it_is_said_that_it_goes(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o644)
    with pytest.raises(ThereAlreadyError, match=r"a\.csv is there already; choose another name\."):
        file.write(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    file.write(path, b"new", replace=True)
    assert path.read_text(encoding="utf-8") == "new"
    assert mode(path) == 0o600


def test_a_link_is_there_already_and_what_it_leads_to_is_never_written(tmp_path: Path):
    target, link = tmp_path / "target", tmp_path / "link.csv"
    link.symlink_to(target)
    with pytest.raises(ThereAlreadyError):
        file.write(link, "new")
    target.write_text("old", encoding="utf-8")
    with pytest.raises(ThereAlreadyError):
        file.write(link, "new")
    file.write(link, "new", replace=True)
    assert target.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("replace", [False, True])
def test_a_full_disk_is_said_and_leaves_what_was_there(tmp_path: Path, replace: bool):
    path = tmp_path / "a.csv"
    if replace:
        path.write_text("old", encoding="utf-8")
    with no_file_beyond(1000), pytest.raises(TrialdeckError, match=r"a\.csv cannot be written: .+"):
        file.write(path, "x" * 100_000, replace)
    assert {one.name: one.read_text(encoding="utf-8") for one in tmp_path.iterdir()} == (
        {"a.csv": "old"} if replace else {}
    )


@pytest.mark.parametrize("name", ["new.csv", "there.csv"])
def test_a_folder_without_permission_is_said(foreign: Path, name: str):
    with pytest.raises(TrialdeckError, match=rf"{name} cannot be written: Permission denied\."):
        file.write(foreign / name, "new", replace=True)
    assert (foreign / "there.csv").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (lambda folder: folder, "it is not a file"),
        (lambda folder: Path("/dev/null"), "it is not a file"),
        (lambda folder: folder / "none" / "a.csv", "there is no such folder"),
        (lambda folder: folder / "file" / "a.csv", "Not a directory"),
        (lambda folder: folder / ("x" * 300), "File name too long"),
        (lambda folder: folder / "a\0b", "that is not a name of a file"),
    ],
)
@pytest.mark.parametrize("replace", [False, True])
def test_what_is_no_place_for_a_file_is_said(
    tmp_path: Path, path: Callable[[Path], Path], said: str, replace: bool
):
    (tmp_path / "file").write_text("old", encoding="utf-8")
    with pytest.raises(TrialdeckError, match=f"cannot be written: {said}"):
        file.write(path(tmp_path), "new", replace)
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
