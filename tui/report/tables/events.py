"""The adverse-event log and the incidence table."""

from __future__ import annotations

from itertools import groupby

from tui.analyses.answer import Answer
from tui.analyses.rows.events import EventRow, IncidenceRow
from tui.report.numbers import NOT_ESTIMABLE, count_percent, fixed, p_value
from tui.report.table import Column, Table

ANY = "Any adverse event"
INDENT = "  "


def log(answer: Answer) -> tuple[Table, ...]:
    """One row an event, by day of onset; origin only where the study states it."""
    has_origin = any(row.origin for row in answer.rows)
    columns = (
        Column("day", "Day"),
        Column("subject", "Subject", "left"),
        Column("arm", "Arm", "left"),
        Column("term", "Term", "left"),
        Column("severity", "Severity", "left"),
        Column("serious", "Ser.", "left"),
        Column("related", "Related", "left"),
        Column("outcome", "Outcome", "left"),
        Column("system", "Body system", "left"),
        Column("emergent", "TE", "left"),
        *((Column("origin", "Origin", "left"),) if has_origin else ()),
    )
    orders = {arm.label: arm.order for arm in answer.arms}
    title = answer.title if answer.rows else f"{answer.title}: none with these filters"
    return (
        Table(
            title=title,
            columns=columns,
            rows=tuple(_event(row, has_origin) for row in answer.rows),
            fixed=2,
            arms=tuple(orders.get(row.arm) for row in answer.rows),
            marked=frozenset(
                (place, len(columns) - 1)
                for place, row in enumerate(answer.rows)
                if row.origin == "published"
            ),
            legend="* named in print; the others are a reconstruction",
        ),
    )


def _event(row: EventRow, has_origin: bool) -> tuple[str, ...]:
    return (
        "" if row.day is None else f"{row.day:g}",
        row.subject,
        row.arm,
        row.term or "(not coded)",
        (row.severity or "").capitalize(),
        row.serious or "",
        (row.related or "").capitalize(),
        (row.outcome or "").capitalize(),
        row.system or "",
        "" if row.emergent is None else "Y" if row.emergent else "N",
        *((_origin(row),) if has_origin else ()),
    )


def _origin(row: EventRow) -> str:
    return "* published" if row.origin == "published" else row.origin or ""


def incidence(answer: Answer) -> tuple[Table, ...]:
    """Body systems and terms down, arms across; then what is compared with the reference."""
    others = [arm for arm in answer.arms if not arm.is_reference]
    alpha = answer.selection.level
    columns = [Column("term", "Body system, term", "left")]
    for arm in answer.arms:
        group = f"{arm.label} (N={arm.n})"
        columns += [
            Column(f"n {arm.label}", "n (%)", "right", group),
            Column(f"events {arm.label}", "Events", "right", group),
        ]
    reference = next((arm.label for arm in answer.arms if arm.is_reference), "")
    for arm in others:
        group = f"{arm.label} - {reference}"
        columns += [
            Column(f"difference {arm.label}", f"Diff %, {100 * (1 - alpha):g}% CI", "right", group),
            Column(f"p {arm.label}", "p", "right", group),
        ]
    rows, marked, blocks = [], set(), set()
    grouped = groupby(answer.rows, key=lambda row: (row.system, row.term))
    for place, ((system, term), members) in enumerate(grouped):
        by_arm = {row.arm: row for row in members}
        cells = [f"{INDENT}{term}" if term else system or ANY]
        if term is None:
            blocks.add(place)
        for arm in answer.arms:
            row = by_arm[arm.label]
            cells += [count_percent(row.n, row.N), str(row.events)]
        for arm in others:
            row = by_arm[arm.label]
            below = row.p is not None and row.p < alpha
            if below:
                marked |= {(place, len(cells)), (place, len(cells) + 1)}
            cells += [_difference(row), p_value(row.p, alpha) + ("*" if below else " ")]
        rows.append(tuple(cells))
    return (
        Table(
            title=answer.title,
            columns=tuple(columns),
            rows=tuple(rows),
            fixed=1,
            marked=frozenset(marked),
            legend=f"* p < {alpha:g}, not adjusted for multiplicity",
            blocks=frozenset(blocks),
        ),
    )


def _difference(row: IncidenceRow) -> str:
    """The difference in percentage points with its limits."""
    if row.difference is None:
        return NOT_ESTIMABLE
    limits = [row.difference, row.difference_lower, row.difference_upper]
    first, lower, upper = (fixed(None if one is None else 100 * one, 1) for one in limits)
    if row.difference_lower is None:
        return f"{first} ({NOT_ESTIMABLE})"  # nobody in either arm has it
    return f"{first} ({lower}, {upper})"
