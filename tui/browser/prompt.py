"""The prompt: one line of text, taken at once when it is complete."""

from __future__ import annotations

from collections.abc import Callable

from textual.geometry import Offset
from textual.widgets import Input

PROMPTS = {
    "find": "find a row with this text; Enter",
    "filter": "events whose term, body system or subject has this text; Enter keeps, Esc clears",
    "command": "a command, such as endpoint GLUC; Tab completes it, help lists them",
    "keep": "keep the rows with this text; Enter, empty keeps all",
    "export": "a file to write: NAME.xlsx .html .rtf .csv .md .json .txt .svg",
    "replace": "write over it? y and Enter; Enter alone leaves it",
    "describe": "a file to write what was recognized to, to correct it: study.toml",
    "endpoint": "part of the endpoint's name; arrows, Enter",
    "population": "part of the population's name; arrows, Enter",
    "method": "part of the method's name; arrows, Enter",
    "page": "part of the page's name; arrows, Enter",
    "theme": "part of the theme's name; arrows, Enter",
}
"""What the prompt asks for, by kind."""


class Prompt(Input):
    """An input whose Enter is acted on at once, not in a message that the next key overtakes."""

    def __init__(self, enter: Callable[[str], None], typed: Callable[[str], None]) -> None:
        super().__init__(id="prompt", select_on_focus=False, compact=True)
        self.cursor_blink = False  # it would write 2 KB a second
        self._enter, self._typed = enter, typed

    @property
    def place(self) -> Offset:
        """Where the next letter comes to stand on the screen."""
        past_the_end = Offset(int(self.cursor_at_end), 0)  # as Textual has it there
        return self.cursor_screen_offset - past_the_end

    def watch_has_focus(self, has_focus: bool) -> None:
        """Looks for no styles, 2 ms at each end of a line: it has the same ones with the keys."""

    def on_input_changed(self, event: Input.Changed) -> None:
        """A letter of the line."""
        event.stop()
        self._typed(event.value)

    async def action_submit(self) -> None:
        """Enter: the line is complete."""
        self._enter(self.value)
