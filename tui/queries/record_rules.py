"""The rules by which one record a subject and visit is chosen; each says what it did.

A rule keeps rows of the funnel, and puts a choice that nobody asked for into the notes.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tui.errors import SelectionError, one_of
from tui.queries.endpoint import is_special
from tui.queries.funnel import Funnel
from tui.selection import Selection
from tui.study import files

AUTO, ALL = "auto", "all"

CHOOSES = 0.9
"""Share of subject-visits that a record flag keeps where it chooses among a visit's records."""

MOST_VISITS = 1_000
"""Visits of a table. One of 200,000 took 78 s, 1.2 GB and 58 MB of output, and nobody reads it."""


@dataclass(frozen=True)
class Visit:
    """A visit on the time axis."""

    number: float
    label: str


def timepoint(funnel: Funnel, selection: Selection, notes: list[str]) -> str | None:
    """One time point within a visit: the one asked for, else the first, said so."""
    points = (
        funnel.frame.filter(pl.col("timepoint").is_not_null() & pl.col("visit").is_not_null())
        .group_by("timepoint")
        .agg(pl.col("timepoint_number").min())
        .sort("timepoint_number", "timepoint")["timepoint"]
        .to_list()
        if _has(funnel, "timepoint")
        else []
    )
    if selection.timepoint:
        chosen = _named("time point", selection.timepoint, points)
    elif len(points) > 1:
        chosen = points[0]
        notes.append(
            f"{len(points)} time points a visit: the first, {chosen}, is shown; "
            f"the others are {one_of(points[1:])}."
        )
    else:
        return None
    funnel.keep(f"time point {chosen}", pl.col("timepoint") == chosen)
    return str(chosen)


def basetype(funnel: Funnel, selection: Selection, notes: list[str]) -> str | None:
    """One definition of baseline, where a visit's record is repeated for each of several.

    ADaM repeats a parameter's records for each BASETYPE, each with its own BASE.
    """
    kinds = (
        funnel.frame.filter(pl.col("basetype").is_not_null())
        .group_by("basetype")
        .agg(pl.len().alias("rows"), pl.col("row").min())
        .sort("rows", "row", descending=[True, False])["basetype"]
        .to_list()
        if _has(funnel, "basetype")
        else []
    )
    if selection.basetype:
        chosen = _named("definition of baseline (BASETYPE)", selection.basetype, kinds)
    else:
        if len(kinds) < 2:
            return None
        repeated = funnel.frame.filter(pl.col("visit").is_not_null()).group_by("subject", "visit")
        if repeated.agg(pl.col("basetype").n_unique())["basetype"].max() == 1:
            return None
        chosen = kinds[0]
        notes.append(
            f"{len(kinds)} definitions of baseline (BASETYPE): {chosen} has the most rows and is "
            f"shown; the others are {one_of(kinds[1:])}."
        )
    funnel.keep(f"BASETYPE {chosen}", pl.col("basetype") == chosen)
    return chosen


def _has(funnel: Funnel, column: str) -> bool:
    """Whether any row has a value here: where none has, there is nothing to group."""
    return funnel.frame[column].null_count() < funnel.frame.height


def _named(kind: str, name: str, there: list[str]) -> str:
    """The one of these texts that is meant, by itself or by a part of it."""
    wanted = name.lower()
    found = [one for one in there if one.lower() == wanted] or [
        one for one in there if wanted in one.lower()
    ]
    if len(found) != 1:
        raise SelectionError(
            f"{name!r} is {'no' if not found else 'more than one'} {kind} of this endpoint: "
            f"there is {one_of(there) or 'none'}."
        )
    return found[0]


def with_cells(frame: pl.DataFrame, visits: pl.Series) -> pl.DataFrame:
    """Rows with `cell`, one number a subject and visit, of which `column` tells the visit.

    Told apart by one number and not by two columns, a text and a double, a million rows take 6 ms
    and not 65.
    """
    return frame.with_columns_seq(
        cell=pl.col("place").cast(pl.Int64) * len(visits) + pl.col("column")
    )


