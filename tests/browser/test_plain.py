"""The browser as lines of text: what a screen reader hears."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.browser.commands import WORDS
from tui.browser.plain import Reader
from tui.errors import SelectionError
from tui.selection import Selection
from tui.study.builtin import folder

ROOT = Path(__file__).parents[2]


def heard(*lines: str, study: str | None = None, **environ: str) -> str:
    """What the program prints for these lines, sent through a pipe."""
    done = subprocess.run(
        [sys.executable, "-m", "tui", "--plain", *([study] if study else [])],
        input="".join(f"{line}\n" for line in lines).encode(),
        capture_output=True,
        env={"LANG": "C.UTF-8", "TERM": "dumb", "PATH": os.environ["PATH"]}
        | {"PYTHONPATH": str(ROOT)}
        | environ,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


@pytest.fixture
def reader() -> Callable[..., list[str]]:
    """One reader of the built-in study: what it says to a line."""
    said: list[str] = []
    one = Reader(None, Selection(), False, said.append)

    def act(line: str) -> list[str]:
        said.clear()
        one.act(line)
        return list(said)

    return act


def test_a_session_reads_like_this(golden):
    lines = ("help", "endpoint GLUC", "row 3", "down", "find Week 8", "visits 8,12", "visits")
    lines += ("arms", "severity SEVERE", "events", "open", "close", "undo", "here", "nonsense")
    golden("plain.txt", heard(*lines))


def test_a_change_is_one_line_and_says_what_is_looked_at_now(reader):
    assert reader("endpoint GLUC") == [
        "Endpoint: Fasting plasma glucose (mg/dL). 6 visits, 4 arms, 61 subjects."
    ]
    assert reader("severity SEVERE") == ["Severity: SEVERE. 1 event in 1 subject, 4 arms."]
    assert reader("where AGE>=60") == ["Where: AGE>=60. 6 visits, 4 arms, 24 subjects."]
    assert reader("visits 8") == ["Visits: 8. 1 visit, 4 arms, 24 subjects."]
    assert reader("undo")[0].startswith("Visits: 0,1,2,4,8,12, as the study has it. 6 visits")
    assert reader("undo") == ["Visits: 8. 1 visit, 4 arms, 24 subjects."]


def test_a_row_is_said_with_a_heading_before_each_figure(reader):
    assert reader("row 17")[0].startswith(
        "Row 17 of 24. Visit Week 8, Arm Placebo. Observed, %: n 16, Mean 8.28, SD 0.79"
    )
    assert reader("down")[0].startswith("Row 18 of 24. Visit Week 8, Arm 0.3 M/kg")
    assert reader("-1") == reader("row 17")
    assert reader("row 0") == ["There are rows 1 to 24 here, no row 0."]
    assert reader("row 25") == ["There are rows 1 to 24 here, no row 25."]


def test_open_leads_to_what_is_behind_a_row_and_close_back_in_one_line(reader):
    reader("find week 8")
    assert "Hemoglobin A1c (%): the subjects' values (reconstruction)" in reader("open")
    assert "Subject MSB-DM003-01-001 (reconstruction)" in reader("open")
    assert reader("close") == ["Values: Hemoglobin A1c (%): the subjects' values. 1 arm."]
    assert reader("close") == ["Visits: Hemoglobin A1c (%). 6 visits, 4 arms, 61 subjects."]


@pytest.mark.parametrize("word", ["visits", "trends", "events", "incidence", "power", "details"])
def test_what_is_printed_has_the_figures_of_show_and_neither_pictures_nor_rules(reader, here, word):
    lines = reader(word)
    assert not any(re.search(r"--|[\u2500-\u28ff]", line) for line in lines)
    if word not in ("details", "visits"):
        assert set(map(str.strip, lines[4:])) - {""} <= {
            line.strip() for line in here("show", word).out.splitlines()
        }


def test_what_is_recorded_in_lines_is_replayed_to_the_same_figures(
    reader, here, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    reader("endpoint GLUC")
    assert reader("record steps.txt") == ["recording in steps.txt: record alone ends it"]
    for line in ("where AGE>=60", "endpoint NOPE", "undo", "visits 8", "power", "copy", "close"):
        reader(line)
    reader("export visits.csv")
    assert reader("record") == ["recorded in steps.txt: trialdeck replay steps.txt"]
    reader("endpoint HBA1C")
    steps = Path("steps.txt").read_text(encoding="utf-8").splitlines()
    assert steps[1:] == [
        *("study msb-dm003", "endpoint GLUC", "where AGE>=60", "reset where", "visits 8"),
        *("power", "show", "visits", "export visits.csv"),
    ]
    recorded = Path("visits.csv").read_bytes()
    Path("visits.csv").unlink()
    replayed = here("replay", "steps.txt")
    assert replayed.out == here("show", "power", "--endpoint", "GLUC", "--visits", "8").out
    assert Path("visits.csv").read_bytes() == recorded
    assert reader("record visits.csv")[0].startswith("visits.csv is there already")


def test_what_cannot_be_done_is_said_in_a_sentence_and_changes_nothing(reader):
    before = reader("here")
    for line in ("endpoint NOPE", "arms nobody", "frob", "row x", "export", "theme dark", "find"):
        (sentence,) = reader(line)
        assert sentence.endswith((".", "?"))
        assert "should not happen" not in sentence
    assert reader("endpoint HBA1C; rm")
    assert reader("here") == before


@settings(max_examples=60, deadline=None)
@given(
    lines=st.lists(
        st.one_of(
            st.text(max_size=20),
            st.sampled_from((*WORDS, "open", "close", "down", "up", "next", "previous", "row 2")),
            st.tuples(st.sampled_from(WORDS), st.text(max_size=8)).map(" ".join),
        ),
        max_size=6,
    )
)
def test_whatever_is_said_is_answered_without_a_fault(lines):
    said: list[str] = []
    reader = Reader(None, Selection(), False, said.append)
    with TemporaryDirectory() as there, contextlib.chdir(there):  # what is recorded is written
        for line in lines:
            if line.split(" ")[0] not in ("export", "describe", "copy"):
                reader.act(line.strip())
    assert not [line for line in said if "should not happen" in line]


def test_in_the_c_locale_all_is_ascii_and_a_letter_beyond_is_a_question_mark(tmp_path):
    study = tmp_path / "study"
    shutil.copytree(folder(), study)
    toml = study / "study.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("cells in", "cells µ in", 1))
    for environ in ({"LANG": "C"}, {"LC_ALL": "POSIX"}):
        said = heard("visits", "power", study=str(study), **environ)
        assert said.isascii()
        assert "cells ? in" in said
    assert "cells µ in" in heard("here", study=str(study))


def test_control_characters_of_the_line_do_not_come_back(reader):
    (said,) = reader("\x1b[31mred")
    assert "\x1b" not in heard("\x1b[31mred")
    assert "no word" in said


def test_data_that_change_on_disk_are_said_once_and_read_anew_on_request(tmp_path):
    study = tmp_path / "study"
    shutil.copytree(folder(), study)
    said: list[str] = []
    reader = Reader(str(study), Selection(), False, said.append)
    os.utime(
        study / "adsl.parquet"
        if (study / "adsl.parquet").exists()
        else next(path for path in study.iterdir() if path.suffix in (".csv", ".parquet")),
        (1, 1),
    )
    said.clear()
    reader.act("here")
    reader.act("here")
    assert [line for line in said if "changed on disk" in line] == said[:1]
    said.clear()
    reader.act("reload")
    assert said[0].startswith("Reloaded: ")
    reader.act("here")
    assert "changed on disk" not in said[-1]


def test_on_a_terminal_that_cannot_draw_it_asks_and_answers_in_lines(terminal):
    screen = terminal(["-m", "tui", "--plain"], 80, 24, TERM="dumb")
    screen.wait_for("visits>")
    screen.press("endpoint GLUC\r")
    screen.wait_for("Endpoint: Fasting plasma glucose (mg/dL).")
    screen.press("arms\r")
    screen.wait_for("arms>")
    screen.press("quit\r")
    assert screen.wait_ended() == 0
    assert b"\x1b" not in screen.raw


@pytest.mark.parametrize(("keys", "status"), [("\x04", 0), ("\x03", 130)])
def test_the_end_of_the_input_and_an_interrupt_end_it(terminal, keys, status):
    screen = terminal(["-m", "tui", "--plain"], 80, 24, TERM="dumb")
    screen.wait_for("visits>")
    screen.press(keys)
    assert screen.wait_ended() == status
    assert b"Traceback" not in screen.raw


def test_it_loads_no_screen_library():
    code = (
        "import sys, io\n"
        "from tui.cli import main\n"
        "assert main(['--plain']) == 0\n"
        "assert 'textual' not in sys.modules"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=ROOT,
    )


@pytest.mark.parametrize("option", [["--theme", "dark"], ["--mouse"]])
def test_options_of_a_screen_are_refused(here, option):
    run = here("--plain", *option)
    assert (run.status, run.out) == (2, "")
    assert run.err == "trialdeck: Lines of text have no theme and no mouse: --plain alone.\n"


def test_a_choice_that_means_nothing_is_refused_at_the_start():
    with pytest.raises(SelectionError, match="nobody"):
        Reader(None, Selection(arms=("nobody",)), False, print)
