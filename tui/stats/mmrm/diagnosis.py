"""Why a model, or some of its figures, cannot be had: each reason in words, naming the cause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from tui.stats.arrays import Floats, Ints
from tui.stats.design import SINGULAR
from tui.stats.mmrm.design import Design, Rows, Term
from tui.stats.mmrm.patterns import Patterns
from tui.stats.mmrm.structures import Structure

NO_RESIDUAL = 1e-12  # share of the residual sum of squares that is rounding


def of_rows(rows: Rows, attended: Ints) -> str | None:
    """Why the rows cannot be used at all."""
    if not len(rows.y):
        return "no complete rows"
    place = rows.subject * rows.visits + rows.visit
    again = np.flatnonzero(np.bincount(place) > 1)
    if len(again):
        visits = _listed(np.unique(attended[again % rows.visits]).tolist(), "visit")
        subjects = len(np.unique(again // rows.visits))
        return f"more than one row at {visits} ({counted(subjects, 'subject')})"
    return None


def of_structure(patterns: Patterns, structure: Structure, attended: Ints) -> str | None:
    """What the residuals of least squares already show to be out of reach of a structure."""
    if patterns.m == 1:
        return None
    squares = np.diagonal(patterns.yy.sum(axis=0))
    seen = patterns.attended.astype(np.float64)
    together = (seen * patterns.n[:, None]).T @ seen
    if structure.own_variances:
        exact = np.flatnonzero(squares <= NO_RESIDUAL * squares.sum())
        if len(exact):
            rows = ", ".join(f"{count:.0f}" for count in np.diagonal(together)[exact])
            where = _listed(attended[exact].tolist(), "visit")
            return f"no residual variance at {where} ({rows} rows)"
    if structure.name == "unstructured" and not together.all():
        one, other = attended[np.argwhere(together == 0)[0]].tolist()
        return f"nobody attended both visit {one} and visit {other}"
    if together.sum() == np.trace(together):
        return "nobody attended more than one visit"
    return None


def dropped(terms: Sequence[Term], design: Design) -> str | None:
    """Which covariates or factors added nothing to the model."""
    found = [f"{term.name} is constant" for term in terms if not term.levels]
    aliased = _aliased(design)
    if aliased and "arm" not in aliased:
        found.append(_collinear(aliased))
    return "; ".join(found) or None


def of_cells(n: Ints, design: Design, cells: Floats) -> str | None:
    """Why LS means of a model that was fitted are missing."""
    reasons = [f"visit {visit} has no rows" for visit in np.flatnonzero(~n.any(axis=1))]
    reasons += [f"arm {arm} has no rows" for arm in np.flatnonzero(~n.any(axis=0))]
    attended, present = n.any(axis=1), n.any(axis=0)
    for arm in np.flatnonzero(present):
        absent = np.flatnonzero(attended & (n[:, arm] == 0))
        if len(absent):
            reasons.append(f"arm {arm} has no rows at {_listed(absent.tolist(), 'visit')}")
    aliased = _aliased(design)
    if "arm" in aliased:
        free = ~design.estimable(np.nan_to_num(cells)) & (n > 0)
        visits = np.flatnonzero(free.any(axis=1))
        where = f" at {_listed(visits.tolist(), 'visit')}" if len(visits) < attended.sum() else ""
        reasons.append(_collinear(aliased) + where)
    return "; ".join(reasons) or None


def _aliased(design: Design) -> list[str]:
    """The terms that share a direction that moves no fitted value; not those of empty cells."""
    touched = np.abs(design.null) > SINGULAR
    shared = touched[:, touched.sum(axis=0) > 1].any(axis=1)
    return list(dict.fromkeys(np.array(design.terms)[shared].tolist()))


def _collinear(terms: Sequence[str]) -> str:
    if len(terms) == 1:
        return f"the columns of {terms[0]} are collinear"
    return f"{', '.join(terms[:-1])} and {terms[-1]} are collinear"


def _listed(numbers: Iterable[int], noun: str) -> str:
    numbers = list(numbers)
    return f"{noun}{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}"


def counted(count: int, noun: str) -> str:
    """A number and its noun."""
    return f"{count} {noun}{'s' * (count != 1)}"
