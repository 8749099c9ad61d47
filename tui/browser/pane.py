"""A pane: a title line and what it shows below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.app import ComposeResult
from textual.containers import Vertical

from tui.browser.lines import Document, Line
from tui.browser.palette import Palette
from tui.browser.table import TableView

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


class Pane(Vertical):
    """A title above a table or a document; the title shows whether the pane has the keys."""

    DEFAULT_CSS = """
    Pane { background: ansi_default; }
    """

    def __init__(self, name: str, digit: int, body: Body, palette: Palette) -> None:
        super().__init__(id=name)
        self.body = body
        self._digit = digit
        self.palette = palette
        self._line = Line(palette)

    def compose(self) -> ComposeResult:
        """The title line and the body."""
        yield self._line
        yield self.body

    def entitle(self, title: str, active: bool) -> None:
        """Sets the title and whether the pane has the keys."""
        sign = self.palette.marker if active else " "
        style = self.palette.title if active else self.palette.dim
        self._line.show((f"{sign}{self._digit} {title}", style))
