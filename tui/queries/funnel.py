"""The funnel: the rows that are left, and how many there were after each rule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # answers carry funnel steps into a process that does not load polars
    import polars as pl


@dataclass(frozen=True)
class FunnelStep:
    """Rows and subjects that are left after a rule."""

    step: str
    rows: int
    subjects: int


class Funnel:
    """Rows with columns `subject` and `place`, and the count after each rule applied to them."""

    def __init__(self, frame: pl.DataFrame, first: str) -> None:
        self.frame = frame
        self.steps: list[FunnelStep] = []
        self._count(first)

    def keep(self, rule: str, condition: pl.Expr | None, always: bool = True) -> None:
        """Keeps the rows that meet a condition; None is one that is known to be met by all.

        A rule that need not show does so if it drops a row.
        """
        met = None if condition is None else self.frame.select_seq(condition).to_series()
        # Most rules drop nothing, and then no row is copied.
        if met is not None and (met.null_count() or not met.all()):
            self.frame = self.frame.filter(met)
            self._count(rule)
        elif always:
            self.steps.append(replace(self.steps[-1], step=rule))

    def _count(self, rule: str) -> None:
        # By their places, if all have one, 2.5 million rows are counted in 2 ms and not 25.
        by = "subject" if self.frame["place"].has_nulls() else "place"
        self.steps.append(FunnelStep(rule, self.frame.height, self.frame[by].n_unique()))
