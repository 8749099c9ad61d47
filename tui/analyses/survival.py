"""Times to an event: curves, their medians and restricted means, log-rank tests, hazard ratios."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tui.analyses import recompute_survival
from tui.analyses import survival_figures as figures
from tui.analyses.adjust import NAMES, NONE, of_p
from tui.analyses.answer import Answer, MethodStatement, Question
from tui.analyses.context import arm_headers, header, lone_arm
from tui.queries import covariates, time_to_event
from tui.queries.time_to_event import Times
from tui.stats.survival import KaplanMeier, kaplan_meier
from tui.stats.survival.risk_sets import tied
from tui.study.model import Study


def answer(study: Study, question: Question) -> Answer:
    """The curves of the arms, and each arm against the reference."""
    found = time_to_event.build(study, question.selection)
    data = _arrays(found)
    adjust = found.selection.adjust or NONE
    curves = kaplan_meier(data.time, data.event, data.arm, len(data.arms), data.alpha)
    contrasts = [
        figures.contrast_of(data, arm) for arm in range(len(data.arms)) if arm != data.reference
    ]
    raw = np.array([one.test.p for one in contrasts])
    adjusted = of_p(adjust, raw)
    rows = (
        *figures.arm_rows(data, curves),
        *figures.landmark_rows(data, curves),
        *figures.overall_rows(data),
        *figures.contrast_rows(
            data, curves, contrasts, raw * np.nan if adjusted is None else adjusted
        ),
        *figures.curve_rows(data, curves),
    )
    return Answer(
        question=question,
        study=header(study),
        title=f"{found.title} by arm",
        selection=found.selection.changed(alpha=data.alpha, adjust=adjust),
        arms=arm_headers(found.people),
        rows=rows,
        funnel=found.funnel,
        method=_statement(found, data, NONE if adjusted is None else adjust),
        notes=(
            *found.notes,
            *lone_arm(found.people),
            *_notes(found, data, curves),
            *_notes_on_models(data, contrasts),
            *([_REFUSED.format(adjust)] if adjusted is None and adjust != NONE else []),
        ),
        unit=found.unit,
        decimals=found.decimals,
        code=_program(study, found, data, contrasts),
    )


_REFUSED = (
    "p values are not adjusted: {} needs the joint distribution of a model's differences, which "
    "log-rank tests do not have; bonferroni, holm and hochberg need none."
)


def _program(
    study: Study, found: Times, data: figures.Subjects, contrasts: list[figures.Contrast]
) -> str:
    """The program that recomputes it; it does not know of times that differ by rounding only."""
    if not np.array_equal(tied(data.time), data.time):
        return ""
    tested: list[str | None] = [
        data.arms[one.arm] for one in contrasts if not one.test.not_estimable
    ]
    if len(data.arms) > 2 and tested:
        tested.append(None)
    fitted = [
        data.arms[one.arm]
        for one in contrasts
        if not (one.model.not_estimable or one.model.endless or one.model.aliased)
    ]
    return recompute_survival.program(study, found, data.covariates, tested, fitted)


def _arrays(found: Times) -> figures.Subjects:
    chosen, frame = found.selection, found.frame
    return figures.Subjects(
        time=frame["time"].to_numpy().astype(np.float64),
        event=frame["event"].to_numpy(),
        arm=frame["arm"].to_numpy().astype(np.int64),
        arms=tuple(arm.label for arm in found.people.arms),
        reference=found.people.arms.index(found.people.reference),
        stratum=covariates.strata(frame, found.people, chosen.strata).to_numpy().astype(np.int64),
        covariates=covariates.of_records(frame, found.people, chosen.covariates),
        alpha=chosen.level,
    )


def _notes(found: Times, data: figures.Subjects, curves: KaplanMeier) -> Iterator[str]:
    """What was chosen: times, the end of the restricted mean, strata; who is not there."""
    missing = sum(found.people.totals) - len(data.time)
    if missing:
        yield f"Without a time, and not counted: {missing} of the subjects in force."
    if not len(data.time):
        return
    last = f"{curves.longest:g} {found.unit}".strip()
    yield (
        f"S(t) is shown at round times up to the last one, {last}; csv and json have every step."
    )
    early = [
        f"{label} ({curves.last[arm]:g})"
        for arm, label in enumerate(data.arms)
        if curves.last[arm] < curves.longest and curves.survival[arm, -1] > 0
    ]
    if early:
        yield (
            f"The restricted mean goes to {last} in every arm, as R's does; an arm that was not "
            f"followed so long keeps its last S(t) to there: {', '.join(early)}."
        )
    for name in found.selection.strata or ():
        unknown = covariates.column(found.frame, found.people, name).null_count()
        if unknown:
            yield f"Without {name.upper()}, and a stratum of their own: {unknown}."


def _notes_on_models(data: figures.Subjects, contrasts: list[figures.Contrast]) -> Iterator[str]:
    """How the Cox models were fitted, and whom and what they leave out."""
    names = dict(
        [(f"covariate {place}", name) for place, name in enumerate(data.covariates.numeric.columns)]
        + [(f"factor {place}", name) for place, name in enumerate(data.covariates.classes.columns)]
    )
    done = [one.model.steps for one in contrasts if not one.model.not_estimable]
    if done:
        yield f"Cox: Newton-Raphson converged in {max(done)} steps at most."
    for one in contrasts:
        label = data.arms[one.arm]
        there = int(np.isin(data.arm, [one.arm, data.reference]).sum())
        if there > one.model.subjects:
            yield (
                f"Cox, {label}: {there - one.model.subjects} of {there} left out for want of a "
                "covariate; the log-rank test has them."
            )
        for term in one.model.endless:
            yield f"Cox, {label}: the coefficient of {names[term]} is infinite; the arm's is not."
        for term in one.model.aliased:
            yield f"Cox, {label}: {names[term]} adds nothing to the other terms and strata."


def _statement(found: Times, data: figures.Subjects, adjust: str) -> MethodStatement:
    chosen = found.selection
    strata = (
        f"; tests and models within strata of {', '.join(chosen.strata)}, curves of all"
        if chosen.strata
        else ""
    )
    terms = " + ".join(["arm", *data.covariates.names])
    return MethodStatement(
        id="survival",
        name="Kaplan-Meier curves, log-rank test, Cox's model",
        formula=f"(AVAL, event if CNSR = 0) ~ {terms}; each arm with the reference alone{strata}",
        variance="S(t): Greenwood, limits on the scale of log(-log S(t)), inverted for the times; "
        "log-rank: hypergeometric; Cox: observed information, ties by Efron, Wald limits and p; "
        "restricted mean: area under S(t), normal limits",
        statistic="chi-square",
        multiplicity=NAMES[adjust]
        if adjust == NONE
        else f"{NAMES[adjust]}, of the log-rank p; that of the hazard ratio is not adjusted",
        settings=f"two-sided alpha {data.alpha:g}, {100 * (1 - data.alpha):g} % intervals",
        source="Kaplan and Meier 1958; Brookmeyer and Crowley 1982; Mantel 1966; Cox 1972; Efron "
        "1977; R survival (survfit, survdiff, coxph); SAS PROC LIFETEST, PHREG",
    )
