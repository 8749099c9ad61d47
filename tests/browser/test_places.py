"""Where everything stands on the screen, on every size and whatever is shown."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Region, Size
from textual.pilot import Pilot

from tui.browser.app import Browser
from tui.browser.lines import Document
from tui.browser.places import LEAST, TOO_SMALL, Shown, is_wide, regions
from tui.browser.table import TableView
from tui.browser.view import PANES

from .conftest import until

SIZES = st.builds(Size, st.integers(1, 320), st.integers(1, 120))
SHOWN = st.builds(
    Shown,
    pane=st.sampled_from(PANES),
    alone=st.booleans(),
    page=st.sampled_from(["", "text", "table", "text and table"]),
    page_text=st.integers(0, 200),
    in_force=st.integers(1, 2),
    visits=st.integers(0, 200),
    asks=st.booleans(),
)


def drawn(size: Size, shown: Shown) -> dict[str, Region]:
    """What has a place; the four panes stand together where there is room for them."""
    return regions(size, shown if is_wide(size) else replace(shown, alone=True))


@given(SIZES, SHOWN)
def test_everything_is_on_the_screen_and_nothing_covers_anything(size: Size, shown: Shown):
    there = drawn(size, shown)
    assert all(size.region.contains_region(one) for one in there.values())
    seen = [one for one in there.values() if one]  # a long text can leave a table nothing
    assert not [pair for pair in combinations(seen, 2) if pair[0].overlaps(pair[1])]
    left = size.area - sum(one.area for one in there.values())
    between = there["trends"].bottom - there["arms-title"].y if {*PANES} <= {*there} else 0
    assert left == between  # one column between the panes


@given(SIZES.filter(is_wide), st.integers(0, 200))
def test_all_visits_are_there_if_that_leaves_six_events(size: Size, rows: int):
    there, few = regions(size, Shown(visits=rows)), regions(size, Shown(visits=0))
    fit = rows + 2 + 6 + 1 <= there["visits"].height + there["events"].height
    assert there["visits"].height == (
        max(few["visits"].height, rows + 2) if fit else few["visits"].height
    )
    assert there["events"].height - 1 >= 6


def test_a_filter_of_the_visits_leaves_the_panes_where_they_are_and_fewer_arms_do_not(browser):
    async def play(app: Browser, pilot: Pilot[None]) -> None:
        events = app.panes["events"].body
        await until(pilot, lambda: events.size.height == 8)
        await pilot.press(*"&Week 8", "enter")
        await until(pilot, lambda: app.body.position() == (1, 4))
        assert events.size.height == 8
        await pilot.press(*":arms Placebo", "enter")
        await until(pilot, lambda: events.size.height > 12)

    browser(play)


@given(SIZES, SHOWN)
def test_where_there_is_no_room_only_that_is_said(size: Size, shown: Shown):
    there = drawn(size, shown)
    assert (TOO_SMALL in there) == (size.width < LEAST[0] or size.height < LEAST[1])
    assert len(there) == 1 or {"study", "in-force", "status"} <= set(there)


@given(SHOWN)
def test_what_is_asked_for_has_a_place(shown: Shown):
    there = set(regions(Size(120, 40), shown))
    assert {one for one in PANES if shown.has(one)} == there & set(PANES)
    assert ("prompt" in there, "footer" in there) == (shown.asks, not shown.asks)
    assert {one for one in there if one.startswith("page-")} == (
        {"page-title", *(f"page-{one}" for one in shown.page.split(" and "))}
        if shown.page
        else set()
    )


@pytest.mark.parametrize("size", [(20, 5), (1, 1)])
def test_where_nothing_can_be_shown_all_keys_still_mean_what_they_say(browser, size):
    async def play(app: Browser, pilot: Pilot[None]) -> None:
        await pilot.press("4", "G")
        await pilot.resize_terminal(*size)
        await pilot.press(*":text headache", "enter")
        await until(pilot, lambda: len(app.answers["events"].rows) < 20)
        await pilot.press("enter")
        assert (app.view.page, app.failure) == ("subject", "")
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: "Headache" in app.query_one("#page-text", Document).text)

    browser(play)


@pytest.mark.parametrize("keys", [["2", "j", "j", "enter"], ["!"]])
def test_on_the_least_size_a_table_has_rows_below_what_is_said_of_it(browser, keys):
    async def play(app: Browser, pilot: Pilot[None]) -> None:
        await pilot.press(*keys)
        table = app.query_one("#page-table", TableView)
        await until(pilot, lambda: table.position()[0] == 1 and table.size.height >= 3)
        assert table.as_lines()[-1].strip()

    browser(play, *LEAST)
