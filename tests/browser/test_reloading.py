"""A study that changes on disk while it is open: noticed, and reloaded by R."""

import csv
import os
import re
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tui.browser import status
from tui.study.builtin import folder

from ..processes import children, needs_proc
from .conftest import stop_work

CHANGED = "data changed just now: R reloads"
COMPLETE = "ANCOVA at each visit"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A copy of the built-in study."""
    return Path(shutil.copytree(folder(), tmp_path / "study"))


@pytest.fixture
def opened(terminal: Callable, study: Path) -> Callable:
    """Opens the copy in a browser, and waits for its first screen."""

    def start(*arguments: str, width: int = 120, height: int = 40):
        screen = terminal(["-m", "tui", str(study), *arguments], width, height)
        screen.wait_until(lambda: COMPLETE in screen.text or "Welch" in screen.text)
        screen.wait_for("(!)")  # the notes on the data are counted last
        screen.rest()
        return screen

    return start


def rewrite(path: Path, change: Callable[[dict[str, str]], dict[str, str] | None]) -> None:
    """Puts a file with changed rows in the place of one; a row that becomes None is left out."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    other = path.with_suffix(".new")
    with other.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(kept for row in rows if (kept := change(dict(row))) is not None)
    other.replace(path)


def higher(row: dict[str, str]) -> dict[str, str]:
    """HbA1c of 20 % for all."""
    return {**row, "AVAL": "20"} if row["PARAMCD"] == "HBA1C" else row


def without(arm: str) -> Callable[[dict[str, str]], dict[str, str] | None]:
    return lambda row: None if arm in (row.get("TRT01P"), row.get("TRTP")) else row


def engine_of(screen) -> int:
    """The process that answers the browser's questions."""
    (engine,) = children(screen.pid)
    return engine


def command(screen, words: str) -> None:
    """Says something after a colon."""
    screen.press(":")
    screen.wait_for("a command")
    screen.press(words, "\r")


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40)])
def test_a_file_that_is_rewritten_is_noticed_and_reloaded_where_the_cursor_is(
    opened, study, width, height
):
    screen = opened(width=width, height=height)
    screen.press("j", "j", "j", "j", "j", "l", "l")
    screen.wait_for("visits 6/24  Observed")
    assert "20.00" not in screen.text
    rewrite(study / "adlb.csv", higher)
    screen.wait_for(CHANGED)
    assert "visits 6/24  Observed" in screen.text
    assert "20.00" not in screen.text
    screen.press("R")
    screen.wait_for("Reloaded: adlb.csv changed.")
    assert "20.00" in screen.text
    assert "R reloads" not in screen.text
    screen.press("j")
    screen.wait_for("visits 7/24  Observed")


def test_nothing_is_written_at_rest_and_hardly_anything_while_the_notice_stands(opened, study):
    screen = opened()
    assert screen.read(2.5) == b""  # longer than the pause between two looks
    start = len(screen.raw)
    (study / "study.toml").touch()
    screen.wait_for(CHANGED)
    screen.rest()
    screen.wait_for("data changed 10 s ago: R reloads")
    screen.rest()
    assert len(screen.raw) - start <= 200  # measured: 78 and 55


def test_a_reload_of_what_has_not_changed_says_so(opened):
    screen = opened()
    screen.press("R")
    screen.wait_for("Reloaded: nothing has changed.")


def test_files_that_come_back_as_they_were_are_no_change(opened, study):
    screen = opened()
    study.rename(study.with_name("moved"))
    screen.wait_for(CHANGED)
    study.with_name("moved").rename(study)
    screen.wait_until(lambda: "R reloads" not in screen.text)


def test_an_arm_that_is_gone_is_taken_back_in_a_sentence_and_the_rest_is_kept(opened, study):
    screen = opened("--arms", "Placebo,1.0 M/kg,2.0 M/kg", "--method", "welch", width=80, height=24)
    for name in ("adsl", "adlb"):
        rewrite(study / f"{name}.csv", without("1.0 M/kg"))
    screen.wait_for("data changed")
    screen.press("R")
    screen.wait_for("Reloaded: adlb.csv, adsl.csv changed. arms=1.0 M/kg is taken back: there")
    screen.wait_for("arm '1.0 M/kg': there is Placebo, 0.3 M/kg or 2.0 M/kg.")
    screen.press("Y")
    screen.wait_for("--arms 'Placebo,2.0 M/kg'")
    assert "Welch's t test" in screen.text


