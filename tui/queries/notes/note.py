"""What a check finds, as a value, and the search that finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from tui.selection import Selection

CONTRADICTION, REMARK = "contradiction", "remark"
"""Two things in the data that cannot both be right; or something that a reviewer wants to know."""

FIRST = 20
"""Rows that a note names."""


@dataclass(frozen=True)
class FirstRow:
    """One of the rows that a note is about: `row` is its place in the file, 1 the first record.

    It is None where the row is missed, and only its subject and visit can be named.
    """

    row: int | None
    subject: str | None
    text: str


@dataclass(frozen=True)
class See:
    """The question whose answer shows what a note is about."""

    kind: str
    selection: Selection = field(default_factory=Selection)
    subject: str | None = None


@dataclass(frozen=True)
class Note:
    """Something found in the data.

    Attributes:
        id: Which check found it, in kebab case.
        severity: `contradiction` or `remark`.
        dataset: Where it was found.
        endpoint: The key of the endpoint, where it is about one.
        what: A sentence with the counts in it.
        rows, subjects: How many rows it is about, or subject-visits that have none, and subjects.
        first: The first of these, at most 20.
        see: What shows it, where something does.
    """

    id: str
    severity: str
    dataset: str
    endpoint: str | None
    what: str
    rows: int
    subjects: int
    first: tuple[FirstRow, ...] = ()
    see: See | None = None


@dataclass(frozen=True)
class Found:
    """The few figures that a search brings back.

    Attributes:
        rows, subjects: How many were found.
        codes: Rows by PARAMCD, most first.
        first: The first of them, as dictionaries; with `row` and `subject`.
        counts: The further counts that were asked for; under `by` the value that the line is for.
    """

    rows: int
    subjects: int
    codes: Mapping[str, int]
    first: tuple[dict[str, Any], ...]
    counts: Mapping[str, Any]


@dataclass(frozen=True)
class Search:
    """A query that gives a line for each thing found, and what is to be said of such a line."""

    query: pl.LazyFrame
    said: Callable[[Found], Iterable[Note]]

    def notes(self, frame: pl.DataFrame) -> Iterable[Note]:
        """What is said of the lines that the query gave."""
        for line in frame.iter_rows(named=True):
            if line["rows"]:
                codes = {one["code"]: one["count"] for one in line.pop("codes")}
                codes = dict(sorted(codes.items(), key=lambda one: (-one[1], one[0])))
                first = tuple(line.pop("first"))
                rows, subjects = int(line.pop("rows")), int(line.pop("subjects"))
                yield from self.said(Found(rows, subjects, codes, first, line))


def search(
    found: pl.LazyFrame,
    said: Callable[[Found], Iterable[Note]],
    *,
    each: pl.Expr | None = None,
    by: str | None = None,
    **counts: pl.Expr,
) -> Search:
    """Counts what was found and keeps the first of it: no more than that is ever read.

    Args:
        found: A row for each thing found, with `row`, `subject`, `code`, and what is to be named.
        said: What is to be said.
        each: How many rows of the file each of them is, where that is not one.
        by: A column for each of whose values there is a line of its own.
        counts: Further counts.
    """
    codes = pl.col("code") if each is None else pl.col("code").repeat_by(each).explode()
    line = found.group_by((pl.col(by) if by else pl.lit(0)).alias("by")).agg(
        rows=pl.len() if each is None else each.sum(),
        subjects=pl.col("subject").drop_nulls().n_unique(),
        codes=codes.drop_nulls().value_counts(),
        first=pl.struct(pl.all()).sort_by("row").head(FIRST),
        **counts,
    )
    return Search(line.sort("by"), said)
