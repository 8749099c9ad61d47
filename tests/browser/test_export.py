"""Writing a view to a file, and what was recognized of a study."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.browser import export
from tui.browser.app import Browser
from tui.browser.lines import Line
from tui.errors import TrialdeckError
from tui.report.exports import EXPORTS
from tui.study.open import open_study


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


@pytest.mark.parametrize("suffix", [".csv", ".md", ".json", ".txt", ".xlsx", ".html", ".rtf"])
def test_a_view_is_written_in_the_form_that_the_files_name_says(
    pilot_session: Session, tmp_path: Path, suffix: str
):
    path = tmp_path / f"view{suffix}"
    answer = pilot_session.answer(Question("baseline"))
    assert export.write(str(path), answer, str) == f"written to {path}"
    assert path.read_bytes() == encoded(EXPORTS[suffix](answer))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def encoded(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode("utf-8")


def test_figures_that_are_still_to_come_are_not_written_as_if_there_were_none(tmp_path: Path):
    answer = Session(open_study(None)).answer(Question("visits", statistics=False))
    with pytest.raises(TrialdeckError, match="still on their way"):
        export.write(str(tmp_path / "a.csv"), answer, str)
    assert not list(tmp_path.iterdir())


def shown(app: Browser) -> str:
    """The line of status."""
    return app.query_one("#status", Line).render_line(0).text


def test_over_a_file_that_is_there_the_browser_asks(browser: Callable, tmp_path: Path):
    path = tmp_path / "view.csv"
    path.write_text("old", encoding="utf-8")

    async def play(app: Browser, pilot: Pilot[None]) -> None:
        async def export_and(*keys: str) -> str:
            await pilot.press("e")
            for character in str(path):
                app.asking.type(character)
            await pilot.press("enter")
            assert app.prompting == "replace"
            await pilot.press(*keys)
            assert not app.prompting
            return path.read_text(encoding="utf-8")

        assert await export_and("enter") == "old"
        assert await export_and("n", "enter") == "old"
        assert await export_and("escape") == "old"
        assert (await export_and("y", "enter")).startswith("visit,visit_number,arm")

    browser(play)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_place_that_cannot_be_written_is_said_and_the_browser_goes_on(
    browser: Callable, tmp_path: Path
):
    async def play(app: Browser, pilot: Pilot[None]) -> None:
        for words, said in (
            (f"export {tmp_path}/none/a.xlsx", "there is no such folder"),
            ("export /proc/a.csv", "cannot be written"),
            ("export a.pdf", "has to end in"),
            ("export ~nobody-of-that-name/a.csv", "there is no such home"),
        ):
            await pilot.press("colon")
            for character in words:
                app.asking.type(character)
            await pilot.press("enter")
            assert said in shown(app)
            assert not app.prompting
        await pilot.press("j")
        assert app.body.row == 1

    browser(play)
