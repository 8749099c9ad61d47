"""A row of the subgroups."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SubgroupRow:
    """An arm against the reference in one level of a subgroup at a visit.

    The row without a level is all subjects; `interaction_p` is of arm × level for this arm, and
    `interaction_all_p` for all arms at once.
    """

    visit: str
    visit_number: float
    subgroup: str
    level: str | None
    arm: str
    n: int
    n_reference: int
    difference: float | None
    difference_se: float | None
    difference_df: float | None
    difference_lower: float | None
    difference_upper: float | None
    p: float | None
    interaction_p: float | None
    interaction_all_p: float | None
    not_estimable: str | None = None
