"""The published figures of MSB-DM003, and where an answer has them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tui.analyses.answer import Answer
from tui.analyses.rows.baseline import BaselineRow
from tui.analyses.rows.visits import VisitRow
from tui.report.numbers import fixed
from tui.validation.figures import FOLDER

Ask = Callable[..., Answer]
Lines = Callable[[str], list[dict[str, str]]]

PUBLISHED: dict[str, Any] = json.loads((FOLDER / "msb-dm003.json").read_text(encoding="utf-8"))
ARMS: list[str] = PUBLISHED["arms"]
PLACEBO, LOW, MIDDLE, HIGH = ARMS
DOSES = ARMS[1:]
LATER = (2.0, 4.0, 8.0, 12.0)  # the visits after week 1


def cases(figures: str, *names: str) -> Any:
    """Run a test for each of these published figures, named by some of their fields."""
    found = PUBLISHED[figures]
    ids = ["-".join(str(one[name]) for name in names) for one in found]
    return pytest.mark.parametrize("figure", found, ids=ids)


def baseline_rows(answer: Answer, variable: str, level: str | None = None) -> list[BaselineRow]:
    """A line of the baseline table: arm by arm, then the total."""
    found = [row for row in answer.rows if (row.variable, row.level) == (variable, level)]
    assert [row.arm for row in found] == [*ARMS, "Total"]
    return found


def mean_sd(row: BaselineRow, decimals: int = 1) -> str:
    return f"{fixed(row.mean, decimals)} ± {fixed(row.sd, decimals)}"


def decimals(printed: str) -> int:
    return len(printed.partition(".")[2])


def visit_row(answer: Answer, visit: float, arm: str) -> VisitRow:
    [found] = [row for row in answer.rows if (row.visit_number, row.arm) == (visit, arm)]
    return found


def compared(answer: Answer) -> list[VisitRow]:
    """The rows in which a dose is compared with placebo."""
    found = [row for row in answer.rows if row.visit_number > 0 and not row.is_reference]
    assert len(found) == 5 * len(DOSES)
    return found


def below_7(answer: Answer, arm: str) -> tuple[int, int]:
    """Subjects of an arm below 7 %, and subjects of the arm."""
    values = [row.value for row in answer.rows if row.arm == arm]
    return sum(value < 7 for value in values), len(values)
