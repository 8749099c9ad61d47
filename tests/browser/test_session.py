"""Every key, pressed on a real terminal: both studies, both sizes, on a pty and in tmux."""

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from tui.browser.help import help_lines
from tui.browser.keys import DEFAULT
from tui.browser.view import View

LIMIT = 20.0
SIZES = [(80, 24), (120, 40)]


@dataclass(frozen=True)
class Case:
    """A study and what is to be seen in it."""

    arguments: tuple[str, ...]
    shown: str  # stands in the header when the data are there
    rows: int  # of the visits table
    found: tuple[str, int]  # a text to find in it, and the row it is in
    other_arm: str
    population: int  # the place among the populations of the one in force
    endpoint: tuple[str, str]  # letters typed in the picker, and the title of what is picked
    events: int
    filtered: tuple[str, str]  # letters typed as a filter, and the status it leads to
    subject: str
    where: str
    has_units: bool


BUILT_IN = Case(
    arguments=(),
    shown="RECONSTRUCTION",
    rows=24,
    found=("Week 8", 17),
    other_arm="0.3 M/kg",
    population=2,
    endpoint=("gluc", "Fasting plasma glucose"),
    events=41,
    filtered=("abdominal", "1 of 41"),
    subject="MSB-DM003-",
    where="AGE>=60",
    has_units=True,
)


def pilot_case(pilot: Path) -> Case:
    return Case(
        arguments=(str(pilot), "--endpoint", "ACTOT", "--population", "EFFFL"),
        shown="CDISCPILOT01",
        rows=12,
        found=("Week 24", 10),
        other_arm="Xanomeline Low Dose",
        population=3,
        endpoint=("alanine", "Alanine Aminotransferase"),
        events=1152,
        filtered=("atrial flutter", " of 1191"),
        subject="01-7",
        where="SEX=F",
        has_units=False,
    )


class Tmux:
    """A program in tmux: the same questions as the pty's Terminal answers."""

    KEYS: ClassVar = {"\r": "Enter", "\x1b": "Escape", "\t": "Tab", "\x1b[Z": "BTab", " ": "Space"}

    def __init__(self, argv: list[str], width: int, height: int, socket: Path) -> None:
        self._tmux = ["tmux", "-f", "/dev/null", "-S", str(socket)]
        command = shlex.join([sys.executable, *argv])
        environ = {**os.environ, "LANG": "C.UTF-8", "TRIALDECK_NO_TOUR": "1"}
        size = ["-x", str(width), "-y", str(height)]
        subprocess.run(
            [*self._tmux, "new-session", "-d", *size, f"{command}; echo ended $?; read line"],
            check=True,
            env=environ,
        )

    @property
    def lines(self) -> list[str]:
        shown = subprocess.run([*self._tmux, "capture-pane", "-p"], check=True, capture_output=True)
        return shown.stdout.decode().splitlines()

    def press(self, *keys: str) -> None:
        for key in keys:
            named = self.KEYS.get(key)
            words = [named] if named else ["-l", key]
            subprocess.run([*self._tmux, "send-keys", *words], check=True)

    def wait_for(self, text: str) -> None:
        end = time.monotonic() + LIMIT
        while not any(text in line for line in self.lines):
            assert time.monotonic() < end, f"{text!r} on the screen:\n" + "\n".join(self.lines)

    def close(self) -> None:
        subprocess.run([*self._tmux, "kill-server"], check=False, capture_output=True)


def help_drawn(about: str) -> str:
    """What the last line says once the whole help is drawn: an Esc comes after it alone."""
    return f"/{len(help_lines(View(page='help', about=about), DEFAULT, False))}"


