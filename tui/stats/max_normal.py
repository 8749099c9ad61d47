"""The distribution of the largest of several correlated normal deviates in absolute value.

Comparisons with one reference have correlations λᵢ λⱼ, exactly so for means and for any three
comparisons of a model: given the factor they are independent, and one integral is all (Dunnett
1955, JASA 50:1096). What correlation is left beside the λ that fit best, covariates out of balance,
enters the same integral by its Taylor series. Where much is left, a lattice rule takes its place
(Genz 1992, J Comp Graph Stat 1:141), to 1e-4. There is no seed anywhere.
"""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.polynomial import chebyshev
from scipy.special import ndtr, ndtri

from tui.stats.arrays import Bools, Floats
from tui.stats.quadrature import FAR, legendre

NODES = 40  # of the Chebyshev interpolation from 0 to FAR standard deviations
FITS = 1e-6  # correlations this close to λᵢ λⱼ are of that form
# What is left of a correlation given the factor, up to which the series is nearer than the lattice:
# held against integrals over two factors it errs by 2e-7 up to 0.03, 2e-5 to 0.06, 5e-5 to 0.15.
LITTLE = 0.15
# Points and multiplier of Korobov's lattice, found by search for the least P₂ in 8 dimensions.
LATTICE = 8191, 1119


def max_abs_normal(correlation: Floats, member: Bools) -> Floats:
    """Chebyshev coefficients of x ↦ P(max |Zᵢ| ≤ x) on [0, FAR], shape (NODES, families).

    Args:
        correlation: Shape (families, tests, tests).
        member: Which tests belong to the family, shape (families, tests).
    """
    x = (np.cos(np.pi * (np.arange(NODES) + 0.5) / NODES) + 1) * FAR / 2
    loading, off = np.zeros(member.shape), np.zeros(correlation.shape)
    for index, tests in enumerate(member):
        inner = np.ix_(tests, tests)
        loading[index, tests], off[index][inner] = _factor(correlation[index][inner])
    size = abs(off).max(axis=(1, 2))
    own = np.sqrt(1 - loading**2)
    rest = np.where(size > FITS, (off / (own[:, :, None] * own[:, None])).T, 0).T
    much = abs(rest).max(axis=(1, 2)) > LITTLE
    chance = np.empty((len(member), NODES))
    chance[~much] = _one_factor(x, loading[~much], rest[~much], member[~much])
    for family in np.flatnonzero(much):
        tests = np.flatnonzero(member[family])
        inner = correlation[family][np.ix_(tests, tests)]
        chance[family] = _genz(x, inner, _lattice(len(inner), *LATTICE))
    return np.asarray(chebyshev.chebfit(2 * x / FAR - 1, np.clip(chance, 0, 1).T, NODES - 1))


def evaluate(coefficients: Floats, x: Floats) -> Floats:
    """The probability at x, shape (families, …); `coefficients` from `max_abs_normal`."""
    place = np.clip(2 * x / FAR - 1, -1, 1)
    shaped = coefficients.reshape(*coefficients.shape, *(1,) * (x.ndim - 1))
    return np.asarray(chebyshev.chebval(place, shaped, tensor=False))


def _factor(correlation: Floats) -> tuple[Floats, Floats]:
    """The λ whose products are nearest to the correlations, and what they leave of these."""
    tests = len(correlation)
    if tests < 2:
        return np.zeros(tests), np.zeros(correlation.shape)
    size = abs(correlation)
    np.fill_diagonal(size, 1)
    log = np.log(np.maximum(size, 1e-30))
    row = log.sum(axis=1)
    loading = (row - row.sum() / (2 * (tests - 1))) / (tests - 2) if tests > 2 else row / 2
    sign = np.where(correlation[int(np.argmax(size.sum(axis=1)))] < 0, -1, 1)
    found = sign * np.minimum(np.exp(np.minimum(loading, 0)), 1 - 1e-9)
    off = correlation - np.outer(found, found)
    np.fill_diagonal(off, 0)
    return found, off


