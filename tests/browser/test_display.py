"""What is sent to the terminal: the same screen as Textual's own output, in fewer bytes."""

import inspect
import random
import re
import signal
from pathlib import Path

import pyte
import pytest
from rich.color import ColorSystem
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Region, Size
from textual.screen import Screen

from tui.browser.display import BLANK, Cell, ChangedCells, Shadow, cells_of

DEMO = str(Path(__file__).with_name("demo_table.py"))
FULL = {"TRIALDECK_FULL_OUTPUT": "1"}

# Measured at 120 x 40 with synchronized updates (16 bytes a frame, 6 more for the cursor's rest).
STEP_BYTES = 60
PAGE_BYTES = 4_600 * 1.2  # Textual's own output: 6,130


# -- what is relied on


def test_textual_still_has_what_the_display_relies_on():
    assert list(inspect.signature(App._display).parameters) == ["self", "screen", "renderable"]
    assert list(inspect.signature(LayoutUpdate).parameters) == ["strips", "region"]
    assert list(inspect.signature(ChopsUpdate).parameters) == ["chops", "spans", "chop_ends"]
    layout, chops = LayoutUpdate([], Region(1, 2, 3, 4)), ChopsUpdate([], [], [])
    assert (layout.strips, layout.region) == ([], Region(1, 2, 3, 4))
    assert (chops.chops, chops.spans, chops.chop_ends) == ([], [], [])
    render = inspect.signature(CompositorUpdate.render_segments)
    assert list(render.parameters) == ["self", "console"]
    assert issubclass(LayoutUpdate, CompositorUpdate)
    assert issubclass(ChopsUpdate, CompositorUpdate)


def test_textual_still_writes_under_the_conditions_the_display_repeats():
    app = ChangedCells()
    assert app._batch_count == 0
    assert (app._running, app._closed, app._driver) == (False, False, None)
    source = inspect.getsource(App._display)
    conditions = re.findall(r"self\.(_batch_count|_running|_closed|is_headless)\b", source)
    assert conditions == ["_batch_count", "_running", "_closed", "is_headless"]
    assert "self._driver.is_inline" in source


def test_textual_still_paints_through_the_hook_and_no_other_way():
    paint = inspect.getsource(Screen._compositor_refresh)
    assert paint.count("app._display(") == 2  # inline and full screen
    assert "LayoutUpdate(render_strips, screen_region)" in inspect.getsource(
        Compositor.render_full_update
    )
    # The other writers of the driver send modes, titles, the bell and the clipboard.
    assert "render_segments" in inspect.getsource(App._display)


def test_textual_still_reports_a_size_each_time_it_takes_the_terminal():
    assert "send_size_event()\n" in inspect.getsource(LinuxDriver.start_application_mode)


# -- the difference of two screens


def words(choice: random.Random) -> tuple[Cell, ...]:
    text = "".join(choice.choices(["a", "b", " ", "   ", "漢", "e\u0301", "─", "🙂"], k=9))
    styles = [None, Style(bold=True), Style(color="color(33)"), Style(bgcolor="red", reverse=True)]
    return cells_of(text, choice.choice(styles), ColorSystem.EIGHT_BIT)


def emulated(width: int, height: int) -> tuple[pyte.Screen, pyte.Stream]:
    screen = pyte.Screen(width, height)
    screen.set_mode(20)  # a pty makes \n a \r\n
    screen.reset_mode(7, private=True)  # Textual turns wrapping off
    return screen, pyte.Stream(screen)


def look(screen: pyte.Screen) -> list[list[tuple[object, ...]]]:
    return [
        [
            (cell.data, cell.bg, cell.reverse, cell.data == " " or (cell.fg, cell.bold))
            for cell in (screen.buffer[y][x] for x in range(screen.columns))
        ]
        for y in range(screen.lines)
    ]


