"""Who is at risk when: the rows of a study placed in a grid of strata and distinct times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tui.stats.arrays import Floats, Ints

SAME = float(np.finfo(np.float64).eps) ** 0.5
"""Beside the mean time: times this close are one, as in R (`timefix`); 0.1 + 0.2 is not 0.3."""


@dataclass(frozen=True)
class Grid:
    """The cell of each row, and the shape of the grid.

    Attributes:
        cell: Shape (rows,): stratum times `width`, plus the place of the time in its stratum.
        stratum: Shape (rows,): codes without gaps.
        strata, width: The grid's sides; a stratum with fewer times leaves cells empty at its end.
    """

    cell: Ints
    stratum: Ints
    strata: int
    width: int

    def sums(self, values: Floats) -> Floats:
        """Sums over the rows of each cell, shape (cells, columns) of values (rows, columns)."""
        cells = np.zeros((self.strata * self.width, values.shape[1]))
        np.add.at(cells, self.cell, values)
        return cells

    def from_here_on(self, cells: Floats) -> Floats:
        """Sums over each cell and the later ones of its stratum: over those at risk.

        Summed from the end, where the sums are smallest, so that they lose no digits.
        """
        backwards = cells.reshape(self.strata, self.width, cells.shape[1])[:, ::-1].cumsum(axis=1)
        return backwards[:, ::-1].reshape(cells.shape)

    def up_to_here(self, cells: Floats) -> Floats:
        """Sums over each cell and the earlier ones of its stratum, shape (cells,)."""
        return cells.reshape(self.strata, self.width).cumsum(axis=1).ravel()


def grid(time: Floats, stratum: Ints) -> Grid:
    """Place rows by their time within their stratum."""
    strata, code = np.unique(stratum, return_inverse=True)
    order = np.lexsort((time, code))
    code_in_order, time_in_order = code[order], time[order]
    first = np.diff(code_in_order, prepend=-1) > 0
    changes = first | (np.diff(time_in_order, prepend=np.nan) != 0)
    place = changes.cumsum() - 1
    within = place - np.maximum.accumulate(np.where(first, place, 0))
    width = int(within.max(initial=0)) + 1
    cell = np.empty(len(time), np.int64)
    cell[order] = code_in_order * width + within
    return Grid(cell, code.astype(np.int64), len(strata), width)


def tied(time: Floats) -> Floats:
    """The times, those that differ by rounding only made equal to the earliest of them."""
    distinct, place = np.unique(time, return_inverse=True)
    if not len(distinct):
        return time
    apart = np.diff(distinct, prepend=-np.inf) > SAME * np.abs(distinct).mean()
    return np.asarray(distinct[apart][apart.cumsum() - 1][place], dtype=np.float64)
