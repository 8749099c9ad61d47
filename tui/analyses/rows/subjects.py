"""Rows about single subjects: the values behind a figure, and a subject's page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ValueRow:
    """A subject's record behind a figure; `row` is its place in the dataset's file."""

    subject: str
    arm: str
    visit: str
    visit_number: float
    day: float | None
    value: float | None
    base: float | None
    change: float | None
    imputed: str | None
    origin: str | None
    row: int


@dataclass(frozen=True)
class SubjectRow:
    """A line of a subject's page: a characteristic, a visit's value, or an event."""

    section: str
    name: str
    text: str
    day: float | None = None
    visit_number: float | None = None
    value: float | None = None
    change: float | None = None
