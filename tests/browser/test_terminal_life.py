"""How the program begins and ends on a terminal, what it leaves there, and what it writes."""

import contextlib
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tui.study.builtin import folder

from ..processes import alive, children, needs_proc, wait_gone, wait_idle
from .conftest import stop_work

ROOT = Path(__file__).parents[2]
BROWSE = ["-m", "tui"]
TO_SHELL = b"\x1b[?1049l"

# Measured: 5,880 and 2,460 bytes; 34 for a step of a row, 33 for one to another column; 3,290 for
# an endpoint, 2,400 of them text; 23 to 26 for a letter of a filter, 540 once typing rests.
FIRST_SCREEN = {(120, 40): 7_000, (80, 24): 3_000}
ROW_STEP, COLUMN_STEP = 40, 45
ENDPOINT = 3_500
LETTER, FILTERED = 40, 700


def complete(terminal: Callable, *arguments: object, **options: object):
    """A browser whose screen is complete."""
    screen = terminal([*BROWSE, *map(str, arguments)], **options)
    screen.wait_complete()
    return screen


# -- the end


@needs_proc
@pytest.mark.parametrize("ending", ["q", "ctrl+c", "SIGTERM", "SIGHUP"])
def test_the_end_restores_the_terminal_and_leaves_no_process(terminal, ending):
    screen = complete(terminal)
    (engine,) = children(screen.pid)
    if ending.startswith("SIG"):
        screen.signal(getattr(signal, ending))
    else:
        screen.press({"q": "q", "ctrl+c": "\x03"}[ending])
    assert screen.wait_ended() == 0
    assert screen.is_restored
    assert screen.modes_now == screen.modes
    assert not {screen.pid, engine} & set(alive())


@needs_proc
def test_a_connection_that_is_gone_leaves_no_process(terminal):
    screen = complete(terminal)
    (engine,) = children(screen.pid)
    screen.hang_up()
    screen.wait_ended()
    assert not {screen.pid, engine} & set(alive())


@needs_proc
@pytest.mark.parametrize("ending", ["hang up", "SIGTERM"])
def test_a_connection_that_is_stuck_ends_all_the_same(terminal, ending):
    screen = complete(terminal)
    (engine,) = children(screen.pid)
    screen.stop_output()
    for _ in range(15):  # twice what Textual's queue of output takes
        screen.press("c")
        wait_idle([screen.pid, engine], still=0.1)
    if ending == "hang up":
        screen.hang_up()
    else:
        screen.signal(signal.SIGTERM)
    screen.wait_ended()
    wait_gone(lambda: {screen.pid, engine} & set(alive()))


@needs_proc
def test_the_engine_ends_when_the_browser_is_killed(terminal):
    screen = complete(terminal)
    (engine,) = children(screen.pid)
    screen.signal(signal.SIGKILL)
    assert screen.wait_ended() == -signal.SIGKILL
    wait_gone(lambda: {engine} & set(alive()))


def test_ctrl_z_gives_the_terminal_to_the_shell_and_comes_back_whole(terminal):
    screen = complete(terminal)
    screen.press("j", "j")
    screen.wait_for("visits 3/24")
    screen.rest()
    before = screen.text
    screen.press("\x1a")
    screen.wait_stopped()
    screen.rest()
    assert TO_SHELL in screen.raw
    assert screen.is_restored
    screen.screen.reset()
    screen.signal(signal.SIGCONT)
    screen.wait_until(lambda: screen.text == before)
    screen.press("j")
    screen.wait_for("visits 4/24")


# -- refused


