"""What a method of comparison is: a name, a statement, and a function over arrays."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tui.analyses.answer import MethodStatement
from tui.stats.arrays import Bools, Floats, Ints, Strings
from tui.stats.contrast import Contrast


@dataclass(frozen=True)
class Options:
    """The choices that a model offers; a method looks at those that concern it."""

    weights: str = "equal"
    df: str = "kenward-roger"
    covariance: str = "unstructured"
    likelihood: str = "reml"


@dataclass(frozen=True)
class Data:
    """The records of an endpoint as arrays, one entry a record.

    Attributes:
        response: What is compared: the change or the value; NaN where missing.
        base: The baseline value; NaN where missing.
        baseline: Whether the record is the baseline itself.
        subject: A code for each subject.
        visit, arm: Positions, from 0.
        visits, arms: Their labels.
        reference: The reference arm's position.
        numeric: Numeric covariates besides the baseline, shape (records, covariates).
        factors: Level codes of class covariates, −1 where missing.
        response_name: `CHG` or `AVAL`.
        covariates: Names of the covariates, numeric ones first.
        has_base: Whether the dataset has a baseline at all.
        strata: The code of each record's stratum, and what the strata are named by.
        alpha: Two-sided level.
        options: The choices that models offer.
    """

    response: Floats
    base: Floats
    baseline: Bools
    subject: Ints
    visit: Ints
    arm: Ints
    visits: tuple[str, ...]
    arms: tuple[str, ...]
    reference: int
    numeric: Floats
    factors: tuple[Ints, ...]
    response_name: str
    covariates: tuple[str, ...]
    has_base: bool
    strata: Ints
    strata_names: tuple[str, ...]
    alpha: float
    options: Options


@dataclass(frozen=True)
class Spread:
    """What the standard errors of a comparison rest on: what the next study is planned with.

    Attributes:
        n: Subjects used, shape (visits, arms).
        sd: Standard deviation within an arm, in the response's unit, shape (visits, arms).
        name: Which standard deviation that is, in words.
        covariates: Degrees of freedom that covariates take at each visit, shape (visits, 1).
    """

    n: Ints
    sd: Floats
    name: str
    covariates: Ints


@dataclass(frozen=True)
class Comparison:
    """Results, each of shape (visits, arms), NaN where there is none.

    Attributes:
        difference: Each arm minus the reference.
        reasons: Why an arm has no test at a visit; empty where there is one to be had.
        lsmean, lsmean_se, lsmean_lower, lsmean_upper: Of a model; None where there is none.
        correlation: Of the differences at each visit, shape (visits, arms, arms), for Dunnett's
            adjustment; None where the method has no joint distribution of them.
        spread: What the standard errors rest on; None where the method has none.
        notes: What has to be said of the computation.
    """

    difference: Contrast
    reasons: Strings
    lsmean: Floats | None = None
    lsmean_se: Floats | None = None
    lsmean_lower: Floats | None = None
    lsmean_upper: Floats | None = None
    correlation: Floats | None = None
    spread: Spread | None = None
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
        has_error: Whether its differences have a standard error.
    """

    id: str
    label: str
    meaning: str
    statement: Callable[[Data], MethodStatement]
    compare: Callable[[Data], Comparison]
    recompute: str
    unusable: Callable[[Data], str | None]
    has_error: bool = True


def settings(data: Data) -> str:
    """The level, in words."""
    return f"two-sided alpha {data.alpha:g}, {100 * (1 - data.alpha):g} % intervals"


def none_of(data: Data) -> Floats:
    """An array of results, all of them still missing."""
    return np.full((len(data.visits), len(data.arms)), np.nan)


def named(text: str, data: Data, first: tuple[str, ...] = ("BASE",)) -> str:
    """A reason in the user's names: the statistics know arms, visits and terms by number.

    `first` are the covariates that a model takes before those of the user.
    """
    numeric = (*first, *data.covariates[: data.numeric.shape[1]])
    classes = data.covariates[data.numeric.shape[1] :]
    names = {"arm": data.arms, "visit": data.visits, "covariate": numeric, "factor": classes}

    def name(found: re.Match[str]) -> str:
        return re.sub(r"\d+", lambda number: names[found[1]][int(number[0])], found[2] or found[3])

    counted = r"\b(arm|visit|covariate|factor)(?:s (\d+(?:(?:, | and )\d+)*)| (\d+))"
    return re.sub(counted, name, text)
