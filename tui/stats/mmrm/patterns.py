"""Subjects by the visits they attended, and the sums over them that the likelihood needs.

Within such a pattern every subject has the same weight matrix W, so cross-products of covariates
and responses say all about its subjects: no later step depends on their number.

Values of covariates z by subject and an incidence of columns by visit stand for the design: the
row of X at visit a is z' B_a. The columns are those of the QR of X, which makes X'X the identity.

Products are stacks of small matrices where they can be: a BLAS that shares a large one between
threads waits for all of them, which on a busy server costs more than the product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tui.stats.arrays import Bools, Floats, Ints
from tui.stats.mmrm.design import Design, Rows

CHUNK = 4_000_000  # numbers to hold at once


@dataclass(frozen=True)
class Patterns:
    """Sufficient statistics, per pattern; `m` visits, `q` values of covariates, `r` columns.

    Attributes:
        n: Subjects.
        attended: Visits, shape (patterns, m).
        sizes: For each number of visits, the patterns with so many, and which visits these are.
        zz: Cross-products of the covariates, shape (patterns, q, q).
        zy: Of the covariates and the response, shape (patterns, q, m).
        yy: Of the response, shape (patterns, m, m).
        columns: B, shape (q * m, r).
        rows: Rows in all.
    """

    n: Floats
    attended: Bools
    sizes: tuple[tuple[Ints, Ints], ...]
    zz: Floats
    zy: Floats
    yy: Floats
    columns: Floats
    rows: int

    @property
    def m(self) -> int:
        """The number of visits."""
        return int(self.yy.shape[1])

    @property
    def rank(self) -> int:
        """The number of columns."""
        return int(self.columns.shape[1])

    def inverses(self, sigma: Floats) -> tuple[Floats, Floats]:
        """W and log |Sigma| of each pattern; W is 0 where a visit was not attended.

        Raises:
            LinAlgError: Sigma is not positive definite.
        """
        inverse, log_determinant = np.zeros_like(self.yy), np.zeros(len(self.n))
        for which, visits in self.sizes:
            part = sigma[visits[:, :, None], visits[:, None, :]]
            root = np.linalg.cholesky(part)
            diagonal = np.diagonal(root, axis1=1, axis2=2)
            log_determinant[which] = 2 * np.log(diagonal).sum(axis=1)
            half = np.linalg.inv(root)
            full = half.transpose(0, 2, 1) @ half
            inverse[which[:, None, None], visits[:, :, None], visits[:, None, :]] = full
        return inverse, log_determinant

    def xwx(self, w: Floats) -> Floats:
        """X'WX for weights of shape (…, patterns, m, m)."""
        q, m = self.zz.shape[1], self.m
        flat = w.reshape(-1, len(self.n), m * m)
        crossed = self.zz.reshape(len(self.n), q * q).T
        result = np.empty((len(flat), self.rank, self.rank))
        step = max(1, CHUNK // (q * m) ** 2)
        for start in range(0, len(flat), step):
            full = (crossed @ flat[start : start + step]).reshape(-1, q, q, m, m)
            full = full.transpose(0, 1, 3, 2, 4).reshape(-1, q * m, q * m)
            result[start : start + step] = self.columns.T @ (full @ self.columns)
        return result.reshape(*w.shape[:-3], self.rank, self.rank)

    def xwr(self, w: Floats, zr: Floats) -> Floats:
        """X'Wr for weights of shape (…, patterns, m, m) and cross-products zr like `zy`."""
        q, m = self.zz.shape[1], self.m
        left = zr.transpose(1, 0, 2).reshape(q, -1)
        sums = left @ w.reshape(*w.shape[:-3], -1, m)
        return np.asarray(sums.reshape(*w.shape[:-3], q * m) @ self.columns)

    def fitted(self, beta: Floats) -> Floats:
        """The coefficients of each covariate value at each visit, shape (q, m)."""
        return np.asarray((self.columns @ beta).reshape(-1, self.m))

    def residual_products(self, fitted: Floats) -> tuple[Floats, Floats]:
        """The sums of r r' and z r' per pattern, right at the visits attended."""
        zr = self.zy - self.zz @ fitted
        return self.yy - fitted.T @ self.zy - zr.transpose(0, 2, 1) @ fitted, zr

    def leverage(self, phi: Floats) -> Floats:
        """The sums of X Phi X' per pattern, shape (patterns, m, m)."""
        q, m = self.zz.shape[1], self.m
        spread = (self.columns @ phi @ self.columns.T).reshape(q, m, q, m)
        flat = spread.transpose(0, 2, 1, 3).reshape(q * q, m * m)
        return np.asarray((self.zz.reshape(-1, q * q) @ flat).reshape(-1, m, m))


def group(rows: Rows, design: Design, scale: float) -> Patterns:
    """Group the subjects; the response is the residual of least squares over `scale`."""
    n, m = rows.subjects, rows.visits
    response, attended = np.zeros((n, m)), np.zeros((n, m), dtype=bool)
    response[rows.subject, rows.visit] = design.residuals / scale
    attended[rows.subject, rows.visit] = True
    kinds, kind = np.unique(attended, axis=0, return_inverse=True)
    order = np.argsort(kind.ravel(), kind="stable")
    members = np.split(order, np.cumsum(np.bincount(kind.ravel()))[:-1])
    z = design.spread
    per_size = kinds.sum(axis=1)
    sizes = []
    for size in np.unique(per_size):
        which = np.flatnonzero(per_size == size)
        sizes.append((which, np.nonzero(kinds[which])[1].reshape(len(which), int(size))))
    return Patterns(
        n=np.array([len(part) for part in members], dtype=np.float64),
        attended=kinds,
        sizes=tuple(sizes),
        zz=np.stack([z[part].T @ z[part] for part in members]),
        zy=np.stack([z[part].T @ response[part] for part in members]),
        yy=np.stack([response[part].T @ response[part] for part in members]),
        columns=_incidence(design),
        rows=len(rows.y),
    )


def _incidence(design: Design) -> Floats:
    """B in the basis of the QR, shape (q * m, r)."""
    where = design.where.ravel()
    incidence = np.zeros((len(where), len(design.names)))
    used = np.flatnonzero(where >= 0)
    incidence[used, where[used]] = 1.0
    return np.asarray(incidence[:, design.kept] @ design.root)
