"""The table widget: what it shows, how its cursor moves, what it does with odd text."""

import asyncio
import dataclasses
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import pytest
from rich.cells import cell_len
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tui.browser.columns import fit, measure
from tui.browser.palette import Palette
from tui.browser.table import TableView
from tui.browser.themes import THEMES
from tui.report.table import Column, Table
from tui.report.visible import visible

COLUMNS = (
    Column("soc", "body system", "left"),
    Column("arm", "arm", "left"),
    Column("n", "n", group="subjects"),
    Column("percent", "%", group="subjects"),
    Column("p", "p"),
    Column("note", "what was seen", "left"),
)
ROWS = (
    ("Cardiac disorders", "● Placebo", "13", "15.1", "", "sinus bradycardia, 漢字"),
    ("", "■ Low dose", "13", "15.5", "0.910", "also here"),
    ("", "▲ High dose", "18", "21.4", "0.045 *", "e\u0301tude"),
    ("Eye disorders", "● Placebo", "6", "7.0", "", "blurred"),
    ("", "■ Low dose", "7", "8.3", "0.760", "a\x1b[31mb"),
    ("", "▲ High dose", "4", "4.8", "0.340", ""),
)
EVENTS = Table(
    "Adverse events",
    COLUMNS,
    ROWS,
    fixed=2,
    arms=(0, 1, 2) * 2,
    marked=frozenset({(2, 4)}),
    blocks=frozenset({0, 3}),
)
LONG = Table(
    "Subjects",
    (Column("id", "subject", "left"), *(Column(f"v{i}", f"visit {i}") for i in range(20))),
    tuple((f"S-{row:03}", *(f"{row}.{i}" for i in range(20))) for row in range(100)),
)

WIDE_SCREEN = """\
                                 ─ subjects ─
 body system        arm           n         %        p  what was seen
[Cardiac disorders] ● Placebo    13      15.1           sinus bradycardia, 漢字
                    ■ Low dose   13      15.5    0.910  also here
                    ▲ High dose  18      21.4  0.045 *  e\u0301tude
 Eye disorders      ● Placebo     6       7.0           blurred
                    ■ Low dose    7       8.3    0.760  a^[[31mb
                    ▲ High dose   4       4.8    0.340"""

NARROW_SCREEN = """\
                                 - subje~
 body system        arm         <       %        p >
 Cardiac disorders  ● Placebo        15.1 [       ]
                    ■ Low dose       15.5    0.910
                    ▲ High dose      21.4  0.045 *
 Eye disorders      ● Placebo         7.0"""


class Stage(App[None]):
    """A table and what it posts."""

    def __init__(self, palette: Palette, cursor: str, table: Table) -> None:
        super().__init__(ansi_color=True)
        self.view = TableView(palette, cursor=cursor)
        self.table = table
        self.posted: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.view

    def on_mount(self) -> None:
        self.view.show(self.table)

    def on_table_view_moved(self, message: TableView.Moved) -> None:
        assert message.control is self.view
        self.posted.append("moved")

    def on_table_view_chosen(self) -> None:
        self.posted.append("chosen")


Scenario = Callable[[TableView, Stage, Pilot[None]], Awaitable[None]]


def play(
    scenario: Scenario,
    table: Table = LONG,
    size: tuple[int, int] = (60, 11),
    *,
    cursor: Literal["cell", "row"] = "cell",
    palette: Palette | None = None,
) -> Stage:
    """Run a scenario on a table of this size that has the focus."""

    async def run() -> Stage:
        stage = Stage(palette or Palette(), cursor, table)
        async with stage.run_test(size=size) as pilot:
            await pilot.pause()
            await scenario(stage.view, stage, pilot)
            await pilot.pause()
        return stage

    return asyncio.run(run())


def screen_of(table: Table, size: tuple[int, int], **settings: Any) -> list[str]:
    screens = []

    async def look(view: TableView, stage: Stage, pilot: Pilot[None]) -> None:
        screens.append(view.as_lines())

    play(look, table, size, **settings)
    return screens[0]


# -- what is shown


def test_a_wide_pane_shows_everything():
    assert screen_of(EVENTS, (80, 8)) == WIDE_SCREEN.splitlines()


