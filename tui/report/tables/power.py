"""What could have been detected: visit by visit, arm by arm."""

from __future__ import annotations

from tui.analyses.answer import Answer
from tui.analyses.rows.power import PowerRow
from tui.report.numbers import NOT_ESTIMABLE, Precision, fixed, interval
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


def power(answer: Answer) -> tuple[Table, ...]:
    """The differences seen, then what was detectable and what a wanted one would take."""
    alpha = answer.selection.level
    wanted = answer.selection.wanted
    unit = f" {answer.unit}" if answer.unit else ""
    columns: tuple[Column, ...] = (
        Column("visit", "Visit", "left"),
        Column("arm", "Arm", "left"),
        Column("n", "n, ref."),
        Column("difference", "Diff"),
        Column("difference_se", "SE"),
        Column("difference_df", "df"),
        Column("difference_lower", f"{100 * (1 - alpha):g}% CI"),
        Column("p", "p"),
        Column("detectable", "Detectable"),
    )
    if wanted is not None:
        group = f"For {wanted:g}{unit}"
        columns += (
            Column("wanted_power", "Power", "right", group),
            Column("wanted_n", "n per arm", "right", group),
        )
    rows = tuple(_cells(row, Precision(answer.decimals), alpha) for row in answer.rows)
    table = Table(
        title=answer.title,
        columns=columns,
        rows=rows,
        fixed=2,
        arms=arm_orders(answer, answer.rows),
        marked=frozenset(
            (place, 7) for place, row in enumerate(answer.rows) if is_below(row.p, alpha)
        ),
        legend=f"{SIGN} p < {alpha:g}, not adjusted for multiplicity",
        blocks=visit_blocks(rows),
    )
    return (table, *reasons(answer.rows))


def _cells(row: PowerRow, precision: Precision, alpha: float) -> tuple[str, ...]:
    asked = (
        fixed(row.wanted_power, 2),
        NOT_ESTIMABLE if row.wanted_n is None else str(row.wanted_n),
    )
    return (
        row.visit,
        row.arm,
        f"{row.n}, {row.n_reference}",
        fixed(row.difference, precision.mean),
        fixed(row.difference_se, precision.sd),
        df_text(row.difference_df),
        NOT_ESTIMABLE
        if row.difference is None
        else interval(row.difference_lower, row.difference_upper, precision.mean),
        signed(row.p, alpha),
        fixed(row.detectable, precision.mean),
        *(asked if row.wanted is not None else ()),
    )
