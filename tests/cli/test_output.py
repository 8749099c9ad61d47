"""Where the output goes; the study is only read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tui.report.formats import FORMATS

from .program import QUESTIONS, show


@pytest.mark.parametrize("form", FORMATS)
def test_a_reader_that_goes_away_is_no_error(form, pilot):
    """As `| head -1` does: 2,000 values are more than a pipe holds."""
    command = [sys.executable, "-m", "tui", "show", "values", str(pilot), "--endpoint", "ALT"]
    with subprocess.Popen(
        [*command, "--format", form], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("kind", ["visits", "arms"])
def test_a_full_disk_is_said_in_one_sentence(kind):
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "tui", "show", kind],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert run.returncode == 2
    assert run.stderr == "trialdeck: The output cannot be written: No space left on device.\n"


# The study is only read


def listing(folder):
    def seen(path):
        status = path.stat()
        return status.st_mtime_ns, status.st_size, status.st_mode

    return {path.relative_to(folder): seen(path) for path in [folder, *folder.rglob("*")]}


def test_the_study_is_not_written_to(here, study, monkeypatch):
    monkeypatch.chdir(study)
    before = listing(study)
    for kind, more in QUESTIONS.items():
        show(here, kind, study, *more)
    assert listing(study) == before


def test_a_study_in_a_folder_without_write_permission(trialdeck, study):
    for path in study.iterdir():
        path.chmod(0o400)
    study.chmod(0o500)
    try:
        assert show(trialdeck, "visits", study, cwd=study).out
    finally:
        study.chmod(0o700)


def test_the_study_may_stand_after_the_options(here, study):
    before = here("show", "visits", study, "--visits", "8", "--format", "csv")
    after = here("show", "visits", "--visits", "8", study, "--format", "csv")
    assert before.status == after.status == 0
    assert before.out == after.out
