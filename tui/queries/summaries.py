"""Descriptive statistics of many groups at once, as one aggregation."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import polars as pl

Figures = dict[str, float | None]
"""Figures by their names; None where one cannot be had."""

FIGURES = ("n", "mean", "sd", "se", "median", "q1", "q3", "min", "max")
"""What a summary has, in the units of the data; n counts the values that are not missing."""


def summarize(
    frame: pl.DataFrame, columns: Mapping[str, str], by: Sequence[str] = ()
) -> pl.DataFrame:
    """The figures of columns in each group; without `by`, one row for all of it.

    Args:
        frame: The rows.
        columns: Numeric columns, each with what its figures' names begin with; missing values are
            left out of every figure.
        by: The columns that tell the groups.

    Returns:
        The `by` columns and `FIGURES` of each column, a row a group that has a row in the frame. SD
        and SE are null where n < 2, the others where n is 0. Percentiles are those of SAS
        definition 5.

    >>> x = pl.DataFrame({"x": [10.0, 20, 30, 40, 150, 160, 170, 180, 190, 200]})
    >>> summarize(x, {"x": ""}).select("q1", "median").row(0)
    (30.0, 155.0)
    """
    ordered = [
        pl.col(column).cast(pl.Float64).drop_nulls().sort().implode().alias(start + _ORDERED)
        for column, start in columns.items()
    ]
    rows = frame.lazy()
    found = rows.group_by(by).agg(ordered) if by else rows.select(ordered)
    for step in (_moments, _figures):
        found = found.with_columns(one for start in columns.values() for one in step(start))
    query = found.select(*by, *_named(columns.values()))
    return query.collect(engine="in-memory")  # streamed, the last digits would vary


_ORDERED, _SQUARES = "ordered", "squares"


def cells(
    frame: pl.DataFrame, columns: Mapping[str, str], shape: Mapping[str, int]
) -> list[Figures]:
    """The figures of every combination of codes, also of those that have no row.

    Args:
        frame: The rows.
        columns: Numeric columns, each with what its figures' names begin with.
        shape: Columns of codes from 0, each with the number of its codes.

    Returns:
        A dictionary with `FIGURES` a combination, the codes of the last column running fastest.
    """
    none: Figures = dict.fromkeys(_named(columns.values()))
    none |= {f"{start}n": 0 for start in columns.values()}
    found = [dict(none) for _ in range(math.prod(shape.values()))]
    first, *rest = shape
    place = pl.col(first)
    for name in rest:
        place = place * shape[name] + pl.col(name)
    # By one number and not by several columns, and in one piece: groups are found in half the time.
    coded = frame.select_seq(*columns, place.alias("cell")).rechunk()
    for row in summarize(coded, columns, ("cell",)).iter_rows(named=True):
        found[row.pop("cell")] = row
    return found


def _named(starts: Iterable[str]) -> list[str]:
    return [f"{start}{figure}" for start in starts for figure in FIGURES]


def percentile(values: pl.Expr, probability: float) -> pl.Expr:
    """The first value that reaches the probability, or its mean with the next where one meets it.

    SAS definition 5, which is R's type 2 and NumPy's `averaged_inverted_cdf`; polars has none of
    its kind (its default, `nearest`, gives the second decile of 1 to 10 as 3).
    """
    ordered, n = values.sort(), values.len()
    # Rounded, or 0.07 of 100 values would be rank 7.000000000000001 and not 7.
    rank, last = (n * probability).round(9), n.cast(pl.Int64) - 1
    lower = (rank.ceil().cast(pl.Int64) - 1).clip(0, last)
    upper = rank.floor().cast(pl.Int64).clip(0, last)
    return (ordered.get(lower, null_on_oob=True) + ordered.get(upper, null_on_oob=True)) / 2


@cache
def _moments(start: str) -> tuple[pl.Expr, ...]:
    """Count, mean and squares about it of each group's values, which are in order.

    The mean is corrected by the mean of its residuals, and the squares are taken about it. A large
    common offset then costs no digits, and the SD of equal values is exactly 0. The values are
    sorted once, for all figures, and no sum depends on the order of the rows.
    """
    values, one = pl.col(start + _ORDERED).list, pl.element()
    mean = one.mean() + (one - one.mean()).mean()
    return (
        values.len().cast(pl.Int64).alias(f"{start}n"),
        values.agg(mean).alias(f"{start}mean"),
        values.agg(((one - mean) ** 2).sum()).alias(start + _SQUARES),
    )


@cache
def _figures(start: str) -> tuple[pl.Expr, ...]:
    """The other figures, from these."""
    values, n = pl.col(start + _ORDERED).list, pl.col(f"{start}n")
    sd = pl.when(n > 1).then((pl.col(start + _SQUARES) / (n - 1)).sqrt())
    quartiles = {  # as `percentile` has them; of quarters in whole numbers, in a third of the time
        name: values.get((n * quarters - 1) // 4, null_on_oob=True)
        + values.get(n * quarters // 4, null_on_oob=True)
        for name, quarters in (("q1", 1), ("median", 2), ("q3", 3))
    }
    return (
        sd.alias(f"{start}sd"),
        (sd / n.sqrt()).alias(f"{start}se"),
        *((both / 2).alias(start + name) for name, both in quartiles.items()),
        values.get(0, null_on_oob=True).alias(f"{start}min"),
        values.get(-1, null_on_oob=True).alias(f"{start}max"),
    )
