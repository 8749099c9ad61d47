"""The built-in study, opened once, and its files as they lie on disk."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tui.analyses.answer import Answer, Question
from tui.analyses.session import Session
from tui.selection import parse
from tui.study import builtin
from tui.study.open import open_study


@pytest.fixture(scope="session")
def ask() -> Callable[..., Answer]:
    """Asks the built-in study: ask("visits", "unit=mmol/mol")."""
    session = Session(open_study())

    @cache
    def answer(kind: str, line: str = "", subject: str | None = None) -> Answer:
        return session.answer(Question(kind, parse(line), subject))

    return answer


@pytest.fixture(scope="session")
def folder() -> Path:
    """The folder of the built-in study."""
    return builtin.folder()


@pytest.fixture(scope="session")
def lines(folder: Path) -> Callable[[str], list[dict[str, str]]]:
    """The rows of a CSV file as text, read without the program: lines("adsl")."""

    @cache
    def read(name: str) -> list[dict[str, str]]:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read


@pytest.fixture
def session(tmp_path):
    """Writes tables as CSV (`-` is nothing, `_` a blank) and opens them: session(dm=DM, vs=VS)."""

    def write(only: str = "", **tables: str) -> Session:
        for name, table in tables.items():
            with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(
                    ["" if cell == "-" else cell.replace("_", " ") for cell in line.split()]
                    for line in table.strip().splitlines()
                )
        return Session(open_study(str(tmp_path / only)))

    return write
