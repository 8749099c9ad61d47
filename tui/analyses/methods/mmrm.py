"""MMRM: all visits in one model, with a covariance within subjects."""

from __future__ import annotations

import re

import numpy as np

from tui.analyses.answer import MethodStatement
from tui.analyses.methods.ancova import WEIGHTS
from tui.analyses.methods.method import Comparison, Data, Method, Spread, named, settings
from tui.errors import SelectionError, one_of
from tui.stats.mmrm.model import fit
from tui.stats.mmrm.result import Mmrm
from tui.stats.mmrm.structures import STRUCTURES

DF = {"kenward-roger": "Kenward-Roger", "satterthwaite": "Satterthwaite"}
"""The degrees of freedom in words. Kenward-Roger is defined for REML only."""


def fit_model(data: Data) -> Mmrm:
    """The model of the records after baseline."""
    structure = data.options.covariance
    if structure not in STRUCTURES:
        raise SelectionError(
            f"There is no covariance {structure!r}: there is {one_of(list(STRUCTURES))}."
        )
    return fit(
        np.where(data.baseline, np.nan, data.response),
        data.subject,
        data.visit,
        data.arm,
        len(data.visits),
        len(data.arms),
        base=data.base,
        numeric=data.numeric,
        factors=data.factors,
        structure=structure,
        method=data.options.likelihood,
        df=data.options.df,
        alpha=data.alpha,
        observed_margins=data.options.weights == "observed",
    )


def statement(data: Data) -> MethodStatement:
    """What has to stand beside the figures of the model."""
    options = data.options
    terms = " + ".join(("arm * visit", "BASE * visit", *data.covariates))
    structure = STRUCTURES.get(options.covariance)
    return MethodStatement(
        id="mmrm",
        name="MMRM",
        formula=f"{data.response_name} ~ {terms}",
        weights=f"LS means: {WEIGHTS[options.weights]}, covariates at their mean",
        variance=f"{structure.label if structure else options.covariance} within subjects, "
        f"{options.likelihood.upper()}",
        df=DF[options.df if options.likelihood == "reml" else "satterthwaite"],
        settings=settings(data),
        source="SAS PROC MIXED, REPEATED; Kenward and Roger 1997, Biometrics 53:983",
    )


def _compare(data: Data) -> Comparison:
    model = fit_model(data)
    difference, means = model.differences(data.reference), model.lsmeans()
    reason = why(model, data)
    missing = np.isnan(difference.p)
    missing[:, data.reference] = False
    notes = [model.df_note, model.dropped and f"Left out of the model: {model.dropped}"]
    return Comparison(
        difference=difference,
        reasons=np.where(missing, reason or "no records at this visit", ""),
        lsmean=means.estimate,
        lsmean_se=means.se,
        lsmean_lower=means.lower,
        lsmean_upper=means.upper,
        correlation=model.difference_correlation(data.reference),
        spread=_spread(model),
        notes=tuple(f"{in_words(note, data)}." for note in notes if note),
    )


def in_words(text: str, data: Data) -> str:
    """A reason of the model in the user's names; the baseline is no numbered covariate there."""
    return named(re.sub(r"\bbase\b", "BASE", text), data, first=())


def why(model: Mmrm, data: Data) -> str:
    """Why figures are missing; that the baseline visit has no change is no reason."""
    later = set(data.visit[~data.baseline].tolist())
    expected = {f"visit {one} has no rows" for one in range(len(data.visits)) if one not in later}
    parts = (model.not_estimable or "").split("; ")
    reason = in_words("; ".join(part for part in parts if part not in expected), data)
    if "covariance" not in reason:
        return reason
    others = one_of([name for name in STRUCTURES if name != data.options.covariance])
    return f"{reason}; another one may: covariance={others}"


def _spread(model: Mmrm) -> Spread:
    """A visit by itself, with a slope of its own for the baseline."""
    sd = np.sqrt(np.diagonal(model.covariance))[:, None]
    return Spread(
        n=model.n,
        sd=np.repeat(sd, model.n.shape[1], axis=1),
        name="the SD of the MMRM at the visit, as if it were the only one",
        covariates=np.ones((len(model.n), 1), np.int64),
    )


def _unusable(data: Data) -> str | None:
    return None if data.has_base else "the dataset has no baseline (BASE)"


METHOD = Method(
    id="mmrm",
    label="MMRM",
    meaning="LS means from one model of all visits, correlated within subjects",
    statement=statement,
    compare=_compare,
    recompute="",
    unusable=_unusable,
)
