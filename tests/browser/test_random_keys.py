"""Keys at random, with resizes, do not end the browser."""

import inspect
import random

import pytest
from textual.app import App

PRINTED = "jklhgGcmpParRuUvLi1234567890#&sy/nNzdSB?Y:-= \r"
KEYS = [*PRINTED, "\x1b", "\t", "\x1b[Z", "\x04", "\x15", "\x7f"]
WORDS = (
    "where AGE>=60", "endpoint GLUC", "endpoint ALT", "visits 8", "arms 1", "method mmrm",
    "adjust dunnett", "responder value<7", "subgroup SEX", "reference 2", "subject 1", "reset",
    "records all", "days 1,5", "weights observed", "value AVAL", "strata SEX", "nonsense",
    "reloaded", "sort", "sort -n", "sort a", "keep 1", "keep x", "keep", "12", "-3", "tour", "copy",
)  # fmt: skip
SIZES = [(80, 24), (120, 40), (60, 15), (200, 60), (40, 10)]
PRESSED = 600


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("study", ["built-in", "pilot"])
def test_random_keys_do_not_end_the_browser(terminal, pilot, study, seed):
    chance = random.Random(seed)
    screen = terminal(["-m", "tui", *([] if study == "built-in" else [str(pilot)])])
    screen.wait_for("ANCOVA")
    for _ in range(PRESSED):
        draw = chance.random()
        if draw < 0.02:
            screen.resize(*chance.choice(SIZES))
        elif draw < 0.1:
            screen.press(f":{chance.choice(WORDS)}\r")
        else:
            screen.press(chance.choice(KEYS))
        screen.skim()
    screen.press("\x03")
    assert screen.wait_ended() == 0
    assert b"should not happen" not in screen.raw
    assert b"Traceback" not in screen.raw


def test_textual_still_ends_on_a_fault_where_the_browser_says_so_in_a_sentence():
    assert "self._fatal_error()" in inspect.getsource(App._handle_exception)
    assert "self._close_messages_no_wait()" in inspect.getsource(App._fatal_error)
