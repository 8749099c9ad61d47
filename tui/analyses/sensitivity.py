"""What every method says of one contrast at one visit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import product
from typing import Any

from tui.analyses import methods, recompute_sensitivity
from tui.analyses.answer import Answer, MethodStatement, Question
from tui.analyses.arrays import method_data
from tui.analyses.comparison import NO_RECORDS
from tui.analyses.context import baseline_visits, lone_arm, number, of_records
from tui.analyses.last_visit import Build, records_shown
from tui.analyses.methods.method import Options, settings
from tui.analyses.rows.sensitivity import SensitivityRow
from tui.analyses.rows.visits import NO_CHANGE_AT_BASELINE
from tui.errors import TrialdeckError
from tui.queries.records import Records
from tui.selection import Selection
from tui.study.model import Study

_FIGURES = ("estimate", "lower", "upper", "p")

Cell = tuple[float, str]
"""A visit's number and an arm's label."""


def answer(study: Study, question: Question, build: Build) -> Answer:
    """Each arm at the visits shown, analysis by analysis."""
    build = cache(build)
    records, said = records_shown(build, question.selection)
    alpha = records.selection.level
    shown = question.selection.changed(visits=tuple(one.number for one in records.visits))
    method = methods.find(records.selection.method)
    kept = build(shown.changed(imputed="keep"))
    has_imputed = bool(kept.frame["imputed"].is_not_null().any())
    data = method_data(records, alpha)
    strip = tuple(_strip(records.selection, method.id, bool(data.factors), has_imputed))
    results = [_result(one, build, shown, records, alpha) for one in strip]
    imputed = records.selection.imputed
    analyses = [
        (one.label, one.method, one.changes.get("imputed", imputed), one.pairwise) for one in strip
    ]
    in_force = next(one for one, analysis in zip(results, strip, strict=True) if analysis.in_force)
    return of_records(
        study,
        question,
        records,
        f": difference from {records.people.reference.label} by every method",
        _rows(records, alpha, strip, results, in_force),
        selection=records.selection.changed(alpha=alpha, method=method.id),
        method=MethodStatement(
            id=method.id,
            name="The same contrasts by every method",
            formula=f"{data.response_name}, arm minus reference",
            variance="as each method has it (notes)",
            df="as each method has it (notes)",
            multiplicity="none",
            settings=settings(data),
            source="ICH E9(R1), A.5.2: sensitivity analysis",
        ),
        notes=(
            *said,
            *lone_arm(records.people),
            *_notes(records, data.covariates, strip, results),
        ),
        code=recompute_sensitivity.program(study, kept, data, analyses),
    )


@dataclass(frozen=True)
class _Analysis:
    """One line of the strip: a method under a changed selection."""

    label: str
    method: str
    in_force: bool = False
    pairwise: bool = False
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Result:
    """An analysis: the row of each cell, and what has to be said of it."""

    cells: Mapping[Cell, dict[str, Any]]
    reason: str = ""
    said: str = ""
    notes: tuple[str, ...] = ()


def _strip(
    chosen: Selection, method: str, has_classes: bool, has_imputed: bool
) -> Iterator[_Analysis]:
    """Every analysis, in order; the one that answers by visit use is in force."""
    own = Options()
    weights, df = chosen.weights or own.weights, chosen.df or own.df
    for name in ("student", "welch", "mann-whitney", "permutation"):
        label = methods.find(name).label
        yield _Analysis(label, name, method == name, changes={"covariates": None})
    for one in ("equal", "observed") if has_classes else (weights,):
        label = f"ANCOVA pooled, {one} weights" if has_classes else "ANCOVA pooled"
        analysis = _Analysis(label, "ancova", method == "ancova", changes={"weights": one})
        yield from _either(analysis, one == weights, chosen.imputed if has_imputed else None)
    yield _Analysis("ANCOVA pairwise", "ancova", pairwise=True)
    for one, name in (("kenward-roger", "Kenward-Roger"), ("satterthwaite", "Satterthwaite")):
        changes = {"visits": None, "df": one}
        analysis = _Analysis(f"MMRM {name}", "mmrm", method == "mmrm", changes=changes)
        yield from _either(analysis, one == df, chosen.imputed if has_imputed else None)


def _either(analysis: _Analysis, is_chosen: bool, imputed: str | None) -> Iterator[_Analysis]:
    """The analysis; where rows are imputed, the one with the options chosen with and without."""
    analysis = replace(analysis, in_force=analysis.in_force and is_chosen)
    if not is_chosen or imputed is None:
        yield analysis
        return
    for choice, words in (("keep", "imputed kept"), ("drop", "imputed dropped")):
        yield replace(
            analysis,
            label=f"{analysis.label}, {words}",
            in_force=analysis.in_force and choice == imputed,
            changes={**analysis.changes, "imputed": choice},
        )


def _result(
    analysis: _Analysis, build: Build, shown: Selection, records: Records, alpha: float
) -> _Result:
    """The analysis of the visits shown; one that cannot be done says why."""
    selection = shown.changed(method=analysis.method, **analysis.changes)
    reference = records.people.reference.label
    if not analysis.pairwise:
        return _try(analysis, build, selection, alpha)
    others = [arm.label for arm in records.arms if arm.label != reference]
    pairs = [
        _try(analysis, build, selection.changed(arms=(reference, arm), reference=reference), alpha)
        for arm in others
    ]
    cells = {cell: row for pair in pairs for cell, row in pair.cells.items()}
    if not pairs:
        return _Result(cells)
    reason = next((pair.reason for pair in pairs if pair.reason), "")
    notes = tuple(dict.fromkeys(note for pair in pairs for note in pair.notes))
    return replace(pairs[0], cells=cells, reason=reason, notes=notes)


def _try(analysis: _Analysis, build: Build, selection: Selection, alpha: float) -> _Result:
    try:
        return _compare(analysis, build(selection), alpha)
    except TrialdeckError as error:  # without imputed rows a visit may have none, for example
        return _Result({}, str(error).rstrip("."))


def _compare(analysis: _Analysis, records: Records, alpha: float) -> _Result:
    method = methods.find(analysis.method)
    data = method_data(records, alpha)
    unusable = method.unusable(data) if data.visits else NO_RECORDS
    if unusable:
        return _Result({}, unusable)
    result, statement = method.compare(data), method.statement(data)
    at_baseline, cells = baseline_visits(records), {}
    for visit, arm in product(range(len(data.visits)), range(len(data.arms))):
        cell: dict[str, Any] = dict.fromkeys(_FIGURES)
        if visit in at_baseline:
            cell["not_estimable"] = NO_CHANGE_AT_BASELINE
        else:
            difference = result.difference[visit, arm]
            cell = {name: number(getattr(difference, name)) for name in _FIGURES}
            cell["not_estimable"] = str(result.reasons[visit, arm]) or None
        cells[records.visits[visit].number, data.arms[arm]] = cell
    parts = (statement.formula, statement.variance, statement.df and f"df {statement.df}")
    said = "; ".join(part for part in parts if part)
    return _Result(cells, said=said, notes=result.notes)


def _rows(
    records: Records,
    alpha: float,
    strip: tuple[_Analysis, ...],
    results: list[_Result],
    in_force: _Result,
) -> Iterator[SensitivityRow]:
    """Visit by visit, arm by arm, the whole strip."""
    others = [arm.label for arm in records.arms if arm != records.people.reference]
    for visit, arm in product(records.visits, others):
        decided: float | None = in_force.cells.get((visit.number, arm), {}).get("p")
        for analysis, result in zip(strip, results, strict=True):
            off_axis = analysis.method == "mmrm" and "the visit is not on the time axis"
            nothing: dict[str, Any] = {
                **dict.fromkeys(_FIGURES),
                "not_estimable": result.reason or off_axis or "no records at this visit",
            }
            cell = result.cells.get((visit.number, arm), nothing)
            p: float | None = cell["p"]
            yield SensitivityRow(
                visit=visit.label,
                visit_number=visit.number,
                arm=arm,
                analysis=analysis.label,
                in_force=analysis.in_force,
                crosses=p is not None and decided is not None and (p < alpha) != (decided < alpha),
                **cell,
            )


def _notes(
    records: Records,
    covariates: tuple[str, ...],
    strip: tuple[_Analysis, ...],
    results: list[_Result],
) -> Iterator[str]:
    """How each analysis was done; what is said of several is said once."""
    if covariates:
        yield (
            "Student, Welch, Mann-Whitney and permutation take no covariates: they compare the "
            f"arms without {', '.join(covariates)}."
        )
    if any("weights" in one.label for one in strip):
        yield (
            "Weights of class levels change LS means, not their differences: the model has no "
            "interaction of arm and covariate."
        )
    yield (
        "MMRM takes all visits on the time axis, whatever visits are shown; ANCOVA pairwise takes "
        f"{records.people.reference.label} and one arm at a time."
    )
    said: dict[str, list[str]] = {}
    for analysis, result in zip(strip, results, strict=True):
        for text in (f"{result.said}." if result.said else "", *result.notes):
            said.setdefault(text, []).append(analysis.label)
    for text, labels in said.items():
        if text:
            yield f"{'; '.join(labels)}: {text}"
