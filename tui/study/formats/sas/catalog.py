"""A SAS format catalog (.sas7bcat) beside a dataset: what its coded values mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tui.study.header import Column

_USUAL = "formats"  # what PROC FORMAT calls a catalog that is given no name

Decodes = Mapping[str, Mapping[str, str]]


def beside(path: Path, formats: Mapping[str, str]) -> tuple[Decodes, tuple[str, ...]]:
    """What the values of each column mean, by its display format, and notes.

    Args:
        path: The dataset; the catalog has its name, or is called formats.sas7bcat.
        formats: Display formats by column. A catalog is looked for only where one is not SAS's.
    """
    names = {column: _stem(shown) for column, shown in formats.items() if shown}
    found = _find(path) if names else None
    if found is None:
        return {}, ()
    import pyreadstat

    try:
        _, said = pyreadstat.read_sas7bcat(found, output_format="dict")
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OSError) as error:
        reason = str(error).strip().rstrip(".")
        return {}, (f"The format catalog {found.name} cannot be read: {reason}.",)
    lists = {_stem(name): values for name, values in said.value_labels.items()}
    decodes = {
        column: {_code(value): str(label) for value, label in lists[stem].items()}
        for column, stem in names.items()
        if stem in lists
    }
    return decodes, (f"What coded values mean is from {found.name}.",) if decodes else ()


def with_decodes(column: Column, decodes: Decodes) -> Column:
    """The column with what its values mean; they stay as they were delivered."""
    return replace(column, decodes=decodes.get(column.own_name, {}))


def _find(path: Path) -> Path | None:
    beside = {one.name.lower(): one for one in path.parent.iterdir() if one.is_file()}
    names = (f"{stem}.sas7bcat" for stem in (path.stem.lower(), _USUAL))
    return next((beside[name] for name in names if name in beside), None)


def _stem(shown: str) -> str:
    """A format's name without its width: SEX of $SEX10."""
    return re.sub(r"\d*(\.\d*)?$", "", shown.lstrip("$")).upper()


def _code(value: object) -> str:
    """As the value is read: 1 of 1.0."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
