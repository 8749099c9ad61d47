"""What is done with the line of the prompt, by what it asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui.analyses.answer import Question
from tui.browser import actions, ahead, choices, commands, completion, draw, effects
from tui.browser.prompt import PROMPTS, Prompt
from tui.browser.rest import Rest
from tui.browser.table import TableView
from tui.browser.view import View, questions
from tui.errors import TrialdeckError

if TYPE_CHECKING:
    from textual.geometry import Offset

    from tui.analyses.rows.study import StudyRow
    from tui.browser.app import Browser

RESTS = 0.3
"""Seconds without a letter after which the rows of a filter are looked for.

A letter alone costs 26 bytes at most; what it leaves of the log up to 1,040, and the next letter
takes its place.
"""

REMEMBERED = 100
"""Commands that the arrows bring back; they are kept in memory alone, as data may stand in them."""


class Prompting:
    """The prompt of a browser. `kind` is what it asks for, empty while it is closed."""

    def __init__(self, app: Browser) -> None:
        self._app = app
        self._before = app.view
        self._picked = False
        self._said: list[str] = []
        self._writing = "", ""  # what is to be written over which file
        self._recalled = 0  # how far back in what was said
        self._cycle: tuple[completion.Completion, int] | None = None
        self._rest = Rest(app.call_later)
        self.kind = ""

    @property
    def _prompt(self) -> Prompt:
        return self._app.query_one(Prompt)

    @property
    def place(self) -> Offset:
        """Where the next letter comes to stand on the screen."""
        return self._prompt.place

    @property
    def text(self) -> str:
        """What has been typed."""
        return self._prompt.value

    def start(self, kind: str, text: str = "") -> None:
        """Asks for a line: a filter, a command, a path, or part of a choice's name."""
        app, prompt = self._app, self._prompt
        filtering = kind == "find" and app.view.table in ("events", "incidence")
        if filtering:
            text = app.view.selection.text or ""
        elif kind == "keep":
            actions.keep(app.here(), "")  # says so where there is no table
            text = app.view.arrangement(app.view.table).text
        self.kind = "filter" if filtering else kind
        self._recalled, self._cycle = 0, None
        prompt.placeholder = PROMPTS[self.kind]
        self._put(text)
        if kind in choices.KINDS:
            app.answers.pop("choices", None)
            self._ask_study()
        self._before = app.view
        app.draw()
        app.set_focus(prompt)

    def _ask_study(self) -> None:
        """Asks what can be chosen."""
        self._app.asked.pop("choices", None)
        asked = questions(self._app.view)["visits"]
        self._app.ask({"choices": Question("study", asked.selection, statistics=False)})

    def confirm(self, name: str, path: str) -> None:
        """Asks whether to write over a file that is there; anything but a yes is a no."""
        self.start("replace")
        self._writing = name, path
        self._app.say(f"{Path(path).name} is there already")

    def stop(self) -> None:
        """Ends the prompt without doing anything more."""
        app = self._app
        if self.kind == "filter":
            app.go(self._before, record=False)
        self._close()
        self._picked = False
        app.asked.pop("choices", None)
        app.draw("")

    def _close(self) -> None:
        self.kind = ""
        self._rest.stop()
        self._app.set_focus(None)

    def type(self, character: str) -> None:
        """Puts a character where the cursor is."""
        self._prompt.insert_text_at_cursor(character)

    def _put(self, text: str) -> None:
        self._prompt.value = text
        self._prompt.cursor_position = len(text)

    def typed(self, text: str) -> None:
        """A letter of a filter, of a choice's name, or of a command."""
        app = self._app
        if self.kind == "filter":
            self._rest.stop()
            if text != (app.view.selection.text or ""):  # as it is where the prompt is just opened
                self._rest.then(RESTS, self._filter)
        elif self.kind in choices.KINDS:
            draw.page(app)
        elif self.kind == "command":
            self.suggest()

    def _filter(self) -> None:
        """Shows what a filter leaves as it stands now."""
        if self.kind == "filter":
            text = self._prompt.value
            self._app.go(self._app.view.selecting(text=text or None), record=False)

    def pressed(self) -> None:
        """A key: once no other has come for a while, what Enter would ask for is asked."""
        if self.kind in ("command", "endpoint"):
            self._rest.then(ahead.RESTS, self._ask_ahead)

    def _ask_ahead(self) -> None:
        if to := self._led_to():
            ahead.ask(self._app, to)

    def _led_to(self) -> View | None:
        """The view that Enter would lead to."""
        app, text = self._app, self._prompt.value.strip()
        if self.kind == "endpoint":
            choice = self._at_cursor()
            return choices.taken(app.view, choice) if choice else None
        try:
            said = commands.run(text, app.view) if self.kind == "command" and text else None
        except TrialdeckError:
            return None
        return said if isinstance(said, View) else None

    def entered(self, line: str) -> None:
        """The line is complete."""
        kind, text = self.kind, line.strip()
        if kind in choices.KINDS:
            self.pick()
            return
        self._close()
        try:
            self._do(kind, text)
        except TrialdeckError as error:
            self._app.draw(str(error))

    def _do(self, kind: str, text: str) -> None:
        app = self._app
        if kind == "filter":
            app.go(app.view.selecting(text=text or None), record=False)
            app.history = app.history.went_from(self._before)
            return
        if kind == "command" and text:
            self._command(text)
            return
        app.draw("")
        if kind == "find":
            effects.find(app, text)
        elif kind == "keep":
            app.do("keep_rows", text)
        elif kind == "replace" and text.lower() in ("y", "yes"):
            effects.write(app, *self._writing, replace=True)
        elif kind == "replace":
            app.draw(f"{Path(self._writing[1]).name} stays as it is: nothing is written")
        elif text:
            app.do(kind, text)

    def _command(self, text: str) -> None:
        """A command of one's own; the question it leads to is asked before anything is drawn."""
        app = self._app
        self._said = [*(one for one in self._said if one != text), text][-REMEMBERED:]
        said = commands.run(text, app.view)
        if isinstance(said, View):
            app.go(said)
        else:
            app.draw("")
            app.do(said.name, said.argument)

    def pick(self) -> None:
        """Takes the choice at the cursor; typed faster than the choices came, when they come."""
        app, kind = self._app, self.kind
        answer = app.answers.get("choices")
        self._picked = answer is None
        if answer is None:
            return
        draw.page(app)
        choice = self._at_cursor()
        self.stop()
        if choice and kind == "theme":
            app.do(kind, choice.name)
        elif choice:
            app.go(choices.taken(app.view, choice))

    def _at_cursor(self) -> StudyRow | None:
        """What is chosen by Enter."""
        app = self._app
        answer = app.answers.get("choices")
        offered = choices.offered(answer, self.kind, self._prompt.value) if answer else []
        return offered[app.query_one("#page-table", TableView).row] if offered else None

    def study_came(self) -> None:
        """The choices are there."""
        if self._picked:
            self.pick()
            return
        if self.kind == "command":
            self.suggest()
        if self.text:
            self.pressed()

    # -- a command's words

    def recall(self, step: int) -> None:
        """An earlier command (-1), or a later one (1); after the last an empty line."""
        self._recalled = max(0, min(self._recalled - step, len(self._said)))
        self._cycle = None
        self._put(self._said[-self._recalled] if self._recalled else "")

    def complete(self, step: int) -> None:
        """As far as what was typed can only go on in one way; then one after the other."""
        if self.kind not in ("command", *completion.PATHS):
            return
        line, command = self._prompt.value, self.kind == "command"
        is_path = not command or completion.needs_path(line)
        self._typed_on(line)
        if self._cycle:
            found, place = self._cycle
            place = (place + step) % len(found.words)
        else:
            found = completion.path(line, command) if is_path else self._found(line)
            if not found.words:
                if line in commands.WORDS and completion.takes_more(line):
                    self._put(f"{line} ")
                else:
                    self._app.say("nothing is known that begins so")
                return
            if (common := found.common(line)) != line or len(found.words) == 1:
                whole = len(found.words) == 1 and command and completion.takes_more(common)
                self._put(common + " " * whole)
                self._offer(found if is_path and len(found.words) > 1 else None, None)
                return
            place = 0 if step > 0 else len(found.words) - 1
        self._cycle = found, place
        self._put(found.lines[place])
        self._offer(found, place)

    def _typed_on(self, line: str) -> None:
        """A line that goes on otherwise than with what was offered begins anew."""
        if self._cycle and self._cycle[0].lines[self._cycle[1]] != line:
            self._cycle = None

    def _offer(self, found: completion.Completion | None, place: int | None) -> None:
        words = found.words if found else ()
        self._app.say(completion.hint(words, place, self._app.size.width))

    def _found(self, line: str) -> completion.Completion:
        app = self._app
        known = "choices" in app.answers or "choices" in app.asked
        if completion.needs_study(line) and not known:
            self._ask_study()
        return completion.complete(line, app.view, app.answers, app.here().table)

    def suggest(self) -> None:
        """Says what the line can become, in the line above."""
        line = self._prompt.value
        self._typed_on(line)
        if self._cycle or not completion.needs_path(line):  # of paths Tab alone says what there is
            self._offer(*(self._cycle or (self._found(line) if line else None, None)))
