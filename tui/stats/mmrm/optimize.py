"""The search for the covariance parameters.

Fisher scoring, then Newton with the observed second derivatives, both with step halving; where
that does not arrive, BFGS from the best point found, and Newton again. What does not arrive then
is reported as not converged: no other structure is tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tui.stats.arrays import Floats
from tui.stats.mmrm.likelihood import Likelihood, Point
from tui.stats.mmrm.structures import Structure

STEPS = 80  # of scoring and Newton; BFGS may take ten times as many
CLOSE = 1.0  # promised fall of -2 log L from which on Newton is used
ARRIVED = 1e-8  # promised fall of the last step: 1e-4 of an error, after it 1e-8 or so
SHORT = 0.1  # that step at most: to a correlation of 1 each is one of 0.5 or 1, and promises less
NO_SD = 1e-6  # a standard deviation this small beside another is none
NO_MAXIMUM = "no maximum of the likelihood was found"
UNINFORMED = "the rows do not tell all covariance parameters apart"
SINGULAR = 1e-8  # smallest eigenvalue of a correlation matrix, or pivot of the information
SUSPECT = 1e-5  # that eigenvalue where the search ends: below, rounding decides where, and as what


@dataclass(frozen=True)
class Optimum:
    """Where the search ended.

    Attributes:
        point: The likelihood there.
        theta: The parameters.
        converged: Whether this is a maximum of the likelihood.
        reason: Why it is not, if it is not.
        method: "scoring" or "BFGS".
        iterations: Steps taken.
        evaluations: Likelihoods computed.
        gradient: Largest derivative of -2 log L in theta, in absolute value.
    """

    point: Point
    theta: Floats
    converged: bool
    reason: str | None
    method: str
    iterations: int
    evaluations: int
    gradient: float


def search(
    likelihood: Likelihood, structure: Structure, start: Floats, visits: Sequence[int]
) -> Optimum | None:
    """Search from a theta; None if there is no likelihood even there.

    `visits` are the numbers by which the reasons call the visits.
    """
    walk = _Walk(likelihood, structure, start, visits)
    with np.errstate(all="ignore"):  # a step far too long overflows, and is not taken
        point = walk.at(start)
        return None if point is None else walk.run(point)


class _Walk:
    """The state that the stages of a search hand on: the best theta so far and its likelihood."""

    def __init__(
        self, likelihood: Likelihood, structure: Structure, start: Floats, visits: Sequence[int]
    ) -> None:
        self.likelihood = likelihood
        self.structure = structure
        self.visits = visits
        self.m = likelihood.patterns.m
        self.theta = start
        self.iterations = 0
        self.evaluations = 0
        self.reason: str | None = None

    def run(self, point: Point) -> Optimum:
        """Both stages."""
        method = "scoring"
        point, arrived = self._newton(point)
        if not arrived and not self._degenerate(point, SUSPECT):
            method, self.reason = "BFGS", None
            point, arrived = self._newton(self._bfgs(point))
        reason = self._degenerate(point, SUSPECT)
        if not arrived and not reason:
            reason = self.reason or NO_MAXIMUM
        return Optimum(
            point=point,
            theta=self.theta,
            converged=reason is None,
            reason=reason,
            method=method,
            iterations=self.iterations,
            evaluations=self.evaluations,
            gradient=float(np.abs(self._derivatives(point, self.theta)[0]).max()),
        )

    def at(self, theta: Floats) -> Point | None:
        """The likelihood at a theta, if there is one."""
        self.evaluations += 1
        phi, _ = self.structure.natural(theta, self.m)
        sigma = self.structure.sigma(phi, self.m)
        return self.likelihood.at(sigma) if np.isfinite(sigma).all() else None

    def _derivatives(self, point: Point, theta: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """The gradient in theta, and what second derivatives in theta are made of."""
        phi, jacobian = self.structure.natural(theta, self.m)
        first = self.structure.first(phi, self.m)
        return jacobian.T @ point.gradient(first), phi, jacobian, first

    def _newton(self, point: Point) -> tuple[Point, bool]:
        """Scoring from afar, Newton from near; where it went and whether that is a maximum."""
        promised = np.inf
        for _ in range(STEPS):
            gradient, phi, jacobian, first = self._derivatives(point, self.theta)
            near, step = promised < CLOSE, None
            if near:
                bend = None if self.structure.linear else self.structure.second(phi, self.m)
                step = _solve(jacobian.T @ point.observed(first, bend) @ jacobian, gradient)
            newton = step is not None
            if step is None:
                step = _solve(jacobian.T @ point.expected(first) @ jacobian, gradient)
            promised = np.nan if step is None else float(gradient @ step)
            if step is None or (near and not newton and promised < ARRIVED):
                self.reason = UNINFORMED
                return point, False
            if newton and promised < ARRIVED and np.abs(step).max() < SHORT:
                return self._move(point, step, 0.0) or point, True
            moved = self._move(point, step, promised)
            if moved is None or self._degenerate(moved, SINGULAR):
                return moved or point, False
            point = moved
        return point, False

    def _move(self, point: Point, step: Floats, promised: float) -> Point | None:
        """Go as far along the step as the likelihood rises; None if it does not."""
        length = 1.0
        rounding = 1e-12 * (abs(point.value) + point.likelihood.patterns.rows)
        while length > 1e-6:
            theta = self.theta - length * step
            other = self.at(theta)
            if other and other.value <= point.value - 1e-4 * length * promised + rounding:
                self.theta = theta
                self.iterations += 1
                return other
            length /= 2
        return None

    def _bfgs(self, start: Point) -> Point:
        """BFGS, in units in which the expected second derivatives are 1; the best point seen."""
        from scipy.optimize import minimize  # loads slowly, and is rarely needed

        origin, best = self.theta, start
        _, _, jacobian, first = self._derivatives(start, origin)
        curvature = jacobian.T @ start.expected(first) @ jacobian
        if not np.isfinite(curvature).all():
            return start
        size, axes = np.linalg.eigh(curvature)
        unit = axes / np.sqrt(np.maximum(size, 1e-6 * size.max()))

        def function(u: Floats) -> tuple[float, Floats]:
            nonlocal best
            theta = origin + unit @ u
            here = self.at(theta)
            if here is None:
                return np.inf, np.zeros_like(u)
            if here.value < best.value:
                best, self.theta = here, theta
            return here.value - start.value, unit.T @ self._derivatives(here, theta)[0]

        options = {"gtol": 1e-5, "maxiter": 10 * STEPS}
        zero = np.zeros(len(origin))
        found = minimize(function, zero, jac=True, method="BFGS", options=options)
        self.iterations += int(found.nit)
        return best

    def _degenerate(self, point: Point, floor: float) -> str | None:
        """What is singular about Sigma, if it is."""
        sd = np.sqrt(np.diagonal(point.sigma))
        vanishing = np.flatnonzero(sd < NO_SD * sd.max())
        if len(vanishing):
            return f"no residual variance at visit {self.visits[int(vanishing[0])]}"
        correlation = point.sigma / np.outer(sd, sd)
        if np.linalg.eigvalsh(correlation)[0] > floor:
            return None
        off = np.abs(correlation - np.eye(self.m))
        one, other = divmod(int(off.argmax()), self.m)
        if off[one, other] > 1 - floor:
            return f"visits {self.visits[one]} and {self.visits[other]} are perfectly correlated"
        return "the covariance matrix is singular"


def _solve(matrix: Floats, gradient: Floats) -> Floats | None:
    """The step to the minimum of a quadratic; None if it has none, or a flat one by its size.

    The parameters are pure numbers: curvature that is none but for rounding is not to be scaled up.
    """
    diagonal = np.diagonal(matrix)
    finite = np.isfinite(matrix).all() and np.isfinite(gradient).all()
    if not finite or (diagonal < SINGULAR).any():
        return None
    scale = 1 / np.sqrt(diagonal)
    try:
        root = np.linalg.cholesky(scale[:, None] * matrix * scale)
    except np.linalg.LinAlgError:
        return None
    if np.diagonal(root).min() ** 2 < SINGULAR:
        return None
    half = np.linalg.solve(root, scale * gradient)
    return np.asarray(scale * np.linalg.solve(root.T, half))
