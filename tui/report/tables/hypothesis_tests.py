"""Tests within arms, over all arms, of dose-response and of responders."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui.analyses.answer import Answer
from tui.analyses.rows.hypothesis_tests import TestRow
from tui.report.numbers import MAX_DECIMALS, NOT_ESTIMABLE, Precision, fixed, interval
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

_ESTIMATES = {
    "within arm": "Mean",
    "ANCOVA, residual SD": "SD",
    "Williams, rising": "Diff",
    "Williams, falling": "Diff",
    "dose-response": "Slope",
}
"""What an estimate is, by test, else by section."""

_STATISTICS = {
    "Paired t": "t",
    "Wilcoxon signed rank": "V",
    "Wilcoxon signed rank, exact": "V",
}
"""What a statistic is called where a table has one kind of it."""

_NEEDS = {
    "estimate": ("estimate",),
    "lower": ("lower",),
    "statistic": ("statistic",),
    "df": ("df",),
    "p": ("p", "statistic", "not_estimable"),
    "note": ("note",),
}
"""A column is there if any row has one of these fields."""


def tests(answer: Answer) -> tuple[Table, ...]:
    """A table a section for tests of all arms at once, and one for each test that goes by arm."""
    groups: dict[tuple[str, str], list[TestRow]] = {}
    for row in answer.rows:
        groups.setdefault((row.section, row.test if row.arm else ""), []).append(row)
    names = {section: section.capitalize() for section, _ in groups}
    names["responders"] = f"Responders: {answer.selection.responder}"
    tables = [
        _table(answer, f"{names[section]}: {test}" if test else names[section], rows)
        for (section, test), rows in groups.items()
    ]
    return (*(tables or [_table(answer, answer.title, ())]), *reasons(answer.rows))


def _table(answer: Answer, title: str, rows: Sequence[TestRow]) -> Table:
    alpha = answer.selection.level
    texts = _texts(answer, alpha)
    shown = [
        key
        for key, fields in _NEEDS.items()
        if any(getattr(row, field) not in (None, "") for row in rows for field in fields)
    ]
    if rows and rows[0].test == "ANCOVA, residual SD":
        shown = ["estimate"]
    by_arm = bool(rows and rows[0].arm)
    keys = ["visit", "arm" if by_arm else "test", "n", *shown]
    cells = tuple(tuple(texts[key](row) for key in keys) for row in rows)
    headers = {
        "estimate": _estimate_header(rows),
        "lower": f"{100 * (1 - alpha):g}% CI",
        "statistic": _STATISTICS.get(rows[0].test, "Stat") if rows else "Stat",
        "n": "n",
        "df": "df",
        "p": "p",
    }
    left = ("visit", "arm", "test", "note")
    marked = {
        (place, keys.index("p"))
        for place, row in enumerate(rows)
        if "p" in keys and is_below(row.p, alpha)
    }
    return Table(
        title=title,
        columns=tuple(
            Column(key, headers.get(key, key.capitalize()), "left" if key in left else "right")
            for key in keys
        ),
        rows=cells,
        fixed=2,
        arms=arm_orders(answer, rows) if by_arm else (),
        marked=frozenset(marked),
        legend=f"{SIGN} p < {alpha:g}, not adjusted for multiplicity",
        blocks=visit_blocks(cells),
    )


def _texts(answer: Answer, alpha: float) -> dict[str, Callable[[TestRow], str]]:
    """How each cell is written."""
    precision = Precision(answer.decimals)

    def decimals(row: TestRow) -> int:
        if row.test == "ANCOVA, residual SD":
            return precision.sd
        # A slope is per unit of dose, which may be a milligram: smaller than a mean by far.
        slope = row.section == "dose-response" and row.arm is None
        return min(precision.sd + 1, MAX_DECIMALS) if slope else precision.mean

    def limits(row: TestRow) -> str:
        if row.estimate is None and row.p is not None:
            return "-"  # a test without an estimate
        return interval(row.lower, row.upper, decimals(row))

    def estimate(row: TestRow) -> str:
        return (
            "-"
            if row.estimate is None and row.p is not None
            else fixed(row.estimate, decimals(row))
        )

    def df(row: TestRow) -> str:
        if row.p is None:
            return NOT_ESTIMABLE
        return "-" if row.df is None else df_text(row.df, row.df_residual)

    return {
        "visit": lambda row: row.visit,
        "arm": lambda row: row.arm or "",
        "test": lambda row: row.test,
        "n": lambda row: str(row.n),
        "estimate": estimate,
        "lower": limits,
        "statistic": lambda row: fixed(row.statistic, 1 if row.test.startswith("Wilc") else 2),
        "df": df,
        "p": lambda row: signed(row.p, alpha),
        "note": lambda row: row.note,
    }


def _estimate_header(rows: Sequence[TestRow]) -> str:
    if not rows:
        return "Estimate"
    return _ESTIMATES.get(rows[0].test) or _ESTIMATES.get(rows[0].section, "Estimate")
