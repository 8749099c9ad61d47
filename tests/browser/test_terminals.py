"""Every terminal: how many colors it shows, which characters, what size, whether it has a mouse.

The golden screens of the others are in test_goldens.py.
"""

import re

import pytest

from tui.browser.keys import KEYS
from tui.browser.themes import THEMES

from .test_goldens import begin

# Keys whose names are not what is sent.
SENT = {"tab": "\t", "shift+tab": "\x1b[Z", "enter": "\r", "space": " ", "slash": "/", "minus": "-"}
SENT |= {"equals_sign": "=", "exclamation_mark": "!", "colon": ":", "question_mark": "?"}
SENT |= {"ampersand": "&", "escape": "\x1b", "ctrl+d": "\x04", "ctrl+u": "\x15"}
SENT |= {"pagedown": "\x1b[6~", "pageup": "\x1b[5~"}


def styles_in(raw: bytes) -> set[int | str]:
    """What the style sequences say: attributes and basic colors as numbers, others as strings.

    `38;5;33` is "33", `38;2;1;2;3` is "#010203".
    """
    found: set[int | str] = set()
    for sequence in re.findall(rb"\x1b\[([0-9;]*)m", raw):
        codes = [int(code or 0) for code in sequence.decode().split(";")]
        while codes:
            code = codes.pop(0)
            if code not in (38, 48, 58):
                found.add(code)
            elif codes.pop(0) == 5:
                found.add(str(codes.pop(0)))
            else:
                found.add("#{:02x}{:02x}{:02x}".format(*codes[:3]))
                del codes[:3]
    return found


def colors_in(raw: bytes) -> set[int | str]:
    """The colors of all style sequences; `31` and `91` are 1 and 9."""
    said = styles_in(raw)
    basic = {code % 10 + 8 * (code >= 90) for code in said if isinstance(code, int) and code >= 30}
    others = {code for code in said if isinstance(code, str)}
    return basic | {int(code) if code.isdecimal() else code for code in others}


def shown(colors) -> set[int | str]:
    """What of a theme the first screen shows: four arms, and the mark of a reconstruction."""
    return {*colors.arms[:4], colors.marked} - {None}


NEUTRAL = THEMES["neutral"]
CASES = {
    "xterm-256color": ({"TERM": "xterm-256color"}, shown(NEUTRAL.many)),
    "true color": ({"COLORTERM": "truecolor"}, shown(NEUTRAL.exact)),
    "24bit": ({"TERM": "tmux-256color", "COLORTERM": "24bit"}, shown(NEUTRAL.exact)),
    "tmux": ({"TERM": "tmux-256color"}, shown(NEUTRAL.many)),
    "kitty over ssh": ({"TERM": "xterm-kitty"}, shown(NEUTRAL.many)),
    "screen": ({"TERM": "screen"}, shown(NEUTRAL.few)),
    "xterm": ({"TERM": "xterm"}, shown(NEUTRAL.few)),
    "linux": ({"TERM": "linux"}, shown(NEUTRAL.few)),
    "vt100": ({"TERM": "vt100"}, set()),
    "NO_COLOR": ({"NO_COLOR": "1", "COLORTERM": "truecolor"}, set()),
    "dark": ({"COLORFGBG": "15;0"}, shown(THEMES["dark"].many)),
    "light": ({"COLORFGBG": "0;15"}, shown(THEMES["light"].many)),
}


@pytest.mark.parametrize("case", CASES)
def test_a_terminal_gets_the_same_screen_in_the_colors_that_it_has(terminal, golden, case):
    environ, colors = CASES[case]
    screen = begin(terminal, 80, 24, **environ)
    ascii_only = "-ascii" if environ.get("TERM") == "linux" else ""
    golden(f"browser/start-80x24{ascii_only}.txt", screen.text)
    assert colors_in(screen.raw) == colors


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_can_be_asked_for(terminal, theme):
    screen = begin(terminal, 80, 24, "--theme", theme)
    assert colors_in(screen.raw) == shown(THEMES[theme].many)


