"""Writing a view to a file, and what was recognized of a study."""

from __future__ import annotations

import signal
import stat
import tomllib
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

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

from ..processes import alive, children, needs_proc, wait_gone, wait_until
from .conftest import until


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
            await until(pilot, lambda: not app.writing.notice)
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
            assert not app.prompting
            await until(pilot, lambda: not app.writing.notice)
            assert said in shown(app)
        await pilot.press("j")
        assert app.body.row == 1

    browser(play)


def test_what_has_become_of_a_file_is_not_taken_away_by_the_next_key(
    browser: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async def play(app: Browser, pilot: Pilot[None]) -> None:
        app.do("export", "a.csv")
        await until(pilot, lambda: not app.writing.notice)
        assert "written to a.csv" in shown(app)
        await pilot.press("j")
        assert app.body.row == 1
        assert "written to a.csv" in shown(app)

    monkeypatch.chdir(tmp_path)
    browser(play)


def test_esc_right_after_enter_stops_a_writing_whose_process_is_not_there_yet(
    browser: Callable, tmp_path: Path
):
    async def play(app: Browser, pilot: Pilot[None]) -> None:
        await app.complete()
        app.do("export", str(tmp_path / "a.csv"))
        await app.act("close")
        await until(pilot, lambda: not app.writing.notice)
        assert "stopped: a.csv is not written" in shown(app)

    browser(play)
    assert not list(tmp_path.iterdir())


def test_a_recording_has_an_export_and_says_where_nothing_came_of_it(
    browser: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async def play(app: Browser, pilot: Pilot[None]) -> None:
        app.do("record", "steps.txt")
        for path in ("a.csv", "/proc/b.csv"):
            app.do("export", path)
            await until(pilot, lambda: not app.writing.notice)

    monkeypatch.chdir(tmp_path)
    browser(play)
    assert (tmp_path / "steps.txt").read_text(encoding="utf-8").splitlines()[2:] == [
        "export a.csv",
        "export /proc/b.csv",
        "# b.csv was not written",
    ]


def test_a_picture_of_the_screen_fetches_nothing_and_shows_the_data_as_text(
    browser: Callable, tmp_path: Path
):
    async def play(app: Browser, pilot: Pilot[None]) -> None:
        app.say("terminal-1 @font-face { <b>&amp;#160; clip-path")
        await pilot.pause()
        app.do("export", str(tmp_path / "a.svg"))

    browser(play)
    made = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "http" not in made.replace("http://www.w3.org", "").replace("https://www.textualize", "")
    words = " ".join("".join(ElementTree.fromstring(made).itertext()).split())
    assert "terminal-1 @font-face { <b>&amp;#160; clip-path" in words
    assert "Hemoglobin A1c (%)" in words


# -- on a terminal, as it is used


@pytest.fixture
def log(terminal: Callable, pilot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The log of the pilot study, whose RTF takes seconds, with the writing of it begun."""
    monkeypatch.chdir(tmp_path)
    screen = terminal(["-m", "tui", str(pilot)], 100, 24)
    screen.wait_for("ANCOVA at each visit")
    screen.press("4")
    screen.wait_for("events 1/1191")
    screen.press(":export log.rtf\r")
    screen.wait_for("writing log.rtf: Esc stops it")
    return screen


@needs_proc
def test_keys_are_answered_while_a_large_file_is_written(log, tmp_path: Path):
    for row in range(2, 6):
        log.press("j")
        log.wait_for(f"events {row}/1191")
    log.press("/HEAD")
    log.wait_for("of 1191")
    assert "writing log.rtf" in log.text
    log.press("\x1b")
    log.wait_for("written to log.rtf")
    text = (tmp_path / "log.rtf").read_text(encoding="ascii")
    assert "1191 rows" in text
    assert "writing" not in log.text
    assert len(children(log.pid)) == 1  # the engine


@needs_proc
def test_esc_stops_the_writing_and_leaves_neither_file_nor_process(log, tmp_path: Path):
    log.press(":export other.csv\r")
    log.wait_for("log.rtf is still being written: one file at a time.")
    log.press("\x1b")
    log.wait_for("stopped: log.rtf is not written")
    assert not list(tmp_path.iterdir())
    wait_until(lambda: len(children(log.pid)) == 1)
    log.press(":export other.csv\r")
    log.wait_for("written to other.csv")
    assert [one.name for one in tmp_path.iterdir()] == ["other.csv"]


@needs_proc
@pytest.mark.parametrize("ending", ["q", signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_however_the_browser_ends_half_a_file_and_its_process_do_not_stay(
    log, tmp_path: Path, ending: str | int
):
    others = set(children(log.pid))
    assert len(others) == 2
    if isinstance(ending, str):
        log.press(ending)
        assert log.wait_ended() == 2
        assert b"log.rtf is not written" in log.raw
    else:
        log.signal(ending)
        log.wait_ended()
    wait_gone(lambda: others & set(alive()))
    assert not list(tmp_path.iterdir())
