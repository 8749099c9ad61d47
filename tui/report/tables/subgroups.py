"""The difference in each level of a subgroup: a table a visit, arm by arm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from tui.analyses.answer import Answer
from tui.analyses.rows.subgroups import SubgroupRow
from tui.report.numbers import NOT_ESTIMABLE, Precision, fixed, interval, p_value
from tui.report.table import Column, Table
from tui.report.tables.parts import (
    SIGN,
    arm_orders,
    df_text,
    is_below,
    reasons,
    signed,
    visit_blocks,
)

ALL = "All subjects"


def subgroups(answer: Answer) -> tuple[Table, ...]:
    """All subjects and each level; the interaction stands once an arm."""
    by_visit = groupby(answer.rows, key=lambda row: row.visit)
    tables = [_table(answer, visit, tuple(rows)) for visit, rows in by_visit]
    placed = [replace(row, visit=f"{row.visit}, {row.level or ALL}") for row in answer.rows]
    return (*(tables or [_table(answer, "", ())]), *reasons(placed))


def _table(answer: Answer, visit: str, rows: Sequence[SubgroupRow]) -> Table:
    alpha = answer.selection.level
    columns = (
        Column("arm", "Arm", "left"),
        Column("level", rows[0].subgroup if rows else "Level", "left"),
        Column("n", "n, ref."),
        Column("difference", "Diff"),
        Column("difference_se", "SE"),
        Column("difference_lower", f"{100 * (1 - alpha):g}% CI"),
        Column("difference_df", "df"),
        Column("p", "p"),
        Column("interaction_p", "Int. p"),
    )
    cells = tuple(_cells(row, Precision(answer.decimals), alpha) for row in rows)
    overall = p_value(rows[0].interaction_all_p, alpha) if rows else ""
    return Table(
        title=f"{visit}: interaction over all arms, p = {overall}" if rows else answer.title,
        columns=columns,
        rows=cells,
        fixed=2,
        arms=arm_orders(answer, rows),
        marked=frozenset((place, 7) for place, row in enumerate(rows) if is_below(row.p, alpha)),
        legend=f"{SIGN} p < {alpha:g}, not adjusted for multiplicity",
        blocks=visit_blocks(cells),
    )


def _cells(row: SubgroupRow, precision: Precision, alpha: float) -> tuple[str, ...]:
    return (
        row.arm,
        row.level or ALL,
        f"{row.n}, {row.n_reference}",
        fixed(row.difference, precision.mean),
        fixed(row.difference_se, precision.sd),
        NOT_ESTIMABLE
        if row.difference is None
        else interval(row.difference_lower, row.difference_upper, precision.mean),
        df_text(row.difference_df),
        signed(row.p, alpha),
        p_value(row.interaction_p, alpha) if row.level is None else "",
    )