def test_a_narrow_pane_says_what_it_hides_and_cuts():
    async def scroll(view, stage, pilot):
        view.move(columns=4)
        assert view.as_lines() == NARROW_SCREEN.splitlines()

    play(scroll, EVENTS, (52, 6), palette=Palette(ascii=True))


def test_a_pane_too_narrow_for_its_fixed_columns_scrolls_them_too():
    async def scroll(view, stage, pilot):
        assert view.as_lines()[1:3] == [" body system        ›", "[Cardiac disorders]"]
        view.move(columns=1)
        assert view.as_lines()[1:3] == ["‹arm           n    ›", "[● Placebo  ] 13"]
        view.last_column()
        assert view.as_lines()[1:3] == ["‹what was seen      ›", "[sinus bradycardia,…]"]

    play(scroll, EVENTS, (21, 9))


@pytest.mark.parametrize("width", range(1, 90, 4))
def test_no_line_is_wider_than_the_pane_and_no_text_is_cut_without_a_sign(width):
    texts = {text for row in ROWS for text in row} | {column.header for column in COLUMNS}
    texts = {text for text in texts if visible(text) == text}
    table = dataclasses.replace(EVENTS, rows=ROWS[:4])

    async def look(view, stage, pilot):
        for left in range(6):
            view.first_column()
            view.move(columns=left)
            for y, line in enumerate(view.as_lines()):
                assert cell_len(line) <= width
                for part in re.split(r"  +|[\[\]‹›]", line) if y else ():
                    assert part.strip() in texts or part.endswith("…")

    play(look, table, (width, 6))


def test_an_empty_table_says_why_and_that_it_has_no_rows():
    empty = Table("No adverse event in Cardiac disorders", COLUMNS, (), fixed=2)
    lines = screen_of(empty, (60, 7))
    assert lines[1].startswith(" body system  arm")
    assert [line.strip() for line in lines if line][2:] == [empty.title, "no rows"]
    assert [line.strip() for line in screen_of(Table("", (), ()), (20, 3))] == ["", "no rows", ""]


def test_markup_and_control_characters_are_shown_as_they_are():
    rows = (("[bold]x[/]", "\x1b]0;title\x07"), ("\u202e21", "two\nlines"))
    table = Table("", (Column("a", "a", "left"), Column("b", "b", "left")), rows)
    assert screen_of(table, (40, 4))[1:3] == [
        "[[bold]x[/]] ^[]0;title^G",
        " <U+202E>21  two^Jlines",
    ]


def test_colors_go_to_the_arm_and_the_marked_cell_alone():
    async def look(view, stage, pilot):
        styled = {
            (y, segment.text.strip(), segment.style.color.name)
            for y in range(2, 8)
            for segment in view.render_line(y)
            if segment.style and segment.style.color
        }
        colors = THEMES["neutral"].many
        assert (4, "0.045 *", f"color({colors.marked})") in styled
        assert (7, "▲ High dose", f"color({colors.arms[2]})") in styled
        assert len(styled) == 7
        assert [s.text for s in view.render_line(5) if s.style and s.style.bold] == [
            "Eye disorders    "
        ]

    play(look, EVENTS, (80, 8))


# -- the cursor


def test_a_marker_shows_the_row_where_the_cursor_is_a_row():
    async def move(view, stage, pilot):
        view.move(2)
        assert view.as_lines()[3].startswith("▸S-002")
        view.move(columns=3)
        assert view.as_lines()[0].startswith(" subject ‹visit 3")
        view.last_column()
        assert view.as_lines()[0].endswith("visit 19")
        view.first_column()
        assert view.as_lines()[0].startswith(" subject  visit 0")

    play(move, cursor="row")


def test_the_cursor_stops_at_the_ends():
    async def move(view, stage, pilot):
        view.move(-1, -1)
        assert (view.row, view.column) == (0, 0)
        assert view.position() == (1, 100)
        view.last()
        view.last_column()
        view.move(1, 1)
        assert (view.row, view.column) == (99, 20)
        assert view.position() == (100, 100)
        assert view.cell_key == (LONG.rows[99], LONG.columns[20])
        assert view.as_lines()[-1].endswith("[   99.19]")
        view.go_to(1)
        view.first_column()
        assert view.as_lines()[1].startswith("[S-000  ]     0.0")

    assert play(move).posted == ["moved"] * 4


