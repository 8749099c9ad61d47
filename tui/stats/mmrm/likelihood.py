"""Minus twice the log likelihood of the model, REML or ML, and its derivatives in Sigma.

With W = Sigma^-1, A = X'WX, Phi = A^-1, r = y - X Phi X'Wy, sums over patterns of n subjects:

    -2 l        = sum n log |Sigma| + log |A| + r'Wr + (N - rank) log 2 pi        (REML)
    d(-2 l)/ds  = tr(G dSigma),  G = sum (n W - W M W),  M = sum (r r' + X Phi X')
    d2(-2 l)/.. = tr(G d2Sigma) + sum tr(dj W dk (2 W M W - n W)) - tr(Phi Pj Phi Pk) - 2 uj'Phi uk

where Pj = X'W dj W X and uj = X'W dj W r, dj the derivative of Sigma. ML leaves out log |A|, and
with it X Phi X' and tr(Phi Pj Phi Pk). (Lindstrom and Bates, JASA 1988; 83: 1014-1022.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tui.stats.arrays import Floats
from tui.stats.mmrm.patterns import Patterns


@dataclass(frozen=True)
class Likelihood:
    """The likelihood of one set of data as a function of Sigma.

    Attributes:
        patterns: The data.
        reml: Whether it is the restricted one.
        constant: To be added to every value: what the basis of the columns and the scale of the
            response have taken away.
    """

    patterns: Patterns
    reml: bool
    constant: float

    def at(self, sigma: Floats) -> Point | None:
        """The likelihood at a Sigma; None where Sigma or X'WX is not positive definite."""
        try:
            w, log_determinants = self.patterns.inverses(sigma)
            a = self.patterns.xwx(w)
            root = np.linalg.cholesky(a)
            half = np.linalg.inv(root)
        except np.linalg.LinAlgError:
            return None
        phi = half.T @ half
        beta = phi @ self.patterns.xwr(w, self.patterns.zy)
        products, zr = self.patterns.residual_products(self.patterns.fitted(beta))
        value = float(self.patterns.n @ log_determinants) + float((products * w).sum())
        moments = products
        if self.reml:
            value += 2 * float(np.log(np.diagonal(root)).sum())
            moments = products + self.patterns.leverage(phi)
        if not np.isfinite(value):
            return None
        return Point(self, sigma, value + self.constant, w, phi, beta, moments, zr)


@dataclass(frozen=True)
class Point:
    """The likelihood at one Sigma.

    Attributes:
        likelihood: The function.
        sigma: The argument, shape (m, m).
        value: -2 log likelihood.
        w: Inverse of Sigma per pattern, shape (patterns, m, m).
        phi: Covariance of the fixed effects.
        beta: The fixed effects.
        moments: M per pattern.
        zr: Cross-products of covariates and residuals per pattern.
    """

    likelihood: Likelihood
    sigma: Floats
    value: float
    w: Floats
    phi: Floats
    beta: Floats
    moments: Floats
    zr: Floats

    def gradient(self, first: Floats) -> Floats:
        """In parameters of which `first` are the derivatives of Sigma, shape (k, m, m)."""
        return np.asarray(first.reshape(len(first), -1) @ self._slope().ravel())

    def expected(self, first: Floats) -> Floats:
        """The expected second derivatives, but for what REML subtracts: of the order of p / N."""
        return self._contract(first, self.likelihood.patterns.n[:, None, None] * self.w)

    def observed(self, first: Floats, second: Floats | None) -> Floats:
        """The second derivatives themselves; `second` may be left out where Sigma is linear."""
        n = self.likelihood.patterns.n[:, None, None]
        hessian = self._contract(first, 2 * self.w @ self.moments @ self.w - n * self.w)
        weighted = self.weighted(first)
        u = self.likelihood.patterns.xwr(weighted, self.zr)
        hessian = hessian - 2 * u @ self.phi @ u.T
        if self.likelihood.reml:
            spread = self.phi @ self.likelihood.patterns.xwx(weighted)
            hessian -= (spread.transpose(1, 0, 2) @ spread.transpose(2, 1, 0)).sum(axis=0)
        if second is not None:
            hessian += second.reshape(len(first), len(first), -1) @ self._slope().ravel()
        return np.asarray((hessian + hessian.T) / 2)

    def weighted(self, first: Floats) -> Floats:
        """W dj W per pattern, shape (k, patterns, m, m)."""
        return np.asarray(self.w @ first[:, None] @ self.w)

    def _slope(self) -> Floats:
        """G, the derivative in the elements of Sigma."""
        n = self.likelihood.patterns.n
        return np.asarray(np.tensordot(n, self.w, (0, 0)) - (self.w @ self.moments @ self.w).sum(0))

    def _contract(self, first: Floats, other: Floats) -> Floats:
        """The sums of tr(dj W dk other) over the patterns, shape (k, k)."""
        patterns, m = len(self.w), len(self.sigma)
        left = self.w.transpose(1, 2, 0)
        kernel = left @ other.reshape(patterns, m * m)  # (b, c), (d, a) for dj_ab W_bc dk_cd S_da
        kernel = kernel.reshape(m, m, m, m).transpose(3, 0, 1, 2).reshape(m, m, m * m)
        d = first.transpose(1, 0, 2)
        product = (d @ kernel).sum(axis=0) @ first.reshape(len(first), m * m).T
        return np.asarray((product + product.T) / 2)
