"""The arms: glyph, label, N, and which are shown and which is the reference."""

from __future__ import annotations

from tui.analyses.answer import Answer, ArmHeader
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
    arms = all_arms(everyone, shown)
    rows = []
    for one in arms:
        arm = visible.get(one.label)
        glyph = palette.arm_glyph(one.order) if arm else HIDDEN
        role = "hidden" if arm is None else "reference" if arm.is_reference else ""
        rows.append((f"{glyph} {one.label}", str(one.n), role))
    return Table(
        title="Arms",
        columns=(Column("arm", "Arm", "left"), Column("n", "N"), Column("role", "", "left")),
        rows=tuple(rows),
        arms=tuple(one.order if one.label in visible else None for one in arms),
    )


def all_arms(everyone: Answer, shown: Answer | None) -> list[ArmHeader]:
    """The arms with subjects, and those that are shown though no subject is left in them."""
    arms = {arm.label: arm for arm in (*(shown.arms if shown else ()), *everyone.arms)}
    return sorted(arms.values(), key=lambda arm: arm.order)
