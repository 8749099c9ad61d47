"""Answers as text for reading in a terminal: aligned, in 80 columns where it can be."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from rich.cells import cell_len

from tui.analyses.answer import Answer
from tui.report import provenance
from tui.report.pictures import pictures
from tui.report.table import Column, Table
from tui.report.tables import tables_of
from tui.report.visible import visible

WIDTH = 80
GAP = "  "


def render(answer: Answer, ascii_only: bool = False, head: bool = True) -> str:
    """The whole answer: what it is about, its tables and pictures, and its provenance.

    Without its head it is what a page shows below a header that says the same.
    """
    lines = _head(answer) if head else []
    for picture in pictures(answer, WIDTH, ascii_only):
        lines += [*picture, ""]
    for table in tables_of(answer):
        if table.title != answer.title:
            lines.append(visible(table.title))
        lines += table_lines(table)
        lines += [visible(table.legend), ""] if table.marked else [""]
    lines += provenance_lines(answer)
    text = "\n".join(line.rstrip() for line in lines) + "\n"
    return text.translate(_ASCII) if ascii_only else text


def spoken(answer: Answer, ascii_only: bool = False, whole: bool = True) -> str:
    """The answer for a screen reader: the same without pictures and without rules of dashes.

    Args:
        answer: The answer.
        ascii_only: As for `render`.
        whole: With its provenance.
    """
    reconstructed = f" ({provenance.RECONSTRUCTION.lower()})" if answer.study.reconstruction else ""
    lines = [*wrap(f"{answer.title}{reconstructed}"), *wrap(provenance.in_force(answer)), ""]
    for table in tables_of(answer):
        if table.title != answer.title:
            lines.append(visible(table.title))
        lines += table_lines(table, rule=" ")
        lines += [visible(table.legend), ""] if table.marked else [""]
    lines += provenance_lines(answer) if whole else []
    text = "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"
    return text.translate(_ASCII) if ascii_only else text


def in_words(columns: Sequence[Column], cells: Sequence[str]) -> Iterator[str]:
    """The figures of a row, each after its heading, a text for each group of columns."""
    pairs = zip(columns, cells, strict=True)
    for group, members in groupby(pairs, key=lambda pair: pair[0].group):
        figures = [(column.header, cell.strip()) for column, cell in members]
        said = [f"{name} {cell}".strip() for name, cell in figures if cell not in ("-", "")]
        if said:
            yield f"{group}: {', '.join(said)}" if group else ", ".join(said)


def _head(answer: Answer) -> list[str]:
    """The study, that it is a reconstruction, the title, and the choices in force."""
    lines = [visible(provenance.study_line(answer))]
    if provenance.warning(answer):
        lines += wrap(provenance.warning(answer))
    return [*lines, "", *wrap(answer.title), *wrap(provenance.in_force(answer)), ""]


_ASCII = str.maketrans({"…": "~", "×": "x", "−": "-", "–": "-", "·": "-"})


def wrap(text: str, indent: str = "") -> list[str]:
    """Text in lines of 80 columns, the following ones indented."""
    return textwrap.wrap(visible(text), WIDTH, subsequent_indent=indent) or [""]


def table_lines(table: Table, rule: str = "-") -> Iterator[str]:
    """A table's headings and rows; a heading or block label that repeats is written once.

    Args:
        table: The table.
        rule: What stands on both sides of a heading over several columns.
    """
    if not table.rows:
        yield "(none)"
        return
    if len(table.columns) == 1 and not table.columns[0].header:
        for (text,) in table.rows:  # sentences, not figures
            yield from wrap(text, "  ")
        return
    columns, shown = _safe(table.columns), list(_without_repeats(table))
    widths = [
        max(cell_len(column.header), *(cell_len(row[place]) for row in shown))
        for place, column in enumerate(columns)
    ]
    _widen_for_groups(columns, widths)
    if any(column.group for column in columns):
        yield _group_line(columns, widths, rule)
    if any(column.header for column in columns):
        yield _line(columns, widths, (column.header for column in columns))
    for place, row in enumerate(shown):
        if place in table.blocks and place and _has_air(table):
            yield ""
        yield _line(columns, widths, row)


def _safe(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Headings hold arm labels, which are data as the cells are."""
    return tuple(
        replace(column, header=visible(column.header), group=visible(column.group))
        for column in columns
    )


def _has_air(table: Table) -> bool:
    """Blocks of several rows each are set apart; a table of single rows is not."""
    return 1 < len(table.blocks) <= len(table.rows) / 2


def _without_repeats(table: Table) -> Iterator[tuple[str, ...]]:
    for place, row in enumerate(table.rows):
        cells = tuple(visible(cell) for cell in row)
        repeats = table.blocks and place not in table.blocks and row[0] == table.rows[place - 1][0]
        yield ("", *cells[1:]) if repeats else cells


def _widen_for_groups(columns: tuple[Column, ...], widths: list[int]) -> None:
    """A group's heading is never cut: its last column takes what is missing."""
    for group, members in groupby(range(len(columns)), key=lambda place: columns[place].group):
        places = list(members)
        have = sum(widths[place] for place in places) + len(GAP) * (len(places) - 1)
        widths[places[-1]] += max(0, cell_len(group) + 2 - have) if group else 0


def _group_line(columns: tuple[Column, ...], widths: list[int], rule: str) -> str:
    parts = []
    for group, members in groupby(range(len(columns)), key=lambda place: columns[place].group):
        places = list(members)
        width = sum(widths[place] for place in places) + len(GAP) * (len(places) - 1)
        parts.append(_centered(group, width, rule))
    return GAP.join(parts)


def _centered(text: str, width: int, rule: str) -> str:
    """A group's heading amid rules; `str.center` would count a wide character as one column."""
    if not text:
        return " " * width
    text = f" {text} "  # a dash at "0.3 M/kg" would be a minus
    space = width - cell_len(text)
    fill = rule if space > 1 else " "
    return fill * (space // 2) + text + fill * (space - space // 2)


def _line(columns: tuple[Column, ...], widths: list[int], cells: Iterable[str]) -> str:
    parts = []
    for column, width, cell in zip(columns, widths, cells, strict=True):
        space = " " * (width - cell_len(cell))
        parts.append(space + cell if column.align == "right" else cell + space)
    return GAP.join(parts)


def provenance_lines(answer: Answer) -> list[str]:
    """The funnel, the method, the notes and the selection, in lines."""
    lines = []
    if answer.funnel:
        columns = (
            Column("rows", "Rows"),
            Column("dropped", "Dropped"),
            Column("subjects", "Subjects"),
            Column("step", "Rule", "left"),
        )
        lines += [*table_lines(Table("", columns, tuple(provenance.funnel_rows(answer)))), ""]
    for name, text in provenance.method_lines(answer):
        lines += wrap(f"{name + ':':<14}{text}", " " * 14)
    for note in answer.notes:
        lines += wrap(f"- {note}", "  ")
    # One line whatever its width: it can be given back to the program as it is.
    lines += ["", visible(f"Selection: {answer.selection}")]
    return lines
