"""The difference of two screens: exactly the second one arrives, in few bytes."""

import random
import re

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.style import Style
from textual.geometry import Size

from tui.browser.cells import BLANK, Cell, cells_of, from_pen_to_pen
from tui.browser.shadow import Shadow

PARTS = ["a", "b", " ", "   ", "漢", "e\u0301", "─", "🙂"]
STYLES = [
    None,
    Style(bold=True),
    Style(color="color(33)"),
    Style(color="color(97)"),
    Style(bold=True, color="color(97)"),
    Style(bgcolor="red", reverse=True),
    Style(bgcolor="color(17)", color="color(97)"),
]
# What every terminal knows, down to `linux` and `screen`: CUP, CHA, CUD to CUB, IND, BS, CR, EL,
# ECH, DL, IL and SGR.
KNOWN = re.compile(r"\x1b\[[0-9;]*[HGABCDKXMLm]|\x1b[DM]|[\b\r]|[^\x00-\x1f\x7f-\x9f]")


def words(choice: random.Random) -> tuple[Cell, ...]:
    text = "".join(choice.choices(PARTS, k=9))
    return cells_of(text, choice.choice(STYLES), ColorSystem.EIGHT_BIT)


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


def test_over_lines_whose_colors_alternate_each_color_is_set_once():
    shadow = Shadow(Size(12, 4), cleared=True)
    for y in range(4):
        for x in range(12):
            style = Style(color=f"color({160 + (x + y) % 3})")
            shadow.paint(x, y, cells_of("\u28ff", style, ColorSystem.EIGHT_BIT))
    sent = shadow.changes()
    assert [sent.count(f"38;5;{160 + color}m") for color in range(3)] == [1, 1, 1]


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


Grid = list[list[tuple[Cell, ...]]]
texts = st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map("".join)
pieces = st.builds(
    lambda text, style: cells_of(text, style, ColorSystem.EIGHT_BIT), texts, st.sampled_from(STYLES)
)
lines = st.lists(pieces, min_size=1, max_size=5)


@st.composite
def screens(draw: st.DrawFn) -> list[Grid]:
    """Screens of 8 lines, one after the other: lines are redrawn, and stretches of them move."""
    few = draw(st.lists(lines, min_size=2, max_size=6))  # often the same: also where they moved to
    line = st.sampled_from(few) | lines
    shown = [draw(st.lists(line, min_size=8, max_size=8))]
    for _ in range(draw(st.integers(1, 5))):
        grid = list(shown[-1])
        first, last = sorted(draw(st.tuples(st.integers(0, 8), st.integers(0, 8))))
        by = draw(st.integers(-3, 3))
        inside = grid[first:last]
        for y in range(first, last):
            grid[y] = inside[y - first - by] if 0 <= y - first - by < len(inside) else draw(line)
        if draw(st.booleans()):
            grid[draw(st.integers(0, 7))] = draw(line)
        shown.append(grid)
    return shown


def paint(shadow: Shadow, grid: Grid, before: Grid | None = None) -> str:
    """Asks for the lines that are not as they were."""
    for y, line in enumerate(grid):
        if before and line == before[y]:
            continue
        cells = sum(line, ())
        shadow.paint(0, y, (*cells, *(BLANK,) * max(0, shadow.size.width - len(cells))))
    return shadow.changes()


@settings(max_examples=400, deadline=None)
@given(screens())
def test_whatever_moves_and_changes_the_screen_is_as_if_painted_anew(shown):
    screen, stream = emulated(30, 8)
    shadow = Shadow(Size(30, 8), cleared=True)
    for before, grid in zip([None, *shown], shown, strict=False):
        sent = paint(shadow, grid, before)
        assert not KNOWN.sub("", sent)
        stream.feed(sent)
        fresh, fresh_stream = emulated(30, 8)
        fresh_stream.feed(paint(Shadow(Size(30, 8), cleared=True), grid))
        assert look(screen) == look(fresh)
        assert paint(shadow, grid) == ""


def test_a_letter_with_an_accent_of_its_own_is_not_taken_for_as_many_cells_as_it_has_bytes():
    bold, eight = Style(bold=True), ColorSystem.EIGHT_BIT
    wide = [cells_of(text, style, eight) for text, style in (("🙂", None), ("a", bold))]
    shown = [
        [[cells_of("aaaabe\u0301", bold, eight)]],
        [[cells_of("aaaaae\u0301", bold, eight), *wide]],
    ]
    screen, stream = emulated(30, 1)
    shadow = Shadow(Size(30, 1), cleared=True)
    for grid in shown:
        stream.feed(paint(shadow, grid))
    fresh, fresh_stream = emulated(30, 1)
    fresh_stream.feed(paint(Shadow(Size(30, 1), cleared=True), shown[-1]))
    assert look(screen) == look(fresh)


def row(number: int) -> list[tuple[Cell, ...]]:
    text = f"row {number} of many, {number * number:>6} times {number % 7}"
    return [cells_of(text, None, ColorSystem.EIGHT_BIT)]


def test_a_list_that_scrolls_is_moved_and_only_what_comes_into_view_is_written():
    head, foot = ([cells_of(text, None, ColorSystem.EIGHT_BIT)] for text in ("head", "foot"))
    top, below = ([head, *(row(first + n) for n in range(18)), foot] for first in (0, 6))
    shadow = Shadow(Size(40, 20), cleared=True)
    everything = len(paint(shadow, top))
    down, up = paint(shadow, below), paint(shadow, top)
    assert down.startswith("\x1b[2H\x1b[6M\x1b[14H\x1b[6L")
    assert up.startswith("\x1b[14H\x1b[6M\x1b[2H\x1b[6L")
    assert max(len(down), len(up)) < 0.4 * everything  # 6 of 18 lines


def test_what_stands_beside_a_list_that_scrolls_stays():
    left = [[cells_of(f"left {n * n * 37:>9}", None, ColorSystem.EIGHT_BIT)] for n in range(20)]
    shadow = Shadow(Size(60, 20), cleared=True)
    paint(shadow, [[*left[n], *row(n)] for n in range(20)])
    changes = paint(shadow, [[*left[n], *row(n + 6)] for n in range(20)])
    assert not re.search(r"\x1b\[\d*[ML]", changes)


@pytest.mark.parametrize(
    ("old", "new", "sent"),
    [
        ("\x1b[38;5;97m", "\x1b[38;5;63m", "\x1b[38;5;63m"),
        ("\x1b[1m", "\x1b[1;38;5;63m", "\x1b[38;5;63m"),
        ("\x1b[1;38;5;63m", "\x1b[38;5;63m", "\x1b[0;38;5;63m"),
        ("\x1b[31;44m", "\x1b[91;44m", "\x1b[91m"),
        ("\x1b[44m", "\x1b[31m", "\x1b[0;31m"),
        ("\x1b[2m", "", "\x1b[m"),
    ],
)
def test_of_a_style_no_more_than_the_difference_is_sent(old, new, sent):
    assert from_pen_to_pen(old, new) == sent


def test_where_colors_alternate_one_is_written_after_the_other():
    shadow = Shadow(Size(20, 1), cleared=True)
    one, two = (Style(color=f"color({number})") for number in (63, 97))
    cells = [cells_of("⣿", style, ColorSystem.EIGHT_BIT) for style in (one, two) * 4]
    shadow.paint(0, 0, sum(cells, ()))
    changes = shadow.changes()
    assert changes.count("\x1b[38;5;63m") == changes.count("\x1b[38;5;97m") == 1
