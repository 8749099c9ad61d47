"""Tests of the terms of an analysis of covariance, and a look at what the model assumes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import fdtrc

from tui.stats.ancova import NO_VARIANCE
from tui.stats.arrays import Bools, Floats, Ints
from tui.stats.contrast import Contrast, t_contrast
from tui.stats.design import (
    SINGULAR,
    Design,
    build,
    complete,
    length,
    solve_triangle,
    triangle,
)


@dataclass(frozen=True)
class FTest:
    """What some columns of a model add to the others.

    Attributes:
        f: Mean square that they add over the residual mean square of the whole model.
        df: Independent columns that they add.
        df_residual: Residual degrees of freedom of the whole model.
        p: Of F.
        not_estimable: Why p is NaN, or None.
    """

    f: float
    df: int
    df_residual: int
    p: float
    not_estimable: str | None


@dataclass(frozen=True)
class Assumptions:
    """What the model takes for granted.

    Attributes:
        residual_sd: Standard deviation of the residuals in each arm, in the units of y; the model
            takes them for equal. NaN where the arm has fewer than 2 rows.
        interactions: One test per covariate: its slope differs between the arms.
    """

    residual_sd: Floats
    interactions: tuple[FTest, ...]


def type_three(
    y: Floats,
    arm: Ints,
    arms: int,
    numeric: Floats | None = None,
    factors: Sequence[Ints] = (),
) -> dict[str, FTest]:
    """Test each term against the model without it: SAS type III, R's `drop1`, emmeans' joint test.

    The arguments are those of `ancova.fit`, the names those of its terms: "arm", "covariate 0",
    "factor 0" … The model has no interactions, so that types II and III are the same.
    """
    used, design, whole, size = _design(y, arm, arms, numeric, factors)
    names = list(dict.fromkeys(design.terms))
    names += [name for name in design.constant if name not in names]
    terms = np.array(design.terms)
    tests = {}
    for name in names:
        part = whole[:, np.append(terms != name, True)]
        if name == "arm":  # the mean over the arms stays
            part = np.column_stack([whole[:, :arms].sum(axis=1), part])
        tests[name] = compare(whole, part, int(used.sum()), size)
    return tests


def _design(
    y: Floats, arm: Ints, arms: int, numeric: Floats | None, factors: Sequence[Ints]
) -> tuple[Bools, Design, Floats, float]:
    """The complete rows, their columns, their triangle with y, and the size of y."""
    numeric = np.empty((len(y), 0)) if numeric is None else numeric
    used = complete(y, arm, numeric, factors)
    design = build(arm[used], arms, numeric[used], [f[used] for f in factors], False)
    center = float(y[used].sum()) / (int(used.sum()) or 1)
    whole = triangle(design.columns, y[used] - center)
    return used, design, whole, length(y[used])


def compare(whole: Floats, part: Floats, rows: int, size: float) -> FTest:
    """F of a model against one of its columns only, both as triangles over the same y.

    Args:
        whole: Triangle of the model, y last.
        part: Fewer of its columns, or sums of them, y last.
        rows: Rows of the data.
        size: Norm of y: residuals that are rounding beside it are none.
    """
    full, less = solve_triangle(whole), solve_triangle(part)
    df, left = full.rank - less.rank, rows - full.rank
    reason = None
    if df == 0:
        reason = "it adds nothing to the model"
    elif left <= 0:
        reason = f"no residual degrees of freedom ({rows} rows)"
    elif full.residual <= NO_VARIANCE * size:
        reason = "no residual variance"
    if reason:
        return FTest(np.nan, df, left, np.nan, reason)
    added = max(less.residual**2 - full.residual**2, 0.0)
    f = added / df / (full.residual**2 / left)
    return FTest(f, df, left, float(fdtrc(df, left, f)), None)


def assumptions(
    y: Floats,
    arm: Ints,
    arms: int,
    numeric: Floats | None = None,
    factors: Sequence[Ints] = (),
) -> Assumptions:
    """Compare the spread of the residuals and the slopes of the covariates between the arms."""
    used, design, whole, size = _design(y, arm, arms, numeric, factors)
    y, arm = y[used], arm[used]
    n = np.bincount(arm, minlength=arms)
    center = float(y.sum()) / (len(y) or 1)
    residual = y - center - design.columns @ solve_triangle(whole).coefficients
    squares = np.bincount(arm, residual**2, arms) - np.bincount(arm, residual, arms) ** 2 / (
        np.maximum(n, 1)
    )
    sd = np.sqrt(np.where(n > 1, np.maximum(squares, 0), np.nan) / np.maximum(n - 1, 1))

    tests = []
    for index in range(len(design.numeric_means)):
        covariate = design.columns[:, [arms + index]]
        slopes = np.hstack([design.columns, design.columns[:, :arms] * covariate])
        more = triangle(slopes, y - center)
        columns = np.append(np.arange(design.columns.shape[1]), slopes.shape[1])
        tests.append(compare(more, more[:, columns], len(y), size))
    return Assumptions(np.where(sd <= NO_VARIANCE * size, 0, sd), tuple(tests))


def dose_slope(
    y: Floats,
    arm: Ints,
    scores: Floats,
    numeric: Floats | None = None,
    factors: Sequence[Ints] = (),
    alpha: float = 0.05,
) -> Contrast:
    """The slope of y per unit of a score of the arm (dose, rank of dose), adjusted; shape ().

    The arm enters the model as a number: R's `lm(y ~ score + covariates)`. It differs from a
    contrast of LS means in that departures from the line are residuals.
    """
    numeric = np.empty((len(y), 0)) if numeric is None else numeric
    used = complete(y, arm, numeric, factors)
    y, score = y[used], scores[arm[used]]
    design = build(
        np.zeros(len(y), np.int64), 1, numeric[used], [f[used] for f in factors], False
    )  # fmt: skip
    away = score - score.sum() / (len(y) or 1)
    spread = length(away) / (len(y) or 1) ** 0.5
    if spread <= SINGULAR * abs(scores).max(initial=0):
        return t_contrast(np.nan, np.nan, np.nan, alpha)
    size = length(y)
    whole = triangle(np.column_stack([away / spread, design.columns]), y - y.mean())
    fit = solve_triangle(whole)
    df = len(y) - fit.rank
    if np.linalg.norm(fit.null[0]) > SINGULAR:  # the covariates alias the score
        return t_contrast(np.nan, np.nan, np.nan, alpha)
    sigma = fit.residual / df**0.5 if df > 0 else np.nan
    sigma = 0.0 if fit.residual <= NO_VARIANCE * size else sigma
    se = sigma * float(np.linalg.norm(fit.root[0])) / spread
    return t_contrast(fit.coefficients[0] / spread, se, df, alpha)
