"""Descriptive statistics of many groups at once, as one aggregation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import polars as pl

Figures = dict[str, float | None]
"""Figures by their names; None where one cannot be had."""

FIGURES = ("n", "mean", "sd", "se", "median", "q1", "q3", "min", "max")
"""What a summary has, in the units of the data; n counts the values that are not missing."""


def summarize(frame: pl.DataFrame, column: str, by: Sequence[str] = ()) -> pl.DataFrame:
    """The figures of a column in each group; without `by`, one row for all of it.

    Args:
        frame: The rows.
        column: A numeric column; missing values are left out of every figure.
        by: The columns that tell the groups.

    Returns:
        The `by` columns and `FIGURES`, a row a group that has a row in the frame. SD and SE are
        null where n < 2, the others where n is 0. Percentiles are those of SAS definition 5.

    >>> x = pl.DataFrame({"x": [10.0, 20, 30, 40, 150, 160, 170, 180, 190, 200]})
    >>> summarize(x, "x").select("q1", "median").row(0)
    (30.0, 155.0)
    """
    aggregated = _aggregates(pl.col(column).cast(pl.Float64).drop_nulls())
    return frame.group_by(by).agg(aggregated) if by else frame.select(aggregated)


def cells(frame: pl.DataFrame, column: str, shape: Mapping[str, int]) -> list[Figures]:
    """The figures of every combination of codes, also of those that have no row.

    Args:
        frame: The rows.
        column: A numeric column.
        shape: Columns of codes from 0, each with the number of its codes.

    Returns:
        A dictionary with `FIGURES` a combination, the codes of the last column running fastest.
    """
    none: Figures = {**dict.fromkeys(FIGURES), "n": 0}
    found = [none] * math.prod(shape.values())
    for row in summarize(frame, column, tuple(shape)).iter_rows(named=True):
        place = 0
        for name, codes in shape.items():
            place = place * codes + row.pop(name)
        found[place] = row
    return found


def percentile(values: pl.Expr, probability: float) -> pl.Expr:
    """The first value that reaches the probability, or its mean with the next where one meets it.

    SAS definition 5, which is R's type 2 and NumPy's `averaged_inverted_cdf`; polars has none of
    its kind (its default, `nearest`, gives the second decile of 1 to 10 as 3).
    """
    ordered, last = values.sort(), values.len().cast(pl.Int64) - 1
    # Rounded, or 0.07 of 100 values would be rank 7.000000000000001 and not 7.
    rank = (values.len() * probability).round(9)
    lower = (rank.ceil().cast(pl.Int64) - 1).clip(0, last)
    upper = rank.floor().cast(pl.Int64).clip(0, last)
    return (ordered.get(lower, null_on_oob=True) + ordered.get(upper, null_on_oob=True)) / 2


def _aggregates(values: pl.Expr) -> list[pl.Expr]:
    """The mean is corrected by the mean of its residuals, and the squares are taken about it.

    A large common offset then costs no digits, and the SD of equal values is exactly 0.
    """
    n = values.len().cast(pl.Int64)
    mean = values.mean() + (values - values.mean()).mean()
    variance = ((values - mean) ** 2).sum() / (n - 1)
    sd = pl.when(n > 1).then(variance.sqrt())
    return [
        n.alias("n"),
        mean.alias("mean"),
        sd.alias("sd"),
        (sd / n.sqrt()).alias("se"),
        percentile(values, 0.5).alias("median"),
        percentile(values, 0.25).alias("q1"),
        percentile(values, 0.75).alias("q3"),
        values.min().alias("min"),
        values.max().alias("max"),
    ]
