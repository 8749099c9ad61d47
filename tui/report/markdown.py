"""Answers as Markdown tables, with their provenance below."""

from __future__ import annotations

from tui.analyses.answer import Answer
from tui.report import provenance
from tui.report.table import Table
from tui.report.tables import tables_of
from tui.report.visible import visible


def render(answer: Answer) -> str:
    """The whole answer."""
    parts = [f"## {_text(answer.title)}", _text(provenance.study_line(answer))]
    if provenance.warning(answer):
        parts.append(f"**{_text(provenance.warning(answer))}**")
    parts.append(_text(provenance.in_force(answer)))
    for table in tables_of(answer):
        if table.title != answer.title:
            parts.append(f"### {_text(table.title)}")
        parts.append(_table(table))
        parts += [_text(table.legend)] if table.marked else []
    if answer.funnel:
        lines = ["| Rows | Dropped | Subjects | Rule |", "| ---: | ---: | ---: | :--- |"]
        lines += [_row(row) for row in provenance.funnel_rows(answer)]
        parts.append("\n".join(lines))
    named = [f"- {name}: {_text(text)}" for name, text in provenance.method_lines(answer)]
    named += [f"- {_text(note)}" for note in answer.notes]
    parts += ["\n".join(named), f"Selection: `{visible(str(answer.selection))}`"]
    return "\n\n".join(parts) + "\n"


def _table(table: Table) -> str:
    if not table.rows:
        return "(none)"
    headers = [
        f"{column.group}: {column.header}" if column.group else column.header
        for column in table.columns
    ]
    rules = ["---:" if column.align == "right" else ":---" for column in table.columns]
    return "\n".join([_row(headers), _row(rules), *map(_row, table.rows)])


def _row(cells: tuple[str, ...] | list[str]) -> str:
    return "| " + " | ".join(_text(cell.strip()) for cell in cells) + " |"


def _text(text: str) -> str:
    """Text in which nothing acts as Markdown or HTML, nor on a terminal."""
    shown = visible(text)
    for character in "\\`*_|<>[]":
        shown = shown.replace(character, f"\\{character}")
    return shown
