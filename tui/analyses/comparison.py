"""The comparison of arms at each visit, by the method in force, adjusted as asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from tui.analyses import methods, recompute, recompute_r
from tui.analyses.adjust import NAMES, NONE, adjusted
from tui.analyses.answer import NOTHING_COMPARED, MethodStatement
from tui.analyses.arrays import method_data
from tui.analyses.context import baseline_visits, number
from tui.analyses.methods.method import Comparison, Data, Method
from tui.analyses.rows.visits import NO_CHANGE_AT_BASELINE
from tui.queries.records import Records
from tui.selection import Selection
from tui.study.model import Study

NO_RECORDS = "no record is left at any visit"
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


@dataclass(frozen=True)
class Compared:
    """What a comparison adds to the table: fields and reasons of each row, and how it was done."""

    method: MethodStatement = NOTHING_COMPARED
    notes: tuple[str, ...] = ()
    code: str = ""
    fields: list[dict[str, Any]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


def compare(study: Study, records: Records, alpha: float) -> Compared:
    """LS means, differences, adjusted p values and reasons by the method in force."""
    method = methods.find(records.selection.method)
    data = method_data(records, alpha)
    adjust = records.selection.adjust or NONE
    statement = replace(method.statement(data), multiplicity=NAMES[adjust])
    unusable = method.unusable(data) if data.visits else NO_RECORDS
    if unusable:
        reason = f"{method.label} cannot be used: {unusable}"
        everywhere = ["" if arm == data.reference else reason for arm in range(len(data.arms))]
        return Compared(statement, (f"{reason}.",), reasons=everywhere * len(data.visits))
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
    return Compared(statement, notes, code, fields, reasons)


def in_force(selection: Selection, compared: Compared) -> Selection:
    """The selection with the method and the adjustment that were used."""
    return selection.changed(method=compared.method.id, adjust=selection.adjust or NONE)


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
