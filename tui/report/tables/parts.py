"""What the layouts of several answers share: arms, blocks, signs, and the reasons below a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tui.analyses.answer import Answer
from tui.report.numbers import NOT_ESTIMABLE, p_value
from tui.report.table import Column, Table

SIGN = "*"
"""Follows a p value below alpha, so that color is not needed to see it."""


def arm_orders(answer: Answer, rows: Sequence[Any]) -> tuple[int | None, ...]:
    """The place of each row's arm in the study."""
    orders = {arm.label: arm.order for arm in answer.arms}
    return tuple(orders.get(row.arm) for row in rows)


def visit_blocks(rows: Sequence[tuple[str, ...]]) -> frozenset[int]:
    """Where the first column changes."""
    return frozenset(
        place for place, row in enumerate(rows) if not place or rows[place - 1][0] != row[0]
    )


def is_below(p: float | None, alpha: float) -> bool:
    """Whether there is a p, and it is below alpha."""
    return p is not None and p < alpha


def signed(p: float | None, alpha: float) -> str:
    """A p value with its sign, or a blank in its place, so that digits stay in line."""
    return p_value(p, alpha) + (SIGN if is_below(p, alpha) else " ")


def df_text(*dfs: float | None) -> str:
    """Degrees of freedom, those of an F test as `3, 57`; whole ones without decimals."""
    known = [df for df in dfs if df is not None]
    return ", ".join(f"{df:.1f}".removesuffix(".0") for df in known) or NOT_ESTIMABLE


def reasons(rows: Sequence[Any]) -> tuple[Table, ...]:
    """Why figures are missing, each reason once with the visits and arms that it holds for."""
    where: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        if row.not_estimable:
            arms = where.setdefault(row.not_estimable, {}).setdefault(row.visit, [])
            if row.arm and row.arm not in arms:
                arms.append(row.arm)
    if not where:
        return ()
    lines = []
    for reason, visits in where.items():
        places = [
            visit + (f" ({', '.join(arms)})" if arms else "") for visit, arms in visits.items()
        ]
        lines.append((f"{reason[:1].upper()}{reason[1:]}: {'; '.join(places)}.",))
    return (
        Table(f"Not estimable ({NOT_ESTIMABLE})", (Column("reason", "", "left"),), tuple(lines)),
    )
