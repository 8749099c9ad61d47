"""A row of the study's page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StudyRow:
    """One thing a study has: a dataset, arm, population, endpoint, visit, method, file or remark.

    `why` says why a dataset plays its part, or why a method cannot be used. Of a dataset `label`
    is its part, `subjects` counts them, `file` is where it lies, `title` what it is called there
    or in define.xml, and `columns` says which standard columns it has under another name.
    """

    section: str
    name: str
    label: str
    rows: int | None = None
    why: str | None = None
    subjects: int | None = None
    file: str | None = None
    title: str | None = None
    columns: str | None = None