def test_a_theme_is_picked_or_named_while_the_browser_runs(terminal):
    screen = begin(terminal, 120, 40)
    start = len(screen.raw)
    screen.press("T")
    screen.wait_for("contrast-light")
    screen.press("light", "\r")
    screen.wait_for("theme light: for a light background")
    screen.rest()
    assert colors_in(screen.raw[start:]) >= shown(THEMES["light"].many)
    start = len(screen.raw)
    screen.press(":theme mono\r")
    screen.wait_for("theme mono: no color at all")
    screen.rest()
    assert colors_in(screen.raw[start:]) == set()
    cells = [cell for line in screen.screen.buffer.values() for cell in line.values()]
    assert {cell.fg for cell in cells if cell.data != " "} == {"default"}
    screen.press(":theme pink\r")
    screen.wait_for("There is no theme 'pink': there is neutral, dark, light")


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "vt100"}])
def test_without_color_no_key_brings_one_and_the_cursor_can_be_seen(terminal, environ):
    screen = begin(terminal, 120, 40, **environ)
    screen.wait_for("[Baseline]")
    for key in KEYS:
        name = key.keys[0]
        sent = SENT.get(name, name)
        if key.id in ("quit", "interrupt", "suspend") or (len(sent) > 1 and sent[0] != "\x1b"):
            continue
        screen.press(sent)
        screen.rest(0.05)
        screen.press("\x1b")
        screen.rest(0.15)
    screen.press("2")
    screen.wait_for("▸2 Visits")
    assert colors_in(screen.raw) == set()
    assert b"\x1b[7m" in screen.raw  # the place in the prompt


def test_in_high_contrast_the_cursor_is_reversed_and_nothing_is_dim(terminal):
    screen = begin(terminal, 80, 24, "--theme", "contrast-dark")
    bracket = next(
        cell for line in screen.screen.buffer.values() for cell in line.values() if cell.data == "["
    )
    assert bracket.reverse
    assert 2 not in styles_in(screen.raw)


# -- characters


def test_ascii_can_be_asked_for_on_any_terminal(terminal, golden):
    screen = begin(terminal, 80, 24, "--ascii")
    golden("browser/start-80x24-ascii.txt", screen.text)
    assert screen.raw.isascii()


@pytest.mark.parametrize(("environ", "name"), [({"LANG": "C"}, "Zo?"), ({"TERM": "linux"}, "Zoë")])
def test_letters_of_the_data_that_the_terminal_does_not_take_are_question_marks(
    terminal, tmp_path, environ, name
):
    (tmp_path / "adsl.csv").write_text(
        "USUBJID,TRT01P,ITTFL\n" + "".join(f"{n},{arm},Y\n" for n, arm in enumerate(["Zoë", "B"])),
        encoding="utf-8",
    )
    (tmp_path / "adlb.csv").write_text(
        "USUBJID,PARAMCD,PARAM,AVISIT,AVISITN,AVAL,BASE,CHG\n"
        + "".join(f"{n},X,X,Week 1,1,{n},1,0\n" for n in range(2)),
        encoding="utf-8",
    )
    screen = terminal(["-m", "tui", str(tmp_path)], 80, 24, **environ)
    screen.wait_for("visits 1/2")
    screen.wait_for(name)


# -- sizes


@pytest.mark.parametrize(("width", "height"), [(40, 10), (300, 100)])
def test_the_first_screen_at_the_edges_of_what_is_usable(terminal, golden, width, height):
    screen = terminal(["-m", "tui"], width, height)
    if width > 100:
        screen = begin(terminal, width, height)
    else:
        screen.wait_for("visits 1/24")
        screen.wait_for("ANCOVA")
        screen.wait_for("(!)" if width > 60 else "3 data")
        screen.rest()
    golden(f"browser/start-{width}x{height}.txt", screen.text)


