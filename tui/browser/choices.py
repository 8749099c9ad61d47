"""What a picker offers: endpoints, populations, methods, pages; typing narrows it."""

from __future__ import annotations

from tui.analyses.answer import ANSWERS, Answer
from tui.analyses.rows import StudyRow
from tui.browser.view import PAGES
from tui.report.table import Column, Table

KINDS = ("endpoint", "population", "method", "page")


def offered(answer: Answer, kind: str, typed: str) -> list[StudyRow]:
    """The choices of a kind whose name or label has every word that was typed."""
    words = typed.casefold().split()
    pages = [StudyRow("page", name, ANSWERS[name]) for name in PAGES]
    return [
        row
        for row in (pages if kind == "page" else answer.rows)
        if row.section == kind
        and all(word in f"{row.name} {row.label}".casefold() for word in words)
    ]


def table(answer: Answer, kind: str, typed: str) -> Table:
    """The choices as a table; a method that cannot be used says why."""
    rows = offered(answer, kind, typed)
    why = {"endpoint": "Dataset", "method": "Cannot be used because"}.get(kind, "")
    number = {"endpoint": "Rows", "population": "Subjects"}.get(kind, "")
    columns = [Column("name", kind.capitalize(), "left"), Column("label", "", "left")]
    columns += [Column("rows", number)] if number else []
    columns += [Column("why", why, "left")] if why else []
    texts = []
    for row in rows:
        cells = [row.name, row.label]
        cells += [str(row.rows)] if number else []
        cells += [row.why or ""] if why else []
        texts.append(tuple(cells))
    return Table(f"No {kind} with {typed!r} in its name", tuple(columns), tuple(texts))
