"""The fixed effects of an MMRM: their columns, which of them count, and the LS means they make.

There is one indicator for each arm at each visit, a slope for each covariate (one for all visits
or one for each), and for each factor one column less than it has levels, the first level being
the reference. Covariates are centered at their mean over the rows used: neither this nor the
choice of the reference changes the REML likelihood, which therefore is that of SAS and of R.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from tui.stats.arrays import Bools, Floats, Ints
from tui.stats.design import SINGULAR

BLOCK = 8000  # numbers in a matrix that OpenBLAS leaves to one thread


@dataclass(frozen=True)
class Rows:
    """Complete rows, by subject and visit.

    Attributes:
        subject: Codes from 0 up, each of which occurs.
        visit: Codes from 0 up, each of which occurs.
    """

    y: Floats
    subject: Ints
    visit: Ints

    @property
    def subjects(self) -> int:
        """The number of subjects."""
        return int(self.subject.max(initial=-1)) + 1

    @property
    def visits(self) -> int:
        """The number of visits that somebody attended."""
        return int(self.visit.max(initial=-1)) + 1


@dataclass(frozen=True)
class Term:
    """One effect.

    Attributes:
        name: "arm", "base", "covariate 0", "factor 0" …
        levels: What tells its columns apart: "arm 0", "arm 1" …
        values: Its columns, shape (rows, levels).
        weights: What a column adds to an LS mean; for the arm this is decided by the cell.
        by_visit: Whether each visit has its own coefficients.
    """

    name: str
    levels: tuple[str, ...]
    values: Floats
    weights: Floats
    by_visit: bool


@dataclass(frozen=True)
class Design:
    """The columns of the model, and a basis of what they span.

    Attributes:
        names: One per column, positions counted from 0.
        terms: The term that each column belongs to.
        cells: LS means as sums over the columns, shape (visits, arms, columns).
        kept: Columns that do not depend on those before them, as SAS and R choose them.
        root: Inverse of the triangle of the QR of those, shape (kept, kept).
        null: Shape (columns, columns - kept); moving along it changes no fitted value.
        log_determinant: Of X'X of the kept columns.
        coefficients: Of the kept columns, by ordinary least squares.
        residuals: Of ordinary least squares, one per row.
        spread: Values of the covariates by subject, shape (subjects, values), and
        where: which column each is for at each visit, shape (values, visits); -1 where none is.
    """

    names: tuple[str, ...]
    terms: tuple[str, ...]
    cells: Floats
    kept: Ints
    root: Floats
    null: Floats
    log_determinant: float
    coefficients: Floats
    residuals: Floats
    spread: Floats
    where: Ints

    @property
    def rank(self) -> int:
        """The number of independent columns."""
        return len(self.kept)

    def estimable(self, weights: Floats) -> Bools:
        """Whether these sums over the columns (the last axis) are free of the null space."""
        size = np.linalg.norm(weights, axis=-1)
        free = np.linalg.norm(weights @ self.null, axis=-1)
        return np.asarray((size > 0) & (free <= SINGULAR * size))


def arm_term(arm: Ints, arms: int, by_visit: bool) -> Term:
    """An indicator for each arm."""
    indicators = (arm[:, None] == np.arange(arms)).astype(np.float64)
    levels = tuple(f"arm {index}" for index in range(arms))
    return Term("arm", levels, indicators, np.zeros(arms), by_visit)


def slope_term(name: str, values: Floats, by_visit: bool) -> Term:
    """A covariate about its mean; without a column if it does not vary."""
    centered = values - values.mean()
    varies = np.linalg.norm(centered) > SINGULAR * np.linalg.norm(values)
    columns = centered[:, None][:, : int(varies)]
    return Term(name, (name,)[: int(varies)], columns, np.zeros(int(varies)), by_visit)


def factor_term(name: str, factor: Ints, by_visit: bool, observed_margins: bool) -> Term:
    """An indicator for each level seen but the first, weighed as it counts in an LS mean."""
    seen = np.unique(factor)
    columns = (factor[:, None] == seen).astype(np.float64)
    weights = columns.mean(axis=0) if observed_margins else np.full(len(seen), 1 / len(seen))
    levels = tuple(f"{name} level {level}" for level in seen)
    return Term(name, levels[1:], columns[:, 1:], weights[1:], by_visit)


def lay_out(rows: Rows, terms: Sequence[Term], arms: int, labels: Sequence[int]) -> Design:
    """The design of some terms, the arm first; `labels` are the visits' numbers in the names."""
    m = rows.visits
    blocks, names, owners, spread, where = [], [], [], [], []
    cells: list[Floats] = []
    columns = 0
    for term in terms:
        levels = len(term.levels)
        blocks.append(_columns(term, rows))
        if term.by_visit:
            names += [f"{level} at visit {label}" for label in labels for level in term.levels]
        else:
            names += list(term.levels)
        owners += [term.name] * blocks[-1].shape[1]
        cells.append(_cells(term, m, arms))
        at = np.full((m, 1), columns) + levels * int(term.by_visit) * np.arange(m)[:, None]
        values, place = _by_subject(term, rows, at + np.arange(levels))
        spread.append(values)
        where.append(place)
        columns += blocks[-1].shape[1]
    x = np.hstack(blocks)
    kept, root, null, log_determinant, coefficients = _solve(x, rows.y)
    return Design(
        names=tuple(names),
        terms=tuple(owners),
        cells=np.concatenate(cells, axis=-1),
        kept=kept,
        root=root,
        null=null,
        log_determinant=log_determinant,
        coefficients=coefficients,
        residuals=rows.y - x[:, kept] @ coefficients,
        spread=np.hstack(spread),
        where=np.vstack(where),
    )


