"""From one view to another in words: the lines of a script, as a user may type them after `:`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from tui.browser import commands
from tui.browser.arrangement import Arrangement
from tui.browser.view import OVER, PANES, TABLE_PAGES, View
from tui.errors import SelectionError
from tui.report.visible import visible
from tui.selection import FIELDS, Selection, show

TABLES = ("arms", "visits", "events", "incidence")
"""The tables of the panes, each with the word that leads to it."""


def recorded(view: View) -> View:
    """The view as a script can say it: below the help or the tour, without the page of a reload."""
    if view.page in (*OVER, "reloaded"):
        return view.but(page=view.about)
    return view


def lines(before: View, after: View) -> tuple[str, ...]:
    """The few words that lead from one view to another, a line each.

    Each line leads to a view that means something: where several choices are taken back, all are,
    and those that stay are said again.

    Raises:
        SelectionError: when a value has a character that no line can hold.
    """
    goal, said = recorded(after), _Said(recorded(before))
    if said.view != goal:
        said = _place(_panes(_selection(said, goal), goal), goal)
    return said.lines


@dataclasses.dataclass(frozen=True)
class _Said:
    """A view, and the lines that have led to it."""

    view: View
    lines: tuple[str, ...] = ()

    def then(self, *lines: str) -> _Said:
        """After more lines."""
        said = self
        for line in lines:
            said = _Said(_after(line, said.view), (*said.lines, line))
        return said


def _after(line: str, view: View) -> View:
    """The view that a line leads to; the columns of a sorted table are known by their keys."""
    if visible(line) != line:
        raise SelectionError(f"{line!r} cannot be written as a line.")
    said = commands.run(line, view)
    if isinstance(said, View):
        return said
    how = view.arrangement(view.table)
    if said.name == "keep_rows":
        return view.arranging(dataclasses.replace(how, text=said.argument))
    column = said.argument.removeprefix("-")
    down = said.argument.startswith("-")
    return view.arranging(dataclasses.replace(how, column=column, descending=down))


def _selection(said: _Said, goal: View) -> _Said:
    """The choices, in as few words as say them."""
    for tried in _choices(said.view.selection, goal.selection):
        try:
            then = said.then(*tried)
        except SelectionError:
            continue
        if then.view.selection == goal.selection:
            return then
    raise SelectionError("A value of the selection cannot be written as a line.")


def _choices(old: Selection, new: Selection) -> Iterator[Sequence[str]]:
    """Ways to say what is chosen now, the shortest first."""
    changed = {
        name: value for name in FIELDS if (value := getattr(new, name)) != getattr(old, name)
    }
    chosen = {name: value for name, value in changed.items() if value is not None}
    if not changed:
        yield ()
    if len(chosen) == 1:
        yield [f"{name} {show(value)}" for name, value in chosen.items()]
    if chosen:
        yield [str(Selection(**chosen))]
    elif len(changed) == 1:
        yield [f"reset {name}" for name in changed]
    yield ["reset", str(new)] if str(new) else ["reset"]


def _panes(said: _Said, goal: View) -> _Said:
    """How the panes are shown, and which has the keys."""
    if said.view.columns != goal.columns:
        said = said.then(f"columns {goal.columns}")
    if said.view.time_to_event != goal.time_to_event:
        ours = goal.time_to_event
        said = said.then("reset survival" if ours is None else f"survival {ours}")
    for name in TABLES:
        if said.view.arrangement(name) != goal.arrangement(name):
            there = said if said.view.table == name else said.then(name)
            said = _arranged(there, goal)
    if said.view.incidence != goal.incidence:
        said = said.then("incidence" if goal.incidence else "events")
    if said.view.zoom != goal.zoom:
        said = said.then("zoom" if goal.zoom else "zoom off")
    return said if said.view.pane == goal.pane else said.then(_pane(goal))


def _pane(goal: View) -> str:
    """The word that leads to the view's pane; to the log or the incidence, whichever is shown."""
    assert goal.pane in PANES
    return "incidence" if goal.pane == "events" and goal.incidence else goal.pane


def _arranged(said: _Said, goal: View) -> _Said:
    """The table that has the keys as it is in the view that is led to."""
    if not said.view.table:
        return said
    now, then = (one.arrangement(said.view.table) for one in (said.view, goal))
    if now.text != then.text:
        said = said.then(f"keep {then.text}".strip())
    if dataclasses.replace(now, text="") != dataclasses.replace(then, text=""):
        said = said.then(f"sort {'-' * then.descending}{then.column}".strip())
    return said


def _place(said: _Said, goal: View) -> _Said:
    """The page, and what it was opened from: as much of the way there as is missing."""
    way = _way(goal)
    starts = [(said, len(way) - kept) for kept in range(len(way) + 1)]
    for start, skipped in (*starts, (said.then(_pane(goal)), 0)):
        then = start
        for word in way[skipped:]:
            then = _arranged(then.then(word), goal)
        if not way[skipped:]:
            then = _arranged(then, goal) if goal.page in TABLE_PAGES else then
        if then.view == goal:
            return then
    raise SelectionError("What is shown cannot be written as a line.")


def _way(goal: View) -> list[str]:
    """The words that open a page, and before it the pages that it remembers."""
    words = {"survival": f"survival {goal.time_to_event or ''}".strip(), "arms": "page arms"}
    if goal.cell is not None:
        words["values"] = f"values {show(goal.cell[0])} {goal.cell[1]}"
    if goal.subject is not None:
        words["subject"] = f"subject {goal.subject}"
    notes = goal.arrangement("notes") != Arrangement()
    kept = [*(["notes"] if notes else []), *(one for one in ("values", "subject") if one in words)]
    pages = [*(name for name in kept if name != goal.page), *([goal.page] if goal.page else [])]
    return [words.get(name, name) for name in pages]
