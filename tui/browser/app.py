"""The app: composes the screen, holds the one View, and passes keys, answers and drawing around."""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.app import App, ComposeResult
from textual.geometry import Offset, Region, Size

from tui.analyses.answer import Answer, Question
from tui.browser import choices, draw, replies
from tui.browser.actions import ACTIONS, Here
from tui.browser.display import ChangedCells
from tui.browser.driver import Driver, end_on_signals
from tui.browser.engine import AHEAD, NOTES, Engine
from tui.browser.keyboard import Keyboard
from tui.browser.keys import DEFAULT, Keymap
from tui.browser.lines import Document, Line
from tui.browser.palette import Palette
from tui.browser.pane import MOVES, Body, four
from tui.browser.places import Places, Shown, is_wide, regions
from tui.browser.recording import Recording
from tui.browser.reloading import Reloading
from tui.browser.table import TableView
from tui.browser.view import (
    FIRST,
    NOTE_COUNT,
    TABLE_PAGES,
    History,
    View,
    first_questions,
    questions,
)
from tui.browser.writing import Writing
from tui.engine import started
from tui.errors import TrialdeckError

if TYPE_CHECKING:
    from tui.browser.prompting import Prompting
    from tui.report.table import Table

SOON = 0.04
"""Seconds for which the first screen waits for the first data: it takes 20 ms, and would hold them
up by as much where they come a moment later, as they do of a small study."""

SLOW = 0.15
"""Seconds after which an answer that is still to come shows as work under way."""


