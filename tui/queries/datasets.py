"""What a dataset holds beside its part in an analysis."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from tui.study import files
from tui.study.model import Dataset
from tui.study.roles import SUBJECT


@lru_cache(maxsize=256)
def subjects(dataset: Dataset) -> int | None:
    """How many subjects have a row; None where it names none.

    It reads one column, 0.3 s for ten million rows of parquet, and a whole file of a format that
    has no columns of their own; so it is counted when it is asked for, and once.
    """
    if not dataset.has(SUBJECT):
        return None
    name = pl.col(SUBJECT).drop_nulls().n_unique()
    return int(files.collect(dataset, files.scan(dataset).select(name)).item())
