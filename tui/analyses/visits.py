"""The week-by-week table: each arm at each visit, described and compared with the reference."""

from __future__ import annotations

from typing import Any

import numpy as np

from tui.analyses import methods, recompute
from tui.analyses.answer import NOTHING_COMPARED, Answer, MethodStatement, Question
from tui.analyses.context import arm_headers, header, number
from tui.analyses.methods.method import Data
from tui.analyses.rows import NO_CHANGE_AT_BASELINE, VisitRow
from tui.queries import covariates
from tui.queries.records import Records
from tui.stats.arrays import Floats, Ints
from tui.stats.summary import Summary, summarize
from tui.study.model import Study

DEFAULT_ALPHA = 0.05
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
    alpha = records.selection.alpha or DEFAULT_ALPHA
    selection = records.selection.changed(alpha=alpha)
    cells = _describe(records)
    method, code = NOTHING_COMPARED, ""
    notes: tuple[str, ...] = ()
    compared: Figures = [{} for _ in cells]
    reasons = [""] * len(cells)
    if question.statistics:
        method, notes, code, compared, reasons = _compare(study, records, alpha)
        selection = selection.changed(method=method.id)
    rows = []
    for position, described in enumerate(cells):
        figures: dict[str, Any] = {**described, **compared[position]}
        visit = records.visits[position // len(records.arms)]
        arm = records.arms[position % len(records.arms)]
        rows.append(
            VisitRow(
                visit=visit.label,
                visit_number=visit.number,
                arm=arm.label,
                is_reference=arm == records.people.reference,
                **figures,
                not_estimable=reasons[position] or None,
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
        method=method,
        notes=(*records.notes, *notes),
        unit=records.unit,
        decimals=records.decimals,
        code=code,
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


def _compare(
    study: Study, records: Records, alpha: float
) -> tuple[MethodStatement, tuple[str, ...], str, Figures, list[str]]:
    """LS means, differences and reasons by the method in force."""
    method = methods.find(records.selection.method)
    data = method_data(records, alpha)
    statement = method.statement(data)
    cells: Figures = [{} for _ in range(data.visits * len(data.arms))]
    at_baseline = baseline_visits(records)
    unusable = method.unusable(data) if data.visits else "no record is left at any visit"
    if unusable:
        reason = f"{method.label} cannot be used: {unusable}"
        everywhere = ["" if arm == data.reference else reason for arm in range(len(data.arms))]
        return statement, (f"{reason}.",), "", cells, everywhere * data.visits
    result = method.compare(data)
    reasons = []
    for position, cell in enumerate(cells):
        visit, arm = divmod(position, len(data.arms))
        if visit in at_baseline:
            reasons.append("" if arm == data.reference else NO_CHANGE_AT_BASELINE)
            continue
        reasons.append(str(result.reasons[visit, arm]))
        for name in _LS:
            cell[name] = number(getattr(result, name)[visit, arm])
        for name, source in _CONTRAST.items():
            cell[name] = number(getattr(result.difference, source)[visit, arm])
    code = recompute.program(study, records, method, data.covariates)
    return statement, result.notes, code, cells, reasons


def method_data(records: Records, alpha: float) -> Data:
    """The records as the arrays that a method takes."""
    extra = covariates.of_records(records.frame, records.people, records.selection.covariates)
    response = "change" if records.selection.value == "CHG" else "value"
    return Data(
        response=_floats(records, response),
        base=_floats(records, "base"),
        visit=records.frame["visit"].to_numpy().astype(np.int64),
        arm=records.frame["arm"].to_numpy().astype(np.int64),
        visits=len(records.visits),
        arms=tuple(arm.label for arm in records.arms),
        reference=records.arms.index(records.people.reference),
        numeric=extra.numeric.to_numpy()
        .astype(np.float64)
        .reshape(records.frame.height, extra.numeric.width),
        factors=tuple(extra.classes[name].to_numpy() for name in extra.classes.columns),
        response_name=str(records.selection.value),
        covariates=extra.names,
        has_base=records.has_base,
        alpha=alpha,
    )


def _floats(records: Records, column: str) -> Floats:
    values: Floats = records.frame[column].fill_null(float("nan")).to_numpy()
    return values


def baseline_visits(records: Records) -> set[int]:
    """Visits that are the baseline, if changes are compared: there is no change there."""
    if records.selection.value != "CHG":
        return set()
    not_baseline = records.frame.filter(~records.frame["baseline"])["visit"].unique()
    return set(records.frame["visit"].unique()) - set(not_baseline)
