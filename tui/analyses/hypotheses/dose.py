"""Dose-response: does the response rise or fall with the dose, or with its rank?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tui.analyses.hypotheses.trial import Trial
from tui.analyses.methods.ancova import fit_rows
from tui.analyses.methods.method import named
from tui.analyses.rows.hypothesis_tests import TestRow
from tui.stats.anova import linear_contrast, means_covariance, one_way
from tui.stats.arrays import Floats
from tui.stats.dose_trend import jonckheere_terpstra
from tui.stats.terms import dose_slope
from tui.stats.ties import tabulate
from tui.stats.williams import williams

SECTION = "dose-response"


def scores(trial: Trial) -> dict[str, Floats]:
    """The scores of the arms: the dose, where each has a numeric code, and its rank."""
    codes = [arm.code for arm in trial.records.arms]
    rank = np.arange(1.0, len(codes) + 1)
    if any(code is None for code in codes):
        return {"rank": rank}
    return {"dose": np.array(codes, dtype=np.float64), "rank": rank}


def notes(trial: Trial) -> Iterator[str]:
    """What the scores are, and what the tests take for the control."""
    arms, found = trial.records.arms, scores(trial)
    ranks = ", ".join(
        f"{arm.label} {rank:g}" for arm, rank in zip(arms, found["rank"], strict=True)
    )
    if "dose" in found:
        doses = ", ".join(f"{arm.label} {arm.code:g}" for arm in arms)
        yield f"Dose is the numeric code of the arm: {doses}; rank is {ranks}."
    else:
        yield (
            "The arms have no numeric codes (TRT01PN), so dose-response goes by the rank of the "
            f"arm alone: {ranks}."
        )
    if len(arms) > 1 and trial.records.people.reference != arms[0]:
        yield (
            f"Williams' test compares with the lowest dose, {arms[0].label}, and not with the "
            f"reference, {trial.records.people.reference.label}."
        )


def rows(trial: Trial) -> Iterator[TestRow]:
    """Linear contrasts, regressions, Jonckheere-Terpstra; then Williams both ways, dose by dose."""
    data = trial.data
    ties = tabulate(data.response, data.arm, len(data.arms), data.visit, len(data.visits))
    trend = jonckheere_terpstra(ties)
    for visit in trial.visits:
        yield from _slopes(trial, visit)
        yield trial.row(
            SECTION,
            visit,
            "Jonckheere-Terpstra",
            ties.n[visit].sum(),
            statistic=trend.z[visit],
            p=trend.p[visit],
            reason=trend.not_estimable[visit],
        )
    for rising in (True, False):
        for visit in trial.visits:
            yield from _williams(trial, visit, rising)


def _slopes(trial: Trial, visit: int) -> Iterator[TestRow]:
    """The slope of the LS means, and that of a model in which the arm is a number."""
    data, rows_at = trial.data, trial.at(visit)
    model = fit_rows(data, rows_at)
    for name, score in scores(trial).items():
        there = score[model.n > 0]
        reason = trial.unusable() or (
            "only one arm has subjects"
            if len(there) == 1
            else "the arms have one dose"
            if len(there) and np.ptp(there) == 0
            else named(model.not_estimable or "", data)
        )
        contrast = linear_contrast(model.lsmean, model.covariance, model.df, score, data.alpha)
        slope = dose_slope(
            data.response[rows_at],
            data.arm[rows_at],
            score,
            trial.numeric(rows_at),
            trial.factors(rows_at),
            data.alpha,
        )
        for test, found in (("Contrast", contrast), ("Regression", slope)):
            label, n = f"{test}, {name}", model.n.sum()
            yield trial.row(SECTION, visit, label, n, reason=reason, contrast=found)


def _williams(trial: Trial, visit: int, rising: bool) -> Iterator[TestRow]:
    """Each dose against the lowest, one-sided; an arm without subjects stays out."""
    arms = len(trial.data.arms)
    cells = slice(visit * arms, (visit + 1) * arms)
    n, mean, sd = (part[cells] for part in trial.moments(trial.response))
    there = np.flatnonzero(n > 0)
    name = f"Williams, {'rising' if rising else 'falling'}"
    reason = str(one_way(n, mean, sd).not_estimable)
    if not n[0]:
        reason = f"{trial.data.arms[0]} has no subjects"
    figures = np.full((3, arms), np.nan)
    if not reason:
        found = williams(n[there], mean[there], sd[there], rising)
        figures[:, there] = found.isotonic - mean[0], found.statistic, found.p_step_down
    _, df = means_covariance(n, sd)
    for arm in range(1, arms):
        estimate, statistic, p = figures[:, arm]
        yield trial.row(
            SECTION,
            visit,
            name,
            n[arm],
            arm=arm,
            estimate=estimate,
            statistic=statistic,
            df=df if not reason else np.nan,
            p=p,
            reason=reason or "no subjects",
        )
