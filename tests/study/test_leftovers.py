"""What a killed process left half written is removed at the next write, and nothing else is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tui.report import file
from tui.study import leftovers
from tui.study.prepare import prepare

WRITING = """
import os, sys
from pathlib import Path
from tui.report import file

def wait(*_):
    sys.stdout.write("writing\\n")
    sys.stdout.flush()
    sys.stdin.read()

file.os.fsync = wait  # all is written, and has not got its name
file.write(Path(sys.argv[1]), "half " * 1000)
"""


def writer(path: Path) -> subprocess.Popen[bytes]:
    """A process in the middle of writing to a path."""
    command = [sys.executable, "-c", WRITING, str(path)]
    root = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen(command, env=root, **pipes)
    assert process.stdout is not None
    assert process.stdout.readline() == b"writing\n"
    return process


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_a_killed_process_was_writing_goes_with_the_next_file(tmp_path: Path):
    process = writer(tmp_path / "a.csv")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    (left,) = names(tmp_path)
    assert left.startswith(leftovers.PREFIX)
    file.write(tmp_path / "b.csv", "whole")
    assert names(tmp_path) == ["b.csv"]


def test_what_another_process_is_writing_stays(tmp_path: Path):
    process = writer(tmp_path / "a.csv")
    file.write(tmp_path / "b.csv", "whole")
    process.communicate(b"")
    assert process.returncode == 0
    assert names(tmp_path) == ["a.csv", "b.csv"]
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "half " * 1000


def test_a_prepared_study_that_was_half_written_goes_too(tmp_path: Path):
    half = tmp_path / f"{leftovers.PREFIX}abc"
    half.mkdir()
    (half / "adsl.parquet").write_bytes(b"PAR1")
    prepare(None, tmp_path / "to", lambda *_: None)
    assert names(tmp_path) == ["to"]


def test_nothing_else_that_is_called_so_is_touched(tmp_path: Path):
    target = tmp_path / "theirs"
    target.write_text("theirs", encoding="utf-8")
    (tmp_path / f"{leftovers.PREFIX}link").symlink_to(target)
    os.mkfifo(tmp_path / f"{leftovers.PREFIX}pipe")
    (tmp_path / "my.trialdeck-notes").write_text("mine", encoding="utf-8")
    before = names(tmp_path)
    file.write(tmp_path / "b.csv", "whole")
    assert names(tmp_path) == sorted([*before, "b.csv"])
    assert target.read_text(encoding="utf-8") == "theirs"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="there is no /proc")
def test_no_handle_is_left_open(tmp_path: Path):
    before = len(list(Path("/proc/self/fd").iterdir()))
    for number in range(5):
        file.write(tmp_path / f"{number}.csv", "whole")
    assert len(list(Path("/proc/self/fd").iterdir())) == before
