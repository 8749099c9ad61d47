"""What a key does to the view: pure functions from what is on the screen to a new view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.analyses.answer import Answer
from tui.browser.arrangement import Arrangement, named_column
from tui.browser.keys import DEFAULT, Keymap
from tui.browser.panes.arms import all_arms
from tui.browser.view import OVER, PANES, View, questions
from tui.errors import SelectionError
from tui.report.table import Table
from tui.report.tables.visits import SETS
from tui.selection import parse

if TYPE_CHECKING:
    from tui.analyses.rows.notes import NoteRow


@dataclass(frozen=True)
class Here:
    """What a key can see: the view, the answers on the screen, and the row at the cursor.

    Attributes:
        view: What is shown.
        answers: The answers by pane and page, as far as they have come.
        row: The place of the cursor's row among the rows of its pane's answer, or None.
        texts: The texts of that row.
        table: The table that has the keys, as it is shown.
        column: The key of the column at the cursor; empty in a table whose rows are chosen whole.
        keymap: The keys in force, for the sentences that name one.
    """

    view: View
    answers: Mapping[str, Answer]
    row: int | None = None
    texts: tuple[str, ...] = ()
    table: Table | None = None
    column: str = ""
    keymap: Keymap = DEFAULT

    def answer(self, name: str) -> Answer:
        """The answer of a pane or page; one to an earlier kind of question does not count."""
        answer, wanted = self.answers.get(name), questions(self.view).get(name)
        if answer is None or wanted is None or answer.question.kind != wanted.kind:
            raise SelectionError("The data are still being read.")
        return answer


def next_pane(here: Here, step: int = 1) -> View:
    """The next pane, or the one before."""
    place = PANES.index(here.view.pane)
    return here.view.but(pane=PANES[(place + step) % len(PANES)], page="")


def toggle_arm(here: Here) -> View:
    """Shows or hides the arm at the cursor; the reference stays.

    What was chosen counts, not what the last answer shows: of two keys in a row the second comes
    before the answer to the first.
    """
    arm, visits, chosen = _arm_at(here), here.answer("visits"), here.view.selection
    labels = [one.label for one in all_arms(here.answer("arms"), visits)]
    shown = {one.label for one in visits.arms}
    if chosen.arms and set(chosen.arms) <= set(labels):
        shown = set(chosen.arms)
    elif here.view.selection.arms is None:
        shown = {row.arm for row in here.answer("arms").rows}
    in_force = next((one.label for one in visits.arms if one.is_reference), None)
    if arm == (chosen.reference if chosen.reference in labels else in_force):
        key = here.keymap.hint("reference")
        raise SelectionError(
            f"{arm} is the reference: make another arm the reference first ({key})."
        )
    kept = [one for one in labels if (one in shown) != (one == arm)]
    return here.view.selecting(arms=None if len(kept) == len(labels) else tuple(kept))


def reference(here: Here) -> View:
    """Makes the arm at the cursor the reference, showing it if it was hidden."""
    arm = _arm_at(here)
    view = here.view.selecting(reference=arm)
    chosen = view.selection.arms
    return view.selecting(arms=(*chosen, arm)) if chosen and arm not in chosen else view


def _arm_at(here: Here) -> str:
    if here.view.pane != "arms" or here.view.page or here.row is None:
        key = here.keymap.hint("pane_1")
        raise SelectionError(f"Go to the arms ({key}) and put the cursor on one.")
    return all_arms(here.answer("arms"), here.answers.get("visits"))[here.row].label


def columns(here: Here) -> View:
    """The table begins with the next set of columns."""
    names = list(SETS)
    return here.view.but(columns=names[(names.index(here.view.columns) + 1) % len(names)])


def unit(here: Here) -> View:
    """The other unit of HbA1c."""
    now = here.answer("visits").unit
    if now not in ("%", "mmol/mol"):
        raise SelectionError("Only HbA1c has two units, % and mmol/mol.")
    return here.view.selecting(unit="mmol/mol" if now == "%" else "%")


def value(here: Here) -> View:
    """Compares values instead of changes, or changes instead of values."""
    now = here.answer("visits").selection.value
    return here.view.selecting(value="AVAL" if now == "CHG" else "CHG")


def imputed(here: Here) -> View:
    """Keeps or drops imputed rows."""
    now = here.answer("visits").selection.imputed
    return here.view.selecting(imputed="keep" if now == "drop" else "drop")


def close(here: Here) -> View:
    """One step out: the rows' filter, from the subject to the values, the page, the zoom."""
    view = here.view
    if view.arrangement(view.table).text:
        return keep(here, "")
    if view.page in OVER:
        return view.over(view.page)
    if view.page == "subject" and view.cell:
        return view.but(page="values", subject=None)
    if view.page:
        return view.but(page="")
    if view.pane == "events" and view.selection.text:
        return view.selecting(text=None)
    return view.but(zoom=False)


