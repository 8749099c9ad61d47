"""What Tab completes after a colon: commands, fields, and the values that a field can have."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from tui.analyses.answer import Answer
from tui.browser.arrangement import column_names
from tui.browser.commands import WORDS
from tui.browser.themes import THEMES
from tui.browser.view import PAGES, View
from tui.report.table import Table
from tui.report.tables.visits import SETS
from tui.selection import CHOICES, FIELDS, show

SECTIONS = {
    "endpoint": "endpoint",
    "population": "population",
    "method": "method",
    "arms": "arm",
    "reference": "arm",
    "visits": "visit",
}
"""The fields whose values the answer about the study lists, and its section that has them."""

_LISTS = ("arms", "visits")
_WITH_VALUE = (
    *("subject", "values", "page", "columns", "reset", "sort", "keep", "theme"),
    *("copy", "export", "describe", "record"),
)
_WITHOUT = ("quit", "q", "undo", "back", "forward", "reload", "command", "incidence")


@dataclass(frozen=True)
class Completion:
    """What a line can become: what stands before the word in question, and what it can be."""

    before: str
    words: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The line with each of the words."""
        return tuple(self.before + word for word in self.words)

    def common(self, typed: str) -> str:
        """The line as far as all agree; as it was typed where that says less."""
        longest = os.path.commonprefix(self.lines)  # noqa: RUF071, it is letters that count
        return longest if len(longest) > len(typed) else typed


def needs_study(line: str) -> bool:
    """Whether only the answer about the study can say what the line can become."""
    name, space, _ = line.partition(" ")
    return bool(space) and name in SECTIONS


def complete(
    line: str, view: View, answers: Mapping[str, Answer], table: Table | None
) -> Completion:
    """What a line can become.

    Args:
        line: What stands after the colon, up to the cursor.
        view: What is shown.
        answers: The answers that are there; `choices` is the one about the study.
        table: The table that has the keys.
    """
    name, space, rest = line.partition(" ")
    if not space:
        return _matching("", name, WORDS)
    before = f"{name} "
    if name in _LISTS and "," in rest:
        last = rest.rindex(",") + 1
        blanks = len(rest[last:]) - len(rest[last:].lstrip())
        before, rest = before + rest[: last + blanks], rest[last + blanks :]
    return _matching(before, rest, _values(name, view, answers, table))


def _matching(before: str, typed: str, words: tuple[str, ...]) -> Completion:
    """In whatever case; a word that is there in full has nothing more to say."""
    start = typed.casefold()
    there = (one for one in words if one.casefold().startswith(start) and one.isprintable())
    found = tuple(dict.fromkeys(there))
    return Completion(before, found if found != (typed,) else ())


def _values(
    name: str, view: View, answers: Mapping[str, Answer], table: Table | None
) -> tuple[str, ...]:
    """The values that are known for a field or a command."""
    if name in SECTIONS:
        study = answers.get("choices")
        rows = study.rows if study else ()
        named = [row.name for row in rows if row.section == SECTIONS[name]]
        return tuple(show((one,)) if name in _LISTS else one for one in named)
    if name == "reset":
        chosen = tuple(one for one in FIELDS if getattr(view.selection, one) is not None)
        return chosen or tuple(FIELDS)
    if name == "sort":
        names = tuple(column_names(table)) if table else ()
        return (*names, *(f"-{one}" for one in names))
    if name in ("theme", "columns", "page"):
        return tuple({"theme": THEMES, "columns": SETS, "page": PAGES}[name])
    if name == "subject":
        log = answers.get("events")
        rows = log.rows if log and log.question.kind == "events" else ()
        return tuple(row.subject for row in rows)
    return CHOICES.get(name, ())


def takes_more(word: str) -> bool:
    """Whether a value follows a command."""
    return word in FIELDS or word in _WITH_VALUE


def hint(words: tuple[str, ...], chosen: int | None, width: int) -> str:
    """The words that can be taken, as many as a line holds, with the one that is chosen.

    Args:
        words: All of them.
        chosen: The place of the one in the line now, which stands in brackets.
        width: Of the line.
    """
    pages: list[list[str]] = [[]]
    place = 0
    for n, word in enumerate(words):
        one = f"[{word}]" if n == chosen else word
        if pages[-1] and len("  ".join((*pages[-1], one))) > width - len("... ") - len("  ..."):
            pages.append([])
        pages[-1].append(one)
        if n == chosen:
            place = len(pages) - 1
    before, after = "... " if place else "", "  ..." if place < len(pages) - 1 else ""
    return f"{before}{'  '.join(pages[place])}{after}"
