"""Writing what was recognized of a study, from its page."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest

from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.browser import export
from tui.errors import TrialdeckError


def test_the_page_of_the_study_is_written_as_a_study_toml(pilot_session: Session, tmp_path: Path):
    path = tmp_path / "study.toml"
    answer = pilot_session.answer(Question("study"))
    assert export.describe(str(path), answer) == f"written to {path}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    made = tomllib.loads(path.read_text(encoding="utf-8"))
    assert made["id"] == "CDISCPILOT01"
    assert made["datasets"]["adtte"]["part"] == "time to event"
    with pytest.raises(TrialdeckError, match=r"study\.toml is there already"):
        export.describe(str(path), answer)


def test_another_page_cannot_be_written_as_one(pilot_session: Session, tmp_path: Path):
    for answer in (None, pilot_session.answer(Question("baseline"))):
        with pytest.raises(TrialdeckError, match=r"Open the study's page first \(:study\)"):
            export.describe(str(tmp_path / "study.toml"), answer)
    assert not list(tmp_path.iterdir())
