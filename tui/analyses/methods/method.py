"""What a method of comparison is: a name, a statement, and a function over arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tui.analyses.answer import MethodStatement
from tui.stats.arrays import Floats, Ints, Strings
from tui.stats.contrast import Contrast


@dataclass(frozen=True)
class Data:
    """The records of an endpoint as arrays, one entry a record.

    Attributes:
        response: What is compared: the change or the value; NaN where missing.
        base: The baseline value; NaN where missing.
        visit, arm: Positions, 0 to `visits` − 1 and to the last of `arms`.
        arms: The arms' labels.
        reference: The reference arm's position.
        numeric: Numeric covariates besides the baseline, shape (records, covariates).
        factors: Level codes of class covariates, −1 where missing.
        response_name: `CHG` or `AVAL`.
        covariates: Names of the covariates, numeric ones first.
        has_base: Whether the dataset has a baseline at all.
        alpha: Two-sided level.
    """

    response: Floats
    base: Floats
    visit: Ints
    arm: Ints
    visits: int
    arms: tuple[str, ...]
    reference: int
    numeric: Floats
    factors: tuple[Ints, ...]
    response_name: str
    covariates: tuple[str, ...]
    has_base: bool
    alpha: float


@dataclass(frozen=True)
class Comparison:
    """Results, each of shape (visits, arms), NaN where there is none.

    `reasons` says why an arm has no test at a visit; it is empty where there is one to be had.
    """

    difference: Contrast
    lsmean: Floats
    lsmean_se: Floats
    lsmean_lower: Floats
    lsmean_upper: Floats
    reasons: Strings
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Method:
    """A method of comparison with the reference arm.

    Attributes:
        id: Its name on the command line.
        label: Its name on the screen.
        meaning: What it does, in one line.
        statement: What has to stand beside its figures.
        compare: The comparison itself.
        recompute: Python lines that compare the arms of one visit: `rows` is a polars frame with
            arm, response and base, `reference` a label; they leave a dict in `result`.
        unusable: Why it cannot be used on these data, or None.
    """

    id: str
    label: str
    meaning: str
    statement: Callable[[Data], MethodStatement]
    compare: Callable[[Data], Comparison]
    recompute: str
    unusable: Callable[[Data], str | None]


def settings(data: Data) -> str:
    """The level, in words."""
    return f"two-sided alpha {data.alpha:g}, {100 * (1 - data.alpha):g} % intervals"


def nothing(data: Data) -> Floats:
    """An array of results that a method does not have."""
    return np.full((data.visits, len(data.arms)), np.nan)
