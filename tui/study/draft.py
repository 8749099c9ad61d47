"""A study.toml that says what was recognized in a study, to be corrected where it is wrong."""

from __future__ import annotations

import json
import re
import textwrap
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import polars as pl

from tui.errors import StudyError, one_of
from tui.study import describe, folder, mapping
from tui.study.changes import fingerprint
from tui.study.model import Dataset, Role, Stated, Study

_HEAD = (
    "What trialdeck recognized in {name}. Correct what is wrong, and put the file beside the data "
    "under the name study.toml. Under `columns`, the standard name stands first, and after it the "
    "name that the file has for it. A dataset in comments is recognized without a word here; to "
    "say otherwise, take the signs away. The parts are {parts}."
)
_PARTS = one_of([role.value for role in Role])
_FLAGS = ("ABLFL", "ANL01FL", "TRTEMFL")
_WIDTH = 96
_SHOWN = 12
"""Columns of a dataset that plays no part which are named before the rest are counted."""


def text(study: Study, endpoint: str | None) -> str:
    """The file for a study that is open.

    It holds what the study's own study.toml says, and for each dataset its part and the columns
    that are used. Put in that file's place it gives the same study. What TOML cannot say (columns
    computed from others, as of SDTM) is recognized again, and stands in comments.

    Args:
        study: The study.
        endpoint: The endpoint that it opens with.
    """
    place = study.path if study.path.is_dir() else study.path.parent
    said = describe.content(place)
    said |= {"id": study.id, "reference_arm": study.reference.label}
    if study.encoding:
        said["encoding"] = study.encoding
    if endpoint:
        said["default_endpoint"] = endpoint
    flags = (*_FLAGS, *(one.flag for one in study.populations))
    return _file(place, said, study.datasets, study.file.datasets, flags)


def unopened(where: Path, reason: str, encoding: str | None = None) -> str:
    """The file for a folder that is no study yet: its datasets, and why it cannot be opened.

    Raises:
        StudyError: when it holds no dataset, or one that cannot be read.
    """
    place = where if where.is_dir() else where.parent
    file = describe.read(place)
    only = None if where.is_dir() else where
    found = folder.contents(fingerprint(place), only, file, encoding).datasets
    said = describe.content(place) | ({"encoding": encoding} if encoding else {})
    made = _file(place, said, found, file.datasets, _FLAGS)
    return _comment(f"It cannot be opened yet: {reason}") + "\n" + made


def _file(
    place: Path,
    said: Mapping[str, Any],
    datasets: Sequence[Dataset],
    stated: Mapping[str, Stated],
    flags: Sequence[str],
) -> str:
    top = {name: value for name, value in said.items() if name != "datasets"}
    parts = [
        _comment(_HEAD.format(name=place.resolve().name, parts=_PARTS)),
        *([_text(top)] if top else []),
    ]
    parts += [_dataset(one, stated.get(one.name), flags) for one in datasets]
    return "\n".join(parts)


def _dataset(one: Dataset, stated: Stated | None, flags: Sequence[str]) -> str:
    """A table of a dataset; in comments where it would not give the same dataset again."""
    key = one.name.lower()
    table: dict[str, Any] = {"part": one.role.value}
    if columns := _columns(one, stated, flags):
        table["columns"] = columns
    if stated and stated.values:
        table["values"] = {name: dict(pairs) for name, pairs in stated.values.items()}
    encoding = {"encoding": stated.encoding} if stated and stated.encoding else {}
    lines = _text({"datasets": {key: table | encoding}})
    about = f"{one.path.name}, {one.rows} rows: {one.role.value}, {one.why}"
    if one.role is Role.UNUSED and not one.stated and not encoding:
        names = [column.own_name for column in one.header.columns]
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        empty = _text({"datasets": {key: {**table, "columns": {}}}}).replace("\n\n", "\n")
        return _comment(f"{about}. Its columns: {', '.join(names[:_SHOWN])}{more}\n{empty}")
    if _gives_again(lines, one):
        return _comment(about) + lines
    kept = _text({"datasets": {key: encoding}}) if encoding else ""
    return _comment("; ".join((about, *(made.said for made in one.derived if made.said)))) + kept


def _columns(one: Dataset, stated: Stated | None, flags: Sequence[str]) -> dict[str, str]:
    """Standard columns that the dataset has, and the columns of the file that they are."""
    own = {column.name: column.own_name for column in one.header.columns}
    plain = {
        made.name: own[sources[0]]
        for made in one.derived
        if len(sources := made.expression.meta.root_names()) == 1
        and sources[0] in own
        and made.expression.meta.eq(pl.col(sources[0]))
    }
    said = dict(stated.columns) if stated else {}
    used = [name for name in (*mapping.STANDARD.get(one.role, ()), *flags) if one.has(name)]
    found = {name: said.get(name) or plain.get(name) or own.get(name) for name in used}
    return {name: column for name, column in (found | said).items() if column}


def _gives_again(lines: str, one: Dataset) -> bool:
    """Whether reading the table gives the dataset its part and derived columns again."""
    try:
        said = mapping.read(tomllib.loads(lines)["datasets"])
        part = mapping.part(one.header, said[one.name], one.path.name)
    except (StudyError, tomllib.TOMLDecodeError, UnicodeError):
        return False
    return part.role is one.role and [(made.name, made.said) for made in part.derived] == [
        (made.name, made.said) for made in one.derived
    ]


def _comment(said: str) -> str:
    """Lines of a comment; what a terminal would act on is written out."""
    safe = "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in said)
    lines = [line for part in safe.splitlines() for line in textwrap.wrap(part, _WIDTH)]
    return "".join(f"# {line}\n" for line in lines)


def _text(table: Mapping[str, Any]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(toml(table)).strip()) + "\n"


def toml(table: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[str]:
    """A table in TOML, line by line: the standard library reads the language and writes none."""
    plain = {name: value for name, value in table.items() if not isinstance(value, dict)}
    if path and (plain or not table):
        yield f"[{'.'.join(map(_key, path))}]"
    for name, value in plain.items():
        yield f"{_key(name)} = {_value(value)}"
    for name, value in table.items():
        if isinstance(value, dict):
            yield ""
            yield from toml(value, (*path, name))


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _value(name)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, list):
        line = f"[{', '.join(map(_value, value))}]"
        several = "".join(f"  {_value(one)},\n" for one in value)
        return line if len(line) < _WIDTH else f"[\n{several}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_key(name)} = {_value(one)}' for name, one in value.items())}}}"
    return repr(value)
