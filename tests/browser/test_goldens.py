"""Whole screens as text, as a terminal shows them. UPDATE_GOLDENS=1 writes them anew."""

from collections.abc import Callable
from pathlib import Path

import pytest

SIZES = [(80, 24), (120, 40), (160, 50)]

# The screens of a tour in their order: the keys that lead to each from the one before, every one
# with what has to be on the screen before the next.
TOURS = {
    "panes": {
        "arms": [("1", "arms 1/4")],
        "trends": [("3", "trends 18/18")],
        "trends-zoomed": [("z", "trends 18/18")],
        "events": [("z", "trends 18/18"), ("4", "events 1/41")],
        "incidence": [("i", "incidence 1/")],
        "change": [("2", "visits 1/24"), ("c", "visits 1/24  Change from baseline n")],
        "difference": [("c", "visits 1/24  LS mean"), ("c", "visits 1/24  Difference")],
    },
    "pages": {
        "refused": [(":", "a command"), ("arms nobody\r", "There is no arm 'nobody'")],
        "detail": [("/", "find a row"), ("Week 8\r", "visits 17/24"), ("\r", "values 1/16")],
        "subject": [("4", "events 1/41"), ("\r", "subject 18/")],
        "help": [("?", "help 18/")],
        "study": [("S", "study 18/")],
        "baseline": [("B", "baseline 18/")],
        "provenance": [("2", "visits 17/24"), ("d", "details 18/")],
        "endpoint-picker": [("2", "visits 17/24"), ("p", "endpoints 4/9")],
    },
}


def is_complete(screen) -> bool:
    """Whether every answer of the first screen is there, and the statistics and notes."""
    text = screen.text
    panes = ("one scale: ", " events by day of onset") if screen.screen.columns >= 110 else ()
    return (
        "ANCOVA at each visit" in text
        and "(!)" in text
        and "reading" not in text
        and all(said in text for said in panes)
    )


def begin(terminal: Callable, width: int, height: int, *arguments: str, **environ: str):
    screen = terminal(["-m", "tui", *arguments], width, height, **environ)
    screen.wait_until(lambda: is_complete(screen))
    screen.rest()
    return screen


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_built_in_study_begins_with_this_screen(terminal, golden, width, height):
    screen = begin(terminal, width, height)
    golden(f"browser/start-{width}x{height}.txt", screen.text)


@pytest.mark.parametrize("tour", TOURS)
@pytest.mark.parametrize(("language", "suffix"), [("C.UTF-8", ""), ("C", "-ascii")])
def test_at_80_columns_the_keys_lead_to_these_screens(terminal, golden, tour, language, suffix):
    screen = begin(terminal, 80, 24, LANG=language)
    for name, steps in TOURS[tour].items():
        for keys, said in steps:
            screen.press(keys)
            screen.wait_for(said)
        screen.rest()
        assert not suffix or screen.text.isascii()
        golden(f"browser/{name}-80x24{suffix}.txt", screen.text)


def test_the_zoomed_trends_fill_120_columns(terminal, golden):
    screen = begin(terminal, 120, 40)
    screen.press("3")
    screen.wait_for("trends 26/26")
    screen.press("z")
    screen.wait_for("trends 35/35")
    screen.rest()
    golden("browser/trends-zoomed-120x40.txt", screen.text)


def test_in_the_c_locale_the_first_screen_is_ascii(terminal, golden):
    screen = begin(terminal, 80, 24, LANG="C")
    assert screen.text.isascii()
    golden("browser/start-80x24-ascii.txt", screen.text)


@pytest.mark.parametrize(("width", "height"), SIZES[:2])
def test_the_pilot_study_begins_with_this_screen(
    terminal, golden, pilot: Path, width: int, height: int
):
    chosen = ("--endpoint", "ACTOT", "--population", "EFFFL")
    screen = begin(terminal, width, height, str(pilot), *chosen)
    golden(f"browser/pilot-{width}x{height}.txt", screen.text)


def test_every_golden_fits_its_screen():
    folder = Path(__file__).parents[1] / "goldens" / "browser"
    for path in folder.glob("*.txt"):
        size = next(word for word in path.stem.split("-") if "x" in word and word[0].isdigit())
        width, height = map(int, size.split("x"))
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) == height, path.name
        assert all(len(line) <= width for line in lines), path.name
        assert "ascii" not in path.stem or path.read_text(encoding="utf-8").isascii()
