"""Permutation test of the difference in means, within strata on request."""

from __future__ import annotations

import numpy as np

from tui.analyses.answer import MethodStatement
from tui.analyses.methods import two_sample
from tui.analyses.methods.method import Comparison, Data, Method, none_of, settings
from tui.stats.arrays import Floats, Ints
from tui.stats.contrast import Contrast
from tui.stats.permutation import SEED, permutation_test

_ARRANGEMENTS = 9_999

_TEST = """\
        test = stats.permutation_test(  # other arrangements are drawn: p differs by their chance
            (treated, control),
            lambda x, y, axis: abs(x.mean(axis) - y.mean(axis)),
            vectorized=True,
            alternative="greater",
        )
        result[arm] = {"difference": treated.mean() - control.mean(), "p": test.pvalue}
"""


def _statement(data: Data) -> MethodStatement:
    within = f", within {' and '.join(data.strata_names)}" if data.strata_names else ""
    return MethodStatement(
        id="permutation",
        name="Permutation test",
        formula=f"mean {data.response_name}, arm minus reference{within}",
        variance=f"all arrangements up to {_ARRANGEMENTS:,}, else so many drawn (seed {SEED})",
        statistic="",
        settings=settings(data),
        source="Phipson and Smyth 2010, Stat Appl Genet Mol Biol 9:39",
    )


def _wide(data: Data) -> tuple[Floats, Ints, Ints]:
    """Values by subject and visit, and each subject's arm and stratum."""
    subjects, place = np.unique(data.subject, return_inverse=True)
    values = np.full((len(subjects), len(data.visits)), np.nan)
    values[place, data.visit] = data.response
    arm, stratum = np.zeros((2, len(subjects)), np.int64)
    arm[place], stratum[place] = data.arm, data.strata
    return values, arm, stratum


def _compare(data: Data) -> Comparison:
    values, arm, stratum = _wide(data)
    estimate, p, error = none_of(data), none_of(data), none_of(data)
    reasons = np.full(estimate.shape, "", dtype=object)
    for other in range(len(data.arms)):
        if other != data.reference:
            two = np.isin(arm, (other, data.reference))
            test = permutation_test(
                values[two], arm[two] == other, stratum[two], arrangements=_ARRANGEMENTS
            )
            estimate[:, other], p[:, other] = test.difference, test.p
            error[:, other], reasons[:, other] = test.error, test.not_estimable
    unknown = none_of(data)
    largest = float(np.nanmax(error, initial=0.0))
    return Comparison(
        difference=Contrast(estimate, unknown, unknown, unknown, unknown, unknown, p),
        reasons=reasons,
        notes=(f"The p values have a Monte Carlo standard error of at most {largest:.4f}.",)
        if largest
        else (),
    )


METHOD = Method(
    id="permutation",
    label="Permutation",
    meaning="how often so large a difference arises when arms are dealt anew",
    statement=_statement,
    compare=_compare,
    recompute=two_sample.EACH_ARM + _TEST,
    unusable=two_sample.unusable,
    has_error=False,
)
