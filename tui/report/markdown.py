"""Answers as Markdown tables, with their provenance below."""

from __future__ import annotations

from tui.analyses.answer import Answer
from tui.report import provenance
from tui.report.table import Table
from tui.report.tables import tables_of
from tui.report.visible import visible


def render(answer: Answer) -> str:
    """The whole answer."""
    parts = [f"## {escaped(answer.title)}", escaped(provenance.study_line(answer))]
    if provenance.warning(answer):
        parts.append(f"**{escaped(provenance.warning(answer))}**")
    parts.append(escaped(provenance.in_force(answer)))
    for table in tables_of(answer):
        if table.title != answer.title:
            parts.append(f"### {escaped(table.title)}")
        parts.append(table_text(table))
        parts += [escaped(table.legend)] if table.marked else []
    if answer.funnel:
        lines = ["| Rows | Dropped | Subjects | Rule |", "| ---: | ---: | ---: | :--- |"]
        lines += [_row(row) for row in provenance.funnel_rows(answer)]
        parts.append("\n".join(lines))
    named = [f"- {name}: {escaped(text)}" for name, text in provenance.method_lines(answer)]
    named += [f"- {escaped(note)}" for note in answer.notes]
    parts += ["\n".join(named), f"Selection: `{visible(str(answer.selection))}`"]
    return "\n\n".join(parts) + "\n"


def table_text(table: Table) -> str:
    """One table; groups of columns stand in the headings."""
    if not table.rows:
        return "(none)"
    headers = [
        f"{column.group}: {column.header}" if column.group else column.header
        for column in table.columns
    ]
    rules = ["---:" if column.align == "right" else ":---" for column in table.columns]
    return "\n".join([_row(headers), _row(rules), *map(_row, table.rows)])


def _row(cells: tuple[str, ...] | list[str]) -> str:
    return "| " + " | ".join(escaped(cell.strip()) for cell in cells) + " |"


def escaped(text: str) -> str:
    """Text in which nothing acts as Markdown or HTML, nor on a terminal."""
    shown = visible(text)
    for character in "\\`*_|<>[]":
        shown = shown.replace(character, f"\\{character}")
    return shown
