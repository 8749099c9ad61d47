"""What is done with a reply of the engine: an answer is shown, a refusal undoes what led to it."""

from __future__ import annotations

from collections import deque
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from tui.browser.engine import AHEAD
from tui.browser.reloading import SLOTS
from tui.browser.view import FIRST, questions
from tui.engine import Reply

if TYPE_CHECKING:
    from tui.browser.app import Browser


_IDLE = 0.03
"""Seconds after the first screen has come, when what it leaves to be done is done."""


class Inbox:
    """Replies that have come, each taken in its turn with the keys.

    What one changes is drawn before the next is taken: over a slow line a table is on its way
    while the chart that belongs to it is drawn.
    """

    def __init__(self, app: Browser) -> None:
        self._app = app
        self._came: deque[Reply] = deque()

    def post(self, reply: Reply) -> None:
        """Takes a reply once it is its turn, and not at all once the browser is leaving."""
        self._came.append(reply)
        if len(self._came) == 1:
            self._wait()

    def _wait(self) -> None:
        self._app.call_after_refresh(self._app.call_later, self._take)

    def _take(self) -> None:
        take(self._app, self._came[0])
        self._came.popleft()
        if self._came:
            self._wait()


def take(app: Browser, reply: Reply) -> None:
    """An answer has come, or the reason why there is none."""
    if app.engine.is_late(reply):
        return
    if reply.slot == AHEAD:  # what it is refused for is said to who asks for it
        if reply.answer:
            app.answers[AHEAD] = reply.answer
        return
    underway = app.message.startswith(("working", "reading"))
    if reply.slot == "progress":
        if underway or not app.message:
            app.draw(f"{reply.answer}  {app.keymap.hint('close')} stops it")
        return
    if underway and (not app.engine.busy or app.message.startswith("reading")):
        app.message = ""
    if reply.slot in SLOTS:
        app.reloading.on_reply(reply)
        return
    app.reloading.seen(reply)
    if reply.error is not None:
        _refused(app, reply)
        return
    slot = reply.slot
    if slot == FIRST:
        app.answers.setdefault("visits", reply.answer)
        # While statistics are computed, and not when a chart is to be drawn: 6 ms.
        app.set_timer(_IDLE, partial(import_module, "tui.browser.panes.trends"))
    else:
        app.answers[slot] = reply.answer
    settle(app)
    app.draw()
    if slot == "choices":
        app.asking.study_came()


def settle(app: Browser) -> None:
    """Remembers a view whose figures are all on the screen."""
    shown = {slot: one.question for slot, one in app.answers.items()}
    wanted = questions(app.view).items()
    if all(slot in app.errors or shown.get(slot) == one for slot, one in wanted):
        app.settled = app.history, app.view


def return_to_shown(app: Browser) -> None:
    """The view is again that of the figures on the screen: no other answer is to come.

    A page that has no answer is left; a pane that has none, or a partial one, says how to get it.
    """
    app.reloading.stopped()
    app.asked = {slot: one.question for slot, one in app.answers.items()}
    if shown := app.answers.get("visits"):
        selection = shown.question.selection
        app.history, app.view = app.history.back_to(app.view, selection)
    whole = {slot for slot, answer in app.answers.items() if not answer.partial}
    unanswered = questions(app.view).keys() - whole
    if "page" in unanswered:
        app.view = app.view.but(page="")
    for slot in unanswered - {"page"}:
        app.errors[slot] = f"stopped; {app.keymap.hint('reload')} asks again"


def _refused(app: Browser, reply: Reply) -> None:
    """A study that cannot be opened ends all; a selection that means nothing is undone."""
    error = reply.error or ""
    chosen = bool(str(app.view.selection))  # when the browser started, the selection is the user's
    unopened = reply.slot in (FIRST, "visits") and chosen
    if (reply.fatal or unopened) and not app.answers:
        app.failure = error
        app.exit()
        return
    there = reply.slot in app.answers
    if reply.fatal or reply.slot == "engine":
        return_to_shown(app)
    elif reply.slot == "page":
        app.go(app.view.but(page=""), record=False)
    elif there and (reply.changed or app.traveled) and app.view != app.settled[1]:
        _return_to_settled(app)
    elif there and app.history.past and not reply.changed:
        app.history, view = app.history.back(app.view)
        app.go(view, record=False)
    else:
        app.errors[reply.slot] = error
        if reply.changed:
            app.answers.pop(reply.slot, None)
    app.draw(error)


def _return_to_settled(app: Browser) -> None:
    """From a view that cannot be had any more to the one before; the way there is forgotten."""
    gone, traveled = app.view.selection, app.traveled
    app.history, view = app.settled
    if traveled:
        app.history = app.history.without(gone)
    app.engine.forget()
    app.asked = {slot: one.question for slot, one in app.answers.items()}
    app.go(view, record=False)
