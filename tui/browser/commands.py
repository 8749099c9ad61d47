"""The words after `:`, turned into a new view or into something to do."""

from __future__ import annotations

from dataclasses import dataclass

from tui.browser.themes import THEMES
from tui.browser.view import PAGES as ANSWER_PAGES
from tui.browser.view import PANES, View
from tui.errors import SelectionError, one_of
from tui.selection import FIELDS, Selection, from_texts, parse

PAGES = (*(name for name in ANSWER_PAGES if name not in PANES), "details", "help", "reloaded")
EFFECTS = ("quit", "export", "describe", "copy", "undo", "back", "forward", "reload", "theme")

WORDS = (*PANES, *PAGES, "incidence", "subject", "reset", *EFFECTS, *FIELDS)
"""Every word that can come first."""


@dataclass(frozen=True)
class Effect:
    """Something to do that is not a new view; `argument` is what stood behind its name."""

    name: str
    argument: str = ""


def run(words: str, view: View) -> View | Effect:
    """What the words say.

    `FIELD VALUE` and `FIELD=VALUE …` change the selection, `reset` or `reset FIELD` takes a choice
    back; the name of a pane or page goes there; `subject ID` opens a subject.

    Raises:
        SelectionError: when they say nothing, with what can be said.
    """
    name, _, rest = words.strip().partition(" ")
    rest = rest.strip()
    if "=" in name:
        return _merged(view, parse(words))
    if name in ("q", "quit"):
        return Effect("quit")
    if name == "theme" and rest and rest not in THEMES:
        raise SelectionError(f"There is no theme {rest!r}: there is {one_of(list(THEMES))}.")
    if name in EFFECTS:
        return Effect(name, rest)
    if name == "subject" and rest:
        return view.but(page="subject", subject=rest)
    if name == "reset":
        return _reset(view, rest)
    if rest and name in FIELDS:
        return _merged(view, from_texts({name: rest}))
    if not rest and name in PAGES:
        return view.but(page=name)
    if not rest and name in PANES:
        return view.but(pane=name, page="")
    if not rest and name == "incidence":
        return view.but(pane="events", incidence=True, page="")
    if name in FIELDS:
        raise SelectionError(f"{name} needs a value: {name} VALUE, or reset {name}.")
    raise SelectionError(f"There is no command {name!r}: there is {one_of(WORDS, 50)}.")


def _merged(view: View, said: Selection) -> View:
    changes = {name: value for name in FIELDS if (value := getattr(said, name)) is not None}
    return view.selecting(**changes)


def _reset(view: View, name: str) -> View:
    if not name:
        return view.but(selection=Selection())
    if name not in FIELDS:
        raise SelectionError(f"There is no field {name!r}: there is {one_of(list(FIELDS), 30)}.")
    return view.selecting(**{name: None})
