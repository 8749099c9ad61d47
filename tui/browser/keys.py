"""The one table of keys, for the keyboard, the footer, the help page and the README."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

SHOWN = {
    **{"up": "↑", "down": "↓", "left": "←", "right": "→"},
    **{"pageup": "PgUp", "pagedown": "PgDn", "escape": "Esc"},
    **{name: name.capitalize() for name in ("home", "end", "enter", "tab", "space", "backspace")},
    **{"insert": "Ins", "delete": "Del"},
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
}
"""The keys with a name, and how a person reads it; any other key is the character it types."""

ARROWS = str.maketrans({"↑": "Up", "↓": "Down", "←": "Left", "→": "Right"})
"""How the arrows are written in ASCII."""


@dataclass(frozen=True)
class Key:
    """A function and its keys.

    Attributes:
        id: What it does, for the program and for keys.toml.
        keys: Each the character it types, or its name: `j`, `/`, `pagedown`, `ctrl+d`.
        label: A word or two for the footer; empty keeps it out of there.
        help: What it does, for the help page.
        group: The heading it stands under on the help page.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: str

    @property
    def shown(self) -> str:
        """The keys as a person reads them."""
        return " ".join(map(shown, self.keys)) or "(none)"


def shown(key: str) -> str:
    """A key as a person reads it: `Ctrl+D`, `PgDn`, `j`."""
    *held, last = key.rsplit("+", 1) if len(key) > 1 else [key]
    if held and held[0] == "ctrl" and last not in SHOWN:
        last = last.upper()
    return "+".join([*(one.capitalize() for one in held), SHOWN.get(last, last)])


KEYS = (
    Key("down", ("j", "down"), "", "down", "Moving"),
    Key("up", ("k", "up"), "", "up", "Moving"),
    Key("left", ("h", "left"), "", "left; a wide table scrolls", "Moving"),
    Key("right", ("l", "right"), "", "right", "Moving"),
    Key("first", ("g", "home"), "", "first row", "Moving"),
    Key("last", ("G", "end"), "", "last row", "Moving"),
    Key("page_down", ("pagedown",), "", "a page down", "Moving"),
    Key("page_up", ("pageup",), "", "a page up", "Moving"),
    Key("half_down", ("ctrl+d",), "", "half a page down", "Moving"),
    Key("half_up", ("ctrl+u",), "", "half a page up", "Moving"),
    Key("count", ("#",), "", "a count: #12j, #3y; 5 to 9 begin one as they are", "Moving"),
    Key("pane_1", ("1",), "", "the arms", "Panes"),
    Key("pane_2", ("2",), "", "the week-by-week table", "Panes"),
    Key("pane_3", ("3",), "", "the trends", "Panes"),
    Key("pane_4", ("4",), "", "the adverse events", "Panes"),
    Key("next_pane", ("tab",), "pane", "the next pane", "Panes"),
    Key("previous_pane", ("shift+tab",), "", "the pane before", "Panes"),
    Key("zoom", ("z",), "", "the pane alone, and back", "Panes"),
    Key("open", ("enter",), "", "what is behind the row or figure", "Panes"),
    Key("close", ("escape",), "", "back: filter, page, zoom; stops long work", "Panes"),
    Key("endpoint", ("p",), "endpoint", "choose the endpoint", "Selection"),
    Key("population", ("P",), "", "choose the population", "Selection"),
    Key("method", ("m",), "method", "choose the method of comparison", "Selection"),
    Key("toggle_arm", ("space",), "", "show or hide the arm (in pane 1)", "Selection"),
    Key("reference", ("r",), "", "make the arm the reference (in pane 1)", "Selection"),
    Key("columns", ("c",), "columns", "the next set of columns (in pane 2)", "Selection"),
    Key("unit", ("U",), "", "% or mmol/mol, for HbA1c", "Selection"),
    Key("value", ("v",), "", "change from baseline, or the value", "Selection"),
    Key("imputed", ("L",), "", "keep or drop imputed rows (LOCF)", "Selection"),
    Key("incidence", ("i",), "", "the log, or incidence by term (in pane 4)", "Selection"),
    Key("find", ("/",), "", "find a row; in the log, filter it", "Finding"),
    Key("find_next", ("n",), "", "the next one found", "Finding"),
    Key("find_previous", ("N",), "", "the one before", "Finding"),
    Key("keep", ("&",), "", "keep the rows with a text, on the screen alone", "Finding"),
    Key("sort", ("s",), "", "sort by the column: up, down, as it was", "Finding"),
    Key("undo", ("u",), "", "undo the last change of selection", "Finding"),
    Key("back", ("-",), "", "the view before", "Finding"),
    Key("forward", ("=",), "", "the view that was gone back from", "Finding"),
    Key("details", ("d",), "", "method, funnel and notes of the pane", "Pages"),
    Key("page", ("a",), "analyses", "choose a page: tests, subgroups, power and more", "Pages"),
    Key("study", ("S",), "", "the study: datasets, endpoints, remarks", "Pages"),
    Key("baseline", ("B",), "", "the baseline table", "Pages"),
    Key("notes", ("!",), "", "notes: what is odd in the data", "Pages"),
    Key("command", (":",), "command", "say it in words: :endpoint GLUC", "Doing"),
    Key("copy", ("y",), "", "send the cell or row to the terminal's clipboard", "Doing"),
    Key("copy_command", ("Y",), "", "show and send the command that prints this view", "Doing"),
    Key("export", ("e",), "", "write this view to a file", "Doing"),
    Key("theme", ("T",), "", "choose the colors", "Doing"),
    Key("reload", ("R",), "", "read the study anew from disk", "Doing"),
    Key("help", ("?", "f1"), "help", "the keys, those of the pane first", "Doing"),
    Key("suspend", ("ctrl+z",), "", "to the shell; fg comes back", "Doing"),
    Key("quit", ("q",), "quit", "leave", "Doing"),
    Key("interrupt", ("ctrl+c",), "", "leave, from anywhere", "Doing"),
)


