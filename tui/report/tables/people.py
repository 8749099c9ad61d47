"""Arms, the baseline table, the values behind a figure, and a subject's page."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from tui.analyses.answer import Answer
from tui.analyses.rows.baseline import BaselineRow
from tui.analyses.rows.subjects import SubjectRow
from tui.report.numbers import Precision, count_percent, fixed
from tui.report.table import Column, Table
from tui.report.tables.parts import arm_orders

AGE = Precision(0)


def arms(answer: Answer) -> tuple[Table, ...]:
    """One row an arm: subjects, sex, age, and the endpoint at baseline."""
    precision = Precision(answer.decimals)
    sexes = sorted({sex for row in answer.rows for sex in row.sex})
    flags = list(dict.fromkeys(flag for row in answer.rows for flag in row.populations))
    columns = (
        Column("arm", "Arm", "left"),
        Column("n", "N"),
        *(Column(flag, flag) for flag in flags),
        *(Column(f"sex {sex}", sex) for sex in sexes),
        Column("age_mean", "Age, mean (SD)"),
        Column("age_min", "Age, min, max"),
        Column("baseline_mean", "Baseline, mean (SD)"),
        Column("baseline_n", "Baseline, n"),
        Column("description", "", "left"),
    )
    rows = [
        (
            row.arm + (" (ref.)" if row.is_reference else ""),
            str(row.n),
            *(str(row.populations.get(flag, 0)) for flag in flags),
            *(str(row.sex.get(sex, 0)) for sex in sexes),
            f"{fixed(row.age_mean, AGE.mean)} ({fixed(row.age_sd, AGE.sd)})",
            f"{fixed(row.age_min, 0)}, {fixed(row.age_max, 0)}",
            f"{fixed(row.baseline_mean, precision.mean)} ({fixed(row.baseline_sd, precision.sd)})",
            str(row.baseline_n),
            row.description,
        )
        for row in answer.rows
    ]
    return (Table(answer.title, columns, tuple(rows), arms=arm_orders(answer, answer.rows)),)


def baseline(answer: Answer) -> tuple[Table, ...]:
    """Variables down with their statistics or levels, arms across, all of them last."""
    headers = [f"{arm.label} (N={arm.n})" for arm in answer.arms]
    total = f"Total (N={sum(arm.n for arm in answer.arms)})"
    columns = (
        Column("variable", "", "left"),
        *(Column(header, header) for header in (*headers, total)),
    )
    rows: list[tuple[str, ...]] = []
    blocks = set()
    for _, members in groupby(answer.rows, key=lambda row: row.variable):
        variable = list(members)
        blocks.add(len(rows))
        rows += _variable(variable)
    return (Table(title=answer.title, columns=columns, rows=tuple(rows), blocks=frozenset(blocks)),)


def _variable(rows: list[BaselineRow]) -> Iterable[tuple[str, ...]]:
    label, precision = rows[0].label, Precision(rows[0].decimals)
    if rows[0].level is not None:
        yield label, *("" for _ in {row.arm for row in rows})
        for level, members in groupby(rows, key=_level):
            cells = [count_percent(row.n, _known(row, rows)) for row in members]
            yield f"  {level}, n (%)", *cells
        first = [row for row in rows if row.level == rows[0].level]
        if any(row.missing for row in first):
            yield "  Missing", *(str(row.missing) for row in first)
        return
    yield label, *("" for _ in rows)
    yield "  n", *(str(row.n) for row in rows)
    yield (
        "  Mean (SD)",
        *(f"{fixed(row.mean, precision.mean)} ({fixed(row.sd, precision.sd)})" for row in rows),
    )
    yield "  Median", *(fixed(row.median, precision.median) for row in rows)
    yield (
        "  Q1, Q3",
        *(f"{fixed(row.q1, precision.median)}, {fixed(row.q3, precision.median)}" for row in rows),
    )
    yield (
        "  Min, Max",
        *(
            f"{fixed(row.min, precision.extreme)}, {fixed(row.max, precision.extreme)}"
            for row in rows
        ),
    )
    if any(row.missing for row in rows):
        yield "  Missing", *(str(row.missing) for row in rows)


def _level(row: BaselineRow) -> str:
    """As delivered, with its meaning where it has another."""
    return f"{row.level} ({row.decode})" if row.decode else row.level or ""


def _known(row: BaselineRow, rows: list[BaselineRow]) -> int:
    return sum(one.n for one in rows if one.arm == row.arm)


def values(answer: Answer) -> tuple[Table, ...]:
    """One row a subject and visit: value, baseline, change, and where the record stands."""
    data = answer.decimals
    has_imputed = any(row.imputed for row in answer.rows)
    has_origin = any(row.origin for row in answer.rows)
    columns = (
        Column("subject", "Subject", "left"),
        Column("arm", "Arm", "left"),
        Column("visit", "Visit", "left"),
        Column("day", "Day"),
        Column("value", "Value"),
        Column("base", "Baseline"),
        Column("change", "Change"),
        *((Column("imputed", "Imputed", "left"),) if has_imputed else ()),
        *((Column("origin", "Origin", "left"),) if has_origin else ()),
        Column("row", "Row"),
    )
    rows = [
        (
            row.subject,
            row.arm,
            row.visit,
            "" if row.day is None else f"{row.day:g}",
            *(
                "-" if one is None else fixed(one, data)
                for one in (row.value, row.base, row.change)
            ),
            *((row.imputed or "",) if has_imputed else ()),
            *((row.origin or "",) if has_origin else ()),
            str(row.row),
        )
        for row in answer.rows
    ]
    return (Table(answer.title, columns, tuple(rows), arms=arm_orders(answer, answer.rows)),)


def subject(answer: Answer) -> tuple[Table, ...]:
    """Who, the endpoint over time, and the events."""
    by_section = {
        section: [row for row in answer.rows if row.section == section]
        for section in ("who", "endpoint", "event")
    }
    who = Table(
        title=answer.title,
        columns=(Column("name", "Characteristic", "left"), Column("text", "", "left")),
        rows=tuple((row.name, row.text) for row in by_section["who"]),
    )
    course = Table(
        title=f"{answer.selection.endpoint}{f' ({answer.unit})' if answer.unit else ''}",
        columns=(
            Column("name", "Visit", "left"),
            Column("day", "Day"),
            Column("value", "Value"),
            Column("change", "Change"),
            Column("text", "", "left"),
        ),
        rows=tuple(_measured(row, answer.decimals) for row in by_section["endpoint"]),
    )
    happened = Table(
        title="Adverse events" if by_section["event"] else "No adverse event",
        columns=(
            Column("day", "Day"),
            Column("name", "Term", "left"),
            Column("text", "", "left"),
        ),
        rows=tuple((_day(row), row.name, row.text) for row in by_section["event"]),
    )
    return who, course, happened


def _measured(row: SubjectRow, decimals: int) -> tuple[str, ...]:
    change = "-" if row.change is None else fixed(row.change, decimals)
    return row.name, _day(row), fixed(row.value, decimals), change, row.text


def _day(row: SubjectRow) -> str:
    return "" if row.day is None else f"{row.day:g}"