def test_many_choices_that_are_gone_are_said_on_a_page(opened, study):
    screen = opened("--arms", "Placebo,2.0 M/kg", "--reference", "2.0 M/kg", "--where", "AGE>=50")
    for name in ("adsl", "adlb"):
        rewrite(study / f"{name}.csv", without("2.0 M/kg"))
    screen.wait_for("data changed")
    screen.press("R")
    screen.wait_for("Reloaded  (Esc goes back)")
    screen.wait_for("arms=2.0 M/kg is taken back: there is no arm '2.0 M/kg'")
    screen.wait_for("reference=2.0 M/kg is taken back")
    screen.press("\x1b")
    screen.wait_for("where AGE>=50")
    screen.wait_for("ref Placebo")
    command(screen, "reloaded")
    screen.wait_for("reference=2.0 M/kg is taken back")


def test_a_half_written_file_is_refused_and_the_screen_stays(opened, study):
    screen = opened()
    before = screen.lines[3:-2]
    whole = (study / "adlb.csv").read_bytes()
    (study / "adlb.csv").write_bytes(whole[: whole.index(b",", len(whole) // 2)])
    screen.wait_for(CHANGED)
    screen.press("R")
    screen.wait_for("Not reloaded: adlb.csv:")
    assert screen.lines[3:-2] == before
    screen.press("4")
    screen.wait_for("events 1/41")
    (study / "adlb.csv").write_bytes(whole)
    screen.press("R")
    screen.wait_for("Reloaded: adlb.csv changed.")


def test_a_folder_that_is_deleted_is_noticed_and_the_screen_stays(opened, study):
    screen = opened()
    before = screen.lines[:-2]
    shutil.rmtree(study)
    screen.wait_for(CHANGED)
    screen.press("R")
    screen.wait_for("Not reloaded: There is no file or folder")
    assert screen.lines[:-2] == before
    screen.press("v")  # of the rows in memory
    screen.wait_for("| value |")
    screen.press("q")
    assert screen.wait_ended() == 0


@needs_proc
def test_an_engine_that_finds_no_study_any_more_does_not_end_the_browser(opened, study):
    screen = opened()
    os.kill(engine_of(screen), signal.SIGSTOP)
    shutil.rmtree(study)
    stop_work(screen, "v")
    screen.wait_for("There is no file or folder")
    assert "| change |" in screen.lines[1]
    screen.press("j")
    screen.wait_for("visits 2/24")
    # Without their times: with them they are the same files where the inodes are given out again.
    shutil.copytree(folder(), study, copy_function=shutil.copyfile)
    screen.press("R")
    screen.wait_for("Reloaded: the files had changed.")
    screen.press("v")
    screen.wait_for("| value |")


def test_figures_that_would_mix_two_states_are_refused_and_the_view_returns(opened, study):
    screen = opened()
    rewrite(study / "adlb.csv", higher)
    screen.wait_for(CHANGED)
    command(screen, "endpoint GLUC")
    screen.wait_for("adlb.csv changed on disk since the study was opened: R reloads.")
    screen.press("Y")
    screen.wait_for("sent to the terminal: trialdeck show visits")
    assert "GLUC" not in screen.text
    screen.press("R")
    screen.wait_for("Reloaded: adlb.csv changed.")
    command(screen, "endpoint GLUC")
    screen.wait_for("Fasting plasma glucose")


def test_events_that_changed_do_not_hold_up_what_is_in_memory(opened, study):
    screen = opened()
    rewrite(study / "adae.csv", lambda row: row)
    screen.wait_for(CHANGED)
    screen.press("v")
    screen.wait_for("| value |")
    screen.press("4", "i")
    screen.wait_for("adae.csv changed on disk since the study was opened: R reloads.")
    screen.press("R")
    screen.wait_for("Reloaded: adae.csv changed.")
    screen.press("i")
    screen.wait_for("Any adverse event")


def test_a_dataset_that_is_gone_leaves_no_old_figures_on_the_screen(opened, study):
    screen = opened()
    screen.wait_for("Muscle strain")
    (study / "adae.csv").unlink()
    screen.wait_for(CHANGED)
    screen.press("R")
    screen.wait_for("Reloaded: adae.csv is gone.")
    screen.wait_for("has no adverse events")
    assert "Muscle strain" not in screen.text


def test_a_view_of_the_past_that_is_gone_is_a_sentence_and_the_one_before_can_be_had(opened, study):
    screen = opened()
    command(screen, "arms Placebo,2.0 M/kg")
    screen.wait_until(lambda: "visits 1/12" in screen.text)
    command(screen, "reset")
    screen.wait_for("visits 1/24")
    for name in ("adsl", "adlb"):
        rewrite(study / f"{name}.csv", without("2.0 M/kg"))
    screen.wait_for("data changed")
    screen.press("R")
    screen.wait_for("Reloaded: adlb.csv, adsl.csv changed.")
    screen.press("-")
    screen.wait_for("There is no arm '2.0 M/kg'")
    screen.wait_until(lambda: "1.0 M/kg" in screen.text and "working" not in screen.text)
    screen.press("j")
    screen.wait_for("visits 2/18")
    screen.press("u")
    screen.wait_for("visits 2/18")
    screen.press("q")
    assert screen.wait_ended() == 0
    assert b"should not happen" not in screen.raw


@needs_proc
def test_an_engine_that_starts_anew_on_changed_data_answers_nothing_before_a_reload(opened, study):
    screen = opened()
    os.kill(engine_of(screen), signal.SIGSTOP)
    rewrite(study / "adlb.csv", higher)
    stop_work(screen, "v")  # stops it, and starts another that finds the new data
    screen.wait_for("stopped; the figures are those of the selection before")
    screen.wait_for(CHANGED)
    screen.press("v")
    screen.wait_for("The data changed on disk since they were read: R reloads.")
    assert "| change |" in screen.lines[1]
    screen.press("R")
    screen.wait_for("Reloaded: the files had changed.")
    assert "20.00" in screen.text


def test_a_reload_leaves_the_page_that_is_open_with_its_new_figures(opened, study):
    screen = opened()
    screen.press("j", "j", "j", "j", "\r")
    screen.wait_for("the subjects' values")
    rewrite(study / "adlb.csv", higher)
    screen.wait_for("data changed")
    screen.press("R")
    screen.wait_for("Reloaded: adlb.csv changed.")
    screen.wait_for("the subjects' values")
    figures = [line for line in screen.lines if line.startswith("Observed")]
    assert figures
    assert "Mean 20.00" in figures[0]


# -- how old a change is


def test_the_age_is_said_coarsely_and_each_step_is_announced():
    said, age = [], 0.0
    while (left := status.changes_in(age)) is not None:
        said.append(status.changed(age))
        assert status.changed(age + 0.99 * left) == said[-1]
        assert left > 0
        age += left
    said.append(status.changed(age))
    assert len(said) == len(set(said))
    assert said[0] == "data changed just now: R reloads"
    assert said[2] == "data changed 30 s ago: R reloads"
    assert said[-1] == "data changed more than a day ago: R reloads"
    assert sum(status.changed(second) != status.changed(second - 1) for second in range(1, 61)) == 3


@pytest.mark.parametrize("width", [10, 20, 40, 80, 120])
@pytest.mark.parametrize("words", [0, 3, 12, 20, 60])
def test_no_word_of_a_message_is_lost_to_the_notice(width, words):
    message = " ".join(f"word{place}" for place in range(words))
    first, rest, notice = status.in_two_lines(message, CHANGED, width)
    assert re.sub(r"\s", "", first + rest) == message.replace(" ", "")
    assert notice in ("", CHANGED)
    if notice and words:
        assert len(first) + len(notice) + 2 <= width
        assert len(rest) <= width
    if not words:
        assert notice
