"""Random keys and words, on random sizes with resizes, on three studies: nothing breaks.

A few seconds a study in a normal run; FUZZ_SECONDS=300 makes it minutes, FUZZ_SEED other keys.
"""

import inspect
import os
import random
import time
from collections import deque
from pathlib import Path

import pytest
from textual.app import App

from ..conftest import PACKAGED
from ..processes import alive, children, needs_proc, wait_gone
from ..terminal import KEYS as NAMED

SECONDS = float(os.environ.get("FUZZ_SECONDS", "2"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))

# No q: after an Escape that comes as Alt, the rest of a word would be pressed as keys.
PRINTED = "jklhgGcmpParRuUvLi1234567890#&sy/nNzdSB!?Y:-=TeDxé漢 \r"
PRESSED = [
    *PRINTED,
    "\x1b",
    "\t",
    "\x1b[Z",
    "\x04",
    "\x15",
    "\x17",
    "\x0b",
    "\x7f",
    *NAMED.values(),
]
PRESSED += [
    "\x1b[H",
    "\x1b[F",
    "\x1b[2~",
    "\x1b[3~",
    "\x1bOP",
    "\x1b[99;99R",
    "\x1b[200~a\rb\x1b[201~",
]
ENDPOINTS = ("HBA1C", "GLUC", "ALT", "advs.DIABP", "SYSBP", "TEMP", "ACTOT", "BMI", "nothing", "é")
WORDS = (
    "where AGE>=60", "where SEX=F AGE<70", "where AGE>900", "where NOPE=1", "where RACE='",
    "visits 8", "visits 8,12", "visits 1e999", "arms 1", "arms Placebo", "arms nobody",
    "reference 2", "reference Placebo", "method mmrm", "method welch", "method mann-whitney",
    "method permutation", "adjust dunnett", "adjust holm", "responder value<7",
    "responder change<=-0.5", "subgroup SEX", "page responders", "page tests", "page subgroups",
    "page sensitivity", "page power", "page mmrm", "page survival", "page arms", "survival OS",
    "study", "baseline", "notes", "details", "subject 1", "subject 01-701-1015", "subject",
    "values 8 Placebo", "values 0 x", "values é", "reset", "reset where", "reset arms",
    "reset survival", "records all", "records ANL01FL", "days 1,5", "days 9,1", "serious yes",
    "related no", "text head", "severity MILD", "emergent all", "weights observed", "value AVAL",
    "strata SEX", "covariates AGE", "alpha 0.1", "alpha 7", "power 0.9", "wanted 1",
    "basetype LAST", "timepoint lying", "population all", "imputed drop", "columns statistics",
    "columns change", "zoom", "zoom off", "events", "incidence", "trends", "arms", "nonsense",
    "reloaded", "reload", "sort", "sort -n", "sort a", "keep 1", "keep x", "keep", "12", "-3",
    "+99999999999", "tour", "help", "copy", "command", "undo", "back", "forward", "theme light",
    "theme none", "copy cell.txt", "export view", "export view.csv", "export view.xlsx",
    "export view.html", "export view.rtf", "export view.json", "export view.md",
    "export view.txt", "export view.svg", "export nowhere/view.csv", "export ~nobody/view.csv",
    "describe study.toml", "describe ~nobody/study.toml", "record steps.txt", "record",
    "record ~nobody/steps.txt", "record /dev/null", "endpoint=ALT method=welch",
    "where=AGE>60 arms=", "=", "a=b=c",
)  # fmt: skip
SIZES = [(80, 24), (120, 40), (60, 15), (200, 60), (40, 10), (300, 100), (20, 5), (1, 1)]
BROKEN = ("should not happen", "Traceback", "The engine stopped")
BETWEEN_LOOKS = 80
"""Keys until the browser has to come to rest and answer a question."""


@needs_proc
@pytest.mark.parametrize("study", ["built-in", "cdiscpilotadam", "pharmaverseadam"])
def test_random_keys_break_nothing(terminal, tmp_path, monkeypatch, study):
    monkeypatch.chdir(tmp_path)  # where its files go
    assert not [word for word in WORDS if "q" in word]
    monkey = Monkey(terminal, tmp_path, [] if study == "built-in" else [str(PACKAGED / study)])
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        for _ in range(BETWEEN_LOOKS):
            monkey.act()
        monkey.look()
    monkey.leave()
    written = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert not [one for one in written if one.name.startswith(".")]


class Monkey:
    """Presses keys at random, and says which it pressed last where something is wrong."""

    def __init__(self, terminal, home: Path, arguments: list[str]) -> None:
        self._chance = random.Random(SEED)
        self._last: deque[object] = deque(maxlen=60)
        self._engines: set[int] = set()
        self._looks = 0
        places = {"HOME": str(home), "XDG_CONFIG_HOME": None, "XDG_STATE_HOME": None}
        self._screen = terminal(["-m", "tui", *arguments], TRIALDECK_NO_TOUR=None, **places)
        self._screen.patience = 90.0  # an analysis of a large study is under way
        self._screen.wait_for("ANCOVA")

    def act(self) -> None:
        """One key, one command, or another size; now and then time to answer."""
        chance, draw = self._chance, self._chance.random()
        if draw < 0.03:
            size = chance.choice([*SIZES, (chance.randint(10, 300), chance.randint(3, 100))])
            self._last.append(size)
            self._screen.resize(*size)
        elif draw < 0.2:
            self._press(f":{chance.choice(WORDS)}\r")
        elif draw < 0.25:
            self._press(f":endpoint {chance.choice(ENDPOINTS)}\r")
        else:
            self._press(chance.choice(PRESSED))
        try:
            self._screen.read(chance.choice((0, 0, 0, 0.02, 0.2)))
        except OSError:
            said = self._screen.raw[-2_000:].decode(errors="replace")
            raise AssertionError(
                f"it has ended, saying {said!r}\nafter {list(self._last)}"
            ) from None
        self._check()

    def _press(self, keys: str) -> None:
        self._last.append(keys)
        self._screen.press(keys)

    def _check(self) -> None:
        shown = "\n".join(self._screen.lines)
        assert not [said for said in BROKEN if said in shown], f"{shown}\nafter {list(self._last)}"

    def look(self) -> None:
        """Every key pressed is done with, and the engine answers a question of its own."""
        self._looks += 1
        screen = self._screen
        screen.resize(300, 60)
        self._out_of_prompts()
        screen.press(":visits\r:zoom off\r:reset\r")
        screen.press(f":where AGE>={self._looks % 40 + 1}\r")
        try:
            screen.wait_until(lambda: f"AGE>={self._looks % 40 + 1} " in f"{screen.lines[1]} ")
        except AssertionError as error:
            raise AssertionError(f"{error}\nafter {list(self._last)}") from None
        self._check()
        self._engines |= set(children(screen.pid))

    def _out_of_prompts(self) -> None:
        for _ in range(2):
            self._screen.press("\x1b")
            self._screen.rest(quiet=0.3)  # a key that follows at once would be Alt and that key

    def leave(self) -> None:
        """The browser ends at its key, and leaves the terminal as it was and no process."""
        self._out_of_prompts()
        self._screen.press("q")
        assert self._screen.wait_ended() == 0
        self._check()
        assert self._screen.is_restored
        assert self._screen.modes_now == self._screen.modes
        wait_gone(lambda: {self._screen.pid, *self._engines} & set(alive()))


def test_textual_still_ends_on_a_fault_where_the_browser_says_so_in_a_sentence():
    assert "self._fatal_error()" in inspect.getsource(App._handle_exception)
    assert "self._close_messages_no_wait()" in inspect.getsource(App._fatal_error)