def test_where_nothing_can_be_read_the_size_that_is_needed_is_said(terminal, golden):
    screen = terminal(["-m", "tui"], 20, 5)
    screen.wait_for("q leaves.")
    screen.rest(0.5)
    golden("browser/too-small-20x5.txt", screen.text)
    assert not colors_in(screen.raw)  # no scrollbar either
    screen.press("q")
    assert screen.wait_ended() == 0


def test_from_size_to_size_nothing_is_lost(terminal):
    screen = begin(terminal, 120, 40)
    screen.press("jjj")
    screen.wait_for("visits 4/24")
    for width, height in ((20, 5), (300, 100), (40, 10), (1, 1), (80, 24), (120, 40)):
        screen.resize(width, height)
        screen.rest(0.2)
    screen.wait_for("[Baseline] ◆ 2.0 M/kg")
    screen.wait_for("visits 4/24")
    screen.wait_for("one scale: ")


# -- the mouse


def report(button: int, x: int, y: int, end: str = "M") -> str:
    """A report of the mouse in SGR mode: cells are counted from 1."""
    return f"\x1b[<{button};{x};{y}{end}"


def click(screen, text: str) -> None:
    """Presses and releases where a text is."""
    y, line = next((y, line) for y, line in enumerate(screen.lines) if text in line)
    x = line.index(text)
    screen.press(report(0, x + 1, y + 1), report(0, x + 1, y + 1, "m"))


def test_the_mouse_is_left_to_the_terminal_unless_it_is_asked_for(terminal):
    assert b"\x1b[?1000h" not in begin(terminal, 80, 24).raw


def test_the_mouse_selects_and_scrolls(terminal):
    screen = begin(terminal, 120, 40, "--mouse")
    assert b"\x1b[?1000h\x1b[?1006h" in screen.raw
    assert b"\x1b[?1003h" not in screen.raw  # moves would go up the line for nothing
    click(screen, "8.59")
    screen.wait_for("visits 3/24  Observed, % Mean")
    click(screen, "Muscle strain")
    screen.wait_for("events 2/41")
    screen.wait_for("▸4 Adverse events")
    y = next(y for y, line in enumerate(screen.lines) if "Muscle strain" in line)
    screen.press(*[report(65, 60, y + 1)] * 3)
    screen.wait_until(lambda: not any("Muscle strain" in line for line in screen.lines))
    screen.wait_for("events 10/41")
    click(screen, "0.3 M/kg")
    screen.wait_for("arms 2/4")
    screen.press("q")
    assert screen.wait_ended() == 0
    assert screen.raw.rindex(b"\x1b[?1000l") > screen.raw.rindex(b"\x1b[?1000h")
    assert screen.raw.rindex(b"\x1b[?1006l") > screen.raw.rindex(b"\x1b[?1006h")


def test_two_clicks_open_what_is_behind_a_row_and_take_a_choice(terminal):
    screen = begin(terminal, 120, 40, "--mouse")
    click(screen, "8.59")
    click(screen, "8.59")
    screen.wait_for("values 1/15")
    screen.press("\x1b")
    screen.wait_for("visits 3/24")
    screen.press("p")
    screen.wait_for("Fasting plasma glucose")
    click(screen, "Donor-specific")
    screen.press("gluc", "\r")  # the keys are still the prompt's
    screen.wait_until(lambda: "Fasting plasma glucose" in screen.lines[0])
    screen.press("p")
    screen.wait_for("Donor-specific")
    click(screen, "Fasting insulin")
    click(screen, "Fasting insulin")
    screen.wait_until(lambda: "Fasting insulin" in screen.lines[0])


def test_colors_are_told_from_the_other_numbers_of_a_style():
    raw = b"\x1b[1mx\x1b[0;1;38;5;5mx\x1b[91;1m\x1b[7m\x1b[38;2;1;2;3;4m\x1b[2;33H"
    assert colors_in(raw) == {5, 9, "#010203"}
    assert styles_in(raw) == {0, 1, 4, 7, 91, "5", "#010203"}
