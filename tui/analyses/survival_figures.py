"""The figures of a time-to-event analysis, row by row: arms, landmarks, tests, curves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from tui.analyses.context import number
from tui.analyses.rows.survival import SurvivalRow
from tui.queries.covariates import Covariates
from tui.stats.arrays import Bools, Floats, Ints
from tui.stats.cmh import Cmh
from tui.stats.survival import HazardRatio, KaplanMeier, hazard_ratio, log_rank

QUARTILES = {"q1": 0.25, "median": 0.5, "q3": 0.75}

MOST_LANDMARKS = 6


@dataclass(frozen=True)
class Subjects:
    """The times as arrays with an entry a subject, and the arms by position."""

    time: Floats
    event: Bools
    arm: Ints
    arms: tuple[str, ...]
    reference: int
    stratum: Ints
    covariates: Covariates
    alpha: float


@dataclass(frozen=True)
class Contrast:
    """An arm against the reference: their log-rank test and Cox model."""

    arm: int
    test: Cmh
    model: HazardRatio


def landmarks(last: float) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten up to the last time, at most six.

    >>> landmarks(198)
    [50.0, 100.0, 150.0]
    """
    if not last > 0:
        return []
    power = math.floor(math.log10(last)) - 1
    steps = (mantissa * 10.0**e for e in (power, power + 1) for mantissa in (1, 2, 5))
    step = next(step for step in steps if last / step <= MOST_LANDMARKS)
    return [round(step * place, 12) for place in range(1, math.floor(last / step) + 1)]


def contrast_of(data: Subjects, arm: int) -> Contrast:
    """Of the subjects of the two arms alone."""
    rows = (data.arm == arm) | (data.arm == data.reference)
    time, event, stratum = data.time[rows], data.event[rows], data.stratum[rows]
    columns = data.covariates.numeric
    numeric = columns.to_numpy().astype(np.float64).reshape(len(data.time), columns.width)
    classes = [one.to_numpy()[rows] for one in data.covariates.classes]
    return Contrast(
        arm,
        log_rank(time, event, data.arm[rows], len(data.arms), stratum),
        hazard_ratio(
            time,
            event,
            data.arm[rows] == arm,
            numeric[rows],
            classes,
            stratum,
            data.alpha,
        ),
    )


def arm_rows(data: Subjects, curves: KaplanMeier) -> Iterator[SurvivalRow]:
    """Counts, quartiles of the time and the restricted mean of each arm."""
    quantiles, means = curves.quantiles(list(QUARTILES.values())), curves.restricted_mean()
    events, censored = curves.events.sum(axis=1), curves.censored.sum(axis=1)
    for arm, label in enumerate(data.arms):
        times: dict[str, Any] = {
            name + end: number(getattr(quantiles, limit)[arm, place])
            for place, name in enumerate(QUARTILES)
            for end, limit in (("", "estimate"), ("_lower", "lower"), ("_upper", "upper"))
        }
        yield SurvivalRow(
            section="arm",
            arm=label,
            is_reference=arm == data.reference,
            n=int(events[arm] + censored[arm]),
            events=int(events[arm]),
            censored=int(censored[arm]),
            **times,
            restricted_to=number(curves.longest),
            restricted_mean=number(means.estimate[arm]),
            restricted_mean_se=number(means.se[arm]),
            restricted_mean_lower=number(means.lower[arm]),
            restricted_mean_upper=number(means.upper[arm]),
            not_estimable=_not_reached(times, bool(np.isnan(curves.last[arm]))),
        )


def _not_reached(times: dict[str, Any], empty: bool) -> str | None:
    if empty:
        return "no subject has a time"
    parts = [f"{100 * part:g} %" for name, part in QUARTILES.items() if times[name] is None]
    if not parts:
        return None
    return f"the curve ends before {' and '.join(parts)} have had the event"


