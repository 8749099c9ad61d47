"""The answers that are drawn as intervals on one axis: subgroups, sensitivity, power."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from tui.analyses.answer import Answer
from tui.report.charts.forest import Interval, forest
from tui.report.charts.text import clean
from tui.report.numbers import NOT_ESTIMABLE, Precision, fixed, interval, p_value
from tui.report.tables.sensitivity import crossing, legend
from tui.report.tables.subgroups import ALL


def subgroups(answer: Answer, width: int, ascii_only: bool) -> list[list[str]]:
    """A forest for each visit and arm, the interaction in its heading."""
    alpha, decimals = answer.selection.level, Precision(answer.decimals).mean
    drawn = []
    for (visit, arm), rows in _contrasts(answer):
        lines = [
            Interval(
                row.level or ALL,
                row.difference,
                row.difference_lower,
                row.difference_upper,
                f"{fixed(row.difference, decimals)} "
                f"{interval(row.difference_lower, row.difference_upper, decimals)}"
                if row.difference is not None
                else NOT_ESTIMABLE,
            )
            for row in rows
        ]
        said = f"interaction p = {p_value(rows[0].interaction_p, alpha)}"
        heading = _heading(answer, visit, arm, said, ascii_only)
        drawn.append([heading, *_forest(answer, lines, width, ascii_only)])
    return drawn


def sensitivity(answer: Answer, width: int, ascii_only: bool) -> list[list[str]]:
    """A forest for each visit and arm: every analysis with its p."""
    alpha = answer.selection.level
    drawn = []
    for (visit, arm), rows in _contrasts(answer):
        lines = [
            Interval(
                ("> " if row.in_force else "  ") + row.analysis,
                row.estimate,
                row.lower,
                row.upper,
                crossing(row, alpha),
            )
            for row in rows
        ]
        heading = _heading(answer, visit, arm, "p at the right, > in force", ascii_only)
        picture = [heading, *_forest(answer, lines, width, ascii_only)]
        drawn.append(picture + [legend(alpha)] * any(row.crosses for row in rows))
    return drawn


def power(answer: Answer, width: int, ascii_only: bool) -> list[list[str]]:
    """One forest: the interval of each difference, `x` where a true one was detectable."""
    decimals = Precision(answer.decimals).mean
    lines = [
        Interval(
            f"{row.visit}  {row.arm}",
            row.difference,
            row.difference_lower,
            row.difference_upper,
            fixed(row.detectable, decimals),
            () if row.detectable is None else (-row.detectable, row.detectable),
        )
        for row in answer.rows
    ]
    if not lines:
        return []
    level = f"{100 * (1 - answer.selection.level):g}% CI"
    heading = f"Difference{_unit(answer)} with {level}; x: detectable with power "
    heading += f"{answer.selection.power:g}, either way"
    return [[clean(heading, ascii=ascii_only), *_forest(answer, lines, width, ascii_only)]]


def _contrasts(answer: Answer) -> list[tuple[tuple[str, str], list[Any]]]:
    grouped = groupby(answer.rows, key=lambda row: (row.visit, row.arm))
    return [(contrast, list(rows)) for contrast, rows in grouped]


def _forest(answer: Answer, lines: Sequence[Interval], width: int, ascii_only: bool) -> list[str]:
    decimals = Precision(answer.decimals).mean
    return forest(lines, width=width, ascii=ascii_only, decimals=decimals)


def _heading(answer: Answer, visit: str, arm: str, said: str, ascii_only: bool) -> str:
    reference = next((one.label for one in answer.arms if one.is_reference), "reference")
    text = f"{visit}: {arm} - {reference}{_unit(answer)}; {said}"
    return clean(text, ascii=ascii_only)


def _unit(answer: Answer) -> str:
    return f" ({answer.unit})" if answer.unit else ""