def enter(here: Here) -> View:
    """What is behind the row or figure at the cursor."""
    view = here.view
    if view.page:
        return _enter_page(here)
    if view.pane == "trends":
        return view.but(zoom=not view.zoom)
    if here.row is None:
        return view
    if view.pane == "arms":
        return view.but(page="arms")
    row = here.answer(view.pane).rows[here.row] if view.pane != "events" else None
    if view.pane == "visits" and row is not None:
        return view.but(page="values", cell=(row.visit_number, row.arm))
    if view.incidence:
        term = here.texts[0].strip()
        found = any(one.term == term or one.system == term for one in here.answer("events").rows)
        return view.but(incidence=False).selecting(text=term if found else None, emergent="yes")
    return view.but(page="subject", subject=here.answer("events").rows[here.row].subject)


def _enter_page(here: Here) -> View:
    """From the values behind a figure to the subject at the cursor; from a note to its rows."""
    if here.view.page == "notes" and here.row is not None:
        return _noted(here.view, here.answer("page").rows[here.row])
    if here.view.page == "values" and here.row is not None:
        subject = here.answer("page").rows[here.row].subject
        return here.view.but(page="subject", subject=subject)
    return here.view


def _noted(view: View, note: NoteRow) -> View:
    """The pane or page that shows what a note is about."""
    chosen = parse(note.selection)
    if note.answer is None:
        raise SelectionError(f"No page shows these rows: {note.see}.")
    if note.answer == "subject":
        return view.but(page="subject", subject=note.subject)
    events = note.answer == "events"
    there = view.but(page="", pane="events" if events else "visits", incidence=False)
    return there.but(selection=chosen)


def sort(here: Here) -> View:
    """Sorts by the cursor's column, else by the one that sorts already: up, down, as it was."""
    how = _arrangement(here, "sorted")
    return here.view.arranging(how.sorted_by(here.column or how.column))


def sort_by(here: Here, words: str) -> View:
    """Sorts by the column that is named, downwards after a `-`; without a name as it was."""
    how = _arrangement(here, "sorted")
    assert here.table is not None
    column = named_column(here.table, words.removeprefix("-").strip()) if words else ""
    down = words.startswith("-")
    return here.view.arranging(replace(how, column=column, descending=down))


def keep(here: Here, text: str) -> View:
    """Keeps the rows with a text in a cell, on the screen alone; with an empty one all rows."""
    return here.view.arranging(replace(_arrangement(here, "kept"), text=text))


def _arrangement(here: Here, done: str) -> Arrangement:
    if not here.view.table or here.table is None:
        raise SelectionError(f"There is no table here whose rows could be {done}.")
    return here.view.arrangement(here.view.table)


def _page(name: str) -> Callable[[Here], View]:
    def turn(here: Here) -> View:
        return here.view.but(page="" if here.view.page == name else name)

    return turn


def _pane(name: str) -> Callable[[Here], View]:
    return lambda here: here.view.but(pane=name, page="")


ACTIONS: dict[str, Callable[[Here], View]] = {
    **{f"pane_{place}": _pane(name) for place, name in enumerate(PANES, 1)},
    "next_pane": next_pane,
    "previous_pane": lambda here: next_pane(here, -1),
    "zoom": lambda here: here.view.but(zoom=not here.view.zoom, page=""),
    "open": enter,
    "close": close,
    "toggle_arm": toggle_arm,
    "reference": reference,
    "columns": columns,
    "unit": unit,
    "value": value,
    "imputed": imputed,
    "incidence": lambda here: here.view.but(
        incidence=not here.view.incidence, pane="events", page=""
    ),
    "details": _page("details"),
    "study": _page("study"),
    "baseline": _page("baseline"),
    "notes": _page("notes"),
    "help": lambda here: here.view.over("help"),
}
"""The keys that lead to a new view, by their id in the table of keys."""
