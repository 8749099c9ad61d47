"""What is sent to the terminal: the same screen as Textual's own output, in fewer bytes."""

import inspect
import random
import re
import signal
from pathlib import Path

import pytest
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from tui.browser.display import ChangedCells

DEMO = str(Path(__file__).with_name("demo_table.py"))
FULL = {"TRIALDECK_FULL_OUTPUT": "1"}

# Measured at 120 x 40: 43 and 4,452; Textual's own output takes 322 and 6,071.
STEP_BYTES = 50
PAGE_BYTES = 5_000


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


def test_textual_still_draws_the_first_screen_once_the_sizes_are_known():
    layout = inspect.getsource(Screen._refresh_layout)
    assert layout.index("_size_updated(") < layout.index("self._compositor_refresh()")
    assert list(inspect.signature(App.get_default_screen).parameters) == ["self"]
    assert not App()._disable_notifications
    assert not App()._disable_tooltips
    resume = inspect.getsource(Screen._on_screen_resume)
    assert resume.index("self._refresh_layout(size)") < resume.rindex("self.refresh()")
    assert inspect.getsource(Screen._on_resize).count("self._screen_resized(event.size)") == 1
    assert list(inspect.signature(Screen._screen_resized).parameters) == ["self", "size"]


def test_textual_still_draws_by_a_timer_that_goes_on_until_it_has_drawn():
    assert isinstance(inspect.getattr_static(Screen, "_update_timer"), property)
    assert "self._update_timer.resume()" in inspect.getsource(Screen._on_idle)
    update = inspect.getsource(Screen._on_timer_update)
    assert update.index("self._update_timer.pause()") < update.index("self._refresh_layout(")
    assert "screen.post_message(messages.Update(self))" in inspect.getsource(Widget._check_refresh)


def test_textual_still_looks_for_nothing_but_styles_when_a_line_gets_the_keys():
    assert "watch_has_focus" not in vars(Input)
    body = inspect.getsource(Widget.watch_has_focus).splitlines()[2:]
    assert [line.strip() for line in body] == ["self.update_node_styles()"]


def test_textual_still_reports_a_size_each_time_it_takes_the_terminal():
    assert "send_size_event()\n" in inspect.getsource(LinuxDriver.start_application_mode)


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
def test_a_step_costs_at_most_50_bytes(terminal, cursor, first, second):
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
