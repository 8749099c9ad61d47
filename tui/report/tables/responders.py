"""Responders: counts with their intervals, then differences and tests against the reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui.analyses.answer import Answer
from tui.analyses.rows.responders import ResponderRow
from tui.report.numbers import count_percent, fixed, interval, p_value
from tui.report.table import Column, Table
from tui.report.tables.parts import SIGN, arm_orders, is_below, reasons, signed, visit_blocks


@dataclass(frozen=True)
class _Figure:
    """A column: the field that it begins with, its heading, and how a row's cell is written."""

    key: str
    header: str
    text: Callable[[ResponderRow], str]


def responders(answer: Answer) -> tuple[Table, ...]:
    """Three tables, each in 80 columns, and why figures are missing."""
    alpha = answer.selection.level
    reference = next((arm.label for arm in answer.arms if arm.is_reference), "reference")
    others = [row for row in answer.rows if not row.is_reference]
    tables = [_table(answer, answer.title, answer.rows, _counts(alpha))]
    if others:
        tables += [
            _table(answer, f"Difference from {reference}", others, _differences(alpha)),
            _table(answer, f"Tests against {reference}", others, _tests(answer, alpha)),
        ]
    return (*tables, *reasons(others))


def _counts(alpha: float) -> tuple[_Figure, ...]:
    level = f"{100 * (1 - alpha):g}% CI"
    return (
        _Figure("n", "n", lambda row: str(row.n)),
        _Figure("missing", "Missing", lambda row: str(row.missing)),
        _Figure("responders", "Resp. (%)", lambda row: count_percent(row.responders, row.n)),
        _Figure(
            "wilson_lower",
            f"Wilson {level}",
            lambda row: interval(row.wilson_lower, row.wilson_upper, 1),
        ),
        _Figure(
            "exact_lower",
            f"Exact {level}",
            lambda row: interval(row.exact_lower, row.exact_upper, 1),
        ),
    )


def _points(value: float | None) -> float | None:
    """A proportion as percentage points."""
    return None if value is None else 100 * value


def _differences(alpha: float) -> tuple[_Figure, ...]:
    level = f"{100 * (1 - alpha):g}% CI"
    return (
        _Figure("difference", "Diff %", lambda row: fixed(_points(row.difference), 1)),
        _Figure(
            "newcombe_lower",
            f"Newcombe {level}",
            lambda row: interval(_points(row.newcombe_lower), _points(row.newcombe_upper), 1),
        ),
        _Figure(
            "miettinen_nurminen_lower",
            "Miettinen-N.",
            lambda row: interval(
                _points(row.miettinen_nurminen_lower), _points(row.miettinen_nurminen_upper), 1
            ),
        ),
        _Figure("odds_ratio", "OR", lambda row: fixed(row.odds_ratio, 2)),
        _Figure(
            "odds_ratio_lower",
            "Exact CI",
            lambda row: interval(row.odds_ratio_lower, row.odds_ratio_upper, 2),
        ),
    )


def _tests(answer: Answer, alpha: float) -> tuple[_Figure, ...]:
    """The p values that decide carry the sign: the adjusted ones, where there are any."""
    adjusted = any(row.p_adjusted is not None for row in answer.rows)

    def raw(p: float | None) -> str:
        return p_value(p, alpha) if adjusted else signed(p, alpha)

    figures = (
        _Figure("chi_square", "Chi-square", lambda row: fixed(row.chi_square, 2)),
        _Figure("chi_square_p", "p", lambda row: raw(row.chi_square_p)),
        _Figure("fisher_p", "Fisher p", lambda row: raw(row.fisher_p)),
        _Figure("boschloo_p", "Boschloo p", lambda row: raw(row.boschloo_p)),
        _Figure("p_adjusted", "Fisher p adj.", lambda row: signed(row.p_adjusted, alpha)),
    )
    return figures if adjusted else figures[:-1]


def _table(
    answer: Answer, title: str, rows: Sequence[ResponderRow], figures: Sequence[_Figure]
) -> Table:
    alpha = answer.selection.level
    adjusted = figures[-1].key == "p_adjusted"
    decisive = ("p_adjusted",) if adjusted else ("chi_square_p", "fisher_p", "boschloo_p")
    cells = tuple((row.visit, row.arm, *(one.text(row) for one in figures)) for row in rows)
    marked = {
        (place, column)
        for place, row in enumerate(rows)
        for column, one in enumerate(figures, start=2)
        if one.key in decisive and is_below(getattr(row, one.key), alpha)
    }
    how = f"adjusted ({answer.method.multiplicity})" if adjusted else "not adjusted"
    return Table(
        title=title,
        columns=(
            Column("visit", "Visit", "left"),
            Column("arm", "Arm", "left"),
            *(Column(one.key, one.header) for one in figures),
        ),
        rows=cells,
        fixed=2,
        arms=arm_orders(answer, rows),
        marked=frozenset(marked),
        legend=f"{SIGN} p < {alpha:g}, {how} for multiplicity",
        blocks=visit_blocks(cells),
    )
