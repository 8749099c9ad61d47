"""The week-by-week table: a row for each arm at each visit, its columns in four sets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tui.analyses.answer import Answer
from tui.analyses.rows.trends import TrendRow
from tui.analyses.rows.visits import NO_CHANGE_AT_BASELINE, VisitRow
from tui.report.numbers import NOT_ESTIMABLE, Precision, fixed, interval, p_value
from tui.report.table import Column, Table
from tui.report.tables.parts import SIGN, arm_orders, is_below, visit_blocks

PENDING = "…"
"""Stands where a figure is still being computed."""


@dataclass(frozen=True)
class _Figure:
    """A column of figures: its heading and how a row's cell is written."""

    key: str
    header: str
    text: Callable[[VisitRow, Precision], str]


def _describing(prefix: str) -> tuple[_Figure, ...]:
    """From n to range of the value (no prefix) or of the change (`change_`)."""

    def of(row: VisitRow, name: str) -> float | None:
        value: float | None = getattr(row, prefix + name)
        return value

    def cell(write: Callable[[VisitRow, Precision], str]) -> Callable[[VisitRow, Precision], str]:
        return lambda row, precision: write(row, precision) if of(row, "n") else "-"

    def pair(row: VisitRow, low: str, high: str, decimals: int) -> str:
        return f"{fixed(of(row, low), decimals)}, {fixed(of(row, high), decimals)}"

    return (
        _Figure(f"{prefix}n", "n", lambda row, _: str(of(row, "n"))),
        _Figure(f"{prefix}mean", "Mean", cell(lambda row, p: fixed(of(row, "mean"), p.mean))),
        _Figure(f"{prefix}sd", "SD", cell(lambda row, p: fixed(of(row, "sd"), p.sd))),
        _Figure(f"{prefix}se", "SE", cell(lambda row, p: fixed(of(row, "se"), p.sd))),
        _Figure(
            f"{prefix}median", "Median", cell(lambda row, p: fixed(of(row, "median"), p.median))
        ),
        _Figure(f"{prefix}q1", "Q1, Q3", cell(lambda row, p: pair(row, "q1", "q3", p.median))),
        _Figure(
            f"{prefix}min", "Min, Max", cell(lambda row, p: pair(row, "min", "max", p.extreme))
        ),
    )


def _lsmean(row: VisitRow, precision: Precision) -> str:
    return fixed(row.lsmean, precision.mean) if row.lsmean is not None else "-"


_LSMEAN = (
    _Figure("lsmean", "LS mean", _lsmean),
    _Figure(
        "lsmean_se", "SE", lambda row, p: "-" if row.lsmean is None else fixed(row.lsmean_se, p.sd)
    ),
    _Figure(
        "lsmean_lower",
        "CI",
        lambda row, p: (
            "-" if row.lsmean is None else interval(row.lsmean_lower, row.lsmean_upper, p.mean)
        ),
    ),
)


def _compared(
    write: Callable[[VisitRow, Precision], str],
) -> Callable[[VisitRow, Precision], str]:
    """A cell of the comparison: the reference has none, and what cannot be had says n.e."""

    def text(row: VisitRow, precision: Precision) -> str:
        if row.is_reference or row.not_estimable == NO_CHANGE_AT_BASELINE:
            return "-"
        return NOT_ESTIMABLE if row.difference is None else write(row, precision)

    return text


_DIFFERENCE = (
    _Figure("difference", "Diff", _compared(lambda row, p: fixed(row.difference, p.mean))),
    _Figure("difference_se", "SE", _compared(lambda row, p: fixed(row.difference_se, p.sd))),
    _Figure(
        "difference_lower",
        "CI",
        _compared(lambda row, p: interval(row.difference_lower, row.difference_upper, p.mean)),
    ),
    _Figure("difference_df", "df", _compared(lambda row, _: _df(row.difference_df))),
    _Figure("statistic", "Stat", _compared(lambda row, _: fixed(row.statistic, 2))),
    _Figure("p", "p", _compared(lambda row, _: p_value(row.p))),
    _Figure("p_adjusted", "p adj.", _compared(lambda row, _: p_value(row.p_adjusted))),
)

_P = ("p", "p_adjusted")

SETS: dict[str, tuple[_Figure, ...]] = {
    "observed": _describing(""),
    "change": _describing("change_"),
    "lsmean": _LSMEAN,
    "difference": _DIFFERENCE,
}
"""The column sets, in the order in which `c` cycles them."""


