"""The pages over the panes, as lines of text: the same that the command prints, and the keys."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from tui.analyses.answer import Answer
from tui.browser import keys
from tui.browser.lines import Run
from tui.browser.palette import Palette
from tui.browser.view import View
from tui.report import provenance, text
from tui.report.tables.visits import table

HELP = (
    "One study: arms (1), the week-by-week table (2), trends (3), adverse events",
    "(4). Every screen has a command that prints the same numbers: Y shows it.",
    "",
    "After a colon, a field and its value change the selection:",
    "  :endpoint GLUC   :where AGE>=65 SEX=F   :visits 8,12   :covariates SEX",
    "  :reset where     takes a choice back; :reset takes all back",
    "  :subject ID      opens a subject",
    "  :export FILE     writes the view (.csv .md .json .txt .svg)",
    "",
)


def lines(view: View, answers: Mapping[str, Answer], palette: Palette) -> list[list[Run]]:
    """What a page without a cursor shows."""
    if view.page == "help":
        return _plain([*HELP, *keys.help_lines(palette.ascii)])
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
    texts = []
    for group, members in groupby(
        zip(shown.columns[2:], cells[2:], strict=True), key=lambda pair: pair[0].group
    ):
        figures = [(column.header, cell.strip()) for column, cell in members]
        said = [f"{name} {cell}" for name, cell in figures if cell not in ("-", "")]
        if said:
            texts += text.wrap(f"{group}: {', '.join(said)}")
    texts += [f"Not estimable: {row.not_estimable}"] if row.not_estimable else []
    kept = ", ".join(f"{step.step} ({step.rows})" for step in answer.funnel)
    method = "; ".join(f"{name}: {said}" for name, said in provenance.method_lines(answer))
    return _plain([*texts, *text.wrap(method), *text.wrap(f"Rows kept: {kept}")])


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
