"""A row of the responders."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ResponderRow:
    """Responders of an arm at a visit, and the comparison with the reference.

    `percent` is of `n`, with Wilson and Clopper-Pearson limits, in percent; differences are
    proportions, arm minus reference, with Newcombe and Miettinen-Nurminen limits; the p values are
    two-sided; the odds ratio is the conditional one with exact limits.
    """

    visit: str
    visit_number: float
    arm: str
    is_reference: bool
    n: int
    responders: int
    missing: int
    percent: float | None
    wilson_lower: float | None
    wilson_upper: float | None
    exact_lower: float | None
    exact_upper: float | None
    difference: float | None = None
    newcombe_lower: float | None = None
    newcombe_upper: float | None = None
    miettinen_nurminen_lower: float | None = None
    miettinen_nurminen_upper: float | None = None
    fisher_p: float | None = None
    boschloo_p: float | None = None
    chi_square: float | None = None
    chi_square_p: float | None = None
    odds_ratio: float | None = None
    odds_ratio_lower: float | None = None
    odds_ratio_upper: float | None = None
    p_adjusted: float | None = None
    not_estimable: str | None = None