def test_at_the_edge_of_the_pane_the_page_moves_by_half():
    async def move(view, stage, pilot):
        view.move(9)
        assert view.as_lines()[1].startswith(" S-000")
        view.move(1)
        assert view.as_lines()[1].startswith(" S-005")
        view.move(-6)
        assert view.as_lines()[1].startswith(" S-000")

    play(move)


def test_pages_keep_the_cursor_at_its_height():
    async def move(view, stage, pilot):
        view.move(3)
        view.page(1)
        assert view.row == 13
        assert view.as_lines()[4].startswith("[S-013")
        view.half_page(1)
        assert view.row == 18
        assert view.as_lines()[4].startswith("[S-018")
        view.page(-1)
        view.page(-1)
        assert view.row == 0

    play(move)


def test_find_goes_on_at_the_other_end():
    async def find(view, stage, pilot):
        assert view.find("s-042")
        assert view.row == 42
        assert view.find("S-04", -1)
        assert view.row == 41
        assert view.find("S-001")
        assert view.row == 1
        assert view.find("S-001")
        assert not view.find("nowhere")
        assert view.row == 1

    play(find)


def test_the_cursor_stays_with_its_row_and_column():
    async def change(view, stage, pilot):
        view.move(42, 7)
        line = next(y for y, line in enumerate(view.as_lines()) if "S-042" in line)
        columns = LONG.columns[:1] + LONG.columns[5:]
        rows = tuple(row[:1] + row[5:] for row in LONG.rows if int(row[0][2:]) % 3 == 0)
        view.show(Table("Every third", columns, rows))
        assert view.cell_key == (rows[14], LONG.columns[7])
        assert "S-042" in view.as_lines()[line]
        view.show(Table("Few", columns, rows[:3]))
        assert (view.row, view.position()) == (2, (3, 3))
        view.show(LONG, keep=False)
        assert (view.row, view.column) == (0, 0)
        view.show(Table("None", columns, ()))
        assert (view.cell_key, view.position()) == (None, (0, 0))
        view.move(1)
        view.choose()

    assert play(change).posted == ["moved"]


def test_in_a_block_the_heading_of_its_first_row_tells_the_rows_apart():
    async def change(view, stage, pilot):
        view.move(4)
        fewer = Table("Fewer", COLUMNS, ROWS[3:], fixed=2, blocks=frozenset({0}))
        view.show(fewer)
        assert view.row == 1

    play(change, EVENTS, (80, 9))


def test_after_a_resize_the_cursor_is_in_view():
    async def resize(view, stage, pilot):
        view.move(9, 5)
        await pilot.resize_terminal(30, 5)
        assert any(re.search(r"S-009.*\[ +9\.4\]", line) for line in view.as_lines())

    play(resize)


def test_the_mouse_moves_the_cursor_and_the_wheel_the_rows():
    async def point(view, stage, pilot):
        await pilot.click(offset=(20, 4))
        assert (view.row, view.column) == (3, 2)
        for kind, first in ((events.MouseScrollDown, "S-003"), (events.MouseScrollUp, "S-000")):
            view.post_message(kind(view, 5, 5, 0, 0, 0, False, False, False))
            await pilot.pause()
            assert view.as_lines()[1].strip(" [").startswith(first)
            assert view.row == 3

    play(point)


def test_choosing_posts_a_message():
    async def choose(view, stage, pilot):
        view.choose()

    assert play(choose).posted == ["chosen"]


# -- measures


def test_a_text_is_fitted_to_its_cells():
    assert fit("abc", 5, "left", "…") == "abc  "
    assert fit("abc", 5, "right", "…") == "  abc"
    assert fit("abcdef", 5, "right", "…") == "abcd…"
    assert fit("漢字漢字", 6, "left", "…") == "漢字 …"
    assert fit("abc", 0, "left", "…") == ""


def test_a_column_is_as_wide_as_its_widest_text():
    assert measure(EVENTS) == [17, 11, 2, 8, 7, 23]  # the third and fourth under their heading


def test_many_rows_are_measured_at_once():
    row = tuple(f"value {i}" for i in range(10))
    rows = (row,) * 49_999 + (("the widest", *row[1:]),)
    table = Table("", tuple(Column(str(i), str(i)) for i in range(10)), rows)
    start = time.process_time()
    assert measure(table) == [10] + [7] * 9
    assert time.process_time() - start < 1.0  # 0.05 s, and DataTable 11.7 s