def _columns(term: Term, rows: Rows) -> Floats:
    """The columns of a term: its values, at each visit in columns of their own if need be."""
    if not term.by_visit:
        return term.values
    n, levels = term.values.shape
    block = np.zeros((n, rows.visits, levels))
    block[np.arange(n), rows.visit] = term.values
    return block.reshape(n, -1)


def _cells(term: Term, m: int, arms: int) -> Floats:
    """What a term adds to the LS mean of each arm at each visit, shape (m, arms, columns)."""
    levels = len(term.levels)
    part = np.broadcast_to(np.eye(arms) if term.name == "arm" else term.weights, (arms, levels))
    if not term.by_visit:
        return np.broadcast_to(part, (m, arms, levels))
    cells = np.zeros((m, arms, m, levels))
    cells[np.arange(m), :, np.arange(m)] = part
    return cells.reshape(m, arms, m * levels)


def _by_subject(term: Term, rows: Rows, columns: Ints) -> tuple[Floats, Ints]:
    """The values of a term by subject, and which of the columns (m, levels) they are for.

    A level that differs between the visits of a subject takes one value for each visit.
    """
    m, n = rows.visits, rows.subjects
    first = np.zeros((n, len(term.levels)))
    first[rows.subject[::-1]] = term.values[::-1]
    varies = (term.values != first[rows.subject]).any(axis=0)
    wide = np.zeros((n, m, int(varies.sum())))
    wide[rows.subject, rows.visit] = term.values[:, varies]
    place = np.full((m, wide.shape[2], m), -1)
    place[np.arange(m), :, np.arange(m)] = columns[:, varies]
    return (
        np.hstack([first[:, ~varies], wide.reshape(n, -1)]),
        np.vstack([columns[:, ~varies].T, place.reshape(-1, m)]),
    )


def _solve(x: Floats, y: Floats) -> tuple[Ints, Floats, Floats, float, Floats]:
    """Least squares by QR: kept columns, inverse triangle, null space, log |X'X|, coefficients."""
    p = x.shape[1]
    triangle = _triangle(np.column_stack([x, y]))
    x_part, y_part = triangle[:, :p], triangle[:, p]
    kept = independent(x_part)
    rest = np.setdiff1d(np.arange(p), kept)
    q, r = np.linalg.qr(x_part[:, kept])
    root = np.linalg.solve(r, np.eye(len(kept)))
    null = np.zeros((p, len(rest)))
    null[kept] = -root @ (q.T @ x_part[:, rest])
    null[rest, np.arange(len(rest))] = 1.0
    null /= np.linalg.norm(null, axis=0)
    log_determinant = 2 * float(np.log(np.abs(np.diagonal(r))).sum())
    return kept, root, null, log_determinant, root @ (q.T @ y_part)


def _triangle(x: Floats) -> Floats:
    """The R of a QR, from those of blocks of rows, which BLAS does not share between threads.

    In one piece a tall matrix costs ten times as much on a busy server: threads that wait.
    """
    width = x.shape[1]
    height = max(2 * width, BLOCK // width)
    while len(x) > height:
        blocks = np.zeros((-(-len(x) // height), height, width))
        blocks.reshape(-1, width)[: len(x)] = x
        # NumPy's own types overlook that this mode returns an array, not a pair.
        x = cast(Floats, np.linalg.qr(blocks, mode="r")).reshape(-1, width)
    return cast(Floats, np.linalg.qr(x, mode="r"))


def independent(x: Floats) -> Ints:
    """The columns that are no sum of columns before them: Gram-Schmidt, twice for the digits."""
    kept: list[int] = []
    basis = np.zeros((len(x), min(x.shape)))
    for index, size in enumerate(np.linalg.norm(x, axis=0)):
        known = basis[:, : len(kept)]
        rest = x[:, index] - known @ (known.T @ x[:, index])
        rest = rest - known @ (known.T @ rest)
        left = np.linalg.norm(rest)
        if left > SINGULAR * size and len(kept) < basis.shape[1]:
            basis[:, len(kept)] = rest / left
            kept.append(index)
    return np.array(kept, dtype=np.int64)
