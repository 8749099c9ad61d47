"""`study.toml`: what a study says of itself beside its data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tui.errors import StudyError, TrialdeckError
from tui.study import mapping, text_file
from tui.study.model import StudyFile

NAME = mapping.NAME

MOST = 1 << 20
"""Bytes of a study.toml; that of the built-in study has 6684."""


def read(folder: Path) -> StudyFile:
    """What the folder's study.toml says; an empty description when there is none.

    Raises:
        StudyError: when it is not TOML, or a field is not of the kind it has to be.
    """
    said = content(folder)
    published = _table(said, "published")
    return StudyFile(
        id=_text(said, "id"),
        title=_text(said, "title"),
        reconstruction=said.get("reconstruction") is True,
        statement=_text(said, "statement"),
        data_cut=_text(said, "data_cut"),
        citation=_text(said, "citation"),
        reference_arm=_text(said, "reference_arm") or None,
        default_endpoint=_text(said, "default_endpoint") or None,
        population=_text(said, "population") or None,
        arms=_table(said, "arms"),
        endpoints={
            code: _as_table(f"endpoints.{code}", value)
            for code, value in _table(said, "endpoints").items()
        },
        labels=_table(said, "labels"),
        baseline=_texts(_table(said, "baseline"), "variables"),
        figures=_texts(published, "figures"),
        remarks=(
            *filter(None, [_text(published, "visits")]),
            *_texts(published, "misprints"),
            *(f"Not published: {text}" for text in _texts(published, "not_published")),
        ),
        datasets=mapping.read(_table(said, "datasets")),
        encoding=mapping.encoding(said, f"{NAME}: "),
    )


def content(folder: Path) -> dict[str, Any]:
    """The tables of the folder's study.toml, as they stand there.

    Raises:
        StudyError: when it is not TOML.
    """
    try:
        return text_file.tables(text_file.read(folder / NAME, MOST) or "")
    except TrialdeckError as error:
        raise StudyError(f"{NAME}: {error}") from None


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key, "")
    if isinstance(value, (list, dict)):
        raise StudyError(f"{NAME}: {key} has to be one value.")
    return str(value)


def _texts(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list):
        raise StudyError(f"{NAME}: {key} has to be a list.")
    return tuple(str(item) for item in value)


def _table(table: Mapping[str, Any], key: str) -> dict[str, Any]:
    return _as_table(key, table.get(key, {}))


def _as_table(key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise StudyError(f"{NAME}: {key} has to be a table.")
    return value