@pytest.mark.parametrize("piped", ["stdin", "stdout", "stderr"])
def test_a_pipe_is_refused_with_the_command_to_use_instead(piped):
    leader, follower = pty.openpty()
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), follower)
    done = subprocess.Popen(
        [sys.executable, *BROWSE],
        env={**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)},
        **{**streams, piped: subprocess.PIPE},
    )
    os.close(follower)
    out, err = done.communicate(timeout=20)
    drawn = b""
    with contextlib.suppress(OSError):  # nobody is at the other end any more
        drawn = os.read(leader, 65536)
    os.close(leader)
    said = err if piped == "stderr" else drawn
    assert done.returncode == 2
    assert said.decode().splitlines() == [
        "trialdeck: The browser needs a terminal for input and output. "
        "To print instead: trialdeck show visits"
    ]
    assert not out
    assert b"\x1b" not in drawn
    assert (piped == "stderr") == (drawn == b"")


@pytest.mark.parametrize("term", ["dumb", "unknown", "", None])
def test_a_terminal_that_cannot_draw_is_refused_with_the_command_to_use_instead(terminal, term):
    screen = terminal([*BROWSE, "msb-dm003"], TERM=term)
    assert screen.wait_ended() == 2
    assert screen.raw.decode().splitlines() == [
        f"trialdeck: The browser cannot draw on this terminal (TERM={term or ''}). "
        "Line by line: trialdeck --plain msb-dm003. "
        "To print instead: trialdeck show visits msb-dm003"
    ]


def refused(screen) -> str:
    """The one line that is on the terminal after the program refused to go on."""
    assert screen.wait_ended() == 2
    said = screen.raw.rpartition(TO_SHELL)[2].decode()
    (line,) = re.findall(r"trialdeck: [^\r\n]*", said)
    assert line.endswith(".")
    return line


def test_a_folder_that_is_not_there_is_said_before_anything_is_drawn(terminal, tmp_path):
    screen = terminal([*BROWSE, str(tmp_path / "nowhere")])
    assert refused(screen) == f"trialdeck: There is no file or folder '{tmp_path / 'nowhere'}'."
    assert b"\x1b" not in screen.raw


def test_a_study_that_only_the_engine_finds_broken_ends_the_browser_with_a_sentence(
    terminal, tmp_path, pilot
):
    whole = (pilot / "adsl.parquet").read_bytes()
    (tmp_path / "adsl.parquet").write_bytes(whole[: len(whole) // 2])
    screen = terminal([*BROWSE, str(tmp_path)])
    assert "adsl.parquet" in refused(screen)
    assert screen.is_restored
    assert screen.modes_now == screen.modes


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--arms", "nobody", "There is no arm 'nobody'"),
        ("--where", "NOPE=1", "NOPE"),
    ],
)
def test_an_option_that_means_nothing_in_the_study_ends_the_browser_with_a_sentence(
    terminal, option, value, sentence
):
    screen = terminal([*BROWSE, option, value])
    assert sentence in refused(screen)
    assert screen.is_restored
    assert screen.modes_now == screen.modes


# -- while it runs


def test_a_resize_and_back_keeps_the_row(terminal):
    screen = complete(terminal)
    screen.press(*"jjjjjjjjjjjjjjjj")
    screen.wait_for("visits 17/24")
    screen.resize(80, 24)
    screen.wait_for("1 note (d)")
    screen.wait_for("[Week 8  ] ● Placebo")
    screen.wait_for("visits 17/24")
    assert not any("3 Trends" in line for line in screen.lines)
    screen.resize(120, 40)
    screen.wait_for("3 Trends")
    screen.wait_for("[Week 8  ] ● Placebo")
    screen.wait_for("visits 17/24")


def test_a_resize_keeps_the_line_at_the_top_of_a_page(terminal):
    screen = complete(terminal)
    screen.press("?")
    screen.wait_for("help 35/")
    screen.press("G")
    screen.wait_until(lambda: re.search(r"help (\d+)/\1", screen.text))
    top = screen.lines[3].strip()
    screen.resize(80, 24)
    screen.wait_until(lambda: screen.lines[4].strip() == top)
    screen.wait_until(lambda: re.search(r"help \d+/", screen.text))