def set_title(name: str, answer: Answer) -> str:
    """The heading over a column set."""
    reference = next((arm.label for arm in answer.arms if arm.is_reference), "reference")
    what = "change" if answer.selection.value == "CHG" else "value"
    return {
        "observed": f"Observed{f', {answer.unit}' if answer.unit else ''}",
        "change": "Change from baseline",
        "lsmean": f"LS mean {what}",
        "difference": f"Difference from {reference}",
    }[name]


def table(answer: Answer, names: Sequence[str] = tuple(SETS)) -> Table:
    """The table of visits with these column sets side by side."""
    precision = Precision(answer.decimals)
    alpha = answer.selection.level
    figures = {name: _figures(name, answer) for name in names}
    columns = [Column("visit", "Visit", "left"), Column("arm", "Arm", "left")]
    for name in names:
        columns += [
            Column(one.key, _header(one, alpha), "right", set_title(name, answer))
            for one in figures[name]
        ]
    decisive = "p_adjusted" if answer.method.multiplicity not in ("", "none") else "p"
    rows, marked = [], set()
    for place, row in enumerate(answer.rows):
        cells = [row.visit, row.arm]
        for name in names:
            start = len(cells)
            for one in figures[name]:
                text = one.text(row, precision)
                if one.key in _P and text not in ("-", NOT_ESTIMABLE):
                    text = p_value(getattr(row, one.key), alpha)
                if answer.partial and name in ("lsmean", "difference"):
                    text = PENDING
                if one.key == decisive:  # a cell in every row, so that digits stay in line
                    text += SIGN if is_below(getattr(row, decisive), alpha) else " "
                cells.append(text)
            if name == "difference" and is_below(getattr(row, decisive), alpha):
                marked |= {(place, column) for column in range(start, len(cells))}
        rows.append(tuple(cells))
    how = f"adjusted ({answer.method.multiplicity})" if decisive != "p" else "not adjusted"
    return Table(
        title=answer.title,
        columns=tuple(columns),
        rows=tuple(rows),
        fixed=2,
        arms=arm_orders(answer, answer.rows),
        marked=frozenset(marked),
        legend=f"{SIGN} p < {alpha:g}, {how} for multiplicity",
        blocks=visit_blocks(rows),
    )


def _figures(name: str, answer: Answer) -> tuple[_Figure, ...]:
    """The columns of a set: of a comparison those that its method, or its adjustment, has."""
    compared = [row for row in answer.rows if row.difference is not None]
    if name != "difference" or not compared:
        return tuple(one for one in SETS[name] if one.key != "p_adjusted")
    return tuple(
        one for one in SETS[name] if any(getattr(row, one.key) is not None for row in compared)
    )


def stacked(answer: Answer) -> tuple[Table, ...]:
    """The same one set below the other, as a page of 80 columns takes them."""
    changed = [row for row in answer.rows if row.change_n or row.difference is not None]
    visits = {row.visit_number for row in changed}
    later = replace(
        answer, rows=tuple(row for row in answer.rows if row.visit_number in visits)
    )  # the baseline visit has no change: its lines would be empty
    if not later.rows:
        return (table(answer, ["observed"]),)
    sets = [name for name in SETS if name != "lsmean" or any(row.lsmean for row in answer.rows)]
    return tuple(table(answer if name == "observed" else later, [name]) for name in sets)


def trends(answer: Answer) -> tuple[Table, ...]:
    """The means with their limits, arm by arm."""
    precision = Precision(answer.decimals)
    level = f"{100 * (1 - answer.selection.level):g}% CI"
    columns = (
        Column("arm", "Arm", "left"),
        Column("visit", "Visit", "left"),
        Column("n", "n"),
        Column("mean", "Mean"),
        Column("lower", level),
    )
    rows = [_trend(row, precision) for row in answer.rows]
    orders = {arm.label: arm.order for arm in answer.arms}
    return (
        Table(
            title=answer.title,
            columns=columns,
            rows=tuple(rows),
            fixed=2,
            arms=tuple(orders[row.arm] for row in answer.rows),
            blocks=visit_blocks(rows),
        ),
    )


def _trend(row: TrendRow, precision: Precision) -> tuple[str, ...]:
    if not row.n:
        return row.arm, row.visit, "0", "-", "-"
    # With two subjects there is always an interval, save where the mean is 0 by definition.
    by_definition = row.n > 1 and row.lower is None
    limits = "-" if by_definition else interval(row.lower, row.upper, precision.mean)
    return row.arm, row.visit, str(row.n), fixed(row.mean, precision.mean), limits


def _header(figure: _Figure, alpha: float) -> str:
    return f"{100 * (1 - alpha):g}% CI" if figure.header == "CI" else figure.header


def _df(df: float | None) -> str:
    return fixed(df, 0 if df is not None and df == int(df) else 1)
