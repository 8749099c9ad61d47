"""Scripts, run without a screen and in the browser. UPDATE_GOLDENS=1 writes recorded ones anew."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tui.browser import script
from tui.study.builtin import folder

TESTS = Path(__file__).parents[1]
SCRIPTS = TESTS / "scripts"
ANSWERS = (
    *("study", "arms", "baseline", "visits", "trends", "responders", "responders-change", "tests"),
    *("mmrm", "subgroups", "sensitivity-week-8", "power", "events", "incidence", "subject"),
)


@pytest.fixture
def replayed(here, tmp_path, monkeypatch):
    """Replays lines that stand in a file of the folder that is current."""
    monkeypatch.chdir(tmp_path)

    def replay(*lines: str, options: tuple[str, ...] = ()):
        Path("script.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return here("replay", "script.txt", *options)

    return replay


def test_a_script_prints_what_the_commands_print(here):
    run = here("replay", SCRIPTS / "answers.txt")
    goldens = [TESTS / "goldens" / "show" / f"{name}.txt" for name in ANSWERS]
    assert (run.status, run.err) == (0, "")
    assert run.out == "\n".join(path.read_text(encoding="utf-8") for path in goldens)


def test_the_script_in_the_readme_is_the_one_that_is_run():
    readme = (TESTS.parent / "README.md").read_text(encoding="utf-8")
    assert (SCRIPTS / "headache.txt").read_text(encoding="utf-8") in readme


@pytest.mark.parametrize("form", ["text", "md", "csv", "json"])
def test_a_script_without_show_prints_its_last_view_in_every_format(replayed, here, form):
    options = ("--format", form)
    run = replayed("", "  # a remark", "endpoint GLUC", "visits 8", options=options)
    shown = here("show", "visits", "--endpoint", "GLUC", "--visits", "8", *options)
    assert (run.status, run.err, run.out) == (0, "", shown.out)


def test_undo_back_and_forward_go_where_they_go_in_the_browser(replayed, here):
    run = replayed("method welch", "arms", "undo", "back", "back", "forward", "forward", "visits")
    assert run.out == here("show", "visits").out


def test_text_of_another_code_page_is_read_as_the_option_or_the_script_says(replayed, tmp_path):
    study = tmp_path / "study"
    shutil.copytree(folder(), study)
    path = study / "adlb.csv"
    path.write_bytes(path.read_bytes().replace(b"Week 8", "W\xf6che 8".encode("latin-1")))
    assert "say it with --encoding" in replayed("study study", "visits 8").err
    said = replayed("study study", "encoding windows-1252", "visits 8")
    assert "W\xf6che 8" in said.out
    for lines in (("study study",), ("study study", "encoding shift_jis"), ()):
        options = ("--encoding", "windows-1252", *([] if lines else ["study"]))
        assert replayed(*lines, "visits 8", options=options).out == said.out


def test_an_export_is_written_once_beside_the_script_and_never_over_a_file(replayed):
    lines = ("visits 8", "export table.csv", "show", "arms", "show")
    run = replayed(*lines)
    assert (run.status, run.err) == (0, "written to table.csv\n")
    written = Path("table.csv")
    assert written.read_text(encoding="utf-8").startswith("visit,visit_number,arm")
    assert written.stat().st_mode & 0o777 == 0o600
    before = written.read_bytes()
    again = replayed(*lines)
    assert (again.status, again.out) == (2, "")
    assert again.err == (
        "trialdeck: script.txt, line 2: table.csv is there already; choose another name.\n"
    )
    assert written.read_bytes() == before


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["nonsense"], "line 1: There is no command 'nonsense'"),
        (["# remark", "", "visits eight"], "line 3: visits takes numbers, not 'eight'."),
        (["arms", "arms nobody", "show"], "line 2: There is no arm 'nobody'"),
        (["subject nobody"], "line 1: There is no subject 'nobody'"),
        (["sort nothing"], "line 1: There is no column 'nothing'"),
        (["trends", "sort n"], "line 2: There is no table here"),
        (["export"], "line 1: export needs the name of a file."),
        (["export view.svg"], "line 1: A picture of the screen can only be made on a screen"),
        (["describe x.toml"], "line 1: Open the study's page first"),
        (["record again.txt"], "line 1: record means nothing in a script."),
        (["12"], "line 1: 12 means nothing in a script."),
        (["quit"], "line 1: quit means nothing in a script."),
        (["__import__('os').getcwd()"], "line 1: There is no command"),
        (["visits", "study msb-dm003"], "line 2: There is no command 'study'"),
        (["study nowhere"], "There is no file or folder 'nowhere'."),
    ],
)
def test_what_cannot_be_done_is_one_sentence_with_file_and_line(replayed, lines, said):
    run = replayed(*lines)
    assert (run.status, run.out) == (2, "")
    start = "script.txt, " if said.startswith("line") else ""
    assert run.err.startswith(f"trialdeck: {start}{said}")
    assert run.err.count("\n") == 1


def test_nothing_is_written_by_a_script_with_a_line_that_is_not_understood(replayed):
    assert replayed("export table.csv", "visits", "nonsense").status == 2
    assert not Path("table.csv").exists()


def test_what_no_view_can_show_is_said_at_the_end(replayed):
    run = replayed("page survival")
    assert run.status == 2
    assert run.err.startswith("trialdeck: script.txt, ")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a" * (script.MOST + 1), None, "folder"])
def test_what_is_no_script_is_one_sentence(here, tmp_path, content):
    path = tmp_path / "script.txt"
    if content == "folder":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    run = here("replay", path)
    assert (run.status, run.out, run.err.count("\n")) == (2, "", 1)
    assert run.err.startswith(f"trialdeck: {path} ")


def test_a_script_opens_the_study_it_names_or_the_one_that_is_given(replayed, here, pilot):
    lines = (f"study {pilot}", "arms")
    assert replayed(*lines).out == here("show", "arms", pilot).out
    assert replayed(*lines, options=("msb-dm003",)).out == here("show", "arms").out


# -- on a terminal

KEYS = (
    (":record session.txt\r", "recording in session.txt"),
    ("p", "Choose the endpoint"),
    ("gluc\r", "Fasting plasma glucose"),
    ("mwel\r", "Welch's t test"),
    ("Y", "sent to the terminal: trialdeck show visits --endpoint GLUC --method welch"),
    (":arms nobody\r", "There is no arm 'nobody'"),
    ("G\r", "values 1/15"),
    ("\r", "Subject MSB-DM003-"),
    ("\x1b\x1b", "visits 24/24"),
    ("c", "Change from baseline"),
    ("s", "by n"),
    ("4/", "events whose term"),
    ("head", "events 1/4 "),
    ("\r", "events 1/4 "),
    ("?", "help"),
    ("\x1b", "events 1/4 "),
    ("e", "a file to write"),
    ("events.csv\r", "written to events.csv"),
    ("1j ", "hidden"),
)


def test_a_session_on_a_terminal_is_recorded_and_replayed(terminal, here, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    screen = terminal(["-m", "tui"], 120, 40)
    screen.wait_complete()
    for keys, then in KEYS:
        screen.press(keys)
        screen.wait_for(then)
        screen.rest()
    screen.press("u")
    screen.wait_until(lambda: Path("session.txt").read_text().endswith("\nreset arms\n"))
    screen.hang_up()  # what was done is in the file already
    screen.wait_ended()
    recorded = Path("session.txt").read_text(encoding="utf-8")
    golden = SCRIPTS / "session.txt"
    if os.environ.get("UPDATE_GOLDENS") == "1":
        golden.write_text(recorded, encoding="utf-8")
    assert recorded == golden.read_text(encoding="utf-8")

    written = Path("events.csv").read_text(encoding="utf-8")
    Path("events.csv").unlink()
    run = here("replay", "session.txt")
    assert (run.status, run.err) == (0, "written to events.csv\n")
    assert run.out == here("show", "visits", "--endpoint", "GLUC", "--method", "welch").out
    assert Path("events.csv").read_text(encoding="utf-8") == written


def test_on_the_screen_the_steps_of_a_script_lie_ahead(terminal):
    screen = terminal(["-m", "tui", "replay", "--screen", str(SCRIPTS / "headache.txt")], 120, 40)
    screen.wait_complete()
    screen.wait_for("= takes a step, - the one before")
    for key, then in (
        ("=", "events 1/41"), ("=", "events 1/4 "), ("=", "events 1/3 "), ("-", "events 1/4 "),
    ):  # fmt: skip
        screen.press(key)
        screen.wait_for(then)
    screen.press("q")
    assert screen.wait_ended() == 0


def test_a_script_that_cannot_be_replayed_opens_no_screen(terminal, tmp_path):
    path = tmp_path / "script.txt"
    path.write_text("visits\nnonsense\n", encoding="utf-8")
    screen = terminal(["-m", "tui", "replay", "--screen", str(path)], 120, 40)
    assert screen.wait_ended() == 2
    assert b"line 2: There is no command" in screen.raw
    assert b"\x1b[?1049h" not in screen.raw
