"""The lines above and below the panes, as text: what is looked at, and where the cursor is."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from rich.cells import cell_len

from tui.analyses.answer import Answer
from tui.browser import choices
from tui.browser.keys import DEFAULT, Keymap
from tui.browser.lines import Run
from tui.browser.palette import Palette
from tui.browser.view import View
from tui.report import provenance


def study_runs(
    answer: Answer | None, notes: Answer | None, palette: Palette, keymap: Keymap = DEFAULT
) -> list[Run]:
    """The study; that it is a reconstruction stands first, so that no width cuts it off.

    Args:
        answer: The visits.
        notes: The notes on the data, once they have been counted.
        palette: The colors.
        keymap: The keys in force.
    """
    if answer is None:
        return [("reading the study ...", None)]
    runs: list[Run] = [(answer.study.id, palette.title)]
    if answer.study.reconstruction:
        runs += [("  ", None), (provenance.RECONSTRUCTION, palette.marked)]
    people = sum(arm.n for arm in answer.arms)
    runs += [(f"  n={people}{_noted(notes, keymap)}", None)]
    runs += [(f"  {answer.title.removesuffix(' by visit and arm')}", None)]
    if answer.study.title and answer.study.title != answer.study.id:
        runs += [(f"  {answer.study.title}", palette.dim)]
    return runs


def _noted(notes: Answer | None, keymap: Keymap) -> str:
    """How many notes there are on the data, and the key that shows them."""
    if notes is None or not (notes.rows or notes.partial):
        return ""
    count = "" if notes.partial else f"{len(notes.rows)} "
    ending = "" if len(notes.rows) == 1 and count else "s"
    return f"  {count}data note{ending} ({keymap.hint('notes')})"


def in_force_lines(
    answer: Answer | None, width: int, refused: str = "", keymap: Keymap = DEFAULT
) -> list[str]:
    """Population, reference, method and records in force, in as many lines as they need.

    What the user set stands before what the study decides: it must not be what a width cuts off.

    Args:
        answer: The visits.
        width: Of a line.
        refused: Why there are no statistics, if there are none.
        keymap: The keys in force.
    """
    if answer is None:
        return [""]
    chosen = answer.selection
    coming = f"no statistics: {refused}" if refused else "statistics are on their way"
    reference = next((arm.label for arm in answer.arms if arm.is_reference), "")
    notes = len(answer.notes)
    parts = [
        f"{chosen.population}",
        f"ref {reference}",
        coming if answer.partial else answer.method.name,
        "change" if chosen.value == "CHG" else "value",
        f"where {chosen.where}" if chosen.where else "",
        chosen.timepoint or "",
        chosen.basetype or "",
        f"covariates {', '.join(chosen.covariates)}" if chosen.covariates else "",
        "imputed rows dropped" if chosen.imputed == "drop" else "",
        f"records {chosen.records}",
        f"{notes} note{'s' if notes > 1 else ''} ({keymap.hint('details')})" if notes else "",
        f"{chosen.arm} arm",
    ]
    lines = [""]
    for part in filter(None, parts):
        longer = f"{lines[-1]} | {part}" if lines[-1] else part
        if cell_len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def place_name(view: View, prompting: str) -> str:
    """What the cursor is in: a picker, a page, or a pane."""
    if prompting in choices.KINDS:
        return f"{prompting}s"
    return view.page or ("incidence" if view.pane == "events" and view.incidence else view.pane)


def place_text(
    view: View, answers: Mapping[str, Answer], name: str, row: int, total: int, column: str
) -> str:
    """Where the cursor is, of how many, and which filter is in force."""
    parts = [f"{name} {row}/{total}" if total else name]
    if column:
        parts.append(column)
    if view.pane == "events" and not view.page:
        answer = answers.get("events")
        if answer and view.selection.text:
            everything = answer.funnel[0].rows
            parts.append(
                f"filter {view.selection.text!r}: {answer.funnel[-1].rows} of {everything}"
            )
    return "  ".join(parts)


_AGES = (
    *((0, "just now"), (10, "10 s ago"), (30, "30 s ago"), (60, "1 min ago"), (120, "2 min ago")),
    *((300, "5 min ago"), (600, "10 min ago"), (1800, "30 min ago"), (3600, "1 h ago")),
    *((7200, "2 h ago"), (14400, "4 h ago"), (28800, "8 h ago"), (86400, "more than a day ago")),
)
"""How an age is said from so many seconds on: coarsely, as each step is sent over the line."""


def changed(age: float, keymap: Keymap = DEFAULT) -> str:
    """That the data changed, so many seconds ago."""
    said = [said for least, said in _AGES if least <= age][-1]
    return f"data changed {said}: {keymap.hint('reload')} reloads"


def changes_in(age: float) -> float | None:
    """The seconds until `changed` says something else; None where it never will."""
    return next((least - age for least, _ in _AGES if least > age), None)


def in_two_lines(message: str, notice: str, width: int) -> tuple[str, str, str]:
    """The first line of a message, the rest of it, and the notice if it has room in the first."""
    if not message:
        return "", "", notice
    width = max(20, width)
    taken = len(notice) + 2 if notice else 0
    lines = textwrap.wrap(message, width, initial_indent=" " * taken)
    if len(lines) > 2 or 2 * taken > width:
        notice, lines = "", textwrap.wrap(message, width)
    first, *rest = lines or [""]
    return first.lstrip(), " ".join(rest), notice
