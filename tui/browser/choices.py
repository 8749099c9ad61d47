"""What a picker offers: endpoints, populations, methods, pages; typing narrows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.analyses.answer import ANSWERS, Answer
from tui.browser.themes import THEMES
from tui.browser.view import PAGES, View
from tui.report.table import Column, Table

if TYPE_CHECKING:
    from tui.analyses.rows.study import StudyRow

TIMES = "time to event"
"""The section of the study's rows that has the times to an event."""

NOT = "not to be had"
"""The section with the pages that the study has nothing for, and why."""

KINDS = ("endpoint", "population", "method", "page", "theme")


def offered(answer: Answer, kind: str, typed: str) -> list[StudyRow]:
    """The choices of a kind whose name or label has every word that was typed.

    Those whose name begins so come first: `tests` is a page, and a word of what others say.
    """
    from tui.analyses.rows.study import StudyRow

    words = typed.casefold().split()
    without = {row.name: f"{NOT}: {row.why}" for row in answer.rows if row.section == NOT}
    pages = [StudyRow("page", name, without.get(name, ANSWERS[name])) for name in PAGES]
    themes = [StudyRow("theme", name, theme.about) for name, theme in THEMES.items()]
    sections = ("endpoint", TIMES) if kind == "endpoint" else (kind,)
    found = [
        row
        for row in {"page": pages, "theme": themes}.get(kind, answer.rows)
        if row.section in sections
        and all(word in f"{row.name} {row.label}".casefold() for word in words)
    ]
    begins = " ".join(words)
    return sorted(found, key=lambda row: not row.name.casefold().startswith(begins))


def present(kind: str, view: View, shown: Answer | None, theme: str) -> str:
    """The name of the choice that is in force, at which a picker opens; empty where none is.

    Args:
        kind: What is chosen.
        view: The view.
        shown: The answer on the screen, which says what is in force.
        theme: The theme in force.
    """
    if kind in ("page", "theme"):
        return {"page": view.page, "theme": theme}[kind]
    if kind == "endpoint" and view.page == "survival":
        return view.time_to_event or ""
    return getattr(shown.selection, kind) or "" if shown else ""


def taken(view: View, choice: StudyRow) -> View:
    """The view with a choice: a time to an event has no visits, but a page of its own."""
    if choice.section == "page":
        return view.but(page=choice.name)
    if choice.section == TIMES:
        return view.but(page="survival", time_to_event=choice.name)
    return view.selecting(**{choice.section: choice.name})


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