FIXED = frozenset(("interrupt",))
"""Functions whose keys stay: there is always a way out."""


@dataclass(frozen=True)
class Keymap:
    """The keys in force."""

    keys: tuple[Key, ...] = KEYS

    @cached_property
    def functions(self) -> Mapping[str, str]:
        """The id of the function of each key."""
        return {name: key.id for key in self.keys for name in key.keys}

    @cached_property
    def _by_id(self) -> Mapping[str, Key]:
        return {key.id: key for key in self.keys}

    def with_keys(self, chosen: Mapping[str, Sequence[str]]) -> Keymap:
        """The same with other keys for some functions, by id."""
        return Keymap(
            tuple(
                dataclasses.replace(key, keys=tuple(chosen.get(key.id, key.keys)))
                for key in self.keys
            )
        )

    def key(self, id: str) -> Key:
        """The function of an id."""
        return self._by_id[id]

    def hint(self, id: str) -> str:
        """The key to press for a function, for a sentence."""
        keys = self._by_id[id].keys
        first = min(keys, key=len, default="")
        return shown(first) if keys else "no key"

    def footer(self) -> str:
        """The few keys that matter, in one line."""
        named = [key for key in self.keys if key.label and key.keys]
        return "  ".join(f"{self.hint(key.id)} {key.label}" for key in named)

    def text(self, ascii_only: bool) -> str:
        """All keys by group, with their ids."""
        arrows = ARROWS if ascii_only else {}
        shown = {key.id: key.shown.translate(arrows) for key in self.keys}
        wide = max(map(len, shown.values())) + 2
        names = max(map(len, shown)) + 2
        lines = []
        for group in dict.fromkeys(key.group for key in self.keys):
            lines += ["", group]
            for key in (key for key in self.keys if key.group == group):
                lines.append(f"  {shown[key.id]:<{wide}}{key.id:<{names}}{key.help}")
        return "".join(f"{line}\n" for line in lines[1:])

    def markdown(self) -> str:
        """The table of keys for a document."""
        lines = ["| Key | Id | What it does |", "| :--- | :--- | :--- |"]
        for key in self.keys:
            said = "`` ` ``" if key.shown == "`" else f"`{key.shown}`".replace("|", "\\|")
            lines.append(f"| {said} | `{key.id}` | {key.help} |")
        return "\n".join(lines)


DEFAULT = Keymap()
"""The keys as long as nobody has chosen others."""
