"""Data for the MMRM: the pilot study and made-up trials."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import polars as pl

from tui.stats.arrays import Floats
from tui.stats.mmrm import Mmrm, fit

from ..pilot import records


def codes(column: pl.Series) -> Any:
    """Codes from 0 up in the order of the values."""
    return column.rank("dense").cast(pl.Int64).to_numpy() - 1


def pilot_rows(name: str) -> pl.DataFrame:
    """The rows of the pilot that the MMRM uses: observed, after baseline, nothing missing."""
    rows = records(name)
    if "DTYPE" in rows.columns:
        rows = rows.filter(pl.col("DTYPE").is_null() | (pl.col("DTYPE") != "LOCF"))
    return rows.filter(pl.col("AVISITN") > 0).drop_nulls(["CHG", "BASE"])


def pilot_arrays(rows: pl.DataFrame) -> tuple[Any, ...]:
    """What `fit` takes first."""
    visit = codes(rows["AVISITN"])
    base = rows["BASE"].to_numpy()
    response, subject = rows["CHG"].to_numpy(), codes(rows["USUBJID"])
    return response, subject, visit, rows["arm"].to_numpy(), int(visit.max()) + 1, 3, base


@cache
def pilot_model(name: str) -> Mmrm:
    """The unstructured model of a dataset of the pilot."""
    return fit(*pilot_arrays(pilot_rows(name)))


def covariance(m: int) -> Floats:
    """Correlations that fall with time, variances that grow."""
    visit = np.arange(m)
    return 16 * 0.8 ** np.abs(visit[:, None] - visit) + 4 + np.diag(np.linspace(0.0, 8.0, m))


def trial(
    subjects: int = 60,
    m: int = 4,
    arms: int = 3,
    seed: int = 1,
    dropout: float = 0.2,
    holes: float = 0.03,
) -> tuple[Any, ...]:
    """A made-up trial with dropout and visits missed, as `fit` takes it."""
    random = np.random.default_rng(seed)
    base, arm = random.normal(24, 6, subjects), random.integers(0, arms, subjects)
    visit = np.arange(m)
    y = 0.1 * base[:, None] + 0.3 * visit + 0.4 * arm[:, None] * visit / m
    y += random.multivariate_normal(np.zeros(m), covariance(m), subjects)
    last = np.where(random.random(subjects) < dropout, random.integers(1, m + 1, subjects), m)
    seen = (visit < last[:, None]) & (random.random((subjects, m)) >= holes)
    subject, at = np.nonzero(seen)
    return y[subject, at], subject, at, arm[subject], m, arms, base[subject]


def changed(arrays: tuple[Any, ...], **parts: Any) -> tuple[Any, ...]:
    """The same with some of the arrays replaced."""
    names = ("y", "subject", "visit", "arm", "visits", "arms", "base")
    return tuple(parts.get(name, value) for name, value in zip(names, arrays, strict=True))


def only(arrays: tuple[Any, ...], rows: Any) -> tuple[Any, ...]:
    """Some of the rows, or the rows in another order."""
    return tuple(part[rows] if isinstance(part, np.ndarray) else part for part in arrays)
