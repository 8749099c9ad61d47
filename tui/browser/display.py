"""Sends to the terminal only the cells that changed.

Textual knows which regions of the screen are dirty and writes all of them, with a pair of style
codes for each segment: 370 bytes for a step of a table's cursor, 6,070 for a page, 35 KB for the
first screen of 120 x 40. Over a slow SSH connection that is what one waits for. Here each strip
about to be written is compared with a shadow of what is on the terminal, and the difference alone
is sent: 34 bytes, 4.5 KB and 5.9 KB. It costs 3 ms of computing for a page, nothing for a step.

This file is the only one that reaches into Textual's compositor; the tests name everything
relied on. With `TRIALDECK_FULL_OUTPUT=1` Textual writes by itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, Self

from rich.console import COLOR_SYSTEMS
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.geometry import Offset, Region, Size
from textual.layout import Layout
from textual.reactive import Reactive
from textual.screen import Screen
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from tui.browser.cells import cells_of
from tui.browser.shadow import Shadow

TURN = 0.001
"""Seconds between two drawings at least."""

CLEAR = "\x1b[m\x1b[2J"


def _strips(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """The strips of an update and where they go, cut as Textual cuts them."""
    if isinstance(update, LayoutUpdate):
        for y, line in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in line:
                yield x, y, strip
                x += strip.cell_length
        return
    for y, start, stop in update.spans:
        chops: Iterable[tuple[int, Strip | None]] = update.chops[y].items()
        for end, (x, chop) in zip(update.chop_ends[y], chops, strict=False):
            if chop is not None and x <= stop and end > start:
                yield x, y, chop if end <= stop else chop.crop(0, stop - x)


class _FirstScreen(Screen[None]):
    """A screen that calls back before it is drawn for the first time, and after that.

    What Textual does then, it does once: it would lay the screen out again for each of three
    reports of its first size, and draw once more what has just been drawn, which takes some 10 ms
    at the moment of the first key.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """As Textual has it, but that the widgets which it concerns are drawn, and not all."""

    def __init__(
        self,
        begin: Callable[[], None],
        begun: Callable[[], None],
        as_before: Callable[[], None],
        places: Layout | None,
        **settings: Any,
    ) -> None:
        super().__init__(**settings)
        self._places, self._as_before = places, as_before
        self._calls = [begin, begun]
        self._is_resumed = self._is_just_drawn = False

    @property
    def layout(self) -> Layout:
        """What arranges the widgets: a style can only name one of Textual's own."""
        return self._places or super().layout

    def _screen_resized(self, size: Size) -> None:
        # As large as the app knows it, not as the event says: laying itself out, the screen reports
        # its size to itself, which takes the place of a newer report that still waits in its queue.
        if self.app.size != self._size:
            super()._screen_resized(self.app.size)
        else:
            self._as_before()

    def _on_screen_resume(self, event: events.ScreenResume) -> None:
        # Textual's own part of it follows. At first all widgets have just been styled.
        event.refresh_styles = not self._calls
        self._is_resumed, self._is_just_drawn = True, False

    def refresh(self, *regions: Region, **settings: Any) -> Self:
        """As Textual does it, but where it has just drawn all because the screen is there now."""
        if self._is_resumed and not regions and not settings:
            self._is_resumed = False
            if self._is_just_drawn:
                return self
        return super().refresh(*regions, **settings)

    @cached_property
    def _update_timer(self) -> Timer:
        """Draws as soon as what was to be done is done; Textual waits for its next tick of 17 ms.

        Keys that come together are drawn together all the same: they are acted on before.
        """
        return self.set_interval(TURN, self._on_timer_update, name="screen_update", pause=True)

    def _on_timer_update(self) -> None:
        """As Textual does it, once all widgets that have changed are known to have.

        Each says so in a message. Where a prompt closes, Textual draws the lines in its place, in 6
        ms, and then the table that it led to.
        """
        if self.message_queue_size:  # and the timer goes on
            return
        super()._on_timer_update()

    def _compositor_refresh(self) -> None:
        if not self._calls:
            super()._compositor_refresh()
            return
        begin, begun = self._calls
        self._calls = []
        begin()
        super()._compositor_refresh()
        self._is_just_drawn = True
        begun()