@pytest.mark.parametrize("seed", range(20))
def test_changes_lead_to_the_screen_that_painting_everything_leads_to(seed):
    choice, size = random.Random(seed), Size(30, 5)
    screen, stream = emulated(30, 5)
    shadow = Shadow(size, cleared=True)
    painted: list[tuple[int, int, tuple[Cell, ...]]] = []
    for _ in range(12):
        for _ in range(choice.randrange(1, 6)):
            painted.append((choice.randrange(30), choice.randrange(5), words(choice)))
            shadow.paint(*painted[-1])
        stream.feed(shadow.changes())
        everything = Shadow(size, cleared=True)
        for paint in painted:
            everything.paint(*paint)
        fresh, fresh_stream = emulated(30, 5)
        fresh_stream.feed(everything.changes())
        assert look(screen) == look(fresh)


def test_what_is_on_the_terminal_already_is_not_sent():
    shadow = Shadow(Size(20, 3), cleared=True)
    cells = cells_of("Ünë 漢字 and more", Style(bold=True), ColorSystem.EIGHT_BIT)
    shadow.paint(0, 1, cells)
    assert shadow.changes()
    shadow.paint(0, 1, cells)
    assert shadow.changes() == ""


def test_of_an_unknown_terminal_blanks_are_sent_too():
    shadow = Shadow(Size(20, 3), cleared=False)
    shadow.paint(0, 0, (BLANK,) * 20)
    assert shadow.changes() == "\x1b[1;1H\x1b[K"


def test_short_gaps_are_written_and_long_ones_jumped_over():
    shadow = Shadow(Size(30, 1), cleared=True)
    shadow.paint(0, 0, cells_of("a123b1234567c", None, ColorSystem.EIGHT_BIT))
    shadow.changes()
    shadow.paint(0, 0, cells_of("A123B1234567C", None, ColorSystem.EIGHT_BIT))
    assert shadow.changes() == "\x1b[1;1HA123B\x1b[7CC"


def test_the_style_is_sent_when_it_changes_and_reset_at_the_end():
    shadow = Shadow(Size(30, 1), cleared=True)
    shadow.paint(0, 0, cells_of("one ", Style(bold=True), ColorSystem.EIGHT_BIT))
    shadow.paint(4, 0, cells_of("two", Style(bold=True, color="default"), ColorSystem.EIGHT_BIT))
    shadow.paint(7, 0, cells_of("red", Style(color="color(160)"), ColorSystem.EIGHT_BIT))
    assert shadow.changes() == "\x1b[1;1H\x1b[1mone two\x1b[0;38;5;160mred\x1b[m"


def test_a_link_is_opened_and_closed():
    shadow = Shadow(Size(30, 1), cleared=True)
    shadow.paint(0, 0, cells_of("x", Style(link="https://example.org"), ColorSystem.EIGHT_BIT))
    sent = shadow.changes()
    assert re.fullmatch(
        r"\x1b\[1;1H\x1b\]8;id=\d+;https://example.org\x1b\\x\x1b\]8;;\x1b\\\x1b\[m", sent
    )


def test_half_a_wide_character_becomes_a_blank():
    shadow = Shadow(Size(4, 1), cleared=True)
    shadow.paint(0, 0, cells_of("漢字", None, ColorSystem.EIGHT_BIT))
    shadow.changes()
    shadow.paint(1, 0, cells_of("ab", None, ColorSystem.EIGHT_BIT))
    assert shadow.changes() == "\x1b[1;1H ab "
    shadow.paint(3, 0, cells_of("漢", None, ColorSystem.EIGHT_BIT))
    assert shadow.changes() == ""


def test_after_a_joined_emoji_the_column_is_addressed_afresh():
    shadow = Shadow(Size(20, 1), cleared=True)
    shadow.paint(0, 0, cells_of("❤\ufe0fx", None, ColorSystem.EIGHT_BIT))
    assert shadow.changes() == "\x1b[1;1H❤\ufe0f\x1b[3Gx"


def test_what_acts_on_a_terminal_is_never_a_cell():
    cells = cells_of("a\x1b[31m\x9b\x07\u0301b", None, ColorSystem.EIGHT_BIT)
    assert "".join(text for text, _ in cells) == "a[31m\u0301b"


# -- on a terminal


