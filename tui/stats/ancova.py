"""Analysis of covariance at one visit: y ~ arm + covariates + factors, one residual variance.

A singular design is solved all the same, and of its results only the estimable functions are
reported: those that no direction of the null space changes. Their values do not depend on which
of the aliased columns another program (SAS, R) would have dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tui.stats.arrays import Bools, Floats, Ints
from tui.stats.contrast import Contrast, t_contrast
from tui.stats.design import SINGULAR, Design, Solution, build, complete, length, solve

NO_VARIANCE = 1e-13  # residuals this small beside y are rounding


@dataclass(frozen=True)
class Ancova:
    """A fitted model; figures that cannot be had are NaN, and `not_estimable` says why.

    Attributes:
        n: Complete rows per arm, shape (arms,).
        df: Residual degrees of freedom, rows − rank of the design.
        sigma: Residual standard deviation, in the units of y.
        lsmean: LS means, shape (arms,), in the units of y.
        lsmean_se: Their standard errors.
        lsmean_lower: Their lower confidence limits.
        lsmean_upper: Their upper confidence limits.
        covariance: Covariance of the LS means, shape (arms, arms).
        numeric_means: Means of the covariates over the rows used, shape (covariates,).
        pairs: Differences of LS means, shape (arms, arms): [i, j] is arm i minus arm j.
        dropped: Which covariates or factors added nothing to the model, if any.
        not_estimable: Why some of the figures are NaN, if any is.
    """

    n: Ints
    df: int
    sigma: float
    lsmean: Floats
    lsmean_se: Floats
    lsmean_lower: Floats
    lsmean_upper: Floats
    covariance: Floats
    numeric_means: Floats
    pairs: Contrast
    dropped: str | None
    not_estimable: str | None

    def differences(self, reference: int) -> Contrast:
        """Each arm minus the reference, shape (arms,); the reference's own entry is NaN."""
        return self.pairs[:, reference]


def fit(
    y: Floats,
    arm: Ints,
    arms: int,
    numeric: Floats | None = None,
    factors: Sequence[Ints] = (),
    alpha: float = 0.05,
    observed_margins: bool = False,
) -> Ancova:
    """Fit the model to the complete rows: SAS PROC GLM with LSMEANS.

    Args:
        y: Response per row; NaN is missing.
        arm: Code of the arm per row, from 0 to arms − 1.
        arms: Number of arms.
        numeric: Covariates, shape (rows, covariates); NaN is missing.
        factors: One array of level codes per class factor, from 0 up; below 0 is missing.
        alpha: One minus the confidence of the limits.
        observed_margins: Weight the levels of factors as they occur, not equally (SAS: OM).
    """
    numeric = np.empty((len(y), 0)) if numeric is None else numeric
    used = complete(y, arm, numeric, factors)
    y, arm, factors = y[used], arm[used], [factor[used] for factor in factors]
    design = build(arm, arms, numeric[used], factors, observed_margins)
    center = float(y.sum()) / (len(y) or 1)  # a large common level costs no digits
    solution = solve(design.columns, y - center)

    n = np.bincount(arm, minlength=arms)
    df = len(y) - solution.rank
    sigma = _sigma(solution.residual, length(y), df)
    unit = np.eye(arms)
    means = _estimate(unit, solution, center, sigma, alpha, df)
    pairs = _estimate(unit[:, None] - unit, solution, 0.0, sigma, alpha, df)
    dropped, not_estimable = _reasons(n, df, sigma, design, solution)
    return Ancova(
        n=n,
        df=df,
        sigma=sigma,
        lsmean=means.estimate,
        lsmean_se=means.se,
        lsmean_lower=means.lower,
        lsmean_upper=means.upper,
        covariance=_covariance(solution.root[:arms] * sigma, np.isnan(means.estimate)),
        numeric_means=design.numeric_means,
        pairs=pairs,
        dropped=dropped,
        not_estimable=not_estimable,
    )


def _sigma(residual: float, size: float, df: int) -> float:
    """The residual SD; 0 where the residuals are rounding beside a y of this size."""
    if df <= 0:
        return np.nan
    return 0.0 if residual <= NO_VARIANCE * size else residual / df**0.5


def _estimate(
    weights: Floats, solution: Solution, center: float, sigma: float, alpha: float, df: int
) -> Contrast:
    """Weighted sums over the arms (the last axis of `weights`); NaN where not estimable."""
    arms = weights.shape[-1]
    size = np.linalg.norm(weights, axis=-1)
    free = np.linalg.norm(weights @ solution.null[:arms], axis=-1)
    estimable = (size > 0) & (free <= SINGULAR * size)
    shown = np.where(estimable, 1.0, np.nan)
    estimate = center + weights @ solution.coefficients[:arms]
    se = sigma * np.linalg.norm(weights @ solution.root[:arms], axis=-1)
    return t_contrast(shown * estimate, shown * se, shown * df, alpha)


def _covariance(root: Floats, unknown: Bools) -> Floats:
    """The covariance that `root` is a root of; NaN in the rows and columns of unknown means."""
    return np.where(unknown | unknown[:, None], np.nan, root @ root.T)


def _reasons(
    n: Ints, df: int, sigma: float, design: Design, solution: Solution
) -> tuple[str | None, str | None]:
    """What was dropped from the model, and why figures are missing, each in words or None."""
    if not n.any():
        return None, "no complete rows"
    dropped = [f"{term} is constant" for term in design.constant]
    missing = [f"arm {index} has no rows" for index in np.flatnonzero(n == 0)]
    aliased = (np.linalg.norm(solution.null, axis=1) > SINGULAR) & design.columns.any(axis=0)
    terms = list(dict.fromkeys(np.array(design.terms)[aliased].tolist()))
    if terms:
        where = missing if "arm" in terms else dropped
        where.append(f"{', '.join(terms[:-1])} and {terms[-1]} are collinear")
    if df <= 0:
        missing.append(f"no residual degrees of freedom ({n.sum()} rows)")
    elif sigma == 0:
        missing.append("no residual variance")
    return "; ".join(dropped) or None, "; ".join(missing) or None
