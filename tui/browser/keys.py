"""The one table of keys, for the bindings, the footer, the help page and the README."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """A function and its keys.

    Attributes:
        id: What it does, for the program.
        keys: Keys as Textual names them.
        shown: The keys as a person reads them.
        label: A word or two for the footer; empty keeps it out of there.
        help: What it does, for the help page.
        group: The heading it stands under on the help page.
    """

    id: str
    keys: tuple[str, ...]
    shown: str
    label: str
    help: str
    group: str


KEYS = (
    Key("down", ("down", "j"), "j ↓", "", "down", "Moving"),
    Key("up", ("up", "k"), "k ↑", "", "up", "Moving"),
    Key("left", ("left", "h"), "h ←", "", "left; a wide table scrolls", "Moving"),
    Key("right", ("right", "l"), "l →", "", "right", "Moving"),
    Key("first", ("g", "home"), "g", "", "first row", "Moving"),
    Key("last", ("G", "end"), "G", "", "last row", "Moving"),
    Key("page_down", ("pagedown",), "PgDn", "", "a page down", "Moving"),
    Key("page_up", ("pageup",), "PgUp", "", "a page up", "Moving"),
    Key("half_down", ("ctrl+d",), "Ctrl+D", "", "half a page down", "Moving"),
    Key("half_up", ("ctrl+u",), "Ctrl+U", "", "half a page up", "Moving"),
    Key("pane_1", ("1",), "1", "", "the arms", "Panes"),
    Key("pane_2", ("2",), "2", "", "the week-by-week table", "Panes"),
    Key("pane_3", ("3",), "3", "", "the trends", "Panes"),
    Key("pane_4", ("4",), "4", "", "the adverse events", "Panes"),
    Key("next_pane", ("tab",), "Tab", "pane", "the next pane", "Panes"),
    Key("previous_pane", ("shift+tab",), "Shift+Tab", "", "the pane before", "Panes"),
    Key("zoom", ("z",), "z", "", "the pane alone, and back", "Panes"),
    Key("open", ("enter",), "Enter", "", "what is behind the row or figure", "Panes"),
    Key("close", ("escape",), "Esc", "", "back: filter, page, zoom; stops long work", "Panes"),
    Key("endpoint", ("p",), "p", "endpoint", "choose the endpoint", "Selection"),
    Key("population", ("P",), "P", "", "choose the population", "Selection"),
    Key("method", ("m",), "m", "method", "choose the method of comparison", "Selection"),
    Key("toggle_arm", ("space",), "Space", "", "show or hide the arm (in pane 1)", "Selection"),
    Key("reference", ("r",), "r", "", "make the arm the reference (in pane 1)", "Selection"),
    Key("columns", ("c",), "c", "columns", "the next set of columns (in pane 2)", "Selection"),
    Key("unit", ("U",), "U", "", "% or mmol/mol, for HbA1c", "Selection"),
    Key("value", ("v",), "v", "", "change from baseline, or the value", "Selection"),
    Key("imputed", ("L",), "L", "", "keep or drop imputed rows (LOCF)", "Selection"),
    Key("incidence", ("i",), "i", "", "the log, or incidence by term (in pane 4)", "Selection"),
    Key("find", ("slash",), "/", "", "find a row; in the log, filter it", "Finding"),
    Key("find_next", ("n",), "n", "", "the next one found", "Finding"),
    Key("find_previous", ("N",), "N", "", "the one before", "Finding"),
    Key("undo", ("u",), "u", "", "undo the last change of selection", "Finding"),
    Key("back", ("minus",), "-", "", "the view before", "Finding"),
    Key("forward", ("equals_sign",), "=", "", "the view that was gone back from", "Finding"),
    Key("details", ("d",), "d", "", "method, funnel and notes of the pane", "Pages"),
    Key(
        "page", ("a",), "a", "analyses", "choose a page: tests, subgroups, power and more", "Pages"
    ),
    Key("study", ("S",), "S", "", "the study: datasets, endpoints, remarks", "Pages"),
    Key("baseline", ("B",), "B", "", "the baseline table", "Pages"),
    Key("notes", ("exclamation_mark",), "!", "", "notes: what is odd in the data", "Pages"),
    Key("command", ("colon",), ":", "command", "say it in words: :endpoint GLUC", "Doing"),
    Key("copy_command", ("Y",), "Y", "", "the command that prints this view", "Doing"),
    Key("export", ("e",), "e", "", "write this view to a file", "Doing"),
    Key("reload", ("R",), "R", "", "read the study anew from disk", "Doing"),
    Key("help", ("question_mark", "f1"), "?", "help", "all keys", "Doing"),
    Key("suspend", ("ctrl+z",), "Ctrl+Z", "", "to the shell; fg comes back", "Doing"),
    Key("quit", ("q",), "q", "quit", "leave", "Doing"),
    Key("interrupt", ("ctrl+c",), "Ctrl+C", "", "leave, from anywhere", "Doing"),
)


def footer() -> str:
    """The few keys that matter, in one line."""
    return "  ".join(f"{key.shown} {key.label}" for key in KEYS if key.label)


ARROWS = str.maketrans({"↑": "Up", "↓": "Down", "←": "Left", "→": "Right"})


def help_lines(ascii_only: bool = False) -> list[str]:
    """All keys, by group."""
    lines = []
    for group in dict.fromkeys(key.group for key in KEYS):
        lines += ["", group]
        for key in (key for key in KEYS if key.group == group):
            shown = key.shown.translate(ARROWS) if ascii_only else key.shown
            lines.append(f"  {shown:<11}{key.help}")
    return lines[1:]


def markdown() -> str:
    """The table of keys for the README."""
    lines = ["| Key | What it does |", "| :--- | :--- |"]
    lines += [f"| `{key.shown}` | {key.help} |" for key in KEYS]
    return "\n".join(lines)
