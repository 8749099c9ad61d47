"""The MMRM itself: how it was fitted, its covariance, and its fixed effects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from itertools import product
from typing import Any, cast

import numpy as np

from tui.analyses.answer import Answer, Question
from tui.analyses.arrays import method_data
from tui.analyses.comparison import program
from tui.analyses.context import after_baseline, number, of_records
from tui.analyses.methods.method import Data
from tui.analyses.methods.mmrm import DF, METHOD, fit_model, in_words, statement, why
from tui.analyses.rows.mmrm import MmrmRow
from tui.queries import covariates
from tui.queries.records import Records
from tui.stats.arrays import Floats
from tui.stats.contrast import Contrast
from tui.stats.mmrm.inference import FTest
from tui.stats.mmrm.result import Mmrm
from tui.study.model import Study

_FIGURES = ("se", "df", "lower", "upper", "statistic", "p")


def answer(study: Study, question: Question, records: Records) -> Answer:
    """The fit, the covariance and its correlations, LS means over the visits, fixed effects."""
    alpha = records.selection.level
    data = method_data(records, alpha)
    model = fit_model(data)
    reason = METHOD.unusable(data) or why(model, data)
    notes = [model.df_note, model.dropped and f"Left out of the model: {model.dropped}"]
    return of_records(
        study,
        question,
        records,
        ": the MMRM as it was fitted",
        (
            *_fit(model, data, reason),
            *_matrix("covariance", model.covariance, records, reason),
            *_matrix("correlation", model.correlation, records, reason),
            *_average(model, data, reason),
            *_effects(model, data, records, reason),
        ),
        selection=records.selection.changed(alpha=alpha, method="mmrm", **asdict(data.options)),
        method=statement(data),
        notes=(f"{in_words(note, data)}." for note in notes if note),
        code=program(study, records, METHOD, data),
    )


def _fit(model: Mmrm, data: Data, reason: str) -> Iterator[MmrmRow]:
    """What was fitted and how the search ended, one figure a row."""
    cause = reason or None

    def figure(name: str, value: float) -> MmrmRow:
        known = number(value)
        return MmrmRow("fit", name, value=known, not_estimable=None if known is not None else cause)

    convergence = model.convergence
    if reason:
        yield MmrmRow("fit", "Not estimable", text=reason, not_estimable=reason)
    yield MmrmRow("fit", "Structure", text=model.structure.label)
    yield MmrmRow("fit", "Likelihood", text=model.method.upper())
    yield figure("-2 log likelihood", model.neg2_log_likelihood)
    yield figure("AIC", model.aic)
    yield figure("BIC", model.bic)
    yield figure("Subjects", model.subjects)
    yield figure("Observations", model.observations)
    yield figure("Covariance parameters", model.parameters)
    yield MmrmRow(
        "fit",
        "Convergence",
        text="converged" if convergence.converged else "not converged",
        not_estimable=None if convergence.converged else cause,
    )
    yield MmrmRow("fit", "Search", text=convergence.method)
    yield figure("Iterations", convergence.iterations)
    yield figure("Largest gradient", convergence.gradient)
    note = in_words(model.df_note, data) if model.df_note else ""
    yield MmrmRow("fit", "Degrees of freedom", text=DF[model.df_method] + (note and f"; {note}"))
    yield _interaction(model.interaction(), cause)


def _interaction(test: FTest, cause: str | None) -> MmrmRow:
    """The type 3 test of arm by visit; with one visit or one arm there is none."""
    known = number(test.p) is not None
    return MmrmRow(
        "fit",
        "Interaction arm * visit",
        text=f"F with {test.df} and {test.df_residual:.1f} df" if known else "",
        df=number(test.df_residual),
        statistic=number(test.statistic),
        p=number(test.p),
        not_estimable=None if known else cause or "there are not two arms at two visits",
    )


def _matrix(section: str, matrix: Floats, records: Records, reason: str) -> Iterator[MmrmRow]:
    """Visit by visit, those after baseline."""
    for row, column in product(after_baseline(records), repeat=2):
        value = number(matrix[row, column])
        yield MmrmRow(
            section,
            records.visits[row].label,
            records.visits[column].label,
            value=value,
            not_estimable=None if value is not None else reason or "no rows at this visit",
        )


def _average(model: Mmrm, data: Data, reason: str) -> Iterator[MmrmRow]:
    """LS means over the visits, of equal weight, then their differences from the reference."""
    means, differences = model.average_lsmeans(), model.average_differences(data.reference)
    for arm, label in enumerate(data.arms):
        yield _row("average", label, None, means[arm], reason)
    for arm, label in enumerate(data.arms):
        if arm != data.reference:
            yield _row("average", label, data.arms[data.reference], differences[arm], reason)


def _effects(model: Mmrm, data: Data, records: Records, reason: str) -> Iterator[MmrmRow]:
    """The coefficients: an intercept for each arm at each visit, slopes about the mean."""
    effects = model.fixed_effects()
    for place, name in enumerate(model.names):
        yield _row("effect", _name(name, data, records), None, effects[place], reason)


def _name(name: str, data: Data, records: Records) -> str:
    """An effect in the user's names: a level of a factor is the text it stands for."""
    found = re.fullmatch(r"factor (\d+) level (\d+)(.*)", name)
    if not found:
        return in_words(name, data)
    factor = data.covariates[data.numeric.shape[1] + int(found[1])]
    level = covariates.level_names(records.frame, records.people, factor)[int(found[2])]
    return f"{factor} {level}{in_words(found[3], data)}"


def _row(section: str, name: str, column: str | None, contrast: Contrast, reason: str) -> MmrmRow:
    known = bool(np.isfinite(contrast.p))
    figures: dict[str, Any] = {name: number(getattr(contrast, name)) for name in _FIGURES}
    return MmrmRow(
        section,
        name,
        column,
        value=number(cast(float, contrast.estimate)),
        **figures,
        not_estimable=None if known else reason or "not estimable by this model",
    )
