"""Rows of the notes on the data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NoteFirst:
    """A row that a note is about: its place in the file (1 is the first record), and what it says.

    `row` is null where a row is missed, and only its subject and visit can be named.
    """

    row: int | None
    subject: str | None
    text: str


@dataclass(frozen=True)
class NoteRow:
    """Something found in the data.

    `severity` is `contradiction` or `remark`; `rows` counts rows of the file, or subject-visits
    that have none; `first` are the first 20 of them. `see` is the command that shows them, or says
    where they stand in the file; the command's parts are `answer`, `selection` and `subject`.
    """

    id: str
    severity: str
    dataset: str
    endpoint: str | None
    what: str
    rows: int
    subjects: int
    first: tuple[NoteFirst, ...]
    see: str
    answer: str | None = None
    selection: str = ""
    subject: str | None = None
