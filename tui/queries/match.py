"""Finding what a user names: an arm or an endpoint by code, label, or a part of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import polars as pl

from tui.errors import SelectionError, one_of
from tui.study import files
from tui.study.model import Arm, Endpoint, Study

Thing = TypeVar("Thing")

NO_TIME_TO_EVENT = "no dataset with PARAMCD, AVAL and CNSR"


def arm(study: Study, name: str) -> Arm:
    """The arm with this label, code, or unambiguous part of a label."""
    wanted = name.strip().lower()
    by_code = [one for one in study.arms if one.code is not None and _is_number(name, one.code)]
    if len(by_code) == 1 and not any(one.label.lower() == wanted for one in study.arms):
        return by_code[0]
    return _only("arm", name, study.arms, lambda one: one.label)


def endpoint(study: Study, name: str | None) -> tuple[Endpoint, str | None]:
    """The endpoint of this name and, where several datasets have it, a note on the choice."""
    same = study.endpoints.called(name.strip()) if name else ()
    if not same and not study.endpoints:
        _refuse_time_to_event(study, name or "")
        raise SelectionError(f"{study.id} has no findings: no dataset with PARAMCD and AVAL.")
    if name is None:
        return _default_endpoint(study)
    wanted = name.strip().upper()
    if not same:
        _refuse_time_to_event(study, name)
        return _only("endpoint", name, study.endpoints, lambda one: f"{one.key} {one.label}"), None
    exact = [one for one in same if one.key.upper() == wanted]
    if len(same) == 1 or exact:
        return (exact or same)[0], None
    chosen = max(same, key=lambda one: one.rows)
    others = one_of([one.key for one in same if one is not chosen])
    return chosen, (
        f"{chosen.code} stands in several datasets; {chosen.key} has the most rows and is shown. "
        f"Write {others} for the other."
    )


def time_to_event(study: Study, name: str | None) -> tuple[Endpoint, str | None]:
    """The time-to-event endpoint of this name and, where it was chosen, a note on that."""
    there = study.time_to_event
    if not there:
        raise SelectionError(f"{study.id} has no time-to-event data: {NO_TIME_TO_EVENT}.")
    if name is None:
        others = f"; there is also {one_of([one.key for one in there[1:]])}" if there[1:] else ""
        return there[0], f"Endpoint: {there[0].key}, because none was asked for{others}."
    wanted = name.strip().upper()
    by_key = [one for one in there if one.key.upper() == wanted]
    same = by_key or [one for one in there if one.code.upper() == wanted]
    if len(same) == 1:
        return same[0], None
    if any(wanted in (one.key.upper(), one.code.upper()) for one in study.endpoints):
        raise SelectionError(
            f"{name} is measured at visits and is no time to an event: there is "
            f"{one_of([one.key for one in there])}."
        )
    found = _only("time-to-event endpoint", name, there, lambda one: f"{one.key} {one.label}")
    return found, None


def _refuse_time_to_event(study: Study, name: str) -> None:
    """A time to an event has no visits: what it has instead is said."""
    wanted = name.strip().upper()
    for one in study.time_to_event:
        if wanted in (one.key.upper(), one.code.upper()):
            raise SelectionError(
                f"{one.key} is a time to an event, which has no visits: "
                f"show survival --endpoint {one.key} analyzes it."
            )


def _default_endpoint(study: Study) -> tuple[Endpoint, str | None]:
    named = study.file.default_endpoint
    for one in study.endpoints.called(named) if named else ():
        if named in (one.key, one.code):
            return one, None
    if some := study.endpoints.beginning("HBA1C"):
        most = max(one.rows for one in study.endpoints)
        if hba1c := next((one for one in some if one.rows >= most / 10), None):
            return hba1c, None  # but not measured in a few subjects only, as in the pilot's SDTM
    with_change = study.endpoints.first(lambda one: one.first("CHG", "BASE"))
    first = with_change or study.endpoints.first(lambda one: True) or study.endpoints[0]
    chosen = first if _is_measured(first) else next(filter(_is_measured, study.endpoints), first)
    of = "" if chosen is first else "with numeric values "
    return chosen, (
        f"No endpoint was chosen and none is named in study.toml: {chosen.key} is the first "
        f"{of}and is shown."
    )


def _is_measured(endpoint: Endpoint) -> bool:
    """Whether it has a number: the interpretation of an ECG has none, and SDTM's EG begins so."""
    dataset = endpoint.dataset
    if not dataset.has("AVAL"):
        return False
    found = pl.col("PARAMCD").cast(pl.String) == endpoint.code, pl.col("AVAL").is_not_null()
    values = files.scan(dataset).filter(*found).select("AVAL").head(1)
    return files.collect(dataset, values).height > 0


def _only(kind: str, name: str, things: Sequence[Thing], label: Callable[[Thing], str]) -> Thing:
    """The one thing whose label is the name, or holds it as a word, or holds it at all."""
    wanted = name.strip().lower()
    tests: tuple[Callable[[str], bool], ...] = (
        lambda text: text == wanted,
        lambda text: wanted in text.split(),
        lambda text: wanted in text,
    )
    for test in tests:
        found = [one for one in things if test(label(one).lower())]
        if len(found) == 1:
            return found[0]
        if found:
            names = one_of([label(one) for one in found], 8)
            raise SelectionError(f"{name!r} could be more than one {kind}: {names}.")
    names = one_of([label(one) for one in things], 8)
    raise SelectionError(f"There is no {kind} {name!r}: there is {names}.")


def _is_number(text: str, code: float) -> bool:
    try:
        return float(text) == code
    except ValueError:
        return False
