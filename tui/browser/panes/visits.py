"""The week-by-week table: its column sets side by side, beginning with the one chosen."""

from __future__ import annotations

import dataclasses

from tui.analyses.answer import Answer
from tui.browser.palette import Palette
from tui.browser.panes.glyphs import with_glyphs
from tui.report.table import Table
from tui.report.tables.visits import SETS
from tui.report.tables.visits import table as of_sets


def table(answer: Answer, first: str, palette: Palette) -> Table:
    """The table with the chosen set first, and the others after it."""
    names = list(SETS)
    start = names.index(first)
    made = of_sets(answer, [*names[start:], *names[:start]])
    return dataclasses.replace(with_glyphs(made, answer, palette), title=answer.title)