@needs_proc
def test_the_browser_outlives_its_engine_and_says_so(terminal):
    screen = complete(terminal)
    (engine,) = children(screen.pid)
    os.kill(engine, signal.SIGSTOP)
    screen.press("v")
    screen.wait_for("working")
    os.kill(engine, signal.SIGKILL)
    screen.wait_for("The engine stopped; the next change starts it anew.")
    screen.press("j")
    screen.wait_for("visits 2/24")
    assert "| change |" in screen.lines[1]
    screen.press("v")
    screen.wait_for("| value |")
    assert len(children(screen.pid)) == 1


@needs_proc
def test_an_engine_that_died_unnoticed_is_started_anew(terminal):
    screen = complete(terminal)
    (engine,) = children(screen.pid)
    os.kill(engine, signal.SIGKILL)
    screen.wait_until(lambda: engine not in alive())
    screen.press("v")
    screen.wait_until(lambda: "| value |" in screen.text or "The engine stopped" in screen.text)
    if "The engine stopped" in screen.text:  # its last threads were just ending
        screen.press("v")
    screen.wait_for("| value |")


@needs_proc
def test_work_that_is_stopped_leaves_the_view_of_the_figures_shown(terminal):
    screen = complete(terminal)
    (engine,) = children(screen.pid)
    os.kill(engine, signal.SIGSTOP)
    stop_work(screen, "v")
    screen.wait_for("stopped; the figures are those of the selection before")
    screen.press("Y")
    screen.wait_for("sent to the terminal: trialdeck show visits")
    assert "--value" not in screen.text
    screen.press("v")
    screen.wait_for("| value |")
    assert engine not in alive()


@needs_proc
def test_a_page_whose_answer_is_stopped_is_left(terminal):
    screen = complete(terminal)
    (engine,) = children(screen.pid)
    os.kill(engine, signal.SIGSTOP)
    stop_work(screen, "B")
    screen.wait_for("stopped; the figures are those of the selection before")
    assert "2 Visits" in screen.text
    screen.press("B")
    screen.wait_for("Baseline characteristics")


@needs_proc
def test_a_busy_engine_does_not_hold_up_the_keys(terminal):
    screen = complete(terminal)
    screen.press("v")
    screen.wait_for("| value |")
    screen.rest()
    (engine,) = children(screen.pid)
    os.kill(engine, signal.SIGSTOP)
    for _ in range(20):  # more questions than a pipe holds
        screen.press(*"uuuuuuuuuu")
    screen.press("j", "j")
    screen.wait_for("[Baseline] ▲")  # the third row; "working" may stand where its number does
    os.kill(engine, signal.SIGCONT)
    screen.wait_for("| value |")


# -- what is written


def test_the_first_screen_is_small_and_nothing_is_written_at_rest(terminal):
    for (width, height), most in FIRST_SCREEN.items():
        screen = complete(terminal, width=width, height=height)
        assert len(screen.raw) <= most
        assert screen.read(0.4) == b""


def test_a_step_of_the_cursor_costs_a_few_bytes(terminal):
    screen = complete(terminal)
    assert all(len(screen.answer(key)) <= ROW_STEP for key in "jjk")
    assert all(len(screen.answer(key)) <= COLUMN_STEP for key in "llh")
    screen.press("4")
    screen.wait_for("events 1/41")
    screen.rest()
    assert all(len(screen.answer(key)) <= ROW_STEP for key in "jjk")


def test_the_terminals_cursor_stands_where_a_line_is_typed(terminal):
    """It is not shown, but an input method shows there what is being typed."""
    screen = complete(terminal)
    assert b"\x1b[1;1H" not in screen.answer("j")
    for typed, place in ((":", 1), ("m", 2), ("e", 3), ("\x7f", 2)):
        screen.press(typed)
        screen.rest()
        assert (screen.screen.cursor.x, screen.screen.cursor.y) == (place - 1, 39)


