"""What every section of tests works on, and how a row of theirs is made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tui.analyses.context import number
from tui.analyses.methods import ancova
from tui.analyses.methods.method import Data
from tui.analyses.rows.hypothesis_tests import TestRow
from tui.queries.records import Records
from tui.stats.arrays import Floats, Ints, Strings
from tui.stats.contrast import Contrast
from tui.stats.moments import moments

_PARTS = ("estimate", "lower", "upper", "statistic", "df", "p")
"""What a row takes from a contrast."""


@dataclass(frozen=True)
class Trial:
    """The records of a selection.

    Attributes:
        records: As they were selected.
        data: The same as arrays.
        visits: The visits after baseline, by position.
    """

    records: Records
    data: Data
    visits: list[int]

    @property
    def response(self) -> str:
        """The column of the records that is compared."""
        return "change" if self.data.response_name == "CHG" else "value"

    def at(self, visit: int) -> Ints:
        """The places of a visit's records in the arrays."""
        return np.flatnonzero(self.data.visit == visit)

    def moments(self, column: str) -> tuple[Ints, Floats, Floats]:
        """The n, mean and SD of a column of the records, in the order visit, arm."""
        frame, arms = self.records.frame.drop_nulls(column), len(self.data.arms)
        group = (frame["visit"] * arms + frame["arm"]).to_numpy().astype(np.int64)
        return moments(frame[column].to_numpy(), group, len(self.data.visits) * arms)

    def numeric(self, rows: Ints) -> Floats:
        """The numeric covariates of some records, the baseline first."""
        return np.column_stack([self.data.base[rows], self.data.numeric[rows]])

    def factors(self, rows: Ints) -> list[Ints]:
        """The class covariates of some records."""
        return [factor[rows] for factor in self.data.factors]

    def unusable(self) -> str | None:
        """Why there is no model with the baseline, if there is none."""
        return ancova.METHOD.unusable(self.data)

    def row(
        self,
        section: str,
        visit: int,
        test: str,
        n: float,
        *,
        arm: int | None = None,
        note: str = "",
        reason: str | Strings | None = None,
        contrast: Contrast | None = None,
        **figures: float | np.floating | Floats,
    ) -> TestRow:
        """A row; figures that cannot be had are None, and `reason` says why there is no p."""
        whole = {**{name: getattr(contrast, name) for name in _PARTS if contrast}, **figures}
        known = {name: number(float(value)) for name, value in whole.items()}
        estimated = known.get("p") is not None or (reason is None and "p" not in known)
        return TestRow(
            section=section,
            visit=self.records.visits[visit].label,
            visit_number=self.records.visits[visit].number,
            arm=None if arm is None else self.data.arms[arm],
            test=test,
            n=int(n),
            note=note,
            not_estimable=None if estimated else str(reason or "") or "it cannot be computed",
            **known,
        )
