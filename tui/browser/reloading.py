"""Data that change on disk while they are looked at: the notice, and reading them anew."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tui.browser import status
from tui.browser.view import NOTE_COUNT, questions
from tui.engine import Reload, Reloaded, Reply

if TYPE_CHECKING:
    from textual.timer import Timer

    from tui.browser.app import Browser

SLOTS = ("data", "reload")
"""The slots of the replies that are about the state of the data."""


class Reloading:
    """What the browser knows of the state of the data.

    `said` is what the last reload had to say: what changed, and each choice that was taken back.
    """

    def __init__(self, app: Browser) -> None:
        self._app = app
        self._data = ""  # the state that the figures on the screen are of
        self._since: float | None = None  # when the files were seen to be in another one
        self._timer: Timer | None = None
        self._outdated: set[str] = set()  # slots that show figures of the state before, for now
        self.said: tuple[str, ...] = ()

    @property
    def notice(self) -> str:
        """That the files have changed; empty while they are those that were read."""
        if self._since is None:
            return ""
        return status.changed(time.monotonic() - self._since, self._app.keymap)

    def start(self) -> None:
        """Has the study read anew; until then everything stays as it is."""
        self._app.engine.ask("reload", Reload(self._app.view.selection))
        self._app.say_if_slow()

    def on_reply(self, reply: Reply) -> None:
        """The files are in another state, or the study has been read anew, or cannot be."""
        if reply.slot == "data":
            self._data = self._data or reply.answer
            self._since = None if reply.answer == self._data else time.monotonic()
            self._tick()
        elif reply.error is not None:
            self._app.draw(f"Not reloaded: {reply.error}")
        else:
            self._reloaded(reply.answer)

    def _tick(self) -> None:
        """Shows the notice, now and whenever it reads differently."""
        if self._timer:
            self._timer.stop()
            self._timer = None
        if not self._app.is_running:  # a timer may fire while the browser is leaving
            return
        if self._since is not None:
            left = status.changes_in(time.monotonic() - self._since)
            self._timer = self._app.set_timer(left, self._tick) if left else None
        self._app.draw_status()

    def _reloaded(self, done: Reloaded) -> None:
        """Asks everything anew; the figures on the screen stay until their successors come."""
        app = self._app
        what = done.changes or "the files had changed"
        what = "nothing has changed" if done.data == self._data else what
        self.said = (f"Reloaded: {what}.", *done.gone)
        self._data, self._since = done.data, None
        self._tick()
        app.view = app.view.but(selection=done.applied(app.view.selection))
        wanted = {**questions(app.view), "notes": NOTE_COUNT}
        if "choices" in app.asked:  # a picker is open
            wanted["choices"] = app.asked["choices"]
        app.answers = {slot: one for slot, one in app.answers.items() if slot in wanted}
        app.asked.clear()
        app.settled = app.history, app.view
        self._outdated = set(app.answers)
        app.ask(wanted)
        app.draw("")
        if not self._outdated:
            self._say()

    def seen(self, reply: Reply) -> None:
        """An answer of the state before makes place, also for the reason why there is none now."""
        if reply.slot not in self._outdated:
            return
        self._outdated.discard(reply.slot)
        if reply.error is not None:
            self._app.answers.pop(reply.slot, None)
            self.said += (reply.error,) if reply.slot == "page" else ()
        if not self._outdated:
            self._app.call_later(self._say)

    def stopped(self) -> None:
        """No answers are to come: what is still of the state before must not stay."""
        for slot in self._outdated:
            self._app.answers.pop(slot, None)
        self._outdated.clear()

    def _say(self) -> None:
        """Says what there is to say: in the status line, or on a page where that is too small."""
        app, text = self._app, " ".join(self.said)
        if app.prompting or (len(self.said) < 3 and len(text) < 2 * app.size.width):
            app.draw(text)
        else:
            app.go(app.view.but(page="reloaded"))
            app.draw(f"{self.said[0]} What was taken back stands above; :reloaded shows it again.")
