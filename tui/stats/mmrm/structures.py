"""The within-subject covariance structures that a model can have, in one registry.

A structure has two sets of parameters, as many in the one as in the other:

- `theta`, unconstrained, in which it is fitted: every theta is a positive definite matrix;
- `phi`, those of SAS PROC MIXED (variances, covariances, correlations), in which degrees of freedom
  and the Kenward-Roger covariance are computed. The latter depends on the choice, because it
  takes second derivatives of Sigma, and meets SAS in this one only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tui.stats.arrays import Floats, Ints
from tui.stats.mmrm import correlations
from tui.stats.mmrm.correlations import Correlation


class Structure(Protocol):
    """What the fit asks of a structure; `m` is the number of visits."""

    @property
    def name(self) -> str:
        """As the user chooses it."""

    @property
    def label(self) -> str:
        """As it is printed."""

    @property
    def sas(self) -> str:
        """TYPE= of the REPEATED statement of PROC MIXED."""

    @property
    def own_variances(self) -> bool:
        """Whether each visit has its own variance."""

    @property
    def linear(self) -> bool:
        """Whether Sigma is linear in phi, so that Kenward-Roger has one form, not two."""

    def count(self, m: int) -> int:
        """The number of parameters."""

    def start(self, moments: Floats) -> Floats:
        """The theta of a matrix near to this positive definite one."""

    def natural(self, theta: Floats, m: int) -> tuple[Floats, Floats]:
        """The phi of a theta, and its Jacobian, shape (phi, theta)."""

    def sigma(self, phi: Floats, m: int) -> Floats:
        """The covariance matrix."""

    def first(self, phi: Floats, m: int) -> Floats:
        """Its derivatives, shape (phi, m, m)."""

    def second(self, phi: Floats, m: int) -> Floats:
        """Its second derivatives, shape (phi, phi, m, m)."""


def _lower(m: int) -> tuple[Ints, Ints]:
    """The rows and columns of the lower triangle, row by row, as SAS numbers UN(i, j)."""
    rows, columns = np.tril_indices(m)
    return rows, columns


@dataclass(frozen=True)
class Unstructured:
    """A variance for each visit and a covariance for each pair; theta is its log-Cholesky root."""

    name: str = "unstructured"
    label: str = "Unstructured"
    sas: str = "UN"
    own_variances: bool = True
    linear: bool = True

    def count(self, m: int) -> int:
        """One for each pair of visits, and one for each visit."""
        return m * (m + 1) // 2

    def start(self, moments: Floats) -> Floats:
        """The root of the matrix itself."""
        root = np.linalg.cholesky(moments)
        np.fill_diagonal(root, np.log(np.diagonal(root)))
        return np.asarray(root[_lower(len(moments))])

    def natural(self, theta: Floats, m: int) -> tuple[Floats, Floats]:
        """The elements of L L', and d(L L') = dL L' + L dL'."""
        rows, columns = _lower(m)
        root = np.zeros((m, m))
        root[rows, columns] = theta
        np.fill_diagonal(root, np.exp(np.diagonal(root)))
        scale = np.where(rows == columns, root[rows, columns], 1.0)
        parameters = np.arange(len(theta))
        change = np.zeros((len(theta), m, m))
        change[parameters, rows] = scale[:, None] * root.T[columns]
        change += change.transpose(0, 2, 1)
        return (root @ root.T)[rows, columns], change[:, rows, columns].T

    def sigma(self, phi: Floats, m: int) -> Floats:
        """Each element and its mirror image."""
        rows, columns = _lower(m)
        sigma = np.zeros((m, m))
        sigma[rows, columns] = sigma[columns, rows] = phi
        return sigma

    def first(self, phi: Floats, m: int) -> Floats:
        """1 at each element and at its mirror image."""
        rows, columns = _lower(m)
        first = np.zeros((len(phi), m, m))
        parameters = np.arange(len(phi))
        first[parameters, rows, columns] = first[parameters, columns, rows] = 1.0
        return first

    def second(self, phi: Floats, m: int) -> Floats:
        """Sigma is linear in its elements."""
        return np.zeros((len(phi), len(phi), m, m))


@dataclass(frozen=True)
class CompoundSymmetry:
    """One covariance c and one residual variance d: Sigma = c J + d I.

    Theta are the logarithms of its two eigenvalues, d + m c and d, so that c may be negative, as
    in PROC MIXED.
    """

    name: str = "compound-symmetry"
    label: str = "Compound symmetry"
    sas: str = "CS"
    own_variances: bool = False
    linear: bool = True

    def count(self, m: int) -> int:
        """The covariance and the residual variance."""
        return 2

    def start(self, moments: Floats) -> Floats:
        """The averages of the covariances and of the variances."""
        m = len(moments)
        across = moments.sum() / m
        return np.log([across, (np.trace(moments) - across) / (m - 1)])

    def natural(self, theta: Floats, m: int) -> tuple[Floats, Floats]:
        """Back from the eigenvalues."""
        across, within = np.exp(theta)
        jacobian = np.array([[across / m, -within / m], [0.0, within]])
        return np.array([(across - within) / m, within]), jacobian

    def sigma(self, phi: Floats, m: int) -> Floats:
        """The covariance everywhere, and the residual variance on the diagonal."""
        return np.asarray(phi[0] + phi[1] * np.eye(m))

    def first(self, phi: Floats, m: int) -> Floats:
        """J and I."""
        return np.stack([np.ones((m, m)), np.eye(m)])

    def second(self, phi: Floats, m: int) -> Floats:
        """Sigma is linear in both."""
        return np.zeros((2, 2, m, m))


@dataclass(frozen=True)
class Heterogeneous:
    """A variance for each visit, and a structured correlation: Sigma_ij = sqrt(v_i v_j) C_ij."""

    name: str
    label: str
    sas: str
    correlation: Correlation
    own_variances: bool = True
    linear: bool = False

    def count(self, m: int) -> int:
        """The variances and the parameters of the correlation."""
        return m + self.correlation.count(m)

    def start(self, moments: Floats) -> Floats:
        """The variances themselves, and the nearest correlation."""
        sd = np.sqrt(np.diagonal(moments))
        near = self.correlation.start(moments / np.outer(sd, sd))
        return np.concatenate([2 * np.log(sd), near])

    def natural(self, theta: Floats, m: int) -> tuple[Floats, Floats]:
        """Variances from their logarithms, correlations from what keeps them in bounds."""
        variance = np.exp(theta[:m])
        rho, inner = self.correlation.natural(theta[m:], m)
        jacobian = np.zeros((len(theta), len(theta)))
        jacobian[:m, :m] = np.diag(variance)
        jacobian[m:, m:] = inner
        return np.concatenate([variance, rho]), jacobian

    def sigma(self, phi: Floats, m: int) -> Floats:
        """The correlation times the standard deviations."""
        sd = np.sqrt(phi[:m])
        return np.asarray(np.outer(sd, sd) * self.correlation.matrix(phi[m:], m))

    def first(self, phi: Floats, m: int) -> Floats:
        """The product rule on sd_i sd_j C_ij."""
        sd, scale, correlation, change = self._parts(phi, m)
        return np.asarray(scale * correlation + np.outer(sd, sd) * change)

    def second(self, phi: Floats, m: int) -> Floats:
        """The product rule once more."""
        sd, scale, correlation, change = self._parts(phi, m)
        step = np.zeros((len(phi), m))
        step[:m] = np.diag(0.5 / sd)
        bend = np.zeros((len(phi), len(phi), m))
        bend[np.arange(m), np.arange(m), np.arange(m)] = -0.25 / sd**3
        scale2 = bend[..., :, None] * sd + step[:, None, :, None] * step[None, :, None, :]
        scale2 = scale2 + scale2.swapaxes(-1, -2)
        mixed = scale[:, None] * change[None]
        second = scale2 * correlation + mixed + mixed.swapaxes(0, 1)
        second[m:, m:] += np.outer(sd, sd) * self.correlation.second(phi[m:], m)
        return np.asarray(second)

    def _parts(self, phi: Floats, m: int) -> tuple[Floats, Floats, Floats, Floats]:
        """The SDs, the derivatives of sd_i sd_j, C, and the derivatives of C."""
        sd = np.sqrt(phi[:m])
        scale = np.zeros((len(phi), m, m))
        visit = np.arange(m)
        scale[visit, visit] = 0.5 / sd[:, None] * sd
        scale += scale.transpose(0, 2, 1)
        change = np.zeros((len(phi), m, m))
        change[m:] = self.correlation.first(phi[m:], m)
        return sd, scale, self.correlation.matrix(phi[m:], m), change


_ALL: tuple[Structure, ...] = (
    Unstructured(),
    Heterogeneous(
        "toeplitz-heterogeneous", "Heterogeneous Toeplitz", "TOEPH", correlations.Toeplitz()
    ),
    Heterogeneous("ar1-heterogeneous", "Heterogeneous AR(1)", "ARH(1)", correlations.Ar1()),
    Heterogeneous(
        "ante-dependence",
        "Heterogeneous ante-dependence of order 1",
        "ANTE(1)",
        correlations.AnteDependence(),
    ),
    Heterogeneous(
        "compound-symmetry-heterogeneous",
        "Heterogeneous compound symmetry",
        "CSH",
        correlations.Exchangeable(),
    ),
    CompoundSymmetry(),
)

STRUCTURES: dict[str, Structure] = {structure.name: structure for structure in _ALL}
"""The structures by name, from the most to the fewest parameters."""
