"""The subject-level column whose levels are compared, and its levels in order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

from tui.errors import SelectionError, one_of
from tui.queries import levels
from tui.queries.population import Subjects
from tui.study.roles import ARMS, SUBJECT

USUAL = "SEX"

MOST_NUMBERS, MOST_LEVELS = 6, 40
"""More distinct numbers than this are a measurement, more texts are names, not classes."""

_NOT_CLASSES = {SUBJECT, "SUBJID", *(column for pair in ARMS for column in pair)}
_GROUPED = re.compile(r"\w+GR\d+")


@dataclass(frozen=True)
class Subgroup:
    """A column with the texts of its levels, in order; `notes` say what was chosen."""

    name: str
    levels: tuple[str, ...]
    notes: tuple[str, ...]

    @staticmethod
    def texts(column: pl.Series) -> pl.Series:
        """The level of each value as text; blank is missing."""
        if column.dtype.is_float():
            return column.map_elements("{:g}".format, return_dtype=pl.String)
        text = column.cast(pl.String).str.strip_chars()
        return text.set(text == "", None)


def choose(people: Subjects, wanted: str | None) -> Subgroup:
    """The column asked for, else SEX, else the first one with a few levels.

    Raises:
        SelectionError: when there is no such column, or its values are no classes.
    """
    frame = people.frame
    if wanted is None:
        name, note = _default(frame)
        return Subgroup(name, _levels(frame, name), (note,))
    name = wanted.strip().upper()
    if name not in frame.columns:
        near = get_close_matches(name, frame.columns, 4, 0.5) or classes(frame)
        raise SelectionError(f"There is no subject-level column {name}: use {one_of(near, 8)}.")
    found = _levels(frame, name)
    if not found:
        raise SelectionError(f"No subject has a value of {name}.")
    is_text = frame.schema[name] in (pl.String, pl.Boolean, pl.Categorical)
    if len(found) > (MOST_LEVELS if is_text else MOST_NUMBERS):
        grouped = _grouped(frame, name)
        instead = f"its groups stand in {grouped}" if grouped else f"use {one_of(classes(frame))}"
        raise SelectionError(f"{name} has {len(found)} values, which are no subgroups: {instead}.")
    return Subgroup(name, found, ())


def classes(frame: pl.DataFrame) -> list[str]:
    """The columns of text that have a few levels, which is what subgroups are made of."""
    return [
        name
        for name, kind in frame.schema.items()
        if kind == pl.String
        and name not in _NOT_CLASSES
        and not name.endswith("FL")
        and 1 < frame[name].drop_nulls().n_unique() <= MOST_NUMBERS
    ]


def _levels(frame: pl.DataFrame, name: str) -> tuple[str, ...]:
    own = frame[name] if frame.schema[name].is_numeric() else levels.codes(frame, name)
    return tuple(levels.in_order(Subgroup.texts(frame[name]), own))


def _default(frame: pl.DataFrame) -> tuple[str, str]:
    if USUAL in frame.columns and _levels(frame, USUAL):
        others = [name for name in classes(frame) if name != USUAL]
        example = next((name for name in others if _GROUPED.fullmatch(name)), None)
        instead = f"; subgroup={example} takes another" if example else ""
        return USUAL, f"Subgroup: {USUAL}, because none was asked for{instead}."
    name = next(iter(classes(frame)), "")
    if not name:
        raise SelectionError("No subject-level column has levels that subgroups could be made of.")
    return name, f"Subgroup: {name}, the first column with a few levels, as there is no {USUAL}."


def _grouped(frame: pl.DataFrame, name: str) -> str | None:
    """The grouped form of a measurement: AGEGR1 of AGE, DURDSGR1 of DURDIS, HBA1CGR1 of HBA1CBL."""
    grouped = [one for one in frame.columns if _GROUPED.fullmatch(one)]
    same = [one for one in grouped if one.startswith(name)]
    return next(iter(same or get_close_matches(name, grouped, 1, 0.6)), None)