def test_another_endpoint_costs_little_more_than_its_figures(terminal):
    screen = complete(terminal)
    screen.press(":endpoint GLUC")
    screen.wait_for("endpoint GLUC")
    screen.rest()
    assert len(screen.answer("\r", quiet=0.5)) <= ENDPOINT
    screen.wait_for("Fasting plasma glucose")


def test_the_rows_of_a_filter_are_sent_when_typing_rests_or_at_enter(terminal):
    screen = complete(terminal)
    screen.press("4")
    screen.wait_for("events 1/41")
    start = len(screen.raw)
    screen.press("/headache")
    screen.wait_for("4 of 41")
    screen.rest()
    assert len(screen.raw) - start <= LETTER * len("/headache") + FILTERED
    screen.press("\x7f" * len("headache") + "abdominal\r")
    screen.wait_for("'abdominal': 1 of 41")


def test_a_small_update_is_not_announced_to_the_terminal_and_a_large_one_is_once(terminal):
    screen = complete(terminal)
    assert b"\x1b[?2026" not in screen.answer("j")
    screen.press("4")
    screen.wait_for("events 1/41")
    page = screen.answer("pagedown")
    assert page.startswith(b"\x1b[?2026h")
    assert page.endswith(b"\x1b[?2026l")
    assert page.count(b"\x1b[?2026") == 2


def test_the_cursor_of_the_pane_that_has_the_keys_alone_stands_out(terminal):
    screen = complete(terminal)

    assert b"\x1b[2m" not in screen.answer("j")
    assert b"\x1b[2m" in screen.answer("4")  # the cursor that was left is dim
    assert b"\x1b[2m" not in screen.answer("j")


def test_without_color_not_one_color_is_sent(terminal):
    screen = complete(terminal, NO_COLOR="1")
    screen.press("c", "c", "c")
    screen.wait_for("Difference from Placebo")
    screen.press("4", "i")
    screen.wait_for("Any adverse event")
    codes = {
        code
        for match in re.finditer(rb"\x1b\[([0-9;]*)m", screen.raw)
        for code in match[1].split(b";")
    }
    assert codes <= {b"", b"0", b"1", b"2", b"7"}


def test_in_the_c_locale_only_ascii_is_sent(terminal):
    screen = complete(terminal, LANG="C")
    screen.press("c", "3", "z")
    screen.wait_for(">3 Trends")
    screen.press("z", "2", "\r")
    screen.wait_for("values 1/")
    screen.press("\x1b")
    screen.wait_for(">2 Visits")
    screen.press("?")
    screen.wait_for("The week-by-week table")
    screen.rest()
    assert screen.raw.isascii()


def test_nothing_is_written_to_the_study_the_home_or_the_folder_one_is_in(
    terminal, tmp_path, monkeypatch
):
    study, home, here = (tmp_path / name for name in ("study", "home", "here"))
    shutil.copytree(folder(), study)
    home.mkdir()
    here.mkdir()

    def state() -> dict[str, tuple[int, int]]:
        paths = [study, *study.rglob("*")]
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in paths}

    before = state()
    monkeypatch.chdir(here)
    screen = complete(terminal, study, HOME=str(home))
    screen.press("m")
    screen.wait_for("methods 1/")
    screen.press("wel", "\r")
    screen.wait_for("Welch")
    screen.press("q")
    assert screen.wait_ended() == 0
    assert state() == before
    assert list(home.iterdir()) == []
    assert list(here.iterdir()) == []


def test_of_many_sizes_one_after_the_other_the_last_one_stays(terminal):
    screen = terminal(["-m", "tui"], 300, 60)
    screen.wait_for("ANCOVA")
    screen.rest()
    for number in range(80):
        for size in ((1, 1) if number % 2 else (20, 5), (40, 10), (300, 60)):
            screen.resize(*size)
            screen.press("j")
        screen.wait_for("4 Adverse events by day of onset")
        screen.wait_for("One infusion of mesenchymal precursor cells")
