"""Where everything stands on the screen: regions, from its size and what is shown.

Textual's containers and a style sheet did the same with seven widgets more, which took 11 ms of
what comes before the first data.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

WIDE, HIGH = 110, 30
"""Columns and lines from which on the four panes stand together."""

LEAST = 40, 10
"""Columns and lines below which nothing can be read: four rows of a table are left of these."""

TOO_SMALL = "too-small"
"""What alone is shown there."""

_ARMS, _LEFT = 9, 36
"""Lines of the pane of the arms, and the least width of it and of the trends below it."""

_ABOVE_ROWS, _EVENTS = 3, 8
"""Lines of the pane of visits above its rows, and the least lines of the events below it."""


@dataclass(frozen=True)
class Shown:
    """What is on the screen.

    Attributes:
        pane: The pane that has the keys.
        alone: Whether no other is there.
        page: What is there in the place of the panes, below its title.
        page_text: Lines of a text that stands above a table.
        in_force: Lines for what is in force, 1 or 2.
        visits: Rows of the table of visits; until they are known, those of six visits of four arms.
        asks: Whether the prompt is there, in the place of the line of keys.
    """

    pane: str = "visits"
    alone: bool = False
    page: Literal["", "text", "table", "text and table"] = ""
    page_text: int = 0
    in_force: int = 1
    visits: int = 24
    asks: bool = False

    def has(self, pane: str) -> bool:
        """Whether a pane is there, or would be if there were room."""
        return not self.page and (pane == self.pane or not self.alone)


def is_wide(size: Size) -> bool:
    """Whether there is room for all four panes."""
    return size.width >= WIDE and size.height >= HIGH


def is_too_small(size: Size) -> bool:
    """Whether there is no room for anything but to say so."""
    return size.width < LEAST[0] or size.height < LEAST[1]


def title_of(pane: str) -> str:
    """The id of the line above a pane."""
    return f"{pane}-title"


def regions(size: Size, shown: Shown) -> dict[str, Region]:
    """The region of each widget that is on the screen, by its id.

    >>> regions(Size(80, 24), Shown(alone=True))["visits"]
    Region(x=0, y=3, width=80, height=19)
    """
    if is_too_small(size):
        return {TOO_SMALL: size.region}
    above = ("study", "in-force", "in-force-more")[: 1 + shown.in_force]
    below = ("status", "prompt" if shown.asks else "footer")
    rest = size.region
    found = {}
    for name in above:
        found[name], rest = rest.split_horizontal(1)
    rest, bottom = rest.split_horizontal(rest.height - len(below))
    for name in below:
        found[name], bottom = bottom.split_horizontal(1)
    if shown.page:
        return found | _page(rest, shown)
    return found | (_pane(shown.pane, rest) if shown.alone else _panes(rest, shown.visits))


def _panes(room: Region, rows: int) -> dict[str, Region]:
    """All four: arms and trends at the left, visits and events at the right.

    The visits have three fifths, or more if that shows all of them: to a page that is there only
    the cursor moves, over SSH in 1.1 round trips; one of 18 rows that has to be sent takes 1.5.
    """
    left, right = room.split_vertical(max(_LEFT, (room.width - 1) // 5))
    _, right = right.split_vertical(1)
    arms, trends = left.split_horizontal(_ARMS)
    share, all_rows = room.height * 3 // 5, _ABOVE_ROWS + rows
    visits, events = right.split_horizontal(
        all_rows if share < all_rows <= room.height - _EVENTS else share
    )
    four = {"arms": arms, "trends": trends, "visits": visits, "events": events}
    return {
        name: region for pane, place in four.items() for name, region in _pane(pane, place).items()
    }


def _pane(name: str, room: Region) -> dict[str, Region]:
    title, body = room.split_horizontal(1)
    return {title_of(name): title, name: body}


def _page(room: Region, shown: Shown) -> dict[str, Region]:
    title, rest = room.split_horizontal(1)
    if shown.page != "text and table":
        return {"page-title": title, f"page-{shown.page}": rest}
    text, table = rest.split_horizontal(min(shown.page_text, rest.height))
    return {"page-title": title, "page-text": text, "page-table": table}


class Places(Layout):
    """Puts the widgets of a screen into their regions; one without a region is left out."""

    name = "places"

    def __init__(self, regions: Callable[[Size], dict[str, Region]]) -> None:
        """Takes what gives the regions on a size, by the widgets' ids."""
        self._regions = regions

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        """Where each widget stands."""
        there = self._regions(size)
        return [
            WidgetPlacement(there[one.id], NULL_OFFSET, NULL_SPACING, one)
            for one in children
            if one.id in there
        ]
