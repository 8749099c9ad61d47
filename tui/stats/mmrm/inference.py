"""What the uncertainty of the covariance parameters does to the tests of fixed effects.

V is the covariance of the parameters phi: twice the inverse of the *observed* second derivatives
of -2 log L, as in SAS PROC MIXED. Then

    Satterthwaite  df = 2 (c'Phi c)^2 / g'V g,  gj = c'Phi Pj Phi c
    Kenward-Roger  the same df for one contrast, and the covariance
                   PhiA = Phi + 2 Phi {sum_jk Vjk (Qjk - Pj Phi Pk - Rjk / 4)} Phi

with Pj = X'W dj W X, Qjk = X'W dj W dk W X and Rjk = X'W djk W X. (Kenward and Roger, Biometrics
1997; 53: 983-997. The Rjk are left out in the linear form: Comput. Stat. Data Anal. 2009; 53:
2583-2595, SAS DDFM=KR(LINEAR).)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import fdtrc

from tui.stats.arrays import Floats
from tui.stats.mmrm.likelihood import Point
from tui.stats.mmrm.structures import Structure

SATTERTHWAITE = "satterthwaite"
KENWARD_ROGER = "kenward-roger"
KENWARD_ROGER_LINEAR = "kenward-roger-linear"
LEAST_DF = 0.05  # of the variance at a visit; from two subjects it has about one
DF_METHODS = (KENWARD_ROGER, KENWARD_ROGER_LINEAR, SATTERTHWAITE)


@dataclass(frozen=True)
class FTest:
    """A test that several contrasts are 0 at once.

    Attributes:
        statistic: F, for Kenward-Roger with its scale.
        df: Of the numerator: the number of independent contrasts.
        df_residual: Of the denominator, not necessarily whole.
        p: Its upper tail.
    """

    statistic: float
    df: int
    df_residual: float
    p: float


@dataclass(frozen=True)
class Inference:
    """The fixed effects at the optimum, in the basis of the QR and in units of the scaled response.

    Attributes:
        point: The likelihood at the optimum.
        beta: The fixed effects.
        structure: Of the covariance.
        parameters: phi.
        parameter_covariance: V.
        pull: The Pj, shape (k, r, r).
    """

    point: Point
    beta: Floats
    structure: Structure
    parameters: Floats
    parameter_covariance: Floats
    pull: Floats

    def covariance(self, df: str) -> Floats:
        """Of the fixed effects."""
        if df == KENWARD_ROGER_LINEAR or (df == KENWARD_ROGER and self.structure.linear):
            return self._linear
        return self._quadratic if df == KENWARD_ROGER else self.point.phi

    def degrees(self, contrasts: Floats) -> Floats:
        """The df of each contrast, shape (contrasts, r)."""
        c = contrasts @ self.point.phi
        slopes = ((c @ self.pull) * c).sum(axis=-1).T
        variance = (c * contrasts).sum(axis=1)
        spread = ((slopes @ self.parameter_covariance) * slopes).sum(axis=1)
        safe = np.where(spread > 0, spread, np.nan)
        return np.asarray(2 * variance**2 / safe)

    @cached_property
    def _linear(self) -> Floats:
        """The covariance of Kenward and Roger without second derivatives."""
        phi, v, m = self.point.phi, self.parameter_covariance, len(self.point.sigma)
        first = self.structure.first(self.parameters, m).reshape(len(v), m * m)
        pairs = (first.T @ v @ first).reshape(m, m, m, m).transpose(1, 2, 0, 3).reshape(m * m, -1)
        w = self.point.w
        inner = (w.reshape(-1, m * m) @ pairs).reshape(-1, m, m)
        q = self.point.likelihood.patterns.xwx(w @ inner @ w)
        weighted = np.tensordot(v, self.pull, (1, 0))
        both = (self.pull @ phi @ weighted).sum(axis=0)
        return np.asarray(phi + 2 * phi @ (q - both) @ phi)

    @cached_property
    def _quadratic(self) -> Floats:
        """The same with them."""
        phi, v, m = self.point.phi, self.parameter_covariance, len(self.point.sigma)
        bend = np.tensordot(v, self.structure.second(self.parameters, m), ((0, 1), (0, 1)))
        r = self.point.likelihood.patterns.xwx(self.point.w @ bend @ self.point.w)
        return np.asarray(self._linear - phi @ r @ phi / 2)

    def f_test(self, contrasts: Floats, df: str) -> FTest:
        """Whether contrasts, shape (independent contrasts, r), are all 0."""
        with np.errstate(all="ignore"):  # moments of F that do not exist make NaN
            if df == SATTERTHWAITE:
                return self._satterthwaite(contrasts)
            return self._kenward_roger(contrasts, self.covariance(df))

    def _satterthwaite(self, contrasts: Floats) -> FTest:
        """F as the mean of independent t^2 (Fai and Cornelius, J. Stat. Comput. Simul. 1996)."""
        variance, axes = np.linalg.eigh(contrasts @ self.point.phi @ contrasts.T)
        turned = axes.T @ contrasts
        statistic = ((turned @ self.beta) ** 2 / variance).mean()
        df, each = len(contrasts), self.degrees(turned)
        expected = (each[each > 2] / (each[each > 2] - 2)).sum()
        return _tail(statistic, df, each[0] if df == 1 else 2 * expected / (expected - df))

    def _kenward_roger(self, contrasts: Floats, covariance: Floats) -> FTest:
        """The scale and the df that match two moments of F; names as in the article."""
        phi, v, df = self.point.phi, self.parameter_covariance, len(contrasts)
        middle = np.linalg.inv(contrasts @ phi @ contrasts.T)
        spread = middle @ (contrasts @ phi @ self.pull @ phi @ contrasts.T)
        traces = np.trace(spread, axis1=1, axis2=2)
        a1 = traces @ v @ traces
        flat = spread.reshape(len(v), -1), spread.transpose(0, 2, 1).reshape(len(v), -1)
        a2 = (v * (flat[0] @ flat[1].T)).sum()
        b = (a1 + 6 * a2) / (2 * df)
        g = ((df + 1) * a1 - (df + 4) * a2) / ((df + 2) * a2)
        bottom = 3 * df + 2 * (1 - g)
        c1, c2, c3 = g / bottom, (df - g) / bottom, (df + 2 - g) / bottom
        mean = 1 / (1 - a2 / df)
        variance = 2 / df * (1 + c1 * b) / ((1 - c2 * b) ** 2 * (1 - c3 * b))
        rho = variance / (2 * mean**2)
        residual = 4 + (df + 2) / (df * rho - 1)
        scale = residual / (mean * (residual - 2))
        estimate = contrasts @ self.beta
        size = estimate @ np.linalg.solve(contrasts @ covariance @ contrasts.T, estimate)
        return _tail(scale * size / df, df, residual)


def _tail(statistic: np.float64, df: int, residual: np.float64) -> FTest:
    """The test of an F; NaN where there are no degrees of freedom, or too few to have a mean."""
    known = residual if residual > 0 else np.nan
    return FTest(float(statistic), df, float(known), float(fdtrc(df, known, statistic)))


def infer(point: Point, structure: Structure, theta: Floats, offset: Floats) -> Inference | None:
    """From the optimum; None where the second derivatives there say that it is none.

    They do where they are not positive definite, or so small that a variance is anything.

    `offset` are the fixed effects that the response was taken about.
    """
    m = len(point.sigma)
    phi, _ = structure.natural(theta, m)
    first = structure.first(phi, m)
    hessian = point.observed(first, None if structure.linear else structure.second(phi, m))
    if not (np.diagonal(hessian) > 0).all():
        return None
    scale = 1 / np.sqrt(np.diagonal(hessian))
    try:
        half = np.linalg.inv(np.linalg.cholesky(scale[:, None] * hessian * scale))
    except np.linalg.LinAlgError:
        return None
    covariance = 2 * scale[:, None] * (half.T @ half) * scale
    variances = np.diagonal(first, axis1=1, axis2=2)
    spread = ((variances.T @ covariance) * variances.T).sum(axis=1)
    if (2 * np.diagonal(point.sigma) ** 2 < LEAST_DF * spread).any():
        return None
    pull = point.likelihood.patterns.xwx(point.weighted(first))
    return Inference(point, offset + point.beta, structure, phi, covariance, pull)
