"""The pages over the panes, as lines of text: the same that the command prints, and the keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.analyses.answer import Answer
from tui.browser import help
from tui.browser.keys import DEFAULT, Keymap
from tui.browser.palette import Palette
from tui.browser.view import View
from tui.report import provenance, text
from tui.report.tables import notes
from tui.report.tables.visits import table

if TYPE_CHECKING:
    from tui.browser.lines import Run

UNTOUCHED = ("The study has not been reloaded: :reload reads it anew.",)


def lines(
    view: View,
    answers: Mapping[str, Answer],
    palette: Palette,
    said: Sequence[str] = (),
    keymap: Keymap = DEFAULT,
) -> list[list[Run]]:
    """What a page without a cursor shows; `said` is what the last reload had to say."""
    if view.page == "reloaded":
        return _plain([line for one in said or UNTOUCHED for line in (*text.wrap(one), "")])
    if view.page == "help":
        return _plain(help.help_lines(view, keymap, palette.ascii))
    if view.page == "tour":
        return _plain(help.tour_lines(keymap, palette.ascii))
    if view.page == "details":
        answer = answers.get(view.pane)
        return _plain(_details(answer) if answer else ["reading ..."])
    answer = answers.get("page")
    if answer is None:
        return _plain(["reading ..."])
    return _plain(text.render(answer, palette.ascii, head=False).splitlines())


def figure_lines(answer: Answer, view: View) -> list[list[Run]]:
    """Above the values behind a figure: how the figure of that visit and arm came about."""
    assert view.cell is not None
    visit, arm = view.cell
    row = next((row for row in answer.rows if (row.visit_number, row.arm) == (visit, arm)), None)
    if row is None:
        return []
    shown = table(answer)
    cells = shown.rows[answer.rows.index(row)]
    texts: list[str] = []
    for said in text.in_words(shown.columns[2:], cells[2:]):
        texts += text.wrap(said)
    texts += [f"Not estimable: {row.not_estimable}"] if row.not_estimable else []
    kept = ", ".join(f"{step.step} ({step.rows})" for step in answer.funnel)
    method = "; ".join(f"{name}: {said}" for name, said in provenance.method_lines(answer))
    return _plain([*texts, *text.wrap(method), *text.wrap(f"Rows kept: {kept}")])


def note_lines(answer: Answer | None, row: int) -> list[list[Run]]:
    """Above the notes: the one at the cursor in words, what shows its rows, and the first."""
    if answer is None or row >= len(answer.rows):
        return []
    return _plain([line for one in notes.said(answer.rows[row]) for line in text.wrap(one, "  ")])


def _details(answer: Answer) -> list[str]:
    """Method, funnel and notes of a pane, and the program that recomputes its figures."""
    rendered = [
        answer.title,
        *text.wrap(provenance.in_force(answer)),
        "",
        *text.provenance_lines(answer),
    ]
    if answer.code:
        rendered += ["", "To recompute it without trialdeck:", "", *answer.code.splitlines()]
    return rendered


def _plain(texts: list[str]) -> list[list[Run]]:
    return [[(line, None)] for line in texts]
