"""What a pressed key means: part of a line that is asked for, a digit of a count, or a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from tui.browser.app import Browser

OF_PROMPT = frozenset(
    ("enter", "backspace", "delete", "left", "right", "home", "end", "ctrl+u", "ctrl+w", "ctrl+k")
)
"""Keys that edit the line of a prompt."""

WHILE_ASKED = {
    **{"escape": "close", "ctrl+c": "interrupt", "up": "up", "down": "down"},
    **{"pageup": "page_up", "pagedown": "page_down", "ctrl+d": "half_down"},
}
"""Keys that leave a prompt or move in what is chosen from, whatever keys.toml says."""

MOST_DIGITS = 6


def name_of(event: events.Key) -> str:
    """A key as the table of keys names it: the character it types, or its name."""
    typed = event.character
    if typed and typed.isprintable() and typed != " " and "+" not in event.key:
        return typed
    return event.key


class Keyboard:
    """The keys of a browser. `count` is what has been typed of one: None outside of any."""

    def __init__(self, app: Browser) -> None:
        self._app = app
        self.count: str | None = None

    async def press(self, event: events.Key) -> bool:
        """Acts on a key before the next one is looked at; whether it meant anything.

        Over a slow line several come at once, and the second may mean something else after the
        first.
        """
        app, name = self._app, name_of(event)
        if app.prompting:
            await self._in_prompt(event)
            app.asking.pressed()
            return True
        if self._counts(name):
            return True
        count, self.count = self.count, None
        function = app.keymap.functions.get(name)
        if count is not None and (function in (None, "close")):
            app.say("")
        elif function is None:
            return False
        else:
            await app.act(function, int(count or 0))
        return True

    def _counts(self, name: str) -> bool:
        """Whether the key is part of a count: begun by its key, or by a digit with no function."""
        digit = len(name) == 1 and name in "0123456789"
        if self.count is not None:
            if digit:
                self.begin_count((self.count + name).lstrip("0")[:MOST_DIGITS])
            return digit
        begins = digit and name != "0" and name not in self._app.keymap.functions
        if begins:
            self.begin_count(name)
        return begins

    def begin_count(self, digits: str = "") -> None:
        """A count is being typed; it is for the key after its digits."""
        self.count = digits
        self._app.say(f"count {digits or '...'}")

    async def _in_prompt(self, event: events.Key) -> None:
        app, asking = self._app, self._app.asking
        if event.key in ("tab", "shift+tab"):
            asking.complete(1 if event.key == "tab" else -1)
        elif event.key in ("up", "down") and asking.kind == "command":
            asking.recall(-1 if event.key == "up" else 1)
        elif event.key in WHILE_ASKED:
            await app.act(WHILE_ASKED[event.key])
        elif event.key in OF_PROMPT:
            await app._check_bindings(event.key)
        elif event.is_printable and event.character:
            asking.type(event.character)
