"""The MMRM against SAS PROC MIXED, on the FEV1 trial that the authors of R's mmrm simulated.

200 subjects, 4 visits, 2 arms; the figures are SAS's own listings.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from functools import cache, partial
from typing import Any

import numpy as np

from tui.stats.mmrm import Mmrm, fit
from tui.validation.figures import FOLDER, Case, Figure, Limit, printed, read, relative

STRUCTURES = {
    "us": ("UN", "unstructured"),
    "toeph": ("TOEPH", "toeplitz-heterogeneous"),
    "arh1": ("ARH(1)", "ar1-heterogeneous"),
    "adh": ("ANTE(1)", "ante-dependence"),
    "csh": ("CSH", "compound-symmetry-heterogeneous"),
    "cs": ("CS", "compound-symmetry"),
}
"""By the code in the listings: SAS's TYPE= and the program's structure. The listings have AR(1),
TOEP and SP(EXP) too, which the program does not offer."""

STOPPED = 1.5e-4
"""SAS stops where g' H^-1 g < 1e-8 |f| (CONVH), and that leaves up to 1.2e-4 in its errors and
variances; all others agree within 1e-4."""

ESTIMATE, DF = 1e-4, 5e-3


def cases() -> Iterator[Case]:
    """The unstructured model with covariates, and every structure with the arms alone."""
    file = read("sas-fev")
    source = f"SAS PROC MIXED, listing in {file['source']}"
    parts = {"fit": _fit, "means, differences": _means, "type 3 tests": _tests}
    for part, figures in parts.items():
        statistic, name = f"MMRM, {part}, Satterthwaite", "FEV1 trial, TYPE=UN"
        yield Case(statistic, name, source, partial(figures, file["fev_un_satterthwaite"]))
    results = file["fev_armcd_only_kr"]["results"]
    for code, (label, _) in STRUCTURES.items():
        name = f"FEV1 trial, TYPE={label}"
        yield Case("MMRM, Kenward-Roger", name, source, partial(_of_structure, results, code))


@cache
def columns() -> dict[str, np.ndarray]:
    """The trial's columns: FEV1, and codes from 0 in the order of the values."""
    with (FOLDER / "fev_data.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {"FEV1": np.array([float(row["FEV1"] or "nan") for row in rows])}
    for name in ("USUBJID", "AVISIT", "ARMCD", "RACE", "SEX"):
        found[name] = np.unique([row[name] for row in rows], return_inverse=True)[1]
    return found


def _fitted(**choices: Any) -> Mmrm:
    y, subject, visit, arm = (columns()[name] for name in ("FEV1", "USUBJID", "AVISIT", "ARMCD"))
    return fit(y, subject, visit, arm, 4, 2, **choices)


@cache
def unstructured() -> Mmrm:
    """FEV1 = ARMCD AVISIT ARMCD*AVISIT RACE SEX."""
    factors = [columns()["RACE"], columns()["SEX"]]
    return _fitted(factors=factors, df="satterthwaite")


@cache
def arms_alone(code: str) -> Mmrm:
    """FEV1 = ARMCD: the mean of an arm is the same at every visit."""
    return _fitted(structure=STRUCTURES[code][1], arm_by_visit=False)


def _of_structure(results: Any, code: str) -> Iterator[Figure]:
    forms = {"kr": "kenward-roger", "kr1": "kenward-roger-linear"}
    for label, df in forms.items():
        expected = results[f"{label}_{code}"]
        ours = arms_alone(code).average_differences(0, df)[1]
        parts = {
            "Estimate": (ours.estimate, ESTIMATE),
            "StdErr": (ours.se, STOPPED),
            "DF": (ours.df, DF),
            "Probt": (ours.p, DF),
            "Lower": (ours.lower, ESTIMATE),
            "Upper": (ours.upper, ESTIMATE),
        }
        form = "KR" if label == "kr" else "KR(LINEAR)"
        for name, (computed, part) in parts.items():
            yield relative(f"{form} {name}", expected[name], computed, part, digits=12)


def _fit(expected: Any) -> Iterator[Figure]:
    model = unstructured()
    # The least -2 log L is the program's: SAS stops 4e-8 above it.
    yield relative("-2 log L", expected["m2rll"], model.neg2_log_likelihood, 3e-8, digits=12)
    yield printed("rows", expected["nobs_used"], model.observations)
    pairs = zip(expected["un"].items(), model.covariance.diagonal(), strict=True)
    for (visit, variance), computed in pairs:
        yield _stopped(f"variance {visit}", variance, computed, STOPPED)


def _means(expected: Any) -> Iterator[Figure]:
    def cell(visit: str, arm: str) -> tuple[int, int]:
        return int(visit[-1]) - 1, ("PBO", "TRT").index(arm)

    means = unstructured().lsmeans()
    for row in expected["lsmeans"]:
        name = f"{row['visit']} {row['arm']}"
        yield from _contrast(name, row, means[cell(row["visit"], row["arm"])])
    for row in expected["diffs"]:
        weights = np.zeros((4, 2))
        weights[cell(row["visit"], row["arm"])] += 1
        weights[cell(row["visit2"], row["arm2"])] -= 1
        name = f"{row['visit']} {row['arm']} - {row['visit2']} {row['arm2']}"
        yield from _contrast(name, row, unstructured().contrast(weights))


def _contrast(name: str, row: Any, ours: Any) -> Iterable[Figure]:
    """Four decimals were printed; of the degrees of freedom none."""
    yield _stopped(f"{name} estimate", row["est"], ours.estimate, ESTIMATE)
    yield _stopped(f"{name} SE", row["se"], ours.se, STOPPED)
    yield _stopped(f"{name} df", f"{row['df']:.0f}", ours.df, DF)
    yield _stopped(f"{name} t", row["t"], ours.statistic, STOPPED)
    yield _stopped(f"{name} p", row["p"], ours.p, DF)
    room = ESTIMATE * abs(float(row["est"])) + 2 * STOPPED * float(row["se"])
    more = Limit(room, f"{ESTIMATE:g} of the estimate + {2 * STOPPED:g} of the SE")
    yield printed(f"{name} lower", row["lo"], ours.lower, more)
    yield printed(f"{name} upper", row["hi"], ours.upper, more)


def _tests(expected: Any) -> Iterator[Figure]:
    model = unstructured()
    cells = np.eye(8).reshape(4, 2, 4, 2)
    visits, differences = cells.mean(axis=1), cells[:, 1] - cells[:, 0]
    effects = np.eye(len(model.names))
    ours = {
        "ARMCD": model.test(differences.mean(axis=0)[None]),
        "AVISIT": model.test(visits[1:] - visits[:1]),
        "AVISIT*ARMCD": model.test(differences[1:] - differences[:1]),
        "RACE": model.linear_test(effects[8:10]),
        "SEX": model.linear_test(effects[10:]),
    }
    for name, test in ours.items():
        df, residual, statistic, *p = expected["type3"][name]
        yield printed(f"{name} num df", df, test.df)
        yield _stopped(f"{name} den df", residual, test.df_residual, DF)
        yield _stopped(f"{name} F", statistic, test.statistic, ESTIMATE)
        if p:
            yield _stopped(f"{name} p", p[0], test.p, DF)


def _stopped(name: str, published: Any, computed: Any, part: float) -> Figure:
    """To the digit printed, and a part of the figure that SAS's early stop leaves open."""
    text = str(published)
    if text.startswith("<"):
        return printed(name, text, computed)
    return printed(name, text, computed, Limit(part * abs(float(text)), f"{part:g} relative"))
