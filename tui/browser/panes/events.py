"""The adverse events: the log, or the incidence by body system and term."""

from __future__ import annotations

from tui.analyses.answer import Answer
from tui.browser.palette import Palette
from tui.browser.panes.glyphs import with_glyphs
from tui.report.table import Table
from tui.report.tables import tables_of


def table(answer: Answer, palette: Palette) -> Table:
    """The answer's one table."""
    return with_glyphs(tables_of(answer)[0], answer, palette)
