"""What Tab completes after a colon: commands, fields, and the values that a field can have."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

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
    **dict.fromkeys(("where", "strata", "covariates", "subgroup"), "column"),
}
"""The fields whose values the answer about the study lists, and its section that has them."""

_LISTS = ("arms", "visits", "strata", "covariates")

PATHS = ("export", "copy", "describe", "record")
"""The commands that take the name of a file, which are also what a prompt asks for."""

_ENTRIES = 2_000
"""Entries of a folder that are looked at, so that no folder holds up the keys."""

_WITH_VALUE = (
    *("subject", "values", "page", "columns", "reset", "sort", "keep", "theme"),
    *PATHS,
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


def needs_path(line: str) -> bool:
    """Whether a path is to come."""
    name, space, _ = line.partition(" ")
    return bool(space) and name in PATHS


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
    elif name == "where":
        if len(rest.replace('"', "'").split("'")) % 2 == 0:  # within a text that is quoted
            return Completion(line, ())
        last = rest.rfind(" ") + 1
        before, rest = before + rest[:last], rest[last:]
    return _matching(before, rest, _values(name, view, answers, table))


def path(line: str, command: bool) -> Completion:
    """The files and folders that a path can become; a folder ends with a stroke.

    Asked for by Tab alone: a folder on a network drive may take long.

    Args:
        line: What has been typed.
        command: Whether a command stands before the path.
    """
    word, _, typed = line.partition(" ") if command else ("", "", line)
    folder, _, start = typed.rpartition("/")
    stroke = "/" if "/" in typed else ""
    try:
        with os.scandir(Path(folder + stroke).expanduser() if typed else ".") as entries:
            names = sorted(
                f"{one.name}/" if one.is_dir() else one.name for one in islice(entries, _ENTRIES)
            )
    except (OSError, RuntimeError, ValueError):  # there is no such folder, or no such home
        names = []
    shown = tuple(name for name in names if start.startswith(".") or not name.startswith("."))
    before = f"{word} " if command else ""
    return _matching(f"{before}{folder}{stroke}", start, shown)


def _matching(before: str, typed: str, words: tuple[str, ...]) -> Completion:
    """In whatever case; a word that is there in full has nothing more to say."""
    start = typed.casefold()
    there = (one for one in words if one.casefold().startswith(start) and one.isprintable())
    found = tuple(dict.fromkeys(there))
    return Completion(before, found if found != (typed,) else ())


def named(field: str, answers: Mapping[str, Answer]) -> list[str]:
    """What the study has for a field, by name; nothing as long as that is not known."""
    study = answers.get("choices")
    return [row.name for row in study.rows if row.section == SECTIONS[field]] if study else []


def _values(
    name: str, view: View, answers: Mapping[str, Answer], table: Table | None
) -> tuple[str, ...]:
    """The values that are known for a field or a command."""
    if name in SECTIONS:
        return tuple(show((one,)) if name in _LISTS else one for one in named(name, answers))
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