def walk(screen: object, case: Case, exported: Path) -> None:
    """Presses every key, and waits for what it has to show."""

    def see(*keys: str, then: str) -> None:
        for key in keys:
            screen.press(key)
        screen.wait_for(then)

    last, (text, row) = f"/{case.rows}", case.found
    screen.wait_for("ANCOVA")
    screen.wait_for(case.shown)
    see("4", then=f"events 1/{case.events}")  # read last: an Esc before would stop that
    see("2", then=f"visits 1{last}")
    see("j", then=f"visits 2{last}")
    see("k", then=f"visits 1{last}")
    see("G", then=f"visits {case.rows}{last}")
    see("g", then=f"visits 1{last}")
    see("5", "j", then=f"visits 6{last}")
    see("#", "1", "0", "G", then=f"visits 10{last}")
    see("g", then=f"visits 1{last}")
    see("l", "l", then="Observed")
    see("c", then="Change from baseline")
    see("c", then="LS mean change")
    see("c", then="Difference from Placebo")
    see("/", then="find a row")
    see(text, "\r", then=f"visits {row}{last}")
    see("n", then=f"visits {row + 1}{last}")
    see("N", then=f"visits {row}{last}")
    see("&", then="keep the rows")
    see(text, "\r", then=f"only '{text}': ")
    screen.wait_for("visits 1/")  # the last line is drawn: an Esc that comes before is no key
    see("\x1b", then=f"visits {row}{last}")
    see("s", then=" ↑")
    see("s", then=" ↓")
    see("s", then=f"visits {row}{last}  Difference")
    see("j", "\r", then="the subjects' values")
    see("\r", then=f"Subject {case.subject}")
    see("\x1b", then="the subjects' values")
    see("\x1b", then=f"visits {row + 1}{last}")

    see("m", then="Choose the method")
    see("wel", "\r", then="Welch's t test")
    see("u", then="ANCOVA at each visit")
    see("P", then=f"populations {case.population}/")
    see("\x1b", then=f"visits {row + 1}{last}")
    if case.has_units:
        see("U", then="(mmol/mol)")
        see("U", then="(%)")
    see("v", then="| value |")
    see("v", then="| change |")

    see("1", then="arms 1/")
    see("j", " ", then="hidden")
    see(" ", then=f"{case.other_arm}")
    see("r", then=f"ref {case.other_arm}")
    see("u", then="ref Placebo")
    see("\t", then="2 Visits")
    see("\t", then="one scale: ")
    see("z", then="▸3 Trends")
    see("z", then="▸3 Trends")
    see("\x1b[Z", then="visits ")

    see("4", "g", then=f"events 1/{case.events}")
    see("/", then="events whose term")
    see(case.filtered[0], then=case.filtered[1])
    see("\r", then=case.filtered[1])
    see("\r", then=f"Subject {case.subject}")
    see("\x1b", then=case.filtered[1])
    see("\x1b", then=f"/{case.events}")
    see("i", then="Any adverse event")
    see("i", then=f"/{case.events}")

    see("2", then="visits ")
    see("p", then="Choose the endpoint")
    see(case.endpoint[0], "\r", then=case.endpoint[1])
    see("-", then="ANCOVA")
    see("=", then=case.endpoint[1])
    see(":", then="a command")
    see(f"where {case.where}", "\r", then=f"where {case.where}")
    see(":", then="a command")
    see("reset where", "\r", then=case.endpoint[1])
    see(":", then="a command")
    see("nonsense", "\r", then="There is no command 'nonsense'")
    see(":", then="a command")
    see("arms nobody", "\r", then="There is no arm 'nobody'")

    see("Y", then="sent to the terminal: trialdeck show visits")
    see("y", then="characters")
    see("e", then="a file to write")
    see(str(exported), "\r", then="written to")
    see("e", then="a file to write")
    see(str(exported), "\r", then="is there already")
    see("\r", then="stays as it is")
    see("S", then="Datasets")
    see("B", then="Baseline characteristics")
    see("\x1b", then="Difference from Placebo")
    see("d", then="Rows  Dropped")
    see("?", then="The details page")
    screen.wait_for(help_drawn("details"))
    see("\x1b", then="Rows  Dropped")
    see("\x1b", then="Difference from Placebo")
    see("?", then="The week-by-week table")
    screen.wait_for(help_drawn(""))
    see("\x1b", then="Difference from Placebo")
    see(":", then="a command")
    see("to", "\t", "\r", then="Six keys to begin with")
    screen.wait_for("tour 18/18")
    see("\x1b", then="Difference from Placebo")
    screen.press("q")


@pytest.fixture
def cases(pilot: Path) -> dict[str, Case]:
    return {"built-in": BUILT_IN, "pilot": pilot_case(pilot)}


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("study", ["built-in", "pilot"])
def test_every_key_does_what_it_says_on_a_terminal(
    terminal: Callable, cases: dict[str, Case], study: str, width: int, height: int, tmp_path: Path
):
    screen = terminal(["-m", "tui", *cases[study].arguments], width, height)
    walk(screen, cases[study], tmp_path / "view.csv")
    assert screen.wait_ended() == 0
    assert (tmp_path / "view.csv").read_text().startswith("visit,visit_number,arm")
    assert (tmp_path / "view.csv").stat().st_mode & 0o777 == 0o600


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Callable[..., Tmux]]:
    started: list[Tmux] = []

    def start(argv: list[str], width: int, height: int) -> Tmux:
        started.append(Tmux(argv, width, height, tmp_path / "tmux"))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("study", ["built-in", "pilot"])
def test_every_key_does_what_it_says_in_tmux(
    tmux: Callable, cases: dict[str, Case], study: str, width: int, height: int, tmp_path: Path
):
    screen = tmux(["-m", "tui", *cases[study].arguments], width, height)
    walk(screen, cases[study], tmp_path / "view.csv")
    screen.wait_for("ended 0")
