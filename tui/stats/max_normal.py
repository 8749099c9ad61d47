"""The distribution of the largest of several correlated normal deviates in absolute value.

Comparisons with one reference have correlations λᵢ λⱼ, exactly so for means and for any three
comparisons of a model: given the factor they are independent, and one integral is all (Dunnett
1955, JASA 50:1096). Where no such λ fit, a lattice rule (Genz 1992, J Comp Graph Stat 1:141)
gives the *difference* to the λ that fit best, so that its error is a small part of a small part.
There is no seed anywhere.
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
NEAR = 0.1  # further off, the lattice does better on its own
# Points and multipliers of Korobov's lattices, found by search for the least P₂ in 8 dimensions.
SMALL, LARGE = (2039, 110), (8191, 1119)
DIFFER = 5.5  # standard deviations beyond which two families differ by less than 1e-7


def max_abs_normal(correlation: Floats, member: Bools) -> Floats:
    """Chebyshev coefficients of x ↦ P(max |Zᵢ| ≤ x) on [0, FAR], shape (NODES, families).

    Args:
        correlation: Shape (families, tests, tests).
        member: Which tests belong to the family, shape (families, tests).
    """
    x = (np.cos(np.pi * (np.arange(NODES) + 0.5) / NODES) + 1) * FAR / 2
    loading = np.zeros(member.shape)
    residual = np.zeros(len(member))
    for index, tests in enumerate(member):
        inner = correlation[index][np.ix_(tests, tests)]
        loading[index, tests], residual[index] = _factor(inner)
    loading[residual > NEAR] = 0
    chance = _one_factor(x, loading, member)
    for family in np.flatnonzero(residual > FITS):
        tests = member[family]
        inner = correlation[family][np.ix_(tests, tests)]
        if residual[family] > NEAR:
            chance[family] = _genz(x, inner, _lattice(len(inner), *LARGE))
            continue
        fitted = np.outer(loading[family, tests], loading[family, tests])
        np.fill_diagonal(fitted, 1)
        points, near = _lattice(len(inner), *SMALL), x < DIFFER
        chance[family, near] += _genz(x[near], inner, points) - _genz(x[near], fitted, points)
    return np.asarray(chebyshev.chebfit(2 * x / FAR - 1, np.clip(chance, 0, 1).T, NODES - 1))


def evaluate(coefficients: Floats, x: Floats) -> Floats:
    """The probability at x, shape (families, …); `coefficients` from `max_abs_normal`."""
    place = np.clip(2 * x / FAR - 1, -1, 1)
    shaped = coefficients.reshape(*coefficients.shape, *(1,) * (x.ndim - 1))
    return np.asarray(chebyshev.chebval(place, shaped, tensor=False))


def _factor(correlation: Floats) -> tuple[Floats, float]:
    """The λ whose products are nearest to the correlations, and how far off they are."""
    tests = len(correlation)
    if tests < 2:
        return np.zeros(tests), 0.0
    size = abs(correlation)
    np.fill_diagonal(size, 1)
    log = np.log(np.maximum(size, 1e-30))
    row = log.sum(axis=1)
    loading = (row - row.sum() / (2 * (tests - 1))) / (tests - 2) if tests > 2 else row / 2
    sign = np.where(correlation[int(np.argmax(size.sum(axis=1)))] < 0, -1, 1)
    found = sign * np.minimum(np.exp(np.minimum(loading, 0)), 1 - 1e-9)
    off = correlation - np.outer(found, found)
    np.fill_diagonal(off, 0)
    return found, float(abs(off).max())


def _one_factor(x: Floats, loading: Floats, member: Bools) -> Floats:
    """P(max |Zᵢ| ≤ x) for correlations λᵢ λⱼ, shape (families, len(x))."""
    unit, weight = legendre(24 if (abs(loading) < 0.9).all() else 256)
    factor = FAR * unit  # half the axis is enough: the integrand is even
    density = 2 * FAR * weight * np.exp(-(factor**2) / 2) / np.sqrt(2 * np.pi)
    own = np.sqrt(1 - loading**2)[:, :, None, None]
    center = loading[:, :, None, None] * factor
    inside = ndtr((x[:, None] - center) / own) - ndtr((-x[:, None] - center) / own)
    product = np.where(member[:, :, None, None], inside, 1).prod(axis=1)
    chance: Floats = product @ density
    return chance


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
