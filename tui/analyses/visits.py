"""The week-by-week table: each arm at each visit, described and compared with the reference."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, cast

import numpy as np

from tui.analyses import methods, recompute, recompute_r
from tui.analyses.adjust import NAMES, NONE, adjusted
from tui.analyses.answer import NOTHING_COMPARED, Answer, MethodStatement, Question
from tui.analyses.arrays import method_data
from tui.analyses.context import arm_headers, header, number
from tui.analyses.methods.method import Comparison, Data, Method
from tui.analyses.rows import NO_CHANGE_AT_BASELINE, VisitRow
from tui.queries.records import Records
from tui.stats.arrays import Ints
from tui.stats.summary import Summary, summarize
from tui.study.model import Study

NO_RECORDS = "no record is left at any visit"
_SUMMARY = ("mean", "sd", "se", "median", "q1", "q3", "min", "max")
_LS = ("lsmean", "lsmean_se", "lsmean_lower", "lsmean_upper")
_CONTRAST = {
    "difference": "estimate",
    "difference_se": "se",
    "difference_df": "df",
    "difference_lower": "lower",
    "difference_upper": "upper",
    "statistic": "statistic",
    "p": "p",
}

Figures = list[dict[str, float | None]]
"""For each arm at each visit, in that order, some of a row's fields."""


def answer(study: Study, question: Question, records: Records) -> Answer:
    """The visits table of a selection; without statistics when they are to follow."""
    alpha = records.selection.level
    selection = records.selection.changed(alpha=alpha)
    compared = _compare(study, records, alpha) if question.statistics else _Compared()
    if question.statistics:
        adjust = records.selection.adjust or NONE
        selection = selection.changed(method=compared.method.id, adjust=adjust)
    rows = []
    for position, described in enumerate(_describe(records)):
        visit = records.visits[position // len(records.arms)]
        arm = records.arms[position % len(records.arms)]
        rows.append(
            VisitRow(
                visit=visit.label,
                visit_number=visit.number,
                arm=arm.label,
                is_reference=arm == records.people.reference,
                **cast(dict[str, Any], described),
                **(compared.fields[position] if compared.fields else {}),
                not_estimable=(compared.reasons[position] or None) if compared.reasons else None,
            )
        )
    return Answer(
        question=question,
        study=header(study),
        title=f"{records.title} by visit and arm",
        selection=selection,
        arms=arm_headers(records.people),
        rows=tuple(rows),
        funnel=records.funnel,
        method=compared.method,
        notes=(*records.notes, *compared.notes),
        unit=records.unit,
        decimals=records.decimals,
        code=compared.code,
        partial=not question.statistics,
    )


def summary_of(records: Records, column: str) -> Summary:
    """The summary of a column by visit and arm, groups in the order visit, arm."""
    frame = records.frame.filter(records.frame[column].is_not_null())
    group: Ints = (frame["visit"] * len(records.arms) + frame["arm"]).to_numpy().astype(np.int64)
    return summarize(frame[column].to_numpy(), group, len(records.visits) * len(records.arms))


def _describe(records: Records) -> Figures:
    """Count and descriptive figures of the value and of the change."""
    cells: Figures = [{} for _ in range(len(records.visits) * len(records.arms))]
    for column, prefix in (("value", ""), ("change", "change_")):
        summary = summary_of(records, column)
        for position, cell in enumerate(cells):
            cell[f"{prefix}n"] = int(summary.n[position])
            for name in _SUMMARY:
                cell[prefix + name] = number(getattr(summary, name)[position])
    return cells


@dataclass(frozen=True)
class _Compared:
    """What a comparison adds to the table: fields and reasons of each row, and how it was done."""

    method: MethodStatement = NOTHING_COMPARED
    notes: tuple[str, ...] = ()
    code: str = ""
    fields: list[dict[str, Any]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


def _compare(study: Study, records: Records, alpha: float) -> _Compared:
    """LS means, differences, adjusted p values and reasons by the method in force."""
    method = methods.find(records.selection.method)
    data = method_data(records, alpha)
    adjust = records.selection.adjust or NONE
    statement = replace(method.statement(data), multiplicity=NAMES[adjust])
    unusable = method.unusable(data) if data.visits else NO_RECORDS
    if unusable:
        reason = f"{method.label} cannot be used: {unusable}"
        everywhere = ["" if arm == data.reference else reason for arm in range(len(data.arms))]
        return _Compared(statement, (f"{reason}.",), reasons=everywhere * len(data.visits))
    result = method.compare(data)
    p_adjusted, refusal = adjusted(adjust, data, result)
    at_baseline = baseline_visits(records)
    fields: list[dict[str, Any]] = []
    reasons: list[str] = []
    for visit, arm in product(range(len(data.visits)), range(len(data.arms))):
        if visit in at_baseline:
            fields.append({})
            reasons.append("" if arm == data.reference else NO_CHANGE_AT_BASELINE)
            continue
        fields.append(_fields(result, (visit, arm)))
        fields[-1]["p_adjusted"] = number(p_adjusted[visit, arm])
        reasons.append(str(result.reasons[visit, arm]))
    notes = (*result.notes, *filter(None, [refusal]))
    code = program(study, records, method, data)
    return _Compared(statement, notes, code, fields, reasons)


def program(study: Study, records: Records, method: Method, data: Data) -> str:
    """The program that recomputes the comparison: in Python, of an MMRM in R."""
    if method.id == "mmrm":
        return recompute_r.program(study, records, data)
    return recompute.program(study, records, method, data.covariates)


def _fields(result: Comparison, cell: tuple[int, int]) -> dict[str, float | None]:
    """The comparison's fields of one row."""
    means = {name: getattr(result, name) for name in _LS}
    return {
        **{name: number(value[cell]) for name, value in means.items() if value is not None},
        **{
            name: number(getattr(result.difference, source)[cell])
            for name, source in _CONTRAST.items()
        },
    }


def baseline_visits(records: Records) -> set[int]:
    """Visits that are the baseline, if changes are compared: there is no change there."""
    if records.selection.value != "CHG":
        return set()
    not_baseline = records.frame.filter(~records.frame["baseline"])["visit"].unique()
    return set(records.frame["visit"].unique()) - set(not_baseline)
