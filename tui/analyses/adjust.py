"""Adjusting p values for the number of arms compared with the reference, visit by visit."""

from __future__ import annotations

from tui.analyses.methods.method import Comparison, Data, none_of
from tui.stats import dunnett as dunnetts
from tui.stats import multiplicity
from tui.stats.arrays import Floats

NONE = "none"

NAMES = {
    NONE: "none",
    "bonferroni": "Bonferroni",
    "holm": "Holm",
    "hochberg": "Hochberg",
    "dunnett": "Dunnett, single step, on the model's own correlations",
    "step-down-dunnett": "Dunnett, step-down, on the model's own correlations",
}
"""Each adjustment in words, by its name on the command line."""

_OF_P = {
    "bonferroni": multiplicity.bonferroni,
    "holm": multiplicity.holm,
    "hochberg": multiplicity.hochberg,
}


def adjusted(name: str, data: Data, result: Comparison) -> tuple[Floats, str | None]:
    """The adjusted p values, shape (visits, arms), or the reason why there are none."""
    if name in _OF_P:
        return _OF_P[name](result.difference.p), None
    if name == NONE:
        return none_of(data), None
    if result.correlation is None:
        return none_of(data), (
            "Dunnett's adjustment needs the joint distribution of a model's differences: ANCOVA "
            "and MMRM have it."
        )
    found = dunnetts.dunnett(result.difference, result.correlation, data.alpha)
    return (found.p if name == "dunnett" else found.p_step_down), None