def test_the_screen_is_the_one_textual_draws(terminal):
    ours, textuals = terminal([DEMO], 120, 40), terminal([DEMO], 120, 40, **FULL)
    keys = ("down", "up", "right", "left", "pagedown", "pageup", "d", "u", "g", "G", "0", "e", "f")
    sizes = ((120, 40), (80, 24), (47, 11), (160, 30), (9, 4))
    choice, width, height, count = random.Random(7), 120, 40, 0
    for _ in range(12):  # of 5 keys, and now and then another size
        if choice.random() < 0.4:
            width, height = choice.choice([size for size in sizes if size != (width, height)])
            for program in (ours, textuals):
                program.resize(width, height)
                program.wait_for(f"#{count} {width}x{height}."[:width])
        pressed = choice.choices(keys, weights=[9, 3, 9, 3, 2, 2, 2, 2, 1, 1, 1, 2, 0.2], k=5)
        count += len(pressed)
        for program in (ours, textuals):
            program.press(*pressed)
            program.wait_for(f"#{count} {width}x{height}."[:width])
        if ours.cells() != textuals.cells():  # a frame may still be on its way
            ours.rest(), textuals.rest()
        assert ours.lines == textuals.lines
        assert ours.cells() == textuals.cells()
    assert len(ours.raw) < 0.8 * len(textuals.raw)


@pytest.mark.parametrize(
    ("cursor", "first", "second"), [("cell", "[S-0001 ]", " S-0001  [High"), ("row", "▸S-0001", "")]
)
def test_a_step_costs_at_most_60_bytes(terminal, cursor, first, second):
    program = terminal([DEMO, "bare", cursor])
    program.wait_for("S-0036")
    program.rest()
    program.press("down")
    assert len(program.rest()) <= STEP_BYTES
    assert program.lines[3].startswith(first)
    if second:
        program.press("right")
        assert len(program.rest()) <= STEP_BYTES
        assert program.lines[3].startswith(second)


def test_a_page_costs_less_than_textuals_and_nothing_is_written_at_rest(terminal):
    program = terminal([DEMO, "bare"])
    program.wait_for("S-0036")
    program.rest()
    program.press("pagedown")
    program.wait_for("S-0073")
    assert len(program.rest()) <= PAGE_BYTES
    assert program.read(0.3) == b""
    for x in range(1, 60):  # the mouse wanders over the table, and then over the line below
        program.press(f"\x1b[<35;{x};{x * 40 // 60 + 1}M")
    assert program.rest() == b""


def test_after_another_screen_and_after_a_suspension_the_screen_is_whole(terminal):
    program = terminal([DEMO])
    program.wait_for("#0 120x40.")
    program.press("right", "down")
    program.wait_for("#2 ")
    before = program.lines

    program.press("s")
    program.wait_for("another screen 漢字")
    program.press("s")
    program.wait_for("S-0036")
    program.rest()
    assert program.lines[:-1] == before[:-1]

    program.press("z")
    program.wait_stopped()
    program.screen.reset()
    program.signal(signal.SIGCONT)
    program.wait_for("S-0036")
    program.rest()
    assert program.lines[:-1] == before[:-1]


def test_a_resize_to_the_same_size_repaints(terminal):
    program = terminal([DEMO, "bare"])
    program.wait_for("S-0036")
    program.rest()
    before = program.lines
    program.screen.erase_in_display(2)
    program.signal(signal.SIGWINCH)
    program.wait_until(lambda: program.lines == before)


@pytest.mark.parametrize("cursor", ["cell", "row"])
def test_without_color_not_one_color_is_sent(terminal, cursor):
    program = terminal([DEMO, "bare", cursor], NO_COLOR="1", LANG="C")
    program.wait_for("S-0036")
    program.press("e", "G")
    program.wait_for("S-0299")
    program.rest()
    codes = {
        code
        for match in re.finditer(rb"\x1b\[([0-9;]*)m", program.raw)
        for code in match[1].split(b";")
    }
    assert codes <= {b"", b"0", b"1", b"2", b"7"}
    head = program.lines[:2]
    assert "".join(head).isascii()
