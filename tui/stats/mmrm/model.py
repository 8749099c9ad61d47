"""Fit an MMRM: y ~ arm * visit + base * visit + covariates, with a covariance within subjects."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, repeat

import numpy as np

from tui.stats.arrays import Floats, Ints
from tui.stats.design import complete
from tui.stats.mmrm.design import Rows, arm_term, factor_term, slope_term
from tui.stats.mmrm.inference import KENWARD_ROGER
from tui.stats.mmrm.problem import Problem
from tui.stats.mmrm.result import Mmrm
from tui.stats.mmrm.structures import STRUCTURES


def fit(
    y: Floats, subject: Ints, visit: Ints, arm: Ints, visits: int, arms: int,
    base: Floats | None = None, numeric: Floats | None = None, factors: Sequence[Ints] = (),
    structure: str = "unstructured", method: str = "reml", df: str = KENWARD_ROGER,
    alpha: float = 0.05, *,
    numeric_by_visit: Sequence[bool] = (), factors_by_visit: Sequence[bool] = (),
    arm_by_visit: bool = True, observed_margins: bool = False,
) -> Mmrm:  # fmt: skip
    """Fit the model to the complete rows: SAS PROC MIXED with REPEATED and LSMEANS.

    Args:
        y: Response per row; NaN is missing.
        subject: Any code of the subject per row; below 0 is missing.
        visit: Code of the visit per row, from 0 to visits - 1 in the order of time.
        arm: Code of the arm per row, from 0 to arms - 1.
        visits: Number of visits.
        arms: Number of arms.
        base: Covariate with a slope for each visit, usually the baseline; NaN is missing.
        numeric: Further covariates, shape (rows, covariates); NaN is missing.
        factors: One array of level codes per class factor, from 0 up; below 0 is missing.
        structure: A name in `STRUCTURES`.
        method: "reml" or "ml".
        df: "kenward-roger" (SAS DDFM=KR), "kenward-roger-linear" (DDFM=KR(LINEAR)) or
            "satterthwaite".
        alpha: One minus the confidence of the limits.
        numeric_by_visit: Which of the covariates have a slope for each visit; by default none.
        factors_by_visit: Which of the factors have effects for each visit; by default none.
        arm_by_visit: False for arms whose means are the same at every visit.
        observed_margins: Weight the levels of factors as they occur, not equally (SAS: OM).
    """
    slopes = _slopes(base, numeric, numeric_by_visit)
    columns = np.column_stack([np.empty((len(y), 0)), *(values for _, values, _ in slopes)])
    used = complete(y, arm, columns, factors) & (arm < arms)
    used &= (subject >= 0) & (visit >= 0) & (visit < visits)
    n = np.bincount(visit[used] * arms + arm[used], minlength=visits * arms).reshape(visits, arms)
    rows = _rows(y[used], subject[used], visit[used])
    problem = Problem(n, rows, STRUCTURES[structure], method, df, alpha)
    fatal = problem.unusable()
    if fatal:
        return problem.failed(fatal)
    terms = [arm_term(arm[used], arms, arm_by_visit)]
    terms += [slope_term(name, values[used], own) for name, values, own in slopes]
    flags = chain(factors_by_visit, repeat(False))
    for index, (factor, own) in enumerate(zip(factors, flags, strict=False)):
        terms.append(factor_term(f"factor {index}", factor[used], own, observed_margins))
    return problem.solve(terms)


def _slopes(
    base: Floats | None, numeric: Floats | None, numeric_by_visit: Sequence[bool]
) -> list[tuple[str, Floats, bool]]:
    """The covariates: name, values, and whether each visit has its own slope."""
    slopes = [] if base is None else [("base", base, True)]
    covariates = [] if numeric is None else list(numeric.T)
    flags = chain(numeric_by_visit, repeat(False))
    for index, (values, own) in enumerate(zip(covariates, flags, strict=False)):
        slopes.append((f"covariate {index}", values, own))
    return slopes


def _rows(y: Floats, subject: Ints, visit: Ints) -> Rows:
    """The rows with codes that leave no subject and no visit out."""
    _, subjects = np.unique(subject, return_inverse=True)
    _, visits = np.unique(visit, return_inverse=True)
    return Rows(y, subjects, visits)
