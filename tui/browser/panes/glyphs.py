"""Arm labels with the arm's glyph in front, so that color is not needed to tell arms apart."""

from __future__ import annotations

import dataclasses

from tui.analyses.answer import Answer
from tui.browser.palette import Palette
from tui.report.table import Table


def with_glyphs(table: Table, answer: Answer, palette: Palette) -> Table:
    """The table with glyphs in its `arm` column, if it has one."""
    place = next((n for n, column in enumerate(table.columns) if column.key == "arm"), None)
    if place is None:
        return table
    glyphs = {arm.label: palette.arm_glyph(arm.order) for arm in answer.arms}
    rows = tuple(
        (*row[:place], f"{glyphs.get(row[place], ' ')} {row[place]}", *row[place + 1 :])
        for row in table.rows
    )
    return dataclasses.replace(table, rows=rows)
