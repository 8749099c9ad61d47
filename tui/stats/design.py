"""The design of a linear model with arms, covariates and class factors, and its least squares.

The design has one indicator per arm, covariates centered at their mean, and factors coded so
that the effects of their levels sum to zero. The coefficient of an arm then *is* its LS mean:
covariates at their mean over the rows used, equal weights over the levels (SAS LSMEANS default).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from tui.stats.arrays import Bools, Floats, Ints

BLOCK = 256  # rows
SINGULAR = 1e-7  # a column this close to the others adds nothing: the tolerance of R's lm


@dataclass(frozen=True)
class Design:
    """The columns of a model.

    Attributes:
        columns: Shape (rows, columns), the arms first.
        terms: What each column belongs to: "arm", "covariate 0", "factor 0" …
        numeric_means: The means that the covariates are centered at, shape (covariates,).
        constant: The covariates and factors that do not vary.
    """

    columns: Floats
    terms: list[str]
    numeric_means: Floats
    constant: list[str]


@dataclass(frozen=True)
class Solution:
    """The least-norm solution of a least squares problem of any rank.

    Attributes:
        coefficients: Shape (columns,).
        root: Shape (columns, rank); root @ root.T is the covariance for a variance of one.
        null: Shape (columns, columns − rank); moving along it changes no fitted value.
        residual: Norm of the residuals.
    """

    coefficients: Floats
    root: Floats
    null: Floats
    residual: float

    @property
    def rank(self) -> int:
        """The number of independent columns."""
        return int(self.root.shape[1])


def complete(y: Floats, arm: Ints, numeric: Floats, factors: Sequence[Ints]) -> Bools:
    """The rows in which nothing is missing."""
    used = np.isfinite(y) & (arm >= 0) & np.isfinite(numeric).all(axis=1)
    for factor in factors:
        used &= factor >= 0
    return used


def build(
    arm: Ints, arms: int, numeric: Floats, factors: Sequence[Ints], observed_margins: bool
) -> Design:
    """Lay out the columns; one that does not vary is all 0, and an arm without rows likewise."""
    indicators = (arm[:, None] == np.arange(arms)).astype(np.float64)
    means, standardized = _standardize(numeric)
    effects = [_effects(factor, observed_margins) for factor in factors]
    names = [f"covariate {index}" for index in range(numeric.shape[1])]
    constant = [names[index] for index in np.flatnonzero(~standardized.any(axis=0))]
    terms = ["arm"] * arms + names
    for index, effect in enumerate(effects):
        terms += [f"factor {index}"] * effect.shape[1]
        constant += [f"factor {index}"] * (effect.shape[1] == 0)
    return Design(np.hstack([indicators, standardized, *effects]), terms, means, constant)


def triangle(columns: Floats, y: Floats) -> Floats:
    """All that least squares need to know of the rows: the triangle of a QR of columns and y."""
    whole = np.column_stack([columns, y])
    blocks = len(whole) // BLOCK
    if blocks > 1 and whole.shape[1] <= BLOCK // 4:
        # A block fits in the cache and is too small to be shared out among threads, which on a
        # busy machine wait for each other for longer than they work.
        head = whole[: blocks * BLOCK].reshape(blocks, BLOCK, -1)
        parts = cast(Floats, np.linalg.qr(head, mode="r")).reshape(-1, whole.shape[1])
        whole = np.vstack([parts, whole[blocks * BLOCK :]])
    # NumPy's own types overlook that this mode returns an array, not a pair.
    return cast(Floats, np.linalg.qr(whole, mode="r"))


def length(values: Floats) -> float:
    """The Euclidean norm of a column, without the threads of a library."""
    return float(np.sqrt(np.square(values).sum()))


def solve(columns: Floats, y: Floats) -> Solution:
    """Least squares by QR, of which only the triangle is made, and an SVD of that for the rank."""
    return solve_triangle(triangle(columns, y))


def solve_triangle(triangle: Floats) -> Solution:
    """The same from the triangle, or from some of its columns: those left out leave the model."""
    u, size, vt = np.linalg.svd(triangle[:, :-1])
    rank = int(np.count_nonzero(size > SINGULAR * size.max(initial=0)))
    part = u.T @ triangle[:, -1]
    root = vt[:rank].T / size[:rank]
    return Solution(root @ part[:rank], root, vt[rank:].T, float(np.linalg.norm(part[rank:])))


def _standardize(numeric: Floats) -> tuple[Floats, Floats]:
    """The means of the covariates, and the covariates less their mean with a mean square of 1."""
    rows = len(numeric) or np.nan
    means: Floats = numeric.sum(axis=0) / rows
    centered = numeric - means
    scale = np.linalg.norm(centered, axis=0)
    varies = scale > SINGULAR * np.linalg.norm(numeric, axis=0)
    factor = np.divide(rows**0.5, scale, out=np.zeros_like(scale), where=varies)
    return means, centered * factor


def _effects(factor: Ints, observed_margins: bool) -> Floats:
    """One column for each level seen but the last, whose effect is minus the sum of theirs.

    With observed margins the columns are centered, so that the average level weighs every level
    as often as it occurs.
    """
    seen = np.bincount(factor) > 0
    level = (np.cumsum(seen) - 1)[factor]
    others = max(int(seen.sum()) - 1, 0)
    columns: Floats = np.vstack([np.eye(others), np.full((1, others), -1.0)])[level]
    return columns - columns.sum(0) / max(len(factor), 1) if observed_margins else columns
