"""Replays a script without a screen: each line does what it does after `:` in the browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tui.analyses.answer import Answer
from tui.analyses.session import Session
from tui.browser import actions, commands, export
from tui.browser.actions import Here
from tui.browser.commands import Effect
from tui.browser.palette import Palette
from tui.browser.panes import arms, events, visits
from tui.browser.script import Script
from tui.browser.view import EVENT_FIELDS, TABLE_PAGES, History, View, questions, shown
from tui.engine import sentence
from tui.errors import SelectionError, TrialdeckError
from tui.report.table import Table
from tui.report.tables import tables_of
from tui.selection import FIELDS

_PALETTE = Palette()
_FILES = ("export", "describe")
_EFFECTS = ("undo", "back", "forward", "sort_by", "keep_rows", "copy_command", *_FILES)


def printed(script: Script, session: Session, tell: Callable[[str], None]) -> Iterator[Answer]:
    """The answers that a script has printed; one that prints none, that of its last view.

    Args:
        script: The script.
        session: The study, opened.
        tell: Takes a sentence about each file that is written.

    Raises:
        TrialdeckError: at the first line that cannot be done, with its number.
    """
    player, count = Player(session, tell), 0
    for answer in _played(script, player):
        if answer is not None:
            count += 1
            yield answer
    if not count:
        try:
            yield player.shown()
        except TrialdeckError as error:
            raise TrialdeckError(f"{script.path}, at its end: {error}") from None


def views(script: Script, session: Session) -> tuple[View, ...]:
    """The views that a script leads to, one after the other; it prints and writes nothing."""
    player = Player(session, None)
    found = [player.view]
    for _ in _played(script, player):
        if player.view != found[-1]:
            found.append(player.view)
    return tuple(found)


def _played(script: Script, player: Player) -> Iterator[Answer | None]:
    """What each line has printed, if anything.

    Nothing is done before all lines are understood; an error names its line.
    """

    def did(number: int, words: str, act: Callable[[str], Answer | None]) -> Answer | None:
        try:
            return act(words)
        except Exception as error:  # no traceback reaches a user
            raise TrialdeckError(f"{script.path}, line {number}: {sentence(error)}") from None

    for number, words in script.lines:
        did(number, words, understood)
    for number, words in script.lines:
        yield did(number, words, player.act)


def understood(words: str) -> None:
    """Reads a line without doing it.

    Raises:
        SelectionError: when it says nothing, or nothing that means something without a screen.
    """
    said = commands.run(words, View())
    if isinstance(said, Effect) and said.name not in _EFFECTS:
        raise SelectionError(f"{words.split()[0]} means nothing in a script.")
    if isinstance(said, Effect) and said.name in _FILES and not said.argument:
        raise SelectionError(f"{said.name} needs the name of a file.")


class Player:
    """What is looked at, and the words that change it.

    Args:
        session: The study.
        tell: Takes a sentence about each file that is written; without it none is.
    """

    def __init__(self, session: Session, tell: Callable[[str], None] | None) -> None:
        self._session = session
        self._tell = tell
        self.view = View()
        self._history = History()

    def act(self, words: str) -> Answer | None:
        """Does what a line says; the answer, if it is to be printed."""
        said = commands.run(words, self.view)
        match said:
            case View():
                self._go(said)
            case Effect("undo" | "back" | "forward" as way):
                history, view = getattr(self._history, way)(self.view)
                self._go(view)
                self._history = history
            case Effect("sort_by", column):
                self._go(actions.sort_by(self._here(), column))
            case Effect("keep_rows", text):
                self._go(actions.keep(self._here(), text))
            case Effect("copy_command"):
                return self.shown()
            case Effect("export" | "describe" as name, path):
                self._write(name, path)
        return None

    def shown(self) -> Answer:
        """The answer that the view shows."""
        return self._session.answer(shown(self.view))

    def _go(self, view: View) -> None:
        """To another view, once it is known that its selection and its page mean something."""
        asked, before = questions(view), self.view.selection
        fields = {name for name in FIELDS if getattr(view.selection, name) != getattr(before, name)}
        if fields:
            of_events = fields <= set(EVENT_FIELDS) or not self._session.study.endpoints
            self._session.answer(asked["events" if of_events else "visits"])
        if "page" in asked:
            self._session.answer(asked["page"])
        if view != self.view:
            self._history = self._history.went_from(self.view)
            self.view = view

    def _write(self, name: str, path: str) -> None:
        if self._tell is None:
            return
        if name == "describe":
            self._tell(export.describe(path, self.shown()))
        else:
            self._tell(export.write(path, self.shown(), export.no_picture))

    def _here(self) -> Here:
        """What a key would see on the screen."""
        return Here(self.view, {}, table=self._table())

    def _table(self) -> Table | None:
        """The table that has the keys, with the columns that the screen has."""
        name, asked = self.view.table, questions(self.view)
        if not name:
            return None
        if name in TABLE_PAGES:
            return tables_of(self._session.answer(asked["page"]))[0]
        answer = self._session.answer(asked[self.view.pane])
        if name == "arms":
            return arms.table(answer, None, _PALETTE)
        if name == "visits":
            return visits.table(answer, self.view.columns, _PALETTE)
        return events.table(answer, _PALETTE)
