"""Trend over ordered arms: Jonckheere-Terpstra for values, Cochran-Armitage for proportions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, ndtr

from tui.stats.arrays import Floats, Ints, Strings
from tui.stats.ties import Ties

MOST = 4_000_000  # states that the exact test keeps at once; a second or two
SAME = 1e-9  # two sums of scores are as far from what is expected as each other


@dataclass(frozen=True)
class Trend:
    """A test for trend; arrays of one shape, such as (visits,).

    Attributes:
        statistic: Jonckheere and Terpstra's J, or the sum of scores of Cochran and Armitage.
        z: Standard normal deviate; positive where values or proportions rise with the order.
        p: Two-sided.
        p_rising: One-sided, against a rising trend.
        p_falling: One-sided, against a falling trend.
        not_estimable: Why they are NaN, or "".
    """

    statistic: Floats
    z: Floats
    p: Floats
    p_rising: Floats
    p_falling: Floats
    not_estimable: Strings


def jonckheere_terpstra(ties: Ties) -> Trend:
    """Test the arms, in the order of their codes, for a trend: SAS PROC FREQ JT.

    J counts the pairs of subjects from two arms of which the later has the greater value (a tie
    counts one half); its variance allows for ties (Hollander and Wolfe 1999, equation 6.19), and
    there is no continuity correction.
    """
    earlier = np.cumsum(ties.count, axis=1) - ties.count
    j = ties.total((ties.count * (ties.below(earlier) + earlier / 2)).sum(axis=1))
    n, total = ties.n, ties.n.sum(axis=1)
    tied = ties.count.sum(axis=1)
    expected = (total**2 - (n**2).sum(axis=1)) / 4
    variance = _variance(total, n, [ties.total(f) for f in _factorials(tied)])
    arms = (n > 0).sum(axis=1)
    usable = (arms > 1) & (ties.total(np.ones(len(tied))) > 1)
    deviation = np.sqrt(np.where(usable, variance, np.nan))
    reasons = np.select(
        [usable, arms == 0, arms == 1],
        ["", "no subjects", "only one arm has subjects"],
        "all values are equal",
    )
    return _normal(j, (j - expected) / deviation, reasons)


def _factorials(t: Floats) -> list[Floats]:
    """The products t (t − 1) (2 t + 5), t (t − 1) (t − 2) and t (t − 1)."""
    pairs = t * (t - 1)
    return [pairs * (2 * t + 5), pairs * (t - 2), pairs]


def _variance(total: Floats, n: Floats, tied: list[Floats]) -> Floats:
    """The variance of J given the sizes of the arms and the sums over the ties."""
    arms = [part.sum(axis=1) for part in _factorials(n)]
    whole = _factorials(total)
    first = (whole[0] - arms[0] - tied[0]) / 72
    middle = arms[1] * tied[1] / (36 * np.maximum(whole[1], 1))
    variance: Floats = first + middle + arms[2] * tied[2] / (8 * np.maximum(whole[2], 1))
    return variance


def _normal(statistic: Floats, z: Floats, reasons: Strings) -> Trend:
    """The test that a standard normal deviate gives."""
    return Trend(statistic, z, 2 * ndtr(-abs(z)), ndtr(-z), ndtr(z), reasons)


def cochran_armitage(x: ArrayLike, n: ArrayLike, scores: ArrayLike) -> Trend:
    """Test proportions x / n for a linear trend in the scores: SAS PROC FREQ TREND.

    The last axis is the arm. It is also R's `prop.trend.test`, whose chi-square is z².
    """
    x, n, scores = (np.asarray(part, dtype=np.float64) for part in (x, n, scores))
    total, events = n.sum(axis=-1), x.sum(axis=-1)
    safe = np.where(total > 0, total, np.nan)
    center = (n * scores).sum(axis=-1) / safe
    away = scores - center[..., None]
    share = events / safe
    variance = share * (1 - share) * (n * away**2).sum(axis=-1)
    statistic = (x * scores).sum(axis=-1)
    usable = variance > 0
    z = (x * away).sum(axis=-1) / np.sqrt(np.where(usable, variance, np.nan))
    reasons = np.select(
        [usable, total == 0, events == 0, events == total],
        ["", "no subjects", "nobody responded", "everybody responded"],
        "only one arm has subjects",
    )
    return _normal(statistic, z, reasons)


def cochran_armitage_exact(x: ArrayLike, n: ArrayLike, scores: ArrayLike) -> Trend:
    """The same for one table, exactly: over all tables with the same margins.

    The two-sided p is the probability of a sum of scores at least as far from what is expected
    (SAS PROC FREQ, EXACT TREND). `z` is that of the asymptotic test.
    """
    x, n = (np.asarray(part, dtype=np.int64) for part in (x, n))
    score = np.asarray(scores, dtype=np.float64)
    plain = cochran_armitage(x, n, score)
    if plain.not_estimable != "":
        return plain
    events = int(x.sum())
    states = _scores(n, score, events)
    if states is None:
        none = np.asarray(np.nan)
        reason = np.array("too many subjects for the exact test")
        return Trend(plain.statistic, plain.z, none, none, none, reason)
    sums, weights = states
    seen, expected = float(x @ score), events * float(n @ score) / n.sum()
    near = SAME * max(abs(score).max() * events, 1.0)
    far = abs(sums - expected) >= abs(seen - expected) - near
    p, rising, falling = (
        np.asarray(weights[part].sum() / weights.sum())
        for part in (far, sums >= seen - near, sums <= seen + near)
    )
    return Trend(plain.statistic, plain.z, p, rising, falling, plain.not_estimable)


def _scores(n: Ints, score: Floats, events: int) -> tuple[Floats, Floats] | None:
    """Every sum of scores that `events` among the arms can have, and its hypergeometric weight.

    Arm by arm; states with the same number of events and the same sum are joined. None where there
    would be more than `MOST` of them.
    """
    taken: Ints = np.zeros(1, np.int64)
    sums: Floats = np.zeros(1)
    weights: Floats = np.ones(1)
    left = np.append(np.cumsum(n[::-1])[::-1][1:], 0)
    for size, value, rest in zip(n, score, left, strict=True):
        here = np.arange(min(int(size), events) + 1)
        if len(here) * len(taken) > MOST:
            return None
        log_ways = gammaln(size + 1) - gammaln(here + 1) - gammaln(size - here + 1)
        now = (taken[:, None] + here).ravel()
        kept = (now <= events) & (now >= events - rest)
        keys = np.column_stack(
            [now, np.round((sums[:, None] + here * value).ravel(), 9)]
        )[kept]  # fmt: skip
        ways = (weights[:, None] * np.exp(log_ways - log_ways.max())).ravel()[kept]
        states, joined = np.unique(keys, axis=0, return_inverse=True)
        weights = np.bincount(joined.ravel(), ways).astype(np.float64)
        weights = weights / weights.max()
        taken, sums = states[:, 0].astype(np.int64), states[:, 1].astype(np.float64)
    return sums, weights
