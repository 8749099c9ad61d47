"""Where nothing can be written (a full disk, no stream, no home): one sentence, or it works."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .terminal import Terminal

needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
COMMANDS = {
    "show": "show arms",
    "describe": "describe",
    "keys": "keys",
    "lines of text": "--plain",
    "help": "show --help",
    "the version": "--version",
}


def run(command: str, streams: str) -> tuple[int, str]:
    """Exit status and what is said of a command with a shell's redirections."""
    shell = f"{sys.executable} -m tui {command} {streams}"
    done = subprocess.run(["sh", "-c", shell], stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    return done.returncode, done.stderr.decode()


@needs_full
@pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))
def test_on_a_full_disk_each_command_says_so(command: str):
    said = "trialdeck: The output cannot be written: No space left on device.\n"
    assert run(command, "> /dev/full") == (2, said)


@pytest.mark.parametrize("command", ["show arms", "--plain", "--version"])
def test_a_closed_output_is_said(command: str):
    assert run(command, ">&-") == (
        2,
        "trialdeck: The output cannot be written: Bad file descriptor.\n",
    )


def test_closed_input_and_errors_are_no_traceback(tmp_path: Path):
    assert run("", "<&-")[0] == 2
    assert run("", "<&-")[1].startswith("trialdeck: The browser needs a terminal")
    out = tmp_path / "out.csv"
    assert run(f"show arms --output {out} > {tmp_path}/said", "2>&- <&-") == (0, "")
    assert out.read_text(encoding="utf-8").startswith("arm,")


# -- the browser


@pytest.fixture
def browse(
    terminal: Callable[..., Terminal], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Terminal]:
    """Starts the browser in a folder of its own, its first screen whole."""
    monkeypatch.chdir(tmp_path)

    def start(*argv: str, **environ: str | None) -> Terminal:
        screen = terminal([*(argv or ("-m", "tui"))], **environ)
        screen.wait_complete()
        return screen

    return start


def left(screen: Terminal) -> bool:
    """It leaves at its key, the terminal as it was."""
    screen.press("q")
    return screen.wait_ended() == 0 and screen.is_restored


@pytest.mark.parametrize("home", [None, "/nowhere/at/all", "/dev/null", "/proc"])
def test_without_a_home_to_write_to_the_browser_works(browse: Callable[..., Terminal], home):
    config = {"XDG_CONFIG_HOME": None, "XDG_STATE_HOME": None}
    screen = browse(HOME=home, TRIALDECK_NO_TOUR=None, **config)
    screen.press("v")
    screen.wait_for("| value |")
    assert left(screen)


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
from tui.cli import main
sys.exit(main([]))
"""


def test_on_a_full_disk_the_browser_says_so_and_goes_on(
    browse: Callable[..., Terminal], tmp_path: Path
):
    # Python would leave the first 2,000 bytes of a module's bytecode to all others.
    screen = browse("-c", LIMITED, PYTHONDONTWRITEBYTECODE="1")
    for command, said in (
        (":export out.csv", "out.csv cannot be written: File too large."),
        (":export out.xlsx", "out.xlsx cannot be written: "),
        (":export /sys/out.csv", "/sys/out.csv cannot be written: "),
        (":record ~nobody-at-all/steps.txt", "there is no such home."),
    ):
        screen.press(f"{command}\r")
        screen.wait_for(said)
    assert os.listdir(tmp_path) == []  # noqa: PTH208
    screen.press("v")
    screen.wait_for("| value |")
    assert left(screen)


def test_a_recording_that_cannot_go_on_says_so(browse: Callable[..., Terminal], tmp_path: Path):
    screen = browse()
    screen.press(":record steps.txt\r")
    screen.wait_for("recording in steps.txt")
    (tmp_path / "steps.txt").unlink()
    screen.press("v")
    screen.wait_for("Recording has ended: steps.txt cannot be written")
    assert left(screen)
