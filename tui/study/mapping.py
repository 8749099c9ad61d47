"""The part of a dataset and its columns as study.toml says, where its own names do not tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from tui.errors import StudyError, one_of
from tui.study import roles
from tui.study.formats import encoding as encodings
from tui.study.header import Column, Header
from tui.study.model import Derived, Role, Stated
from tui.study.roles import ARMS, SUBJECT, SYSTEM, TERM, Part

NAME = "study.toml"

_ALL_ARMS = tuple(column for pair in ARMS for column in pair)
STANDARD: dict[Role, tuple[str, ...]] = {
    Role.SUBJECTS: (
        SUBJECT, "STUDYID", "SUBJID", "SITEID", *_ALL_ARMS, "TRT01PN", "TRT01AN",
        "AGE", "AGEGR1", "AGEGR1N", "SEX", "RACE", "ETHNIC", "HEIGHTBL", "WEIGHTBL", "BMIBL",
        "TRTSDT", "TRTEDT",
    ),
    Role.FINDINGS: (
        SUBJECT, "PARAMCD", "PARAM", "PARAMN", "AVAL", "AVALC", "BASE", "CHG", "AVISIT", "AVISITN",
        "VISIT", "VISITNUM", "ATPT", "ATPTN", "BASETYPE", "DTYPE", "ADT", "ADY", "AWTDIFF",
        "TRTP", "TRTA", "ORIGIN",
    ),
    Role.EVENTS: (
        SUBJECT, *TERM, *SYSTEM, "AESEV", "ASEV", "AETOXGR", "AESER", "AEREL", "AREL", "AEACN",
        "AEOUT", "ASTDT", "AENDT", "ASTDY", "AESTDY", "AENDY", "AEENDY", "TRTP", "TRTA", "ORIGIN",
    ),
    Role.TIME_TO_EVENT: (
        SUBJECT, "PARAMCD", "PARAM", "PARAMN", "AVAL", "CNSR", "STARTDT", "ADT", "EVNTDESC",
        "CNSDTDSC", "TRTP", "TRTA",
    ),
}  # fmt: skip
"""The columns that the program looks at, by the part of their dataset; and every flag (ITTFL)."""

_TEXTS = ("PARAMCD", "PARAM", "AVALC")
"""Columns that are compared as text: their numbers (a test called 12) become text, as flags do."""

_FIELDS = ("part", "columns", "values", "encoding")
_FLAG = re.compile(r"\w+FL")
_NEEDED: dict[Role, tuple[tuple[str, ...], ...]] = {
    Role.SUBJECTS: ((SUBJECT,), _ALL_ARMS),
    Role.FINDINGS: ((SUBJECT,), ("PARAMCD", "PARAM"), ("AVAL", "AVALC")),
    Role.EVENTS: ((SUBJECT,), TERM),
    Role.TIME_TO_EVENT: ((SUBJECT,), ("PARAMCD",), ("AVAL",), ("CNSR",)),
    Role.UNUSED: (),
}
"""What a part cannot be played without: of each group one column."""


def read(content: Mapping[str, Any]) -> dict[str, Stated]:
    """The tables of `[datasets]`, by name in capitals.

    Raises:
        StudyError: when one holds what cannot be meant, with its place.
    """
    found = {}
    for name, table in content.items():
        where = f"{NAME}: datasets.{name}"
        if re.search(r"[/\\]|^\.\.?$", name):
            raise StudyError(
                f"{where}: a dataset is called by the name of its file without the ending, in the "
                "study's own folder."
            )
        if name.upper() in found:
            raise StudyError(f"{where}: it stands there twice.")
        _check_fields(table, where)
        found[name.upper()] = Stated(
            _part(table, where),
            _columns(table, where),
            _values(table, where),
            encoding(table, f"{where}."),
        )
    return found


def _check_fields(table: Any, where: str) -> None:
    if not isinstance(table, dict):
        raise StudyError(f"{where} has to be a table.")
    for field in table:
        if field not in _FIELDS:
            raise StudyError(f"{where}: there is no field {field!r}: there is {one_of(_FIELDS)}.")


def encoding(table: Mapping[str, Any], where: str) -> str:
    """The encoding that a table states; empty where it states none.

    Raises:
        StudyError: when there is no such encoding.
    """
    said = table.get("encoding", "")
    if not isinstance(said, str):
        raise StudyError(f"{where}encoding has to be the name of an encoding.")
    if said:
        try:
            encodings.check(said)
        except StudyError as error:
            raise StudyError(f"{where}encoding: {error}") from None
    return said


def _part(table: Mapping[str, Any], where: str) -> Role | None:
    said = table.get("part")
    parts = {role.value: role for role in Role}
    if said is not None and (not isinstance(said, str) or said not in parts):
        raise StudyError(
            f"{where}.part: there is no part {said!r}: there is {one_of(list(parts))}."
        )
    return None if said is None else parts[said]


def _columns(table: Mapping[str, Any], where: str) -> dict[str, str]:
    said = _table(table, "columns", where)
    for name, own in said.items():
        if not isinstance(own, str):
            raise StudyError(f"{where}.columns.{name} has to be the name of a column.")
    return {name.upper(): own for name, own in said.items()}


def _values(table: Mapping[str, Any], where: str) -> dict[str, dict[str, str | float]]:
    said = _table(table, "values", where)
    for name, pairs in said.items():
        kinds = {type(one) for one in pairs.values()} if isinstance(pairs, dict) else {None}
        if not (kinds and (kinds <= {str} or kinds <= {int, float})):
            raise StudyError(
                f"{where}.values.{name} has to be a table of values, all texts or all numbers."
            )
    return {name.upper(): dict(pairs) for name, pairs in said.items()}


def _table(table: Mapping[str, Any], field: str, where: str) -> dict[str, Any]:
    found = table.get(field, {})
    if not isinstance(found, dict):
        raise StudyError(f"{where}.{field} has to be a table.")
    if len({name.upper() for name in found}) < len(found):
        raise StudyError(f"{where}.{field}: a name stands there twice, in another case.")
    return found


def part(header: Header, said: Stated, file: str) -> Part:
    """The part of a dataset under what study.toml says of it.

    Args:
        header: The dataset.
        said: What study.toml says.
        file: The name of its file.

    Raises:
        StudyError: when a column is not there, or one is missing that the part needs.
    """
    where = f"{NAME}: datasets.{header.name.lower()}"
    derived = tuple(
        _derived(header, name, said, where, file)
        for name in _in_order(said, where)
        if _own(header, name, said, where, file) != name or name in said.values
    )
    names = [*header.kinds, *(one.name for one in derived if one.name not in header.kinds)]
    mapped = Header(header.name, tuple(Column(one, pl.String(), one) for one in names), header.rows)
    recognized = roles.recognize(mapped)
    role = said.part or recognized.role
    _check_names(said, role, where)
    for group in _NEEDED[role] if said.part else ():
        if not set(group) & set(names):
            raise StudyError(
                f"{where}: {role.value} need {one_of(group)}; under columns, say which column "
                f"of {file} that is."
            )
    taken = {one.name for one in derived}
    more = tuple(one for one in recognized.derived if one.name not in taken)
    why = recognized.why
    if said.part:
        why = f"{NAME} says so" + (f"; {why}" if role is recognized.role else "")
    return Part(role, why, (*derived, *more))


def _check_names(said: Stated, role: Role, where: str) -> None:
    known = STANDARD.get(role) or tuple(
        dict.fromkeys(one for all in STANDARD.values() for one in all)
    )
    for field in ("columns", "values"):
        for name in getattr(said, field):
            if name not in known and not _FLAG.fullmatch(name):
                raise StudyError(
                    f"{where}.{field}: {name!r} is no standard column"
                    f"{f' of {role.value}' if role in STANDARD else ''}: there is "
                    f"{one_of(known, 40)}, and flags such as ITTFL."
                )


def _own(header: Header, name: str, said: Stated, where: str, file: str) -> str:
    """The column of the file, in capitals, that a standard one is."""
    own = said.columns.get(name, name)
    if own.strip().upper() in header.kinds:
        return own.strip().upper()
    field = f"columns.{name}" if name in said.columns else f"values.{name}"
    there = one_of([one.own_name for one in header.columns], 8)
    raise StudyError(f"{where}.{field}: {file} has no column {own!r}: there is {there}.")


def _in_order(said: Stated, where: str) -> list[str]:
    """The standard columns, each after those that are made from a column of its name."""
    left = {
        name: said.columns.get(name, name).strip().upper() for name in (*said.columns, *said.values)
    }
    found: list[str] = []
    while left:
        free = [
            name for name in left if name not in {own for of, own in left.items() if of != name}
        ]
        if not free:
            raise StudyError(f"{where}.columns: {', '.join(left)} are made from each other.")
        found += free
        left = {name: own for name, own in left.items() if name not in free}
    return found


def _derived(header: Header, name: str, said: Stated, where: str, file: str) -> Derived:
    """A standard column made from one of the file, and its values from the file's values."""
    own = _own(header, name, said, where, file)
    own_name = next(one.own_name for one in header.columns if one.name == own)
    pairs = said.values.get(name, {})
    column, keys = pl.col(own), list[Any](pairs)
    is_text = name in _TEXTS or bool(_FLAG.fullmatch(name))
    if not pairs and (not is_text or header.kinds[own] == pl.String):
        return Derived(name, column, f"{name} is {own_name}")
    if header.kinds[own].is_numeric():
        keys = [_number(key, f"{where}.values.{name}", own_name) for key in keys]
        column = column.cast(pl.Float64)
        made = column.cast(pl.String).str.strip_suffix(".0")
    else:
        made = column = column.cast(pl.String).str.strip_chars().replace("", None)
    if pairs:
        texts = [str(value) for value in pairs.values()]
        made = column.replace_strict(keys, texts, default=made, return_dtype=pl.String)
    if not is_text and not any(isinstance(value, str) for value in pairs.values()):
        made = made.cast(pl.Float64)
    words = ", ".join(f"{value} where that is {key}" for key, value in pairs.items())
    return Derived(name, made, f"{name} is {own_name}{f' ({words})' if words else ''}")


def _number(text: str, where: str, column: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise StudyError(
            f"{where}: {text!r} is no number, as the values of {column} are."
        ) from None
