"""Tiny studies, written as CSV where a test says what stands in them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tui.queries import endpoint, records
from tui.queries.records import Records
from tui.selection import parse
from tui.study.model import Study
from tui.study.open import open_study

Table = str
"""A table as text: a line a row, columns apart by blanks, `-` for nothing, `_` for a blank."""

SUBJECTS: Table = """
    USUBJID TRT01P  TRT01PN AGE SEX ITTFL
    P1      Placebo 0       61  F   Y
    P2      Placebo 0       45  M   Y
    D1      Drug    1       70  F   Y
    D2      Drug    1       52  M   Y
"""


@pytest.fixture
def study(tmp_path: Path) -> Callable[..., Study]:
    """Writes a study and opens it: study(adsl=..., adlb=...); adsl is SUBJECTS by default."""

    def write(toml: str = "", adsl: Table = SUBJECTS, **tables: Table) -> Study:
        for name, table in {"adsl": adsl, **tables}.items():
            with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(
                    ["" if cell == "-" else cell.replace("_", " ") for cell in line.split()]
                    for line in table.strip().splitlines()
                )
        if toml:
            (tmp_path / "study.toml").write_text(toml, encoding="utf-8")
        return open_study(str(tmp_path))

    return write


@pytest.fixture
def select() -> Callable[[Study, str], Records]:
    """The records of a selection: select(study, "endpoint=X visits=4")."""

    def build(opened: Study, line: str = "") -> Records:
        return records.build(opened, parse(line), endpoint.load)

    return build
