"""The lines above and below the panes, as text: what is looked at, and where the cursor is."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len

from tui.analyses.answer import Answer
from tui.browser import choices
from tui.browser.lines import Run
from tui.browser.palette import Palette
from tui.browser.view import View
from tui.report import provenance


def study_runs(answer: Answer | None, palette: Palette) -> list[Run]:
    """The study; that it is a reconstruction stands first, so that no width cuts it off."""
    if answer is None:
        return [("reading the study ...", None)]
    runs: list[Run] = [(answer.study.id, palette.title)]
    if answer.study.reconstruction:
        runs += [("  ", None), (provenance.RECONSTRUCTION, palette.marked)]
    people = sum(arm.n for arm in answer.arms)
    runs += [(f"  n={people}  {answer.title.removesuffix(' by visit and arm')}", None)]
    if answer.study.title and answer.study.title != answer.study.id:
        runs += [(f"  {answer.study.title}", palette.dim)]
    return runs


def in_force_lines(answer: Answer | None, width: int, refused: str = "") -> list[str]:
    """Population, reference, method and records in force, in as many lines as they need.

    What the user set stands before what the study decides: it must not be what a width cuts off.

    Args:
        answer: The visits.
        width: Of a line.
        refused: Why there are no statistics, if there are none.
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
        f"covariates {', '.join(chosen.covariates)}" if chosen.covariates else "",
        "imputed rows dropped" if chosen.imputed == "drop" else "",
        f"records {chosen.records}",
        f"{notes} note{'s' if notes > 1 else ''} (d)" if notes else "",
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
