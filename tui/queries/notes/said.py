"""From what a search found to a note: which endpoints, which rows first, and what shows them."""

from __future__ import annotations

import datetime
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from tui.queries.endpoint import is_special
from tui.queries.notes.note import FirstRow, Found, Note, See
from tui.queries.population import EVERYONE
from tui.selection import Selection
from tui.study.model import Dataset, Role, Study
from tui.study.roles import SUBJECT

_SUBJECTS = 5
"""Subjects that a command names: more make a line that nobody types."""


def note(
    study: Study,
    dataset: Dataset,
    id: str,
    severity: str,
    found: Found,
    what: str,
    *named: str,
    shown: bool = True,
) -> Note:
    """A note on rows of a dataset: which endpoints they are of, the first of them, what shows them.

    Args:
        study: The study.
        dataset: The dataset.
        id: Which check found it.
        severity: `contradiction` or `remark`.
        found: What was found.
        what: A sentence without its full stop.
        named: The columns that are named of each of the first rows.
        shown: Whether an answer shows such rows.
    """
    keys = [key for code in found.codes if (key := endpoint_key(study, dataset, code))]
    only = len(found.codes) == 1
    return Note(
        id=id,
        severity=severity,
        dataset=dataset.name,
        endpoint=keys[0] if only and keys else None,
        what=f"{what}{_by_code(found.codes)}.",
        rows=found.rows,
        subjects=found.subjects,
        first=tuple(
            FirstRow(one["row"], one["subject"], _text(one, named if only else ("code", *named)))
            for one in found.first
        ),
        see=_see(study, dataset, found) if shown else None,
    )


def endpoint_key(study: Study, dataset: Dataset, code: str | None) -> str | None:
    """What the endpoint of a PARAMCD is called by."""
    there = (one for one in study.endpoints if one.dataset is dataset and one.code == code)
    return next((one.key for one in there), None)


def count(number: int, thing: str) -> str:
    """A number of things: `1 row`, `2 rows`."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _by_code(codes: Mapping[str, int], most: int = 4) -> str:
    """Which endpoints, and how often each."""
    if not codes:
        return ""
    if len(codes) == 1:
        return f": {next(iter(codes))}"
    shown = ", ".join(f"{code} {times}" for code, times in list(codes.items())[:most])
    return f": {shown}" + (f" and {len(codes) - most} more" if len(codes) > most else "")


_NAMES = {
    "value": "AVAL",
    "base": "BASE",
    "change": "CHG",
    "timepoint": "ATPT",
    "basetype": "BASETYPE",
    "imputed": "DTYPE",
    "emergent": "TRTEMFL",
    "at_baseline": "AVAL at baseline",
}


def _text(row: Mapping[str, Any], named: Iterable[str]) -> str:
    """`ALT, Week 8, AVAL 5, BASE 3`: what speaks for itself stands without its column's name."""
    parts = []
    for name in named:
        value = row[name]
        if value is None:
            continue
        if isinstance(value, float):
            value = f"{value:.10g}"
        elif isinstance(value, datetime.date):
            value = value.isoformat()
        column = "" if name in ("code", "visit", "term") else _NAMES.get(name, name)
        parts.append(f"{column} {value}".strip())
    return ", ".join(parts)


def _see(study: Study, dataset: Dataset, found: Found) -> See | None:
    """The events, values or subject of the first rows; None where no answer shows such rows.

    Values are shown at visits alone, of subjects who are at subject level in some arm.
    """
    kind = "actual" if dataset.role is Role.EVENTS else "planned"
    armed = study.subject_rows.filter(pl.col(study.arm_columns[kind]).is_not_null())
    known = set(armed[SUBJECT].cast(pl.String))
    first = [one for one in found.first if one["subject"] in known]
    if not first:
        return None
    if dataset is study.subjects:
        return See("subject", subject=first[0]["subject"])
    if dataset is study.events:
        chosen = Selection(where=_where(first), population=EVERYONE, emergent="all")
        return See("events", chosen)
    return _values(study, dataset, first)


def _values(study: Study, dataset: Dataset, first: list[dict[str, Any]]) -> See | None:
    """Values of one endpoint, time point and definition of baseline: those of the first row."""
    one = first[0]
    key = endpoint_key(study, dataset, one["code"])
    apart = one["visit"] is not None and is_special(one["number"] or 0, one["visit"])
    if key is None or one["visit"] is None or (apart and one["number"] is None):
        return None
    same = ("code", "timepoint", "basetype", *(("number",) if apart else ()))
    chosen = Selection(
        endpoint=key,
        where=_where([other for other in first if all(other[name] == one[name] for name in same)]),
        population=EVERYONE,
        records="all",
        timepoint=one["timepoint"],
        basetype=one["basetype"],
        visits=(one["number"],) if apart else None,
    )
    return See("values", chosen)


def _where(first: list[dict[str, Any]]) -> str:
    subjects = list(dict.fromkeys(one["subject"] for one in first))[:_SUBJECTS]
    return shlex.quote(f"{SUBJECT}={','.join(subjects)}")