def _one_factor(x: Floats, loading: Floats, rest: Floats, member: Bools) -> Floats:
    """P(max |Zᵢ| ≤ x), shape (families, len(x)).

    Args:
        x: Shape (points,).
        loading: The λ, shape (families, tests).
        rest: The little correlation that is left given the factor, (families, tests, tests).
        member: Which tests belong to the family.
    """
    unit, weight = legendre(32 if (abs(loading) < 0.9).all() else 256)
    factor = FAR * unit  # half the axis is enough: the integrand is even
    density = 2 * FAR * weight * np.exp(-(factor**2) / 2) / np.sqrt(2 * np.pi)
    own = np.sqrt(1 - loading**2)[:, :, None, None]
    center = loading[:, :, None, None] * factor
    low, high = (-x[:, None] - center) / own, (x[:, None] - center) / own
    inside = np.where(member[:, :, None, None], ndtr(high) - ndtr(low), 1)
    product = inside.prod(axis=1)
    some = rest.any(axis=(1, 2))
    if some.any():
        product[some] *= _series(low[some], high[some], inside[some], rest[some])
    chance: Floats = product @ density
    return chance


def _series(low: Floats, high: Floats, inside: Floats, rest: Floats) -> Floats:
    """By what a little correlation C multiplies the chance that all deviates lie inside.

    It is exp(Σ cᵢⱼ ∂ᵢ∂ⱼ) to the square of C (Plackett 1954, Biometrika 41:351), the derivatives
    by the means of the deviates. Shapes (families, tests, …), `rest` (families, tests, tests).
    """
    at_low, at_high = (np.exp(-(end**2) / 2) / np.sqrt(2 * np.pi) for end in (low, high))
    whole = np.maximum(inside, 1e-300)  # what is less has no weight in the integral
    slope = (at_low - at_high) / whole
    bend = (low * at_low - high * at_high) / whole - slope**2
    shape = slope.shape
    pull = (rest @ slope.reshape(*shape[:2], -1)).reshape(shape)
    spread = (rest**2 @ bend.reshape(*shape[:2], -1)).reshape(shape)
    first = (slope * pull).sum(axis=1) / 2
    second = (bend * (pull**2 + spread / 2)).sum(axis=1)
    factor: Floats = 1 + first + (first**2 + second) / 2
    return factor


def _lattice(tests: int, points: int, multiplier: int) -> Floats:
    """Korobov's lattice, folded so that what it samples is periodic; (points, tests − 1)."""
    steps = np.array([pow(multiplier, power, points) for power in range(tests - 1)])
    spots = np.arange(points)[:, None] * steps % points + 0.5
    return abs(2 * spots / points - 1)


def _genz(x: Floats, correlation: Floats, points: Floats) -> Floats:
    """P(max |Zᵢ| ≤ x) with the tests conditioned on one after the other, averaged."""
    value, vector = np.linalg.eigh(correlation)
    half = (vector * np.sqrt(np.maximum(value, 1e-12))).T
    root = cast(Floats, np.linalg.qr(half, mode="r")).T  # the type overlooks that it is one array
    bound = x[:, None]
    chance = np.ones((len(x), len(points)))
    given: list[Floats] = []
    for test in range(len(correlation)):
        scale = root[test, test]
        shift = sum((root[test, k] * z for k, z in enumerate(given)), np.zeros(chance.shape))
        ends = (bound - shift) / scale, (-bound - shift) / scale
        low, high = ndtr(np.minimum(*ends)), ndtr(np.maximum(*ends))
        chance = chance * (high - low)
        if test < len(correlation) - 1:
            inside = low + points[:, test] * (high - low)
            given.append(ndtri(np.clip(inside, 1e-16, 1 - 1e-16)))
    average: Floats = chance.mean(axis=1)
    return average
