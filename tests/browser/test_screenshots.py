"""The pictures and their page, made by the program itself. UPDATE_GOLDENS=1 makes them anew."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tui.browser import picture
from tui.browser.app import Browser
from tui.browser.palette import Palette
from tui.browser.view import View

from .conftest import until
from .test_plain import heard

PICTURES = Path(__file__).parents[2] / "screenshots"
SIZES = {"120x40": (120, 40), "80x24": (80, 24), "80x24-ascii": (80, 24)}
LARGEST = 40_000  # bytes of a picture: the page is read over slow lines too


@dataclass(frozen=True)
class Screen:
    """A screen: what it shows, the keys that lead there from the first one, and in words.

    `has` is what is on it and on no other.
    """

    title: str
    has: str
    about: str
    keys: tuple[str, ...] = ()
    said: str = "none: it is the first screen"


SCREENS = {
    "start": Screen(
        "The first screen",
        "visits 1/24",
        "The study at a glance: arms, the week-by-week table, trends and adverse events; at 80x24 "
        "the panes are pages.",
    ),
    "visits": Screen(
        "The week-by-week table",
        "Difference from Placebo Diff",
        "Differences from the reference by the method in force, with interval and p value.",
        ("2", "z", "c", "c", "c"),
        "`2` `z`, and `c` three times for the set of columns",
    ),
    "values": Screen(
        "What is behind a figure",
        "values 1/15",
        "The subjects' values at a visit, and how the figure comes about.",
        ("2", "G", "enter"),
        "`2` `G` `Enter`",
    ),
    "trends": Screen(
        "The trends",
        "HBA1C (%), mean change from baseline with 95% CI",
        "Means with intervals, weeks as far apart as they are; each arm has a glyph and a label.",
        ("3", "z"),
        "`3` `z`",
    ),
    "events": Screen(
        "The adverse-event log",
        "events 1/41",
        "Every event by day of onset; `/` filters it as one types.",
        ("4", "z"),
        "`4` `z`",
    ),
    "incidence": Screen(
        "Incidence of adverse events",
        "incidence 1/38",
        "Subjects with an event by body system and term.",
        ("4", "z", "i"),
        "`4` `z` `i`",
    ),
    "study": Screen(
        "The study",
        "The study, and what can be chosen in it",
        "What the folder was taken for: datasets, the part of each and why.",
        ("S",),
        "`S`",
    ),
    "notes": Screen(
        "Notes on the data",
        "notes 1/3",
        "What a careful reviewer would notice, with counts and rows.",
        ("!",),
        "`!`",
    ),
    "details": Screen(
        "How the figures came about",
        "details",
        "Method, funnel of records, notes, and the program that recomputes them.",
        ("d",),
        "`d`",
    ),
    "methods": Screen(
        "Choosing the method",
        "Choose the method",
        "The methods of comparison; one that cannot be used says why.",
        ("m",),
        "`m`",
    ),
    "tests": Screen(
        "Hypothesis tests",
        "tests of the change from baseline by visit",
        "Within arms, over all arms, and by dose.",
        (":", *"tests", "enter"),
        "`:tests` and `Enter`",
    ),
    "help": Screen("Help", "Help (Esc", "The keys, those of the pane first.", ("?",), "`?`"),
    "tour": Screen(
        "The tour",
        "Tour (Esc",
        "What is where, on one page.",
        (":", *"tour", "enter"),
        "`:tour` and `Enter`",
    ),
}
SURVIVAL = Screen(
    "Times to an event",
    "S(t), % without the event",
    "Kaplan-Meier curves with numbers at risk (the CDISC pilot study, as the built-in one has no "
    "times to an event).",
    ("a", *"surv", "enter"),
    "`a`, then `surv` and `Enter`",
)
LIGHT = Screen(
    "On a light background",
    "visits 1/24",
    "The theme `light`; the background is the terminal's own.",
    (":", *"theme_light", "enter", "2"),
    "`T`, then `light` and `Enter`; or `--theme light`",
)
NO_COLOR = Screen(
    "Without color",
    "visits 1/24",
    "Not one color is sent: glyphs, labels and signs say it all.",
    (),
    "`NO_COLOR=1` in the environment, or `T` and `mono`",
)
OTHERS = {"survival": SURVIVAL, "light": LIGHT, "no-color": NO_COLOR}
ALL = {**SCREENS, **OTHERS}
PLAIN = ("endpoint GLUC", "visits 8", "row 4", "where AGE>=60")


async def shoot(app: Browser, pilot: Pilot[None], screen: Screen) -> str:
    """The picture of a screen, from the first one on."""
    if app.prompting:
        await pilot.press("escape")
    app.go(View())
    await until(pilot, lambda: not app.engine.busy)
    await pilot.press("2", "g")
    for key in screen.keys:
        await pilot.press(key if key != "_" else "space")
        await until(pilot, lambda: not app.engine.busy)
    made = picture.svg(app)
    assert screen.has in words(made)
    return made


def words(made: str) -> str:
    """The text of a picture."""
    text = html.unescape(re.sub(r"<[^>]*>", " ", made.partition("</style>")[2]))
    return " ".join(text.replace("\u00a0", " ").split())


def check(name: str, made: str) -> None:
    path = PICTURES / name
    if os.environ.get("UPDATE_GOLDENS") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(made, encoding="utf-8")
    assert len(made) < LARGEST
    assert made == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("size", SIZES)
def test_the_pictures_are_those_of_the_program_as_it_is(browser: Callable, size: str):
    made: dict[str, str] = {}
    is_ascii = size.endswith("ascii")

    async def play(app: Browser, pilot: Pilot[None]) -> None:
        for name, screen in SCREENS.items():
            made[name] = await shoot(app, pilot, screen)

    browser(play, *SIZES[size], palette=Palette(ascii=is_ascii))
    for name, one in made.items():
        assert "RECONSTRUCTION" in one
        assert not is_ascii or words(one).isascii()
        check(f"{name}-{size}.svg", one)
    assert len(set(made.values())) == len(made)


@pytest.mark.parametrize("size", SIZES)
def test_the_pictures_of_survival_are_those_of_the_pilot_study(
    browser: Callable, size: str, pilot: Path, monkeypatch: pytest.MonkeyPatch
):
    made = []

    async def play(app: Browser, pilot_: Pilot[None]) -> None:
        made.append(await shoot(app, pilot_, SURVIVAL))

    monkeypatch.chdir(pilot.parent)
    palette = Palette(ascii=size.endswith("ascii"))
    browser(play, *SIZES[size], study=pilot.name, palette=palette)
    check(f"survival-{size}.svg", made[0])


@pytest.mark.parametrize("size", ["120x40", "80x24"])
def test_the_pictures_without_color_and_on_paper_are_those_of_the_program(
    browser: Callable, size: str
):
    async def play(app: Browser, pilot: Pilot[None]) -> None:
        made.append(await shoot(app, pilot, LIGHT if app.has_color else NO_COLOR))

    for name, palette in (("light", Palette()), ("no-color", Palette(depth="none"))):
        made: list[str] = []
        browser(play, *SIZES[size], palette=palette)
        check(f"{name}-{size}.svg", on_paper(made[0]) if name == "light" else made[0])
    assert set(re.findall(r"fill: (#\w+)", made[0])) <= {"#c5c8c6", "#868887"}


def on_paper(made: str) -> str:
    """The terminal's own colors, which are not the program's: here of a light one."""
    for dark, light in (("#292929", "#fcfcfc"), ("#c5c8c6", "#1c1c1c"), ("#868887", "#767676")):
        made = made.replace(dark, light)
    return made


def test_there_is_no_picture_that_no_test_makes():
    sizes = {name: list(SIZES) for name in (*SCREENS, "survival")}
    sizes |= {name: ["120x40", "80x24"] for name in ("light", "no-color")}
    assert {path.name for path in PICTURES.iterdir()} == {
        "README.md",
        *(f"{name}-{size}.svg" for name, made in sizes.items() for size in made),
    }


def page() -> str:
    """The page of pictures."""
    lines = [
        "# Pictures",
        "",
        "Made by the tests (`tests/browser/test_screenshots.py`), which fail when the program no "
        "longer",
        "looks so. Each at 120x40 and 80x24, and at 80x24 in ASCII as with `LANG=C` or `--ascii`.",
    ]
    order = ("start", "visits", "values", "trends", "survival", *list(SCREENS)[4:], *OTHERS)
    for name in dict.fromkeys(order):
        screen = ALL[name]
        lines += ["", f"## {screen.title}", "", f"{screen.about} Keys: {screen.said}.", ""]
        lines += [f"![{screen.title}, 120x40]({name}-120x40.svg)", ""]
        small = [size for size in SIZES if size != "120x40"]
        small = small if name in (*SCREENS, "survival") else small[:1]
        lines += [f"| {' | '.join(label(size) for size in small)} |"]
        lines += [f"|{' :--- |' * len(small)}"]
        shown = (f"![{screen.title}, {label(size)}]({name}-{size}.svg)" for size in small)
        lines += [f"| {' | '.join(shown)} |"]
    lines += ["", "## Lines of text", ""]
    lines += [
        "`--plain`, for screen readers: each change is said in one line. No keys but words.",
        "",
    ]
    return "\n".join([*lines, "```text", *plain(), "```", ""])


def label(size: str) -> str:
    return size.replace("-ascii", ", ASCII")


def plain() -> list[str]:
    """A session in lines: the words typed after a prompt, and what is said."""
    said, lines = heard().splitlines(), []
    lines += said
    for place, word in enumerate(PLAIN):
        answered = heard(*PLAIN[: place + 1]).splitlines()
        lines += [f"visits> {word}", *answered[len(said) :]]
        said = answered
    return lines


def test_the_page_of_pictures_has_each_with_what_it_shows_and_the_keys():
    made = page()
    path = PICTURES / "README.md"
    if os.environ.get("UPDATE_GOLDENS") == "1":
        path.write_text(made, encoding="utf-8")
    assert made == path.read_text(encoding="utf-8")
    shown = re.findall(r"\]\((\S+\.svg)\)", made)
    assert sorted(shown) == sorted(one.name for one in PICTURES.glob("*.svg"))
    assert "[a page of pictures](screenshots/README.md)" in (
        PICTURES.parent / "README.md"
    ).read_text(encoding="utf-8")
