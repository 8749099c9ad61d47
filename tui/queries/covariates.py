"""Subject-level columns as covariates of a model: numbers as they are, classes as codes."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

from tui.errors import SelectionError, one_of
from tui.queries.population import Subjects
from tui.study.roles import SUBJECT


@dataclass(frozen=True)
class Covariates:
    """Covariates of each record.

    Attributes:
        names: Numeric ones first, then classes.
        numeric: The values of the numeric ones, a column each; missing is null.
        classes: The level codes of the classes, a column each; missing is −1.
    """

    names: tuple[str, ...]
    numeric: pl.DataFrame
    classes: pl.DataFrame


def of_records(frame: pl.DataFrame, people: Subjects, names: tuple[str, ...] | None) -> Covariates:
    """The covariates of each record, in the records' order."""
    joined = _joined(frame, people, names)
    columns = joined.columns[1:]
    numeric = [name for name in columns if joined.schema[name].is_numeric()]
    classes = [name for name in columns if name not in numeric]
    return Covariates(
        (*numeric, *classes),
        joined.select(pl.col(numeric).cast(pl.Float64)),
        joined.select(_code(pl.col(name)).alias(name) for name in classes),
    )


def strata(frame: pl.DataFrame, people: Subjects, names: tuple[str, ...] | None) -> pl.Series:
    """The code of each record's stratum: a combination of values; one stratum without names."""
    joined = _joined(frame, people, names)
    columns = joined.columns[1:]
    if not columns:
        return pl.Series("stratum", [0]).new_from_index(0, frame.height)
    combined = pl.concat_str(pl.col(columns).cast(pl.String).fill_null(""), separator="\n")
    return joined.select(_code(combined).alias("stratum"))["stratum"]


def column(frame: pl.DataFrame, people: Subjects, name: str) -> pl.Series:
    """A subject-level column of each record's subject, in the records' order."""
    return _joined(frame, people, (name,)).to_series(1)


def level_names(frame: pl.DataFrame, people: Subjects, name: str) -> list[str]:
    """The values that the codes of a class stand for, from code 0."""
    return column(frame, people, name).cast(pl.String).drop_nulls().unique().sort().to_list()


def _code(column: pl.Expr) -> pl.Expr:
    """Codes from 0 in the order of the values; a missing value is -1."""
    return (column.cast(pl.String).rank("dense").cast(pl.Int64) - 1).fill_null(-1)


def _joined(frame: pl.DataFrame, people: Subjects, names: tuple[str, ...] | None) -> pl.DataFrame:
    """Subject-level columns of each record's subject, after the subject itself."""
    columns = tuple(dict.fromkeys(name.upper() for name in names or ()))
    for name in columns:
        if name not in people.frame.columns:
            near = get_close_matches(name, people.frame.columns, 4, 0.5) or people.frame.columns
            raise SelectionError(f"There is no subject-level column {name}: use {one_of(near, 8)}.")
    subjects = frame.select("subject")
    if not columns:  # as a rule
        return subjects
    return subjects.join(
        people.frame.select(pl.col(SUBJECT).alias("subject"), *columns),
        on="subject",
        how="left",
        maintain_order="left",
    )