def visits(
    funnel: Funnel, selection: Selection, numbers: pl.Series, notes: list[str]
) -> tuple[Visit, ...]:
    """The visits on the time axis, or those asked for; the others are counted apart.

    Args:
        funnel: The rows, in which `column` is a place in `numbers`.
        selection: The selection.
        numbers: The numbers of all visits of the endpoint, in order.
        notes: Takes what was chosen.
    """
    labels, rows = _labels_and_rows(funnel.frame, numbers)
    there = {
        number: Visit(number, labels.get(number, f"Visit {number:g}")) for number in sorted(rows)
    }
    if len(selection.visits or there) > MOST_VISITS:
        raise SelectionError(
            f"There are {len(there):,} visits, and a table has {MOST_VISITS:,} at most: "
            "visits=0,4,8 chooses some."
        )
    if selection.visits:
        missing = [number for number in selection.visits if number not in there]
        if missing:
            raise SelectionError(
                f"There is no visit {missing[0]:g}: there is "
                f"{one_of([f'{one:g}' for one in there], 40)}."
            )
        chosen = sorted(set(selection.visits))
        funnel.keep(
            f"visits {', '.join(f'{one:g}' for one in chosen)}", pl.col("visit").is_in(chosen)
        )
        return tuple(there[number] for number in chosen)
    apart = [number for number in there if is_special(number, labels.get(number))]
    if apart:
        named = "; ".join(
            f"{labels.get(number, 'Visit')} (AVISITN {number:g}, {rows[number]} rows)"
            for number in apart
        )
        has, it = ("have", "them") if len(apart) > 1 else ("has", "it")
        asked = ",".join(f"{number:g}" for number in apart)
        notes.append(f"{named} {has} no place on the time axis: visits={asked} shows {it}.")
        names = ", ".join(f"{number:g}" for number in apart)
        funnel.keep(f"on the time axis (not AVISITN {names})", ~pl.col("visit").is_in(apart))
    return tuple(visit for number, visit in there.items() if number not in apart)


def _labels_and_rows(
    frame: pl.DataFrame, numbers: pl.Series
) -> tuple[dict[float, str], dict[float, int]]:
    """Of each visit the label that most of its rows have, if any has one, and how many they are.

    Few rows are told apart in a fifth of the time where each makes one value with its label; of
    many, that takes ten times as long.
    """
    pairs = frame.select_seq("column", "visit_label")
    if frame.height <= files.FEW:
        counted = pairs.to_struct("pair").value_counts(name="rows").unnest("pair")
    else:
        counted = pairs.group_by("column", "visit_label").len()
    labels: dict[float, str] = {}
    rows: dict[float, int] = {}
    for column, label, count in sorted(counted.rows(), key=lambda one: (-one[2], one[1] or "")):
        number = numbers[column]
        rows[number] = rows.get(number, 0) + count
        if label:
            labels.setdefault(number, label)
    return labels, rows


def record_flag(
    funnel: Funnel, selection: Selection, source: pl.DataFrame, notes: list[str]
) -> str | None:
    """The record flag in force. `auto` takes ANL01FL where it selects among a visit's records.

    A flag that leaves most subject-visits without any record marks something else (the pilot
    study's lab data flag one record a subject), so it is not applied, and that is said.
    """
    wanted = (selection.records or AUTO).upper()
    if wanted == ALL.upper():
        notes.append("Records: all, as asked.")
        return None
    if wanted != AUTO.upper():
        if wanted not in source.columns or not wanted.endswith("FL"):
            flags = [name for name in source.columns if name.endswith("FL")]
            raise SelectionError(
                f"There is no record flag {wanted}: there is {one_of([AUTO, ALL, *flags], 20)}."
            )
        funnel.keep(f"{wanted} = Y", pl.col(wanted))
        return wanted
    flag = "ANL01FL"
    if flag not in source.columns:
        notes.append("Records: all; there is no ANL01FL.")
        return None
    cells, flagged = funnel.frame["cell"], funnel.frame[flag]
    there = cells.n_unique()
    kept = there if flagged.all() else cells.filter(flagged).n_unique()
    if kept < CHOOSES * there:
        notes.append(
            f"Records: all; {flag} = Y is not applied, because it would leave {kept} of {there} "
            "subject-visits and so is no choice of one record a visit."
        )
        return None
    notes.append(f"Records: {flag} = Y, which leaves {kept} of {there} subject-visits.")
    funnel.keep(f"{flag} = Y", pl.col(flag))
    return flag


def imputed(funnel: Funnel, selection: Selection, notes: list[str]) -> str:
    """Rows with a DTYPE are kept unless they are to be dropped; how many is always said."""
    kinds = (
        funnel.frame.filter(pl.col("imputed").is_not_null())
        .group_by("imputed")
        .len()
        .sort("imputed")
        .rows()
        if _has(funnel, "imputed")
        else []
    )
    if selection.imputed == "drop":
        funnel.keep("DTYPE empty (imputed rows dropped)", pl.col("imputed").is_null())
        return "drop"
    for kind, rows in kinds:
        counted = f"{rows} row{'s are' if rows > 1 else ' is'} imputed (DTYPE {kind})"
        notes.append(f"{counted} and kept; imputed=drop drops such rows.")
    return "keep"


def one_each(funnel: Funnel) -> None:
    """One record a subject and visit: nearest to the target day, then the last."""
    if funnel.frame["cell"].n_unique() == funnel.frame.height:
        return
    near = funnel.frame["distance"].is_not_null().any()
    chosen = (
        funnel.frame.sort(
            pl.col("distance").abs(), "day", "row", descending=[False, True, True], nulls_last=True
        )
        .unique("cell", keep="first", maintain_order=True)["row"]
        .implode()
    )
    rule = "nearest to its target day, then the last" if near else "the last"
    funnel.keep(f"one record a subject and visit: {rule}", pl.col("row").is_in(chosen))
