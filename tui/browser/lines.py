"""Widgets that show lines of text: one line, or a document that scrolls."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.browser.palette import Palette
from tui.report.visible import visible

Run = tuple[str, Style | None]

WHEEL_ROWS = 3
"""Rows for a notch of the mouse's wheel."""


def strip_of(runs: Sequence[Run], width: int, cut: str) -> Strip:
    """Runs of text as one line of a width; what does not fit ends in the sign of a cut."""
    segments, left = [], width
    for text, style in runs:
        safe = visible(text)
        length = cell_len(safe)
        if length > left:
            safe, length = (set_cell_size(safe, left - 1) + cut if left else ""), left
        segments.append(Segment(safe, style))
        left -= length
        if not left:
            break
    segments.append(Segment(" " * left))
    return Strip(segments, width)


class Line(Widget):
    """One line of text; what does not fit is cut with a sign."""

    DEFAULT_CSS = """
    Line { color: ansi_default; background: ansi_default; }
    """

    def __init__(self, palette: Palette, id: str | None = None) -> None:
        super().__init__(id=id)
        self.auto_links = False
        self.palette = palette
        self._runs: tuple[Run, ...] = ()

    def show(self, *runs: Run) -> None:
        """Shows runs of text."""
        if runs != self._runs:
            self._runs = runs
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The line."""
        return strip_of(self._runs, self.size.width, self.palette.cut)


class Document(Widget):
    """Lines of text that scroll down and sideways; wide lines end in the sign of a cut."""

    DEFAULT_CSS = """
    Document { color: ansi_default; background: ansi_default; }
    """
    STEP = 8  # columns a sideways step: a figure and its gap

    class Sized(Message):
        """The document has another size: what is drawn to its size has to be drawn again."""

    def __init__(self, palette: Palette, id: str | None = None) -> None:
        super().__init__(id=id)
        self.auto_links = False
        self.palette = palette
        self._lines: Sequence[Sequence[Run]] = ()
        self._top = self._left = 0

    def show(self, lines: Sequence[Sequence[Run]], *, keep: bool = False) -> None:
        """Shows lines, from the top unless the place is to be kept or the lines are the same."""
        keep = keep or lines == self._lines
        self._lines = lines
        if not keep:
            self._top = self._left = 0
        self.move()
        self.refresh()

    def move(self, rows: int = 0, columns: int = 0) -> None:
        """Scrolls, as far as there is something."""
        was = self._top, self._left
        furthest = max(0, len(self._lines) - self.size.height)
        self._top = max(0, min(self._top + rows, furthest))
        width = max((sum(cell_len(text) for text, _ in line) for line in self._lines), default=0)
        most = max(0, width - self.size.width)
        self._left = max(0, min(self._left + self.STEP * columns, most))
        if was != (self._top, self._left):
            self.refresh()

    def page(self, direction: int) -> None:
        """Scrolls by a page."""
        self.move(direction * max(1, self.size.height - 1))

    def half_page(self, direction: int) -> None:
        """Scrolls by half a page."""
        self.move(direction * max(1, self.size.height // 2))

    def go_to(self, number: int) -> None:
        """To a line, counted from 1."""
        self.move(number - 1 - self._top)

    def last(self) -> None:
        """To the last line."""
        self.move(len(self._lines))

    @property
    def text(self) -> str:
        """All lines, as plain text."""
        return "\n".join(visible("".join(run for run, _ in line)).rstrip() for line in self._lines)

    def find(self, text: str, direction: int = 1) -> bool:
        """Scrolls to the next (1) or previous (-1) line with this text, in whatever case."""
        count, needle = len(self._lines), text.casefold()
        for step in range(1, count + 1):
            index = (self._top + direction * step) % count
            if needle in "".join(run for run, _ in self._lines[index]).casefold():
                self.move(index - self._top)
                return True
        return False

    def position(self) -> tuple[int, int]:
        """The number of the last line in view, and of lines in all."""
        return min(self._top + self.size.height, len(self._lines)), len(self._lines)

    def on_mouse_scroll_down(self) -> None:
        """Scrolls down."""
        self.move(WHEEL_ROWS)

    def on_mouse_scroll_up(self) -> None:
        """Scrolls up."""
        self.move(-WHEEL_ROWS)

    def on_resize(self) -> None:
        """Keeps the place, as far as there still is something there."""
        self.move()
        self.post_message(self.Sized())

    def render_line(self, y: int) -> Strip:
        """A line of the document in view."""
        index = self._top + y
        if index >= len(self._lines):
            return Strip.blank(self.size.width)
        line = self._lines[index]
        if not self._left:
            return strip_of(line, self.size.width, self.palette.cut)
        whole = sum(cell_len(visible(text)) for text, _ in line)
        strip = strip_of(line, max(whole, self._left), self.palette.cut)
        rest = strip.crop(self._left)
        return strip_of(
            [(segment.text, segment.style) for segment in rest], self.size.width, self.palette.cut
        )
