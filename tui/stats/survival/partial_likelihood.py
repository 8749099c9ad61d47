"""Cox's partial likelihood with Efron's handling of ties, and its maximum.

The sums over the risk sets are cumulated, and the information needs no matrix for each event: a
subject's share in it is the baseline hazard that it has gone through while at risk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tui.stats.arrays import Bools, Floats, Ints
from tui.stats.survival.risk_sets import Grid

MOST_STEPS, MOST_HALVINGS = 40, 30
CONVERGED = 1e-10  # of a step, in units of the terms' spread within the risk sets
ALIASED = 1e-10  # of the information: below it, a direction varies in no risk set
ENDLESS = 1e-8  # of the information at the start; a finite maximum keeps far more (exp(-18))
PART = 1e-4  # of a direction that a term makes up, below which it is not concerned


Point: TypeAlias = tuple[float, Floats, Floats]
"""The log partial likelihood at a place, its gradient, and the information."""


@dataclass(frozen=True)
class Maximum:
    """Where the partial likelihood is greatest; arrays have an entry a column.

    Attributes:
        coefficients: Log hazard ratios; not to be used where aliased or endless.
        covariance: Their covariance, the inverse of the information.
        aliased: Columns that the others determine in every risk set.
        endless: Columns whose coefficient grows without end, for the likelihood only rises.
        converged: Whether a maximum was found in all that is neither.
        steps: Of Newton and Raphson.
    """

    coefficients: Floats
    covariance: Floats
    aliased: Bools
    endless: Bools
    converged: bool
    steps: int


@dataclass(frozen=True)
class PartialLikelihood:
    """The data: columns of shape (rows, columns), a grid of their times, and who has an event.

    Of each event, by row of `events`: its cell, and the part of the tied events' weight that
    Efron takes off its risk set: 0, 1/d, 2/d … for d ties.
    """

    columns: Floats
    cells: Grid
    events: Ints
    cell: Ints
    part: Floats

    @classmethod
    def of(cls, columns: Floats, cells: Grid, event: Bools) -> PartialLikelihood:
        """Number the events of each cell."""
        events = np.flatnonzero(event)
        events = events[np.argsort(cells.cell[events], kind="stable")]
        cell = cells.cell[events]
        _, first, ties = np.unique(cell, return_index=True, return_counts=True)
        part = (np.arange(len(cell)) - np.repeat(first, ties)) / np.repeat(ties, ties)
        return cls(columns, cells, events, cell, part)

    def at(self, coefficients: Floats) -> Point:
        """What a place has; a ratio beyond what a double holds makes the value NaN."""
        with np.errstate(all="ignore"):
            return self._at(coefficients)

    def _at(self, coefficients: Floats) -> Point:
        score = self.columns @ coefficients
        score -= self._greatest(score)[self.cells.stratum]  # no ratio overflows, none changes
        weight = np.exp(score)[:, None]
        moments = np.hstack([weight, weight * self.columns])
        tied = np.zeros((self.cells.strata * self.cells.width, moments.shape[1]))
        np.add.at(tied, self.cell, moments[self.events])
        risk = self.cells.from_here_on(self.cells.sums(moments))
        sums = risk[self.cell] - self.part[:, None] * tied[self.cell]
        total, means = sums[:, 0], sums[:, 1:] / sums[:, :1]
        passed = self._baseline(1 / total)
        passed[self.events] -= self._by_cell(self.part / total)[self.cell]
        weighted = self.columns * (weight * passed[:, None])
        value = float(score[self.events].sum() - np.log(total).sum())
        gradient = self.columns[self.events].sum(axis=0) - means.sum(axis=0)
        return value, gradient, weighted.T @ self.columns - means.T @ means

    def _greatest(self, score: Floats) -> Floats:
        greatest = np.full(self.cells.strata, -np.inf)
        np.maximum.at(greatest, self.cells.stratum, score)
        return greatest

    def _by_cell(self, values: Floats) -> Floats:
        sums = np.bincount(self.cell, values, self.cells.strata * self.cells.width)
        return np.asarray(sums, dtype=np.float64)

    def _baseline(self, steps: Floats) -> Floats:
        """The cumulative baseline hazard at each row's time."""
        passed: Floats = self.cells.up_to_here(self._by_cell(steps))[self.cells.cell]
        return passed


def maximize(likelihood: PartialLikelihood) -> Maximum:
    """Newton and Raphson's steps from 0, in the directions that vary within risk sets."""
    here = likelihood.at(np.zeros(likelihood.columns.shape[1]))
    spread = _spread(likelihood, here[2])
    basis, aliased = _directions(here[2], spread)
    place, endless = np.zeros(basis.shape[1]), np.zeros((len(spread), 0))
    left, axes = np.ones(len(place)), np.eye(len(place))
    converged, steps = not len(place), 0
    while not converged and not endless.size and steps < MOST_STEPS:
        steps += 1
        step = _solved(basis.T @ here[2] @ basis, basis.T @ here[1])
        converged = bool(np.abs(step).max() <= CONVERGED * (1 + np.abs(place).max()))
        step, here = _uphill(likelihood, basis, place, step, here)
        place = place + step
        left, axes = np.linalg.eigh(basis.T @ here[2] @ basis)
        endless = basis @ axes[:, left < ENDLESS]
    root = basis @ (axes[:, left >= ENDLESS] / np.sqrt(left[left >= ENDLESS]))
    share = np.abs(endless) * spread[:, None]
    return Maximum(
        coefficients=basis @ place,
        covariance=root @ root.T,
        aliased=aliased,
        endless=(share > PART * share.max(axis=0, initial=0)).any(axis=1),
        converged=converged or bool(endless.size),
        steps=steps,
    )


def _spread(likelihood: PartialLikelihood, information: Floats) -> Floats:
    """How much each column varies within the risk sets; 0 where that is rounding only."""
    whole = len(likelihood.events) * np.square(likelihood.columns).mean(axis=0)
    own = np.diag(information)
    return np.sqrt(np.where(own > ALIASED * whole, own, 0))


def _directions(information: Floats, spread: Floats) -> tuple[Floats, Bools]:
    """Directions in which the information at the start is the identity, and what has none."""
    unit = np.divide(1, spread, out=np.zeros_like(spread), where=spread > 0)
    size, axes = np.linalg.eigh(information * np.outer(unit, unit))
    varies = size > ALIASED
    aliased = (spread == 0) | (np.abs(axes[:, ~varies]) > PART).any(axis=1)
    return unit[:, None] * axes[:, varies] / np.sqrt(size[varies]), aliased


def _solved(matrix: Floats, right: Floats) -> Floats:
    return np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)


def _uphill(
    likelihood: PartialLikelihood, basis: Floats, place: Floats, step: Floats, here: Point
) -> tuple[Floats, Point]:
    """The step, halved until the likelihood does not fall, and what is found there."""
    for _ in range(MOST_HALVINGS):
        ahead = likelihood.at(basis @ (place + step))
        if ahead[0] >= here[0] - CONVERGED * abs(here[0]):
            return step, ahead
        step = step / 2
    return np.zeros_like(step), here
