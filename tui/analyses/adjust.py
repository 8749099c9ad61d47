"""Adjusting p values for the number of arms compared with the reference, visit by visit."""

from __future__ import annotations

from tui.analyses.methods.method import Comparison, Data, none_of
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
    if (found := of_p(name, result.difference.p)) is not None:
        return found, None
    if name == NONE:
        return none_of(data), None
    if result.correlation is None:
        return none_of(data), (
            "Dunnett's adjustment needs the joint distribution of a model's differences: ANCOVA "
            "and MMRM have it."
        )
    from tui.stats.dunnett import dunnett  # it loads scipy.special, which the first table does not

    joint = dunnett(result.difference, result.correlation, data.alpha)
    return (joint.p if name == "dunnett" else joint.p_step_down), None


def of_p(name: str, p: Floats) -> Floats | None:
    """The p values adjusted over the arms (the last axis); None if the adjustment needs more."""
    return _OF_P[name](p) if name in _OF_P else None
