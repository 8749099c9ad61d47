"""Every test that is not of one arm against the reference, visit by visit."""

from __future__ import annotations

from tui.analyses import recompute_tests, responders
from tui.analyses.adjust import NONE
from tui.analyses.answer import Answer, MethodStatement, Question
from tui.analyses.arrays import method_data
from tui.analyses.context import after_baseline, of_records
from tui.analyses.hypotheses import dose, overall, within
from tui.analyses.hypotheses import responders as of_responders
from tui.analyses.hypotheses.trial import Trial
from tui.analyses.methods.ancova import WEIGHTS
from tui.analyses.methods.method import settings
from tui.queries.records import Records
from tui.study.model import Study


def answer(study: Study, question: Question, records: Records) -> Answer:
    """Tests within arms, over all arms, of dose-response and, where one is set, of responders."""
    alpha = records.selection.level
    trial = Trial(records, method_data(records, alpha), after_baseline(records))
    selection = records.selection.changed(alpha=alpha)
    rows = [*within.rows(trial), *overall.rows(trial), *dose.rows(trial)]
    notes = [*dose.notes(trial)]
    found = None
    if records.selection.responder:
        found = responders.count(records)
        rows += of_responders.rows(trial, found)
        notes += found.notes
        selection = selection.changed(responder=str(found.rule), missing=found.missing_is)
    if (records.selection.adjust or NONE) != NONE:
        notes.append(
            f"adjust={records.selection.adjust} does not apply here: it is for comparisons with "
            "the reference."
        )
    what = "change from baseline" if trial.response == "change" else "value"
    return of_records(
        study,
        question,
        records,
        f": tests of the {what} by visit",
        rows,
        selection=selection,
        method=_statement(trial, found),
        notes=notes,
        code=_program(study, trial, found),
    )


def _program(study: Study, trial: Trial, found: responders.Responders | None) -> str:
    """The program that recomputes the rows."""
    after = [trial.records.visits[place].number for place in trial.visits]
    rule = (found.rule, found.missing_is) if found else None
    scores = dose.scores(trial)
    return recompute_tests.program(study, trial.records, trial.data, after, scores, rule)


def _statement(trial: Trial, found: responders.Responders | None) -> MethodStatement:
    data = trial.data
    terms = " + ".join(("BASE", *data.covariates))
    strata = f"strata {', '.join(data.strata_names)}" if data.strata_names else "one stratum"
    variance = [
        "signed rank: exact for fewer than 50 changes without ties and zeros, else normal given "
        "the ties, with continuity correction",
        "ANCOVA and contrasts: one residual variance over the arms shown",
        "Jonckheere-Terpstra: given the ties, without continuity correction",
        "Williams: one variance over the arms, exact for their sizes, one-sided, step-down p",
    ]
    if found:
        variance.append(f"CMH: {strata}, table scores, arms in the order shown")
    return MethodStatement(
        id="tests",
        name="Tests within arms, over all arms and of dose-response"
        + (f"; of responders, {found.rule}" if found else ""),
        formula=f"{data.response_name} ~ arm + {terms}; regression: {data.response_name} ~ dose + "
        f"{terms}; linear contrast: slope of the LS means per unit of dose or rank",
        weights=f"LS means: {WEIGHTS[data.options.weights]}, covariates at their mean",
        variance="; ".join(variance),
        df="paired t: n - 1; F tests: numerator, residual; slopes: n - p",
        statistic="t, V (sum of positive ranks), F, chi-square or z, by the test",
        multiplicity="none: each p stands by itself",
        settings=settings(data),
        source="SAS PROC TTEST, UNIVARIATE, GLM, NPAR1WAY, FREQ; R wilcox.test; Williams 1972, "
        "Biometrics 28:519",
    )