class ChangedCells(App[None]):
    """An app that sends only the cells that changed.

    Args:
        full_output: Leave the output to Textual; by default if `TRIALDECK_FULL_OUTPUT` is set.
        places: What arranges the widgets of the first screen; by default its style.
        settings: What `App` takes.
    """

    has_color = True
    """Whether colors are sent."""
    takes_utf8 = True
    """Whether characters other than those of ASCII are sent."""

    def __init__(
        self,
        *,
        full_output: bool | None = None,
        places: Layout | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(**settings)
        self._places = places
        # Nothing here uses them: two widgets less, of 20, on the first screen.
        self._disable_notifications = self._disable_tooltips = True
        from_environment = bool(os.environ.get("TRIALDECK_FULL_OUTPUT"))
        self._full_output = from_environment if full_output is None else full_output
        self._shadow: Shadow | None = None

    def get_default_screen(self) -> Screen[Any]:
        """A screen that says when it is about to be drawn for the first time."""
        return _FirstScreen(
            self.begin, self.begun, self._size_as_before, self._places, id="_default"
        )

    def _size_as_before(self) -> None:
        """Draws all of a terminal that has had other sizes meanwhile, and has this one again."""
        if self._shadow is None:
            self.refresh()

    def begin(self) -> None:
        """What is drawn now is on the first screen: the widgets have got their sizes."""

    def begun(self) -> None:
        """The first screen has been drawn."""

    async def on_event(self, event: events.Event) -> None:
        """Forget the terminal when it may have changed by itself.

        Textual reports a size not only after a resize, but each time it takes the terminal: at
        the start and after a suspension. It repaints by itself only if the size is another one.
        """
        if isinstance(event, events.Resize) and self._shadow is not None:
            self._shadow = None
            if event.size == self.size:
                self.refresh()
        await super().on_event(event)

    @property
    def typed_at(self) -> Offset | None:
        """Where the next letter of a line comes to stand, if one is being typed."""
        return None

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """Write an update of the compositor: Textual's hook, with less to write."""
        driver, is_update = self._driver, isinstance(renderable, LayoutUpdate | ChopsUpdate)
        if driver is None or not (is_update and self._writes_to_terminal()):
            super()._display(screen, renderable)
        elif changes := self._changes(renderable):
            self._begin_update()
            driver.write(changes + self._to_cursor())
            self._end_update()
            driver.flush()

    def _to_cursor(self) -> str:
        """To where the terminal's cursor has to be: input methods show there what is being typed.

        It is not shown, so elsewhere it stays where it is, for Textual's 6 to 8 bytes an update.
        """
        place = self.typed_at
        return "" if place is None else f"\x1b[{place.y + 1};{place.x + 1}H"

    def _writes_to_terminal(self) -> bool:
        """Whether an update goes out now, to a terminal that is wholly ours."""
        return (
            not (self._full_output or self._batch_count or self.is_headless or self._closed)
            and self._running
            and self._driver is not None
            and not self._driver.is_inline
        )

    def _changes(self, update: LayoutUpdate | ChopsUpdate) -> str:
        start = ""
        if self._shadow is None or self._shadow.size != self.size:
            everything = isinstance(update, LayoutUpdate) and update.region == self.size.region
            start = CLEAR if everything else ""
            self._shadow = Shadow(self.size, cleared=everything)
        colors = COLOR_SYSTEMS[self.console.color_system or "truecolor"] if self.has_color else None
        for x, y, strip in _strips(update):
            for text, style, control in strip:
                if not control:
                    cells = cells_of(text, style, colors, not self.takes_utf8)
                    self._shadow.paint(x, y, cells)
                    x += len(cells)
        return start + self._shadow.changes()
