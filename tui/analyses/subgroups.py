"""The difference from the reference in each level of a subject-level variable, at a visit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from tui.analyses import methods, recompute_subgroups
from tui.analyses.answer import Answer, MethodStatement, Question
from tui.analyses.arrays import method_data
from tui.analyses.context import baseline_visits, difference_fields, lone_arm, number, of_records
from tui.analyses.last_visit import Build, records_shown
from tui.analyses.methods.method import Data, named, settings
from tui.analyses.rows.subgroups import SubgroupRow
from tui.analyses.rows.visits import NO_CHANGE_AT_BASELINE
from tui.queries import covariates
from tui.queries.records import Records
from tui.queries.subgroup import Subgroup, choose
from tui.stats.ancova import fit
from tui.stats.arrays import Floats, Ints
from tui.stats.contrast import Contrast
from tui.stats.subgroups import Subgroups, subgroups
from tui.study.model import Study


def answer(study: Study, question: Question, build: Build) -> Answer:
    """All subjects and each level, at each visit, arm by arm."""
    records, notes = records_shown(build, question.selection)
    alpha = records.selection.level
    chosen = choose(records.people, question.selection.subgroup)
    data = method_data(records, alpha)
    code = _codes(records, chosen)
    later = ~np.isin(data.visit, list(baseline_visits(records)))
    compared = [
        _at(data, np.flatnonzero((data.visit == visit) & later), code, len(chosen.levels), visit)
        for visit in range(len(data.visits))
    ]
    rows = [row for one in compared for row in _rows(records, data, chosen, one)]
    return of_records(
        study,
        question,
        records,
        f": difference from {records.people.reference.label} by {chosen.name}",
        rows,
        selection=records.selection.changed(alpha=alpha, subgroup=chosen.name, method="ancova"),
        method=_statement(data, chosen.name),
        notes=(
            *notes,
            *chosen.notes,
            *lone_arm(records.people),
            *_notes(question, records, data, code, compared, chosen.name),
        ),
        code=recompute_subgroups.program(study, records, data, chosen),
    )


@dataclass(frozen=True)
class _Visit:
    """The comparisons at one visit: in all subjects, and in each level."""

    visit: int
    n: Ints
    all: Contrast
    reason: str
    levels: Subgroups


def _codes(records: Records, chosen: Subgroup) -> Ints:
    """The position of each record's level; -1 where the subject has none."""
    column = covariates.column(records.frame, records.people, chosen.name)
    places = {text: place for place, text in enumerate(chosen.levels)}
    codes = chosen.texts(column).replace_strict(places, default=-1, return_dtype=pl.Int64)
    found: Ints = codes.to_numpy().astype(np.int64)
    return found


def _at(data: Data, rows: Ints, code: Ints, levels: int, visit: int) -> _Visit:
    y, arm = data.response[rows], data.arm[rows]
    numeric: Floats = np.column_stack([data.base[rows], data.numeric[rows]])
    factors = [factor[rows] for factor in data.factors]
    whole = fit(y, arm, len(data.arms), numeric, factors, data.alpha)
    return _Visit(
        visit=visit,
        n=whole.n,
        all=whole.differences(data.reference),
        reason=whole.not_estimable or "",
        levels=subgroups(
            y, arm, len(data.arms), data.reference, code[rows], levels,
            numeric, factors, data.alpha,
        ),
    )  # fmt: skip


def _rows(records: Records, data: Data, chosen: Subgroup, at: _Visit) -> Iterator[SubgroupRow]:
    """For each arm all subjects, then the levels."""
    is_baseline = at.visit in baseline_visits(records)
    unusable = methods.find("ancova").unusable(data) or ""
    for arm in range(len(data.arms)):
        if arm == data.reference:
            continue
        parts: list[tuple[str | None, Ints, Contrast, str]] = [(None, at.n, at.all[arm], at.reason)]
        parts += [
            (level, at.levels.n[place], at.levels.differences[place, arm], str(reason))
            for place, (level, reason) in enumerate(
                zip(chosen.levels, at.levels.not_estimable, strict=True)
            )
        ]
        for level, n, difference, reason in parts:
            why = NO_CHANGE_AT_BASELINE if is_baseline else unusable
            why = why or _reason(n, arm, reason, data)
            yield SubgroupRow(
                visit=records.visits[at.visit].label,
                visit_number=records.visits[at.visit].number,
                subgroup=chosen.name,
                level=level,
                arm=data.arms[arm],
                n=int(n[arm]),
                n_reference=int(n[data.reference]),
                **difference_fields(difference),
                interaction_p=number(at.levels.interaction_by_arm[arm].p),
                interaction_all_p=number(at.levels.interaction.p),
                not_estimable=None if np.isfinite(difference.p) else why,
            )


def _reason(n: Ints, arm: int, reason: str, data: Data) -> str:
    """Why an arm has no test in a level, or among all."""
    for place, whose in ((arm, "the arm"), (data.reference, "the reference arm")):
        if not n[place]:
            return f"no complete rows in {whose}"
    return named(reason, data) or "the difference is not estimable"


def _statement(data: Data, name: str) -> MethodStatement:
    terms = " + ".join(("BASE", *data.covariates))
    return MethodStatement(
        id="ancova",
        name="ANCOVA within each level",
        formula=f"{data.response_name} ~ arm + {terms} in each level of {name}; "
        f"interaction: {data.response_name} ~ arm * {name} + {terms}, one test an arm",
        variance="one residual variance a level, pooled over the arms shown; for the interaction "
        "one over all levels",
        df="n - p of the level",
        multiplicity="none: levels are explored, and the interaction tells whether they differ",
        settings=settings(data),
        source="SAS PROC GLM by level; Wang et al. 2007, N Engl J Med 357:2189",
    )


def _notes(
    question: Question, records: Records, data: Data, code: Ints, compared: list[_Visit], name: str
) -> Iterator[str]:
    """What the rows do not show."""
    method = methods.find(question.selection.method)
    if method.id != "ancova":
        yield f"Levels are compared by ANCOVA; {method.label} stays for the other answers."
    for one in compared:
        label, test = records.visits[one.visit].label, one.levels.interaction
        if not np.isfinite(test.p):
            why = named(test.not_estimable or "not estimable", data)
            yield f"{label}: there is no test of the interaction of arm and {name}: {why}."
    lost = len(np.unique(data.subject[code < 0]))
    if lost:
        verb = "has" if lost == 1 else "have"
        yield f"{lost} subject{'s' * (lost > 1)} {verb} no {name}: in all subjects, in no level."
