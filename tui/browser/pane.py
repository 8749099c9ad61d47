"""A pane: a title line and what it shows below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tui.browser.lines import Document, Line
from tui.browser.palette import Palette
from tui.browser.places import title_of
from tui.browser.table import TableView
from tui.browser.view import PANES

Body = TableView | Document

MOVES: Mapping[str, Callable[[Body, int], None]] = {
    "down": lambda body, count: body.move(rows=count or 1),
    "up": lambda body, count: body.move(rows=-(count or 1)),
    "left": lambda body, count: body.move(columns=-(count or 1)),
    "right": lambda body, count: body.move(columns=count or 1),
    "first": lambda body, count: body.go_to(count or 1),
    "last": lambda body, count: body.go_to(count) if count else body.last(),
    "page_down": lambda body, count: body.page(count or 1),
    "page_up": lambda body, count: body.page(-(count or 1)),
    "half_down": lambda body, count: body.half_page(count or 1),
    "half_up": lambda body, count: body.half_page(-(count or 1)),
}
"""What the moving keys do, by their id in the table of keys; a count of 0 is none."""


@dataclass(frozen=True)
class Pane:
    """A title above a table or a document; the title shows whether the pane has the keys.

    Attributes:
        digit: The key that leads there.
        title: The line above.
        body: What the pane is for.
    """

    digit: int
    title: Line
    body: Body

    def entitle(self, title: str, active: bool) -> None:
        """Sets the title and whether the pane has the keys."""
        palette = self.title.palette
        sign = palette.marker if active else " "
        style = palette.title if active else palette.dim
        self.title.show((f"{sign}{self.digit} {title}", style))


def four(palette: Palette) -> dict[str, Pane]:
    """The panes by their names, which are the ids of their bodies."""
    bodies: tuple[Body, ...] = (
        TableView(palette, cursor="row", id="arms"),
        TableView(palette, cursor="cell", id="visits"),
        Document(palette, id="trends"),
        TableView(palette, cursor="row", id="events"),
    )
    return {
        name: Pane(digit, Line(palette, id=title_of(name)), body)
        for digit, (name, body) in enumerate(zip(PANES, bodies, strict=True), 1)
    }