class Browser(ChangedCells, App[None]):
    """The browser of one study."""

    CSS = """
    Screen { background: ansi_default; color: ansi_default; overflow: hidden; }
    Prompt { height: 1; border: none; padding: 0; background: ansi_default; color: ansi_default; }
    Prompt > .input--cursor {
        background: ansi_default; color: ansi_default; text-style: reverse;
    }
    """
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = ""  # the keys go where the view says
    ALLOW_SELECT = False  # the mouse reports no drags: text is selected in the terminal

    def __init__(
        self,
        study: str | None,
        view: View,
        engine: Engine,
        palette: Palette,
        *,
        keymap: Keymap = DEFAULT,
        offer: str = "",
    ) -> None:
        """A browser; `offer` stands in the status line until the tour has been seen."""
        super().__init__(driver_class=Driver, ansi_color=True, places=Places(self.regions))
        self.study = study
        self.view = view
        self.history = History()
        self.engine = engine
        self.palette = palette
        self.has_color, self.takes_utf8 = palette.has_color, palette.utf8
        self.answers: dict[str, Answer] = {}
        self.errors: dict[str, str] = {}
        self.asked: dict[str, Question] = first_questions(view)
        self.put_off = set(self.asked) - {FIRST}  # until the first screen is there
        self.reloading, self.recording = Reloading(self), Recording(study, engine.encoding)
        self.writing = Writing(self)
        self.settled = self.history, view  # where all figures on the screen were last of the view
        self.keymap, self.keyboard = keymap, Keyboard(self)
        self.failure = ""
        self.offer = offer
        self.found = self.copied = ""  # what was looked for last, and what was sent
        self.message = ""
        self.panes = four(palette)
        self.shown = Shown()
        self.drawn: dict[str, object] = {}
        self.tables: dict[str, tuple[object, object, Table]] = {}  # of the panes, as last made
        self.traveled = False  # whether the view is one of the history
        self.is_whole = False  # whether pages and the prompt are mounted

    # -- the screen

    def compose(self) -> ComposeResult:
        """Lines above, the panes, two lines below: what the first screen shows."""
        for name in ("study", "in-force", "in-force-more"):
            yield Line(self.palette, id=name)
        for pane in self.panes.values():
            yield pane.title
            yield pane.body
        for name in ("status", "footer"):
            yield Line(self.palette, id=name)

    async def complete(self) -> None:
        """Mounts what takes the place of the panes: pages, and the prompt.

        Before the first key that may need it, and takes 20 ms longer for it: none of it is on the
        first screen, which it would hold up by as much as the panes do.
        """
        if self.is_whole:
            return
        self.is_whole = True
        from tui.browser.prompt import Prompt

        palette = self.palette
        more = (
            Line(palette, id="page-title"),
            Document(palette, id="page-text"),
            TableView(palette, cursor="row", id="page-table"),
            Prompt(self.asking.entered, self.asking.typed),
        )
        for widget in more:
            widget.display = False
        await self.mount(*more)

    def regions(self, size: Size) -> dict[str, Region]:
        """Where the widgets stand that are on the screen."""
        return regions(size, self.shown)

    def show(self, **changes: Any) -> None:
        """Shows something else in the same places, or the same in others."""
        shown = dataclasses.replace(self.shown, **changes)
        is_resized = self.size != self.drawn.get("shown")
        if shown == self.shown and not is_resized:
            return
        self.shown, self.drawn["shown"] = shown, self.size
        there = self.regions(self.size)
        for widget in self.screen.children:
            widget.display = widget.id in there
        widget.refresh(layout=True)  # a screen that alone is asked takes the regions it remembers
        self.screen.refresh(layout=True, repaint=is_resized)

    def on_mount(self) -> None:
        """Listens to the signals of a connection that goes."""
        if not self.is_headless:
            end_on_signals(self.exit)
        self.draw()

    def begin(self) -> None:
        """The first screen, with the first data if they are there soon.

        Until now nobody listens to the engine: what is delivered waits for its turn, which is after
        this, and would come to the screen one frame later.
        """
        came = self.engine.wait(FIRST, SOON)
        self.engine.listen(replies.Inbox(self).post)
        self.drawn.clear()  # without their sizes, the widgets were given nothing that fits
        for reply in came:
            replies.take(self, reply)
        self.draw()

    def begun(self) -> None:
        """Asks what is not computed while the first screen is made: that takes all cores."""
        started()
        for slot in [slot for slot in self.asked if slot in self.put_off]:
            self._ask(slot, self.asked[slot])

    def _ask(self, slot: str, question: Question) -> None:
        self.put_off.discard(slot)
        self.asked[slot] = question
        self.errors.pop(slot, None)
        known = self.answers.get(AHEAD)
        if slot == "visits" and known and known.question == question:
            self.engine.drop(slot)
            self.answers[slot] = known
        else:
            self.engine.ask(slot, question)

    def on_resize(self, event: events.Resize) -> None:
        """The same place on another size."""
        if event.size == self.drawn.get("size"):
            return
        self.drawn.clear()
        self.call_after_refresh(self.draw)

    def _fatal_error(self) -> None:
        """A fault of ours ends the browser with a sentence; Textual would print the data."""
        fault = type(self._exception).__name__
        self.failure = f"This should not happen ({fault}: {self._exception}). Please report it."
        self._close_messages_no_wait()

    @property
    def wide(self) -> bool:
        """Whether the four panes stand together."""
        return is_wide(self.size)

    def draw(self, message: str | None = None) -> None:
        """Shows the view with the answers that are there."""
        if message is not None:
            self.message = message
        self.drawn["size"] = self.size
        draw.layout(self)
        draw.headers(self)
        draw.panes(self)
        draw.page(self)
        self.draw_status()
        if not self.prompting:  # the cursor of the table that has the keys stands out
            self.set_focus(self.body if self.body.can_focus else None)
        self._record()

    def _record(self) -> None:
        """Records a view whose figures are there: none that is refused, nor letters of a filter."""
        ready = self.settled[1] == self.view and self.prompting != "filter"
        if ready and (failure := self.recording.follow(self.view)):
            self.say(failure)

    @on(Document.Sized)
    def draw_sized(self) -> None:
        """Shows what depends on the size of its widget."""
        draw.panes(self)
        self.draw_status()

    def say(self, message: str) -> None:
        """Says something in the status line; all else stays as it is."""
        self.message = message
        self.draw_status()

    def draw_status(self) -> None:
        """Shows where the cursor is, or what there is to say."""
        draw.status_line(self, self.message)

    @property
    def body(self) -> Body:
        """What the moving keys move."""
        if self.prompting in choices.KINDS or self.view.page in TABLE_PAGES:
            return self.query_one("#page-table", TableView)
        if self.view.page:
            return self.query_one("#page-text", Document)
        return self.panes[self.view.pane].body

    # -- from one view to the next

    def go(self, view: View, record: bool = True) -> None:
        """To another view: asks what it needs, and shows what is there."""
        self.traveled = False
        if view == self.view:
            self.draw("")
            return
        if record:
            self.history = self.history.went_from(self.view)
        if view.page != self.view.page or view.cell != self.view.cell:
            self.answers.pop("page", None)
        self.view = view
        self.offer = "" if view.page == "tour" else self.offer
        self.ask(questions(view))
        replies.settle(self)
        self.draw("")

    def ask(self, wanted: dict[str, Question]) -> None:
        """Asks what has not been asked yet, the pane that has the keys first."""
        for slot in sorted(wanted, key=lambda slot: slot not in ("page", self.view.pane)):
            if self.asked.get(slot) != wanted[slot] or (
                slot == "page" and slot not in self.answers
            ):
                self._ask(slot, wanted[slot])
        self.say_if_slow()

    def say_if_slow(self) -> None:
        """After a while, says that an answer is still to come."""
        self.set_timer(SLOW, self._say_if_busy)

    def _say_if_busy(self) -> None:
        if self.is_running and self.engine.busy and not self.message:
            self.draw(f"working ...  {self.keymap.hint('close')} stops it")

    # -- the mouse

    async def on_click(self, event: events.Click) -> None:
        """The keys go to the pane where the mouse is; twice there is Enter."""
        for name, pane in self.panes.items():
            if event.widget in (pane.title, pane.body):
                self.go(self.view.but(pane=name))
        if event.chain == 2:
            await self.act("open")

    @on(TableView.Moved)
    def draw_place(self) -> None:
        """Says where the cursor is, also where the mouse has moved it."""
        self.draw_status()

    # -- keys

    async def on_event(self, event: events.Event) -> None:
        """Keys are acted on here, each before the next one is looked at."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self.app_focus = True
            if await self.keyboard.press(event):
                return
        await super().on_event(event)

    def here(self) -> Here:
        """What a key can see."""
        body = self.body
        here = Here(self.view, self.answers, keymap=self.keymap)
        if not isinstance(body, TableView) or not body.table.columns:
            return here
        column = body.table.columns[body.column].key if body.has_cells else ""
        here = dataclasses.replace(here, table=body.table, column=column)
        if not body.table.rows:
            return here
        return dataclasses.replace(here, row=body.place, texts=body.table.rows[body.row])

    async def act(self, name: str, count: int = 0) -> None:
        """Does what a key stands for, with the count typed before it; says why it cannot."""
        if self.prompting and name not in (*MOVES, "close", "open", "interrupt"):
            return
        if name not in MOVES:
            await self.complete()
        self.message = self.writing.said if name in MOVES else ""
        try:
            if name in MOVES:
                MOVES[name](self.body, count)
                if self.view.page == "notes":  # above them stands what the one at the cursor says
                    draw.page(self)
                self.draw_status()
            elif name == "close" and self._stop_something():
                return
            elif self.prompting in choices.KINDS and name == "open":
                self.asking.pick()
            elif name in ACTIONS:
                self.go(ACTIONS[name](self.here()))
            else:
                self.do(name, count=count)
        except TrialdeckError as error:
            self.draw(str(error))

    def _stop_something(self) -> bool:
        """Esc ends a prompt first, then work that takes long, then the writing of a file."""
        if self.prompting:
            self.asking.stop()
            return True
        if self.engine.busy:
            self.engine.restart()
            replies.return_to_shown(self)
            if NOTES not in self.answers:  # their number was not what took long
                self.engine.ask(NOTES, NOTE_COUNT)
            self.draw("stopped; the figures are those of the selection before")
            return True
        return self.writing.stop()

    def do(self, name: str, argument: str = "", count: int = 0) -> None:
        """Does what is not a new view."""
        from tui.browser import effects

        effects.do(self, name, argument, count)

    # -- the prompt

    @cached_property
    def asking(self) -> Prompting:
        """What is done with the prompt."""
        from tui.browser.prompting import Prompting

        return Prompting(self)

    @property
    def typed_at(self) -> Offset | None:
        """Where the next letter of a line comes to stand, if one is being typed."""
        return self.asking.place if self.prompting else None

    @property
    def prompting(self) -> str:
        """What the prompt asks for; empty while it is closed."""
        return self.asking.kind if self.is_whole else ""
