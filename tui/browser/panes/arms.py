"""The arms: glyph, label, N, and which are shown and which is the reference."""

from __future__ import annotations

from tui.analyses.answer import Answer
from tui.browser.palette import Palette
from tui.report.table import Column, Table

HIDDEN = "-"


def table(everyone: Answer, shown: Answer | None, palette: Palette) -> Table:
    """All arms of the study; those not shown have no glyph.

    Args:
        everyone: The arms whatever is shown.
        shown: The answer of the visits, which says what is in the analysis.
        palette: Glyphs.
    """
    visible = {arm.label: arm for arm in (shown or everyone).arms}
    orders = {arm.label: arm.order for arm in everyone.arms}
    rows = []
    for row in everyone.rows:
        arm = visible.get(row.arm)
        glyph = palette.arm_glyph(orders[row.arm]) if arm else HIDDEN
        role = "hidden" if arm is None else "reference" if arm.is_reference else ""
        rows.append((f"{glyph} {row.arm}", str(row.n), role))
    return Table(
        title="Arms",
        columns=(Column("arm", "Arm", "left"), Column("n", "N"), Column("role", "", "left")),
        rows=tuple(rows),
        arms=tuple(orders[row.arm] if row.arm in visible else None for row in everyone.rows),
    )
