"""What the comparison could have detected, and what a wanted difference would take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tui.analyses import methods, recompute_power
from tui.analyses.answer import Answer, MethodStatement, Question
from tui.analyses.arrays import method_data
from tui.analyses.comparison import NO_RECORDS
from tui.analyses.context import after_baseline, difference_fields, lone_arm, number, of_records
from tui.analyses.methods.method import Comparison, Data, Method, Spread, settings
from tui.analyses.rows.power import PowerRow
from tui.errors import SelectionError, one_of
from tui.queries.records import Records
from tui.stats import power as powers
from tui.stats.arrays import Floats
from tui.study.model import Study

DEFAULT_POWER = 0.8


def answer(study: Study, question: Question, records: Records) -> Answer:
    """Each arm at each visit after baseline, by the method in force.

    Raises:
        SelectionError: when the method has no standard error, or cannot be used.
    """
    chosen = records.selection
    alpha = chosen.level
    method, data = methods.find(chosen.method), method_data(records, alpha)
    _refuse(method, data)
    result = method.compare(data)
    assert result.spread is not None  # as the method has a standard error
    planned = _plan(result, result.spread, chosen.power or DEFAULT_POWER, chosen.wanted, alpha)
    rows = tuple(_rows(records, data, result, result.spread, planned))
    later = [records.visits[place].number for place in after_baseline(records)]
    return of_records(
        study,
        question,
        records,
        f": what the comparison with {records.people.reference.label} could have detected",
        rows,
        selection=chosen.changed(alpha=alpha, method=method.id, power=planned.power),
        method=_statement(method, data, planned, result.spread),
        notes=(
            *result.notes,
            *lone_arm(records.people),
            *_notes(study, chosen.power, planned, rows),
        ),
        code=recompute_power.program(
            study, records, method, data, later, planned.power, planned.wanted
        ),
    )


@dataclass(frozen=True)
class _Plan:
    """What was asked, and the figures of each visit and arm, shape (visits, arms)."""

    power: float
    wanted: float | None
    alpha: float
    detectable: Floats
    wanted_power: Floats
    wanted_n: Floats


def _refuse(method: Method, data: Data) -> None:
    able = [one.id for one in map(methods.find, methods.METHODS) if one.has_error]
    if not method.has_error:
        raise SelectionError(
            f"Power needs a standard error, and {method.label} has none: use method={one_of(able)}."
        )
    unusable = method.unusable(data) if data.visits else NO_RECORDS
    if unusable:
        raise SelectionError(f"{method.label} cannot be used: {unusable}.")


def _plan(
    result: Comparison, spread: Spread, power: float, wanted: float | None, alpha: float
) -> _Plan:
    se, df = result.difference.se, result.difference.df
    unknown = np.full(se.shape, np.nan)
    if wanted is None:
        wanted_power = wanted_n = unknown
    else:
        wanted_power = powers.power(wanted, se, df, alpha)
        wanted_n = powers.subjects_per_arm(wanted, spread.sd, power, alpha, spread.covariates)
    detectable = powers.detectable(se, df, power, alpha)
    return _Plan(power, wanted, alpha, detectable, wanted_power, wanted_n)


def _rows(
    records: Records, data: Data, result: Comparison, spread: Spread, plan: _Plan
) -> Iterator[PowerRow]:
    for visit in after_baseline(records):
        for arm in range(len(data.arms)):
            if arm == data.reference:
                continue
            difference = result.difference[visit, arm]
            detectable, wanted_n = plan.detectable[visit, arm], number(plan.wanted_n[visit, arm])
            yield PowerRow(
                visit=records.visits[visit].label,
                visit_number=records.visits[visit].number,
                arm=data.arms[arm],
                n=int(spread.n[visit, arm]),
                n_reference=int(spread.n[visit, data.reference]),
                **difference_fields(difference),
                power=plan.power,
                detectable=number(detectable),
                wanted=plan.wanted,
                wanted_power=number(plan.wanted_power[visit, arm]),
                wanted_n=None if wanted_n is None else int(wanted_n),
                not_estimable=_reason(plan, detectable, wanted_n, str(result.reasons[visit, arm])),
            )


def _reason(plan: _Plan, detectable: float, wanted_n: float | None, reason: str) -> str | None:
    """Why there is no detectable difference, or no number of subjects."""
    if np.isnan(detectable):
        if reason:
            return reason
        return f"a power of {plan.power:g} is not above alpha {plan.alpha:g}"
    if plan.wanted is not None and wanted_n is None:
        if plan.wanted == 0:
            return "no number of subjects detects a difference of 0"
        return "more than ten million subjects an arm"
    return None


def _statement(method: Method, data: Data, plan: _Plan, spread: Spread) -> MethodStatement:
    used = method.statement(data)
    return MethodStatement(
        id=method.id,
        name=f"Power of the two-sided t test of {method.label}",
        formula=f"{used.formula}; detectable: the true difference found with probability "
        f"{plan.power:g}; n: two equal arms, from {spread.name}",
        variance=used.variance,
        df=used.df,
        multiplicity="none: the power is that of each test by itself",
        settings=f"power {plan.power:g}, {settings(data)}",
        source="noncentral t, both tails: SAS PROC POWER TWOSAMPLEMEANS; R power.t.test(strict)",
    )


def _notes(
    study: Study, asked: float | None, plan: _Plan, rows: tuple[PowerRow, ...]
) -> Iterator[str]:
    if asked is None:
        yield f"Power: {plan.power:g}, because none was asked for; power=0.9 takes another."
    if plan.wanted is None:
        yield "wanted=0.5 adds the power for a difference of 0.5, and the subjects it takes."
    known = [row for row in rows if row.detectable is not None and row.difference is not None]
    smaller = [row for row in known if abs(row.difference or 0) < (row.detectable or 0)]
    if known:
        yield (
            f"{len(smaller)} of {len(known)} differences seen are smaller than what was detectable."
        )
    for text in study.file.figures:
        if "powered" in text.lower():
            yield f"Published: {text}"
