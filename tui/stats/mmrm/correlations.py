"""Correlation matrices with few parameters, and their derivatives.

`rho` are the correlations that SAS prints, `tau` unconstrained numbers that stand for them.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from tui.stats.arrays import Floats, Ints

STRONGEST_START = 0.95  # a start nearer to one leaves the fit no way back


class Correlation(Protocol):
    """What a structure asks of a correlation; `m` is the number of visits."""

    def count(self, m: int) -> int:
        """The number of parameters."""

    def start(self, moments: Floats) -> Floats:
        """The tau of a correlation near to this one."""

    def natural(self, tau: Floats, m: int) -> tuple[Floats, Floats]:
        """The rho of a tau, and its Jacobian, shape (rho, tau)."""

    def matrix(self, rho: Floats, m: int) -> Floats:
        """The correlation matrix."""

    def first(self, rho: Floats, m: int) -> Floats:
        """Its derivatives, shape (rho, m, m)."""

    def second(self, rho: Floats, m: int) -> Floats:
        """Its second derivatives, shape (rho, rho, m, m)."""


def _lags(m: int) -> Ints:
    """How many visits apart each pair is."""
    visit = np.arange(m)
    return np.asarray(np.abs(visit[:, None] - visit))


def _bounded(rho: Floats) -> Floats:
    """The correlations, none of them too near to ±1."""
    return np.asarray(np.clip(rho, -STRONGEST_START, STRONGEST_START))


def _by_lag(moments: Floats) -> Floats:
    """The mean correlation at each lag from 1."""
    m = len(moments)
    return np.array([np.diagonal(moments, lag).mean() for lag in range(1, m)])


class Ar1:
    """C_ij = rho ^ |i - j|; rho = tanh(tau)."""

    def count(self, m: int) -> int:
        """One, where there are two visits."""
        return int(m > 1)

    def start(self, moments: Floats) -> Floats:
        """The mean correlation of neighbors."""
        return np.arctanh(_bounded(_by_lag(moments)[:1]))

    def natural(self, tau: Floats, m: int) -> tuple[Floats, Floats]:
        """Tanh."""
        rho = np.tanh(tau)
        return rho, np.diag(1 - rho**2)

    def matrix(self, rho: Floats, m: int) -> Floats:
        """Powers of rho."""
        return np.asarray(rho[0] ** _lags(m)) if len(rho) else np.eye(m)

    def first(self, rho: Floats, m: int) -> Floats:
        """|i - j| rho ^ (|i - j| - 1)."""
        lag = _lags(m)
        return np.asarray(lag * rho[:, None, None] ** np.maximum(lag - 1, 0))

    def second(self, rho: Floats, m: int) -> Floats:
        """|i - j| (|i - j| - 1) rho ^ (|i - j| - 2)."""
        lag = _lags(m)
        power = rho[:, None, None, None] ** np.maximum(lag - 2, 0)
        return np.asarray(lag * (lag - 1) * power)


class Exchangeable:
    """C_ij = rho for every pair; rho, between -1 / (m - 1) and 1, is a logistic function of tau."""

    def count(self, m: int) -> int:
        """One, where there are two visits."""
        return int(m > 1)

    def start(self, moments: Floats) -> Floats:
        """The mean correlation."""
        m = len(moments)
        if m == 1:
            return np.empty(0)
        mean = (moments.sum() - m) / (m * (m - 1))
        floor = -1.0 / (m - 1)
        share = np.clip((mean - floor) / (1 - floor), 1 - STRONGEST_START, STRONGEST_START)
        return np.array([np.log(share / (1 - share))])

    def natural(self, tau: Floats, m: int) -> tuple[Floats, Floats]:
        """The logistic function, from the floor to 1."""
        floor = -1.0 / max(m - 1, 1)
        share = 0.5 * (1 + np.tanh(tau / 2))  # does not overflow
        return floor + (1 - floor) * share, np.diag((1 - floor) * share * (1 - share))

    def matrix(self, rho: Floats, m: int) -> Floats:
        """Rho off the diagonal."""
        return np.asarray(np.eye(m) + (_lags(m) > 0) * rho.sum())

    def first(self, rho: Floats, m: int) -> Floats:
        """1 off the diagonal."""
        return np.asarray((_lags(m) > 0) * np.ones_like(rho)[:, None, None])

    def second(self, rho: Floats, m: int) -> Floats:
        """C is linear in rho."""
        return np.zeros((len(rho), len(rho), m, m))


class AnteDependence:
    """C_ij is the product of the correlations of the neighbors between i and j; rho = tanh(tau)."""

    def count(self, m: int) -> int:
        """One for each pair of neighbors."""
        return m - 1

    def start(self, moments: Floats) -> Floats:
        """The correlations of the neighbors."""
        return np.arctanh(_bounded(np.diagonal(moments, 1)))

    def natural(self, tau: Floats, m: int) -> tuple[Floats, Floats]:
        """Tanh."""
        rho = np.tanh(tau)
        return rho, np.diag(1 - rho**2)

    def matrix(self, rho: Floats, m: int) -> Floats:
        """Products of neighbors; `rho` may be a stack, and then so is the matrix."""
        matrix = np.broadcast_to(np.eye(m), (*rho.shape[:-1], m, m)).copy()
        for visit in range(1, m):
            before = matrix[..., :visit, visit - 1] * rho[..., visit - 1, None]
            matrix[..., :visit, visit] = matrix[..., visit, :visit] = before
        return matrix

    def first(self, rho: Floats, m: int) -> Floats:
        """The product without the parameter: as if that were 1, for the pairs that span it."""
        without = np.where(np.eye(m - 1, dtype=bool), 1.0, rho)
        return self.matrix(without, m) * self._spanned(m)

    def second(self, rho: Floats, m: int) -> Floats:
        """The product without two of them; each occurs but once."""
        one = np.eye(m - 1, dtype=bool)
        without = np.where(one[:, None] | one[None], 1.0, rho)
        spanned = self._spanned(m)
        both = spanned[:, None] * spanned[None] * ~one[:, :, None, None]
        return np.asarray(self.matrix(without, m) * both)

    @staticmethod
    def _spanned(m: int) -> Floats:
        """1 for the pairs of visits that each pair of neighbors lies between."""
        visit, gap = np.arange(m), np.arange(m - 1)[:, None, None]
        before, after = visit[:, None] <= gap, visit[None, :] > gap
        upper = before & after
        return np.asarray(upper | upper.transpose(0, 2, 1), dtype=np.float64)


class Toeplitz:
    """C_ij = rho of the lag |i - j|.

    Tau are the partial autocorrelations through atanh: any of them give a positive definite
    matrix, and every such matrix has them (Barndorff-Nielsen and Schou, J. Multivariate Anal.
    1973; 3: 408-419).
    """

    def count(self, m: int) -> int:
        """One for each lag."""
        return m - 1

    def start(self, moments: Floats) -> Floats:
        """From the mean correlation at each lag, by the recursion of Durbin and Levinson."""
        rho = _by_lag(moments)
        coefficients, variance = np.empty(0), 1.0
        partial = np.zeros(len(rho))
        for lag in range(len(rho)):
            told = coefficients @ rho[:lag][::-1]
            partial[lag] = _bounded((rho[lag] - told) / variance)
            rho[lag] = told + partial[lag] * variance  # what the bound makes of it
            coefficients = np.append(coefficients - partial[lag] * coefficients[::-1], partial[lag])
            variance *= 1 - partial[lag] ** 2
        return np.arctanh(partial)

    def natural(self, tau: Floats, m: int) -> tuple[Floats, Floats]:
        """The recursion of Durbin and Levinson, carrying the derivatives along."""
        n = len(tau)
        partial = np.tanh(tau)
        slope = np.diag(1 - partial**2)
        rho, d_rho = np.zeros(n), np.zeros((n, n))
        c, d_c = np.zeros(0), np.zeros((0, n))
        v, d_v = 1.0, np.zeros(n)
        for lag in range(n):
            past, d_past = rho[:lag][::-1], d_rho[:lag][::-1]
            p, d_p = partial[lag], slope[lag]
            rho[lag] = c @ past + p * v
            d_rho[lag] = past @ d_c + c @ d_past + d_p * v + p * d_v
            d_c = np.vstack([d_c - p * d_c[::-1] - np.outer(c[::-1], d_p), d_p])
            c = np.append(c - p * c[::-1], p)
            d_v = d_v * (1 - p**2) - 2 * v * p * d_p
            v *= 1 - p**2
        return rho, d_rho

    def matrix(self, rho: Floats, m: int) -> Floats:
        """The correlation of each pair's lag."""
        return np.asarray(np.append(1.0, rho)[_lags(m)])

    def first(self, rho: Floats, m: int) -> Floats:
        """1 at the pairs of each lag."""
        lag = np.arange(1, m)[:, None, None]
        return np.asarray(_lags(m) == lag, dtype=np.float64)

    def second(self, rho: Floats, m: int) -> Floats:
        """C is linear in rho."""
        return np.zeros((len(rho), len(rho), m, m))
