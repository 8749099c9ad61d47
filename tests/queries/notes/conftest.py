"""Notes of tiny studies, found by their id."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tui.queries.notes import Note, find
from tui.study.model import Study


@pytest.fixture
def noted() -> Callable[..., list[Note]]:
    """The notes of one id on a study: noted(study, "duplicates")."""

    def of(study: Study, *ids: str) -> list[Note]:
        return [one for one in find(study) if one.id in ids]

    return of


@pytest.fixture
def rows() -> Callable[[Note], list[int | None]]:
    """The rows that a note names first."""
    return lambda note: [one.row for one in note.first]