def landmark_rows(data: Subjects, curves: KaplanMeier) -> Iterator[SurvivalRow]:
    """S(t) of each arm at round times."""
    times = landmarks(curves.longest)
    at_risk, found = curves.at(times)
    for place, time in enumerate(times):
        for arm, label in enumerate(data.arms):
            survival = number(found.estimate[arm, place])
            yield SurvivalRow(
                section="landmark",
                arm=label,
                is_reference=arm == data.reference,
                time=time,
                at_risk=int(at_risk[arm, place]),
                survival=survival,
                survival_se=number(found.se[arm, place]),
                survival_lower=number(found.lower[arm, place]),
                survival_upper=number(found.upper[arm, place]),
                not_estimable=_no_survival(survival, curves.last[arm]),
            )


def _no_survival(survival: float | None, last: float) -> str | None:
    """Why there is no S(t), or no limits of it."""
    if survival is None:
        return "no subject has a time" if math.isnan(last) else "beyond the last time of the arm"
    return {1.0: "no limits of S(t) before the first event", 0.0: "no limits where S(t) is 0"}.get(
        survival
    )


def curve_rows(data: Subjects, curves: KaplanMeier) -> Iterator[SurvivalRow]:
    """S(t) of each arm at the times that subjects of it have."""
    for arm, label in enumerate(data.arms):
        for place in np.flatnonzero(curves.events[arm] + curves.censored[arm]):
            cell = arm, place
            yield SurvivalRow(
                section="curve",
                arm=label,
                is_reference=arm == data.reference,
                events=int(curves.events[cell]),
                censored=int(curves.censored[cell]),
                time=float(curves.time[place]),
                at_risk=int(curves.at_risk[cell]),
                survival=number(curves.survival[cell]),
                survival_se=number(curves.se[cell]),
                survival_lower=number(curves.lower[cell]),
                survival_upper=number(curves.upper[cell]),
            )


def overall_rows(data: Subjects) -> Iterator[SurvivalRow]:
    """The log-rank test over all arms; with two it is that of their contrast."""
    if len(data.arms) > 2:
        test = log_rank(data.time, data.event, data.arm, len(data.arms), data.stratum)
        yield SurvivalRow(
            section="overall",
            arm=None,
            n=len(data.time),
            log_rank=number(test.statistic),
            log_rank_df=test.df,
            log_rank_p=number(test.p),
            not_estimable=test.not_estimable,
        )


def contrast_rows(
    data: Subjects, curves: KaplanMeier, contrasts: list[Contrast], adjusted: Floats
) -> Iterator[SurvivalRow]:
    """Each arm against the reference, with its adjusted p."""
    means = curves.restricted_mean()
    margin = float(ndtri(1 - data.alpha / 2))
    for one, p_adjusted in zip(contrasts, adjusted, strict=True):
        pair = [one.arm, data.reference]
        difference = float(means.estimate[pair] @ [1, -1])
        se = float(np.hypot(*means.se[pair])) or math.nan
        model, test = one.model, one.test
        reasons = dict.fromkeys(filter(None, [test.not_estimable, model.not_estimable]))
        yield SurvivalRow(
            section="contrast",
            arm=data.arms[one.arm],
            n=model.subjects,
            difference=number(difference),
            difference_se=number(se),
            difference_lower=number(difference - margin * se),
            difference_upper=number(difference + margin * se),
            difference_p=number(float(2 * ndtr(-abs(difference / se)))),
            log_rank=number(test.statistic),
            log_rank_df=test.df,
            log_rank_p=number(test.p),
            p_adjusted=number(p_adjusted),
            hazard_ratio=number(model.ratio),
            hazard_ratio_log=number(model.log),
            hazard_ratio_log_se=number(model.se),
            hazard_ratio_lower=number(model.lower),
            hazard_ratio_upper=number(model.upper),
            hazard_ratio_p=number(model.p),
            not_estimable="; ".join(reasons) or None,
        )
