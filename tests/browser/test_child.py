"""The engine's process: how many threads it has for a study."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from tui import engine
from tui.browser import child
from tui.study.builtin import folder

from ..processes import needs_proc


def threads_of_polars(study: Path | None) -> int:
    """How many there are once a study has been opened."""
    process = child.spawned(study and str(study))
    try:
        os.write(process.questions, engine.frame(engine.Opening(study and str(study))))
        assert os.read(process.answers, 1 << 16)
        tasks = Path(f"/proc/{process._pid}/task")
        return sum(bool(re.match(r"polars-\d", one.read_text())) for one in tasks.glob("*/comm"))
    finally:
        process.stop()


@pytest.fixture
def study(tmp_path: Path) -> Path:
    there = tmp_path / "study"
    shutil.copytree(folder(), there)
    return there


@needs_proc
def test_a_small_study_has_one_thread_and_takes_no_core_from_others(study, monkeypatch):
    monkeypatch.delenv("POLARS_MAX_THREADS", raising=False)
    assert threads_of_polars(None) == threads_of_polars(study) == 1
    assert threads_of_polars(study / "adsl.csv") == 1


@needs_proc
def test_a_large_study_has_one_a_core_but_not_too_many_or_as_many_as_the_user_says(
    study, monkeypatch
):
    monkeypatch.delenv("POLARS_MAX_THREADS", raising=False)
    (study / "adxx.txt").write_bytes(bytes(child.SMALL))
    for path in (study, study / "adsl.csv"):
        assert threads_of_polars(path) == min(child.THREADS, os.cpu_count() or 1)
    monkeypatch.setenv("POLARS_MAX_THREADS", "3")
    assert threads_of_polars(study) == 3
