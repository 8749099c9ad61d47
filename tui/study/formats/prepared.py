"""What a parquet file that `trialdeck prepare` wrote says beyond its columns and their labels.

It stands in the footer under one key, as JSON, so that polars alone reads it, in under 1 ms.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from tui.study.header import Column, Header

KEY = "trialdeck"


@dataclass(frozen=True)
class Kept:
    """What the file's source said.

    Attributes:
        grouped: Whether the rows of each parameter stand together.
        label: The dataset's label.
        notes: What the reader of the source decided.
        decodes: By column, in capitals: coded values and what they mean.
    """

    grouped: bool = False
    label: str = ""
    notes: Sequence[str] = ()
    decodes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def with_decodes(self, columns: Sequence[Column]) -> tuple[Column, ...]:
        """Columns with the meaning of their coded values."""
        return tuple(
            dataclasses.replace(one, decodes=self.decodes.get(one.name, {})) for one in columns
        )


def of(header: Header, grouped: bool) -> Kept:
    """What is to be kept of a dataset."""
    decodes = {one.name: dict(one.decodes) for one in header.columns if one.decodes}
    return Kept(grouped, header.label, header.notes, decodes)


def text(kept: Kept) -> str:
    """As it is written."""
    return json.dumps(dataclasses.asdict(kept), ensure_ascii=False)


def read(path: Path) -> Kept:
    """What a file says; nothing of a file that something else has written."""
    said = pl.read_parquet_metadata(path).get(KEY)
    try:
        return _checked(json.loads(said)) if said else Kept()
    except (ValueError, RecursionError):
        return Kept()


def _checked(said: Any) -> Kept:
    """Any program may write any metadata: what is not as `text` writes it counts as not there."""
    if not isinstance(said, dict):
        return Kept()
    notes, decodes = said.get("notes"), said.get("decodes")
    return Kept(
        said.get("grouped") is True,
        str(said.get("label", "")),
        tuple(map(str, notes)) if isinstance(notes, list) else (),
        {
            str(column): {str(value): str(meaning) for value, meaning in one.items()}
            for column, one in (decodes.items() if isinstance(decodes, dict) else ())
            if isinstance(one, dict)
        },
    )
