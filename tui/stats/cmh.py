"""Cochran-Mantel-Haenszel tests: arms against a response, within strata.

The three statistics, their covariance and the scores are those of SAS PROC FREQ CMH (Landis,
Heyman and Koch 1978, Int Stat Rev 46:237). Tables come as counts with the strata first, then the
arms, then the categories of the response, in the order given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, ndtri

from tui.stats.arrays import Floats
from tui.stats.design import SINGULAR

Scores = Literal["table", "rank"]


@dataclass(frozen=True)
class Cmh:
    """One of the statistics.

    Attributes:
        statistic: Chi-square; NaN where it cannot be had.
        df: Its degrees of freedom.
        p: Of it.
        not_estimable: Why p is NaN, or None.
    """

    statistic: float
    df: int
    p: float
    not_estimable: str | None


def general_association(tables: ArrayLike) -> Cmh:
    """Do the arms differ in any way? Neither arms nor categories need an order."""
    counts = _kept(tables)
    arms, categories = counts.shape[1:]
    return _test(counts, np.eye(arms)[:-1], np.eye(categories)[:-1])


def row_mean_scores(
    tables: ArrayLike, scores: Scores = "table", category_scores: ArrayLike | None = None
) -> Cmh:
    """Do the arms differ in the mean score of the response? The categories have an order."""
    counts = _kept(tables)
    return _test(counts, np.eye(counts.shape[1])[:-1], _scores(counts, 2, scores, category_scores))


def nonzero_correlation(
    tables: ArrayLike,
    scores: Scores = "table",
    arm_scores: ArrayLike | None = None,
    category_scores: ArrayLike | None = None,
) -> Cmh:
    """Does the score of the response rise or fall with that of the arm? Both have an order."""
    counts = _kept(tables)
    return _test(
        counts, _scores(counts, 1, scores, arm_scores), _scores(counts, 2, scores, category_scores)
    )


def _kept(tables: ArrayLike) -> Floats:
    """The tables without strata of fewer than 2 subjects, which say nothing."""
    counts = np.asarray(tables, dtype=np.float64)
    kept: Floats = counts[counts.sum(axis=(1, 2)) > 1]
    return kept


def _scores(counts: Floats, axis: int, kind: Scores, given: ArrayLike | None) -> Floats:
    """The scores of arms (axis 1) or categories (axis 2): 1, 2, 3 …, or midranks per stratum."""
    size = counts.shape[axis]
    if given is not None:
        return np.asarray(given, dtype=np.float64)[None, :]
    if kind == "table":
        return np.arange(1.0, size + 1)[None, :]
    margin = counts.sum(axis=3 - axis)
    ranks: Floats = (np.cumsum(margin, axis=1) - margin + (margin + 1) / 2)[:, None, :]
    return ranks


def _test(counts: Floats, row: Floats, column: Floats) -> Cmh:
    """The quadratic form in the sums over the strata of (row ⊗ column)(observed − expected).

    Args:
        counts: Shape (strata, arms, categories).
        row: What is asked of the arms, shape (questions, arms), or with the strata before it.
        column: The same for the categories.
    """
    row, column = (np.broadcast_to(q, (len(counts), *q.shape[-2:])) for q in (row, column))
    n = counts.sum(axis=(1, 2))[:, None, None]
    rows, columns = counts.sum(axis=2) / n[:, 0], counts.sum(axis=1) / n[:, 0]
    away = counts - n * rows[:, :, None] * columns[:, None, :]
    sums = np.einsum("hai,hij,hbj->ab", row, away, column).ravel()
    spread = [
        np.einsum("hai,hij,hbj->hab", q, np.einsum("hi,ij->hij", part, np.eye(part.shape[1]))
                  - part[:, :, None] * part[:, None, :], q)
        for q, part in ((row, rows), (column, columns))
    ]  # fmt: skip
    size = len(sums)
    covariance = np.einsum("h,hac,hbd->abcd", (n**2 / (n - 1))[:, 0, 0], *spread)
    return _quadratic(sums, covariance.reshape(size, size))


def _quadratic(sums: Floats, covariance: Floats) -> Cmh:
    """Chi-square of the sums over the directions that vary; an empty arm or category has none."""
    if not covariance.any():
        return Cmh(np.nan, 0, np.nan, "no stratum has both several arms and several responses")
    value, vector = np.linalg.eigh(covariance)
    some = value > SINGULAR * value.max()
    statistic = float((((sums @ vector[:, some]) ** 2) / value[some]).sum())
    df = int(some.sum())
    return Cmh(statistic, df, float(chdtrc(df, statistic)), None)


@dataclass(frozen=True)
class CommonOdds:
    """The odds ratio common to the strata; NaN where no stratum informs it.

    Attributes:
        estimate: Mantel and Haenszel's.
        lower: Lower limit by the variance of Robins, Breslow and Greenland.
        upper: Upper limit.
    """

    estimate: float
    lower: float
    upper: float


def common_odds_ratio(tables: ArrayLike, alpha: float = 0.05) -> CommonOdds:
    """Mantel and Haenszel's odds ratio of tables of 2 arms and 2 responses (Biometrics 42:311)."""
    counts = _kept(tables)
    n = counts.sum(axis=(1, 2))
    (a, b), (c, d) = counts[:, 0].T, counts[:, 1].T
    up, down = a * d / n, b * c / n
    agree, differ = (a + d) / n, (b + c) / n
    r, s = float(up.sum()), float(down.sum())
    if r == 0 or s == 0:
        end = np.nan if r == s else 0.0 if r == 0 else np.inf
        return CommonOdds(end, np.nan, np.nan)
    variance = (
        (agree * up).sum() / (2 * r**2)
        + (agree * down + differ * up).sum() / (2 * r * s)
        + (differ * down).sum() / (2 * s**2)
    )
    margin = float(ndtri(1 - alpha / 2) * np.sqrt(variance))
    return CommonOdds(r / s, float(r / s * np.exp(-margin)), float(r / s * np.exp(margin)))
