"""A table on a terminal of its own, for the tests that look at what is written to it."""

import os
import sys
from collections.abc import Callable
from typing import Literal

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Static

from tui.browser.display import ChangedCells
from tui.browser.palette import palette_for
from tui.browser.table import TableView
from tui.report.table import Column, Table

ROWS = 300
ODD = ("漢字かな", "e\u0301le\u0300ve", "🙂 fine", "plain", "a\u0308", "ＷＩＤＥ")


def demo_table() -> Table:
    numbers = [
        Column(f"n{i}", f"week {i}", group="Placebo" if i < 6 else "High") for i in range(12)
    ]
    columns = (Column("id", "subject", "left"), Column("arm", "arm", "left"), *numbers)
    columns += (Column("note", "note", "left"),)
    rows = tuple(
        (
            f"S-{row:04}",
            ("Placebo", "High")[row % 2],
            *(f"{row * (i + 1) % 977}.{i}" for i in range(12)),
            f"{ODD[row % len(ODD)]} and {ODD[row * 7 % len(ODD)]}",
        )
        for row in range(ROWS)
    )
    marked = frozenset((row, 2 + row % 5) for row in range(0, ROWS, 3))
    arms = tuple(row % 2 for row in range(ROWS))
    return Table("Demo", columns, rows, 1, arms, marked, frozenset(range(0, ROWS, 5)))


KEYS: dict[str, Callable[[TableView], None]] = {
    "down": lambda table: table.move(1),
    "up": lambda table: table.move(-1),
    "right": lambda table: table.move(columns=1),
    "left": lambda table: table.move(columns=-1),
    "pagedown": lambda table: table.page(1),
    "pageup": lambda table: table.page(-1),
    "d": lambda table: table.half_page(1),
    "u": lambda table: table.half_page(-1),
    "g": lambda table: table.go_to(1),
    "G": lambda table: table.last(),
    "0": lambda table: table.first_column(),
    "e": lambda table: table.last_column(),
    "f": lambda table: table.show(Table("Demo", table.table.columns, table.table.rows[::3])),
}


class Other(Screen[None]):
    """Something else on the whole screen."""

    def compose(self) -> ComposeResult:
        yield Static("another screen 漢字")

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.dismiss()


class DemoTable(TableView):
    """A table that has its size told."""

    def on_resize(self) -> None:
        self.app.call_after_refresh(self.app.tell, self.app.count)


class Demo(ChangedCells):
    """The table, and unless it is bare a line that counts the keys handled and tells the size."""

    CSS = "Screen, Static { background: ansi_default; color: ansi_default; } Static { height: 1; }"
    BINDINGS = (Binding("z", "suspend_process"), Binding("q", "quit"))

    def __init__(self, *, bare: bool, cursor: Literal["cell", "row"]) -> None:
        self.palette = palette_for(os.environ)
        super().__init__(ansi_color=True)
        self.bare, self.cursor, self.count = bare, cursor, 0

    def compose(self) -> ComposeResult:
        yield DemoTable(self.palette, cursor=self.cursor)
        yield Static("" if self.bare else "#0", id="status")

    def on_mount(self) -> None:
        self.query_one(TableView).show(demo_table())

    def on_key(self, event: events.Key) -> None:
        if event.key == "s":
            self.push_screen(Other())
        elif event.key in KEYS:
            KEYS[event.key](self.query_one(TableView))
        self.count += 1
        self.call_after_refresh(self.tell, self.count)

    def tell(self, count: int) -> None:
        """Say what has been handled: so many keys, and the table at this size."""
        if not self.bare:
            width, height = self.query_one(TableView).size
            self.query_one("#status", Static).update(f"#{count} {width}x{height + 1}.")


if __name__ == "__main__":
    Demo(bare="bare" in sys.argv, cursor="row" if "row" in sys.argv else "cell").run()
