"""The words after `:`, turned into a new view or into something to do."""

from __future__ import annotations

from dataclasses import dataclass

from tui.browser.themes import THEMES
from tui.browser.view import OVER, PANES, View
from tui.browser.view import PAGES as ANSWER_PAGES
from tui.errors import SelectionError, one_of
from tui.report.tables.visits import SETS
from tui.selection import FIELDS, Selection, from_texts, parse

PAGES = (*(name for name in ANSWER_PAGES if name not in PANES), "details", *OVER, "reloaded")
EFFECTS = {
    **{name: name for name in ("quit", "export", "describe", "copy", "undo", "back", "forward")},
    **{"reload": "reload", "theme": "theme", "record": "record"},
    **{"command": "copy_command", "show": "copy_command", "sort": "sort_by", "keep": "keep_rows"},
}
"""The words that do something, and what the browser calls it."""

_OPENED = ("subject", "values", "page")
WORDS = (*PANES, *PAGES, "incidence", *_OPENED, "columns", "zoom", "reset", *EFFECTS, *FIELDS)
"""Every word that can come first."""


@dataclass(frozen=True)
class Effect:
    """Something to do that is not a new view; `argument` is what stood behind its name."""

    name: str
    argument: str = ""


def run(words: str, view: View) -> View | Effect:
    """What the words say.

    `FIELD VALUE` and `FIELD=VALUE …` change the selection, `reset` or `reset FIELD` takes a choice
    back; the name of a pane or page goes there; `subject ID`, `values VISIT ARM`, `survival
    ENDPOINT` open what a row or figure does; a number goes to a row, and moves if it has a sign.

    Raises:
        SelectionError: when they say nothing, with what can be said.
    """
    name, _, rest = words.strip().partition(" ")
    rest = rest.strip()
    if name.removeprefix("+").removeprefix("-").isdecimal():
        return Effect("row", name)
    if "=" in name:
        return _merged(view, parse(words))
    if name in ("q", "quit"):
        return Effect("quit")
    if name == "theme" and rest and rest not in THEMES:
        raise SelectionError(f"There is no theme {rest!r}: there is {one_of(list(THEMES))}.")
    if name in EFFECTS:
        return Effect(EFFECTS[name], rest)
    if name in ("columns", "zoom") or (rest and name in (*_OPENED, "survival")):
        return _shown(view, name, rest)
    if name == "reset":
        return _reset(view, rest)
    if rest and name in FIELDS:
        return _merged(view, from_texts({name: rest}))
    if not rest and name in PAGES:
        return view.over(name) if name in OVER else view.but(page=name)
    if not rest and name in ("events", "incidence"):
        return view.but(pane="events", incidence=name == "incidence", page="")
    if not rest and name in PANES:
        return view.but(pane=name, page="")
    if name in FIELDS:
        raise SelectionError(f"{name} needs a value: {name} VALUE, or reset {name}.")
    raise SelectionError(f"There is no command {name!r}: there is {one_of(WORDS, 50)}.")


def _shown(view: View, name: str, rest: str) -> View:
    """What is opened by its name, and how the panes are shown."""
    if name == "subject":
        return view.but(page="subject", subject=rest)
    if name == "survival":
        return view.but(page="survival", time_to_event=rest)
    if name == "values":
        visit, _, arm = rest.partition(" ")
        if not arm.strip():
            raise SelectionError("values needs a visit's number and an arm: values 8 Placebo.")
        (number,) = FIELDS["visits"]("values", visit)[:1]
        return view.but(page="values", cell=(number, arm.strip()), subject=None)
    offered = {"page": ANSWER_PAGES, "columns": tuple(SETS), "zoom": ("on", "off")}[name]
    if name == "zoom" and rest in ("", *offered):
        return view.but(zoom=rest != "off", page="")
    if rest not in offered:
        raise SelectionError(f"{name} takes {one_of(offered, len(offered))}, not {rest!r}.")
    return view.but(page=rest) if name == "page" else view.but(columns=rest)


def _merged(view: View, said: Selection) -> View:
    changes = {name: value for name in FIELDS if (value := getattr(said, name)) is not None}
    return view.selecting(**changes)


def _reset(view: View, name: str) -> View:
    if not name:
        return view.but(selection=Selection())
    if name == "survival":
        return view.but(time_to_event=None)
    if name not in FIELDS:
        raise SelectionError(f"There is no field {name!r}: there is {one_of(list(FIELDS), 30)}.")
    return view.selecting(**{name: None})
