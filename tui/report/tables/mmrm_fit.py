"""The fitted MMRM: the fit, two matrices, LS means over the visits, fixed effects."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tui.analyses.answer import Answer
from tui.analyses.rows.mmrm import MmrmRow
from tui.report.numbers import NOT_ESTIMABLE, Precision, fixed, interval, p_value
from tui.report.table import Column, Table
from tui.report.tables.parts import SIGN, df_text, is_below, signed

REASON = "Not estimable"
"""The row of the fit that says why figures are missing."""

_CORRELATION = 3
_LIKELIHOOD = 2
"""Decimals, as SAS PROC MIXED prints them or one more."""


def mmrm(answer: Answer) -> tuple[Table, ...]:
    """A table a section; a model that was not fitted has only the first."""
    sections: dict[str, list[MmrmRow]] = {}
    for row in answer.rows:
        sections.setdefault(row.section, []).append(row)
    precision = Precision(answer.decimals)
    tables = [_fit(sections["fit"])]
    unit = f", {answer.unit} squared" if answer.unit else ""
    matrices = {
        "covariance": (f"Covariance within subjects{unit}", precision.sd + 1),
        "correlation": ("Correlation within subjects", _CORRELATION),
    }
    for name, (title, decimals) in matrices.items():
        if name in sections:
            tables.append(_matrix(title, sections[name], decimals))
    estimates = {
        "average": ("LS means over the visits, and their differences", "Mean or difference"),
        "effect": ("Fixed effects; slopes are about the mean", "Effect"),
    }
    for name, (title, first) in estimates.items():
        if name in sections:
            tables.append(_estimates(answer, title, first, sections[name]))
    return (*tables, *_reason(sections["fit"]))


def _reason(rows: Sequence[MmrmRow]) -> tuple[Table, ...]:
    """Why figures are missing, in a sentence."""
    texts = tuple((row.text,) for row in rows if row.name == REASON)
    title = f"Not estimable ({NOT_ESTIMABLE})"
    return (Table(title, (Column("reason", "", "left"),), texts),) if texts else ()


def _fit(rows: Sequence[MmrmRow]) -> Table:
    columns = (Column("name", "", "left"), Column("text", "", "left"))
    return Table(
        "The fit", columns, tuple((row.name, _said(row)) for row in rows if row.name != REASON)
    )


def _said(row: MmrmRow) -> str:
    """A figure of the fit: its text, its number, or both of a test."""
    if row.statistic is not None:
        return f"{fixed(row.statistic, 2)}, {row.text}, p = {p_value(row.p)}"
    if row.text:
        return row.text
    if row.value is None:
        return NOT_ESTIMABLE
    if row.name == "Largest gradient":
        return f"{row.value:.1e}"
    return fixed(row.value, 0 if row.value.is_integer() else _LIKELIHOOD)


def _decimals(row: MmrmRow, precision: Precision) -> int:
    """Those of a mean, or more where the standard error would have no digit but zeros.

    A slope is a change per unit of the covariate: 0.0 with an SE of 0.03 would say nothing.
    """
    if not row.se:
        return precision.mean
    return min(max(precision.mean, -math.floor(math.log10(row.se))), 6)


def _matrix(title: str, rows: Sequence[MmrmRow], decimals: int) -> Table:
    names = list(dict.fromkeys(row.name for row in rows))
    values = {(row.name, row.column): fixed(row.value, decimals) for row in rows}
    return Table(
        title=title,
        columns=(Column("name", "Visit", "left"), *(Column(name, name) for name in names)),
        rows=tuple((name, *(values[name, other] for other in names)) for name in names),
    )


def _estimates(answer: Answer, title: str, first: str, rows: Sequence[MmrmRow]) -> Table:
    alpha = answer.selection.level
    cells = tuple(
        (
            f"{row.name} - {row.column}" if row.column else row.name,
            fixed(row.value, decimals := _decimals(row, Precision(answer.decimals))),
            fixed(row.se, max(decimals, 2)),
            interval(row.lower, row.upper, decimals),
            df_text(row.df),
            fixed(row.statistic, 2),
            signed(row.p, alpha),
        )
        for row in rows
    )
    return Table(
        title=title,
        columns=(
            Column("name", first, "left"),
            Column("value", "Estimate"),
            Column("se", "SE"),
            Column("lower", f"{100 * (1 - alpha):g}% CI"),
            Column("df", "df"),
            Column("statistic", "t"),
            Column("p", "p"),
        ),
        rows=cells,
        marked=frozenset((place, 6) for place, row in enumerate(rows) if is_below(row.p, alpha)),
        legend=f"{SIGN} p < {alpha:g}, of the value against zero",
    )
