"""The visits of an answer that is about one visit, unless others are asked for."""

from __future__ import annotations

from collections.abc import Callable

from tui.analyses.context import after_baseline
from tui.queries.records import Records
from tui.selection import Selection

Build = Callable[[Selection], Records]
"""From a selection to its records."""


def records_shown(build: Build, selection: Selection) -> tuple[Records, tuple[str, ...]]:
    """The records at the visits asked for, else at the last on the time axis, and a note on it."""
    records = build(selection)
    if selection.visits or not records.visits:
        return records, ()
    *others, last = [records.visits[place] for place in after_baseline(records)] or records.visits
    note = f"Visit: {last.label}, the last on the time axis, because none was asked for"
    another = f"; visits={others[-1].number:g} shows {others[-1].label}" if others else ""
    return build(selection.changed(visits=(last.number,))), (f"{note}{another}.",)
