"""The browser as lines of text: for screen readers, braille lines, and terminals that cannot draw.

The same views, words and answers as on the screen, without Textual: a line is read, and what it
changes is said in one line. A pane or page is printed when one goes there; its rows can be heard
one by one, each figure after its heading.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from tui.analyses.answer import Answer
from tui.analyses.session import Session
from tui.browser import announce, commands, export, pages
from tui.browser.actions import ACTIONS, Here
from tui.browser.commands import Effect
from tui.browser.palette import Palette
from tui.browser.recording import Recording
from tui.browser.view import EVENT_FIELDS, History, View, command, questions
from tui.engine import sentence
from tui.errors import SelectionError, TrialdeckError
from tui.report import text
from tui.report.table import Table
from tui.report.tables import notes, tables_of
from tui.report.tables.visits import table as visits_table
from tui.report.terminal import is_ascii, takes_utf8
from tui.report.visible import visible
from tui.selection import FIELDS, Selection
from tui.study.changes import described, fingerprint
from tui.study.open import open_study

if TYPE_CHECKING:
    from tui.browser.lines import Run


def run(
    study: str | None, selection: Selection, ascii_only: bool, encoding: str | None = None
) -> int:
    """Reads lines from standard input until there are no more; returns the exit status."""
    utf8 = takes_utf8(os.environ) and not ascii_only

    def say(line: str) -> None:
        told = f"{visible(line)}\n".encode("utf-8" if utf8 else "ascii", "replace")
        sys.stdout.buffer.write(told)
        sys.stdout.buffer.flush()

    try:
        reader = Reader(study, selection, ascii_only or is_ascii(os.environ), say, encoding)
        while line := _line(f"{reader.place}> "):
            try:
                if not reader.act(line.strip()):
                    break
            except KeyboardInterrupt:
                say("Stopped.")
    except BrokenPipeError:
        raise
    except OSError as error:  # a full disk
        raise TrialdeckError(f"The output cannot be written: {error.strerror}.") from None
    return 0


def _line(prompt: str) -> str:
    """The next line with its end; nothing at the end of the input. A pipe is not prompted."""
    if sys.stdin is None:
        return ""
    if sys.stdin.isatty():
        sys.stdout.write(prompt)
        sys.stdout.flush()
    signal.siginterrupt(signal.SIGINT, True)  # with polars' handler Ctrl+C would wait for Enter
    return sys.stdin.buffer.readline().decode("utf-8", "replace")


class Reader:
    """What is looked at, and the words that change it.

    Args:
        study: A path, or None for the built-in study.
        selection: What to look at first.
        ascii_only: Whether what is said is of ASCII alone.
        say: Takes a line.
        encoding: That of text in files that do not state theirs.
    """

    def __init__(
        self,
        study: str | None,
        selection: Selection,
        ascii_only: bool,
        say: Callable[[str], None],
        encoding: str | None = None,
    ) -> None:
        self._path = study
        self._encoding = encoding
        self._say = say
        self._palette = Palette(ascii=ascii_only)
        self._session = Session(open_study(study, encoding))
        self._data = self._session.study.fingerprint.digest
        pane = "visits" if self._session.study.endpoints else "events"
        self._view = View(selection, pane=pane)
        self._history = History()
        self._row = 0
        self._recording = Recording(study, encoding)
        answer = self._answer(pane)
        self._tell(announce.opening(pane, answer))

    @property
    def place(self) -> str:
        """The pane or page one is in."""
        return _place(self._view)

    def act(self, line: str) -> bool:
        """Does what a line says, or says why not; False is to leave."""
        try:
            self._notice()
            goes_on = self._act(line)
            self._tell(filter(None, [self._recording.follow(self._view)]))
            return goes_on
        except Exception as error:  # no traceback reaches a user
            self._say(sentence(error))
            return True

    def _act(self, line: str) -> bool:
        word, _, rest = line.partition(" ")
        match word, rest.strip():
            case "" | "read", "":
                self._tell(self._lines(self._view))
            case "help" | "tour", "":
                self._tell(announce.HELP)
            case "details", "":
                self._tell(self._lines(self._view.but(page="details")))
            case "here", "":
                self._say(f"{self.place}. Selection: {str(self._view.selection) or 'none chosen'}.")
            case "next" | "previous", "":
                name = {"next": "next_pane"}.get(word, "previous_pane")
                self._go(ACTIONS[name](self._here()))
            case "open" | "close", "":
                self._go(ACTIONS[word](self._here()), back=word == "close")
            case "down" | "up", "":
                self._to_row(self._row + (1 if word == "down" else -1))
            case "row", number if number.isdecimal() and len(number) < 10:
                self._to_row(int(number) - 1)
            case "find", wanted if wanted:
                self._find(wanted)
            case "row" | "find", _:
                raise SelectionError("Say row and a number, or find and a text.")
            case "zoom" | "columns", _:
                raise SelectionError(f"{word} is of the screen alone.")
            case _ if not (word in (*commands.WORDS, "q") or "=" in word or word[-1].isdecimal()):
                raise SelectionError(f"There is no word {word!r}: help lists them.")
            case _:
                said = commands.run(line, self._view)
                if said == self._view:  # the pane one is in
                    self._tell(self._lines(self._view))
                elif isinstance(said, View):
                    self._go(said)
                else:
                    return self._do(said, word)
        return True

    def _do(self, effect: Effect, word: str) -> bool:
        match effect:
            case Effect("quit"):
                return False
            case Effect("undo" | "back" | "forward" as name):
                history, view = getattr(self._history, name)(self._view)
                self._go(view, history, back=True)
            case Effect("row", number) if len(number) < 10:
                self._to_row(int(number) + (self._row if number[0] in "+-" else -1))
            case Effect("record", path):
                self._say(self._recording.switch(path))
            case Effect("copy" | "copy_command"):
                self._recording.did("show", self._view)
                self._say(f"Command: {command(self._view, self._path, self._encoding)}")
            case Effect("reload"):
                self._reload()
            case Effect("export" | "describe" as name, path) if path:
                answer = self._answer(self._slot(self._view))
                if name == "describe":
                    self._say(export.describe(path, answer))
                else:
                    self._say(export.write(path, answer, export.no_picture))
                self._recording.did(f"{name} {path}")
            case Effect("export" | "describe"):
                raise SelectionError(f"{word} needs the name of a file.")
            case _:
                raise SelectionError(f"{word} is of the screen alone.")
        return True

    # -- from one view to the next

    def _go(self, view: View, history: History | None = None, back: bool = False) -> None:
        """To another view, once everything about it is known; a change of selection is said.

        Args:
            view: The view.
            history: The history from there on, if it is not one step longer.
            back: Whether one has been there before: it is named, not printed again.
        """
        before = self._view
        if view == before:
            self._say("Nothing changes.")
            return
        changed = [
            name
            for name in FIELDS
            if getattr(view.selection, name) != getattr(before.selection, name)
        ]
        said = []
        if changed:
            of_events = set(changed) <= set(EVENT_FIELDS) or not self._session.study.endpoints
            answer = self._answer("events" if of_events else "visits", view)
            said.append(announce.changes(changed, view.selection, answer))
        if view.but(selection=before.selection) != before:
            answer = self._answer(self._slot(view), view)
            said += [announce.place(_place(view), answer)] if back else self._lines(view)
        self._history = self._history.went_from(before) if history is None else history
        self._view = view
        self._row = 0
        self._tell(said)

    def _reload(self) -> None:
        """Reads the study anew; a choice that means nothing any more is said and taken back."""
        new = Session(open_study(self._path, self._encoding))
        kept, gone = new.still_meaningful(self._view.selection)
        changes = described(self._session.study.fingerprint, new.study.fingerprint)
        self._session, self._view = new, self._view.but(selection=kept)
        self._data, self._row = new.study.fingerprint.digest, 0
        self._tell((f"Reloaded: {changes or 'nothing has changed'}.", *gone))

    def _notice(self) -> None:
        """Says once that the files are no longer those that were read."""
        now = fingerprint(self._session.study.fingerprint.folder).digest
        if now not in (self._data, self._session.study.fingerprint.digest):
            self._say("The data changed on disk since they were read: reload reads them anew.")
        self._data = now

    # -- what there is to say

    def _slot(self, view: View) -> str:
        return "page" if "page" in questions(view) else view.pane

    def _answer(self, slot: str, view: View | None = None) -> Answer:
        return self._session.answer(questions(view or self._view)[slot])

    def _tell(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._say(line)

    def _lines(self, view: View) -> list[str]:
        answer = self._answer(self._slot(view), view)
        if view.page == "details":
            return _texts(pages.lines(view, {view.pane: answer}, self._palette))
        above = []
        if view.page == "values":
            above = _texts(pages.figure_lines(self._answer("visits", view), view))
        whole = bool(view.page)
        return [*above, *text.spoken(answer, self._palette.ascii, whole).splitlines()]

    def _table(self) -> Table:
        answer = self._answer(self._slot(self._view))
        table = visits_table(answer) if self.place == "visits" else tables_of(answer)[0]
        if not table.rows:
            raise SelectionError("There are no rows here.")
        return table

    def _to_row(self, row: int) -> None:
        table = self._table()
        if not 0 <= row < len(table.rows):
            raise SelectionError(f"There are rows 1 to {len(table.rows)} here, no row {row + 1}.")
        self._row = row
        if self._view.page == "notes":
            said = " ".join(notes.said(self._answer("page").rows[row])).rstrip(".")
        else:
            said = ". ".join(text.in_words(table.columns, table.rows[row]))
        self._say(f"Row {row + 1} of {len(table.rows)}. {said}.")

    def _find(self, wanted: str) -> None:
        table, needle = self._table(), wanted.casefold()
        count = len(table.rows)
        for step in range(1, count + 1):
            row = (self._row + step) % count
            if needle in "\n".join(table.rows[row]).casefold():
                self._to_row(row)
                return
        raise SelectionError(f"{wanted!r} is not there.")

    def _here(self) -> Here:
        """What a key would see on the screen."""
        slot = self._slot(self._view)
        answers = {slot: self._answer(slot)}
        try:
            return Here(self._view, answers, self._row, self._table().rows[self._row])
        except SelectionError:
            return Here(self._view, answers)


def _place(view: View) -> str:
    return view.page or ("incidence" if view.incidence and view.pane == "events" else view.pane)


def _texts(lines: list[list[Run]]) -> list[str]:
    return ["".join(run for run, _ in line) for line in lines]
