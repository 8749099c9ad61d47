"""Subgroups at a visit: the difference in each level, and whether it differs between the levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from tui.stats.ancova import Ancova, fit
from tui.stats.arrays import Floats, Ints, Strings
from tui.stats.contrast import Contrast
from tui.stats.design import build, complete, length, triangle
from tui.stats.terms import FTest, compare


@dataclass(frozen=True)
class Subgroups:
    """Arms compared within each level of a variable of the subjects.

    Attributes:
        n: Complete rows, shape (levels, arms).
        differences: Each arm minus the reference, shape (levels, arms), from an analysis of
            covariance of the level alone, with a residual variance of its own.
        interaction: Test of arm × level in one model of all the rows.
        interaction_by_arm: The same of one arm against the reference, one test per arm; the
            reference's own is not estimable.
        not_estimable: Why a level has no differences, or "", shape (levels,).
    """

    n: Ints
    differences: Contrast
    interaction: FTest
    interaction_by_arm: tuple[FTest, ...]
    not_estimable: Strings


def subgroups(
    y: Floats,
    arm: Ints,
    arms: int,
    reference: int,
    level: Ints,
    levels: int,
    numeric: Floats | None = None,
    factors: Sequence[Ints] = (),
    alpha: float = 0.05,
) -> Subgroups:
    """Compare the arms in each level; arguments as for `ancova.fit`.

    `level` holds codes from 0 to levels − 1; below 0 is missing. The joint model is
    y ~ arm + level + arm × level + covariates + factors, with one residual variance.
    """
    numeric = np.empty((len(y), 0)) if numeric is None else numeric
    fits = [
        fit(y, np.where(level == code, arm, -1), arms, numeric, factors, alpha)
        for code in range(levels)
    ]
    parts = [model.differences(reference) for model in fits]
    stacked = Contrast(
        *(np.stack([getattr(part, field.name) for part in parts]) for field in fields(Contrast))
    )
    used = complete(y, arm, numeric, [*factors, level])
    overall, by_arm = _interactions(
        y[used], arm[used], arms, reference, level[used], levels,
        numeric[used], [factor[used] for factor in factors],
    )  # fmt: skip
    return Subgroups(
        n=np.stack([model.n for model in fits]),
        differences=stacked,
        interaction=overall,
        interaction_by_arm=by_arm,
        not_estimable=np.array([_reason(model, reference) for model in fits]),
    )


def _reason(model: Ancova, reference: int) -> str:
    """Why a level has no difference at all, or ""."""
    if np.isfinite(model.differences(reference).p).any():
        return ""
    return model.not_estimable or "only one arm has subjects"


def _interactions(
    y: Floats, arm: Ints, arms: int, reference: int, level: Ints, levels: int,
    numeric: Floats, factors: Sequence[Ints],
) -> tuple[FTest, tuple[FTest, ...]]:  # fmt: skip
    """The test of all the interactions, and that of each arm's."""
    design = build(arm, arms, numeric, [*factors, level], False)
    in_level = (level[:, None] == np.arange(levels)).astype(np.float64)
    others = [code for code in range(arms) if code != reference]
    blocks = [design.columns[:, [code]] * in_level for code in others]
    size, center = length(y), float(y.sum()) / (len(y) or 1)
    whole = triangle(np.hstack([design.columns, *blocks]), y - center)
    main = design.columns.shape[1]
    owner = np.concatenate([np.full(main, -1), np.repeat(others, levels), [-1]])

    overall = compare(whole, whole[:, owner < 0], len(y), size)
    own = FTest(np.nan, 0, overall.df_residual, np.nan, "it is the reference")
    by_arm = tuple(
        own if code == reference else compare(whole, whole[:, owner != code], len(y), size)
        for code in range(arms)
    )
    return overall, by_arm
