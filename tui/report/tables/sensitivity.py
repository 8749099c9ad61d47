"""One contrast by every method: a table a visit, arm by arm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from tui.analyses.answer import Answer
from tui.analyses.rows.sensitivity import SensitivityRow
from tui.report.numbers import NOT_ESTIMABLE, Precision, fixed, interval, p_value
from tui.report.table import Column, Table
from tui.report.tables.parts import arm_orders, reasons, visit_blocks

CROSSES = "*"
"""Follows a p value on the other side of alpha than that of the method in force."""


def sensitivity(answer: Answer) -> tuple[Table, ...]:
    """The strip of each arm, the method in force told by a word."""
    by_visit = groupby(answer.rows, key=lambda row: row.visit)
    tables = [_table(answer, visit, tuple(rows)) for visit, rows in by_visit]
    placed = [replace(row, visit=f"{row.visit}, {row.analysis}") for row in answer.rows]
    return (*(tables or [_table(answer, answer.title, ())]), *reasons(placed))


def limits(row: SensitivityRow, decimals: int) -> str:
    """The interval; a permutation test has an estimate and a p, and none."""
    if row.lower is None and row.p is not None:
        return "-"
    return NOT_ESTIMABLE if row.estimate is None else interval(row.lower, row.upper, decimals)


def crossing(row: SensitivityRow, alpha: float) -> str:
    """The p value, with the sign where it crosses alpha and a blank in its place elsewhere."""
    return p_value(row.p, alpha) + (CROSSES if row.crosses else " ")


def legend(alpha: float) -> str:
    """What the sign means."""
    return f"{CROSSES} p is on the other side of {alpha:g} than by the method in force"


def _table(answer: Answer, title: str, rows: Sequence[SensitivityRow]) -> Table:
    alpha = answer.selection.level
    precision = Precision(answer.decimals)
    cells = tuple(
        (
            row.arm,
            row.analysis + (" (in force)" if row.in_force else ""),
            fixed(row.estimate, precision.mean),
            limits(row, precision.mean),
            crossing(row, alpha),
        )
        for row in rows
    )
    return Table(
        title=title,
        columns=(
            Column("arm", "Arm", "left"),
            Column("analysis", "Analysis", "left"),
            Column("estimate", "Diff"),
            Column("lower", f"{100 * (1 - alpha):g}% CI"),
            Column("p", "p"),
        ),
        rows=cells,
        fixed=2,
        arms=arm_orders(answer, rows),
        marked=frozenset((place, 4) for place, row in enumerate(rows) if row.crosses),
        legend=legend(alpha),
        blocks=visit_blocks(cells),
    )
