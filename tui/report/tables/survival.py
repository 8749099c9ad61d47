"""Times to an event: arms, quartiles, S(t) at round times, tests and restricted means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tui.analyses.answer import Answer
from tui.analyses.rows.survival import SurvivalRow
from tui.report.numbers import NOT_ESTIMABLE, Precision, count_percent, fixed, interval
from tui.report.table import Column, Table
from tui.report.tables.parts import SIGN, arm_orders, is_below, reasons, signed, visit_blocks

ALL_ARMS = "All arms"


class _Place(NamedTuple):
    """Where a figure is missing."""

    visit: str
    arm: str | None
    not_estimable: str | None


def survival(answer: Answer) -> tuple[Table, ...]:
    """A table for each section; the steps of the curves are drawn, and stand in csv and json."""
    arms = _section(answer, "arm")
    return (
        _arms(answer, arms),
        _quartiles(answer, arms),
        _landmarks(answer, _section(answer, "landmark")),
        *_tests(answer),
        _means(answer, arms),
        *reasons([place for row in answer.rows if (place := _place(row, answer))]),
    )


def _section(answer: Answer, name: str) -> list[SurvivalRow]:
    return [row for row in answer.rows if row.section == name]


def _place(row: SurvivalRow, answer: Answer) -> _Place | None:
    names = {
        "arm": "quartiles",
        "landmark": f"{row.time:g}" if row.time is not None else "",
        "overall": ALL_ARMS.lower(),
        "contrast": "comparison",
    }
    return _Place(names[row.section], row.arm, row.not_estimable) if row.section in names else None


def _level(answer: Answer) -> str:
    return f"{100 * (1 - answer.selection.level):g}% CI"


def _limits(lower: float | None, upper: float | None, decimals: int) -> str:
    return NOT_ESTIMABLE if lower is upper is None else interval(lower, upper, decimals)


def _time(row: SurvivalRow, name: str, answer: Answer) -> tuple[str, str]:
    """A time with its limits."""
    decimals = Precision(answer.decimals).median
    figure, lower, upper = (getattr(row, name + end) for end in ("", "_lower", "_upper"))
    return fixed(figure, decimals), _limits(lower, upper, decimals)


def _arms(answer: Answer, rows: Sequence[SurvivalRow]) -> Table:
    totals = {arm.label: arm.n for arm in answer.arms}
    columns = (
        Column("arm", "Arm", "left"),
        Column("N", "N"),
        Column("n", "n"),
        Column("events", "Events"),
        Column("censored", "Censored"),
        Column("median", "Median"),
        Column("median_lower", _level(answer)),
    )
    cells = tuple(
        (
            f"{row.arm} (ref.)" if row.is_reference else str(row.arm),
            str(totals[str(row.arm)]),
            str(row.n),
            count_percent(row.events or 0, row.n or 0),
            count_percent(row.censored or 0, row.n or 0),
            *_time(row, "median", answer),
        )
        for row in rows
    )
    return Table(answer.title, columns, cells, arms=arm_orders(answer, rows))


def _quartiles(answer: Answer, rows: Sequence[SurvivalRow]) -> Table:
    columns = (
        Column("arm", "Arm", "left"),
        Column("q1", "25 %"),
        Column("q1_lower", _level(answer)),
        Column("q3", "75 %"),
        Column("q3_lower", _level(answer)),
    )
    cells = tuple(
        (str(row.arm), *_time(row, "q1", answer), *_time(row, "q3", answer)) for row in rows
    )
    title = "Times by which so many have had the event"
    return Table(title, columns, cells, arms=arm_orders(answer, rows))


def _landmarks(answer: Answer, rows: Sequence[SurvivalRow]) -> Table:
    columns = (
        Column("time", "Time"),
        Column("arm", "Arm", "left"),
        Column("at_risk", "At risk"),
        Column("survival", "S(t), %"),
        Column("survival_se", "SE"),
        Column("survival_lower", _level(answer)),
    )

    def percent(part: float | None) -> float | None:
        return None if part is None else 100 * part

    cells = tuple(
        (
            f"{row.time:g}",
            str(row.arm),
            str(row.at_risk),
            fixed(percent(row.survival), 1),
            fixed(percent(row.survival_se), 1),
            _limits(percent(row.survival_lower), percent(row.survival_upper), 1),
        )
        for row in rows
    )
    return Table(
        "S(t), the part without the event",
        columns,
        cells,
        fixed=2,
        arms=arm_orders(answer, rows),
        blocks=visit_blocks(cells),
    )


def _tests(answer: Answer) -> tuple[Table, ...]:
    """Log-rank tests and hazard ratios; none with a single arm."""
    rows = [*_section(answer, "overall"), *_section(answer, "contrast")]
    if not rows:
        return ()
    alpha, adjusted = answer.selection.level, any(row.p_adjusted is not None for row in rows)
    columns = [
        Column("arm", "Arm", "left"),
        Column("log_rank", "Chi-sq.", group="Log-rank"),
        Column("log_rank_df", "df", group="Log-rank"),
        Column("log_rank_p", "p", group="Log-rank"),
        *([Column("p_adjusted", "p adj.", group="Log-rank")] if adjusted else []),
        Column("hazard_ratio", "Ratio", group="Hazard ratio (Cox)"),
        Column("hazard_ratio_lower", _level(answer), group="Hazard ratio (Cox)"),
        Column("hazard_ratio_p", "p", group="Hazard ratio (Cox)"),
    ]
    marked = frozenset(
        (line, place)
        for line, row in enumerate(rows)
        for place, column in enumerate(columns)
        if column.key in _P and is_below(getattr(row, column.key), alpha)
    )
    reference = next((arm.label for arm in answer.arms if arm.is_reference), "the reference")
    return (
        Table(
            f"Against {reference}",
            tuple(columns),
            tuple(_test(row, [column.key for column in columns], alpha) for row in rows),
            arms=arm_orders(answer, rows),
            marked=marked,
            legend=f"{SIGN} p < {alpha:g}"
            + ("" if adjusted else ", not adjusted for multiplicity"),
        ),
    )


_P = ("log_rank_p", "p_adjusted", "hazard_ratio_p")


def _test(row: SurvivalRow, keys: Sequence[str], alpha: float) -> tuple[str, ...]:
    texts = {
        "arm": row.arm or ALL_ARMS,
        "log_rank": fixed(row.log_rank, 2),
        "log_rank_df": NOT_ESTIMABLE if row.log_rank_p is None else str(row.log_rank_df),
        "hazard_ratio": fixed(row.hazard_ratio, 2),
        "hazard_ratio_lower": _limits(row.hazard_ratio_lower, row.hazard_ratio_upper, 2),
        **{name: signed(getattr(row, name), alpha) for name in _P},
    }
    if row.section == "overall":  # there is no one ratio of several arms
        texts |= dict.fromkeys([key for key in keys if key.startswith("hazard")], "-")
        texts["p_adjusted"] = "-"
    return tuple(texts[key] for key in keys)


def _means(answer: Answer, rows: Sequence[SurvivalRow]) -> Table:
    precision, alpha = Precision(answer.decimals), answer.selection.level
    contrasts = {row.arm: row for row in _section(answer, "contrast")}
    group = "Difference" if contrasts else ""
    columns = (
        Column("arm", "Arm", "left"),
        Column("restricted_mean", "Mean"),
        Column("restricted_mean_se", "SE"),
        Column("restricted_mean_lower", _level(answer)),
        *(
            (
                Column("difference", "Diff", group=group),
                Column("difference_lower", _level(answer), group=group),
                Column("difference_p", "p", group=group),
            )
            if contrasts
            else ()
        ),
    )
    cells = []
    for row in rows:
        own = (
            str(row.arm),
            fixed(row.restricted_mean, precision.mean),
            fixed(row.restricted_mean_se, precision.sd),
            _limits(row.restricted_mean_lower, row.restricted_mean_upper, precision.mean),
        )
        other = contrasts.get(row.arm)
        cells.append((*own, *(_difference(other, precision, alpha) if contrasts else ())))
    end = next((row.restricted_to for row in rows if row.restricted_to is not None), None)
    marked = frozenset(
        (line, 6)
        for line, row in enumerate(rows)
        if row.arm in contrasts and is_below(contrasts[row.arm].difference_p, alpha)
    )
    return Table(
        "Restricted mean time" + ("" if end is None else f", to {end:g}"),
        columns,
        tuple(cells),
        arms=arm_orders(answer, rows),
        marked=marked,
        legend=f"{SIGN} p < {alpha:g}, not adjusted for multiplicity",
    )


def _difference(
    row: SurvivalRow | None, precision: Precision, alpha: float
) -> tuple[str, str, str]:
    if row is None:
        return "-", "-", "-"
    return (
        fixed(row.difference, precision.mean),
        _limits(row.difference_lower, row.difference_upper, precision.mean),
        signed(row.difference_p, alpha),
    )
