"""The forms in which an answer is printed or exported."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tui.analyses.answer import Answer
from tui.report import markdown, text
from tui.report.visible import in_json


def as_json(answer: Answer) -> str:
    """One object: study, selection, funnel, method, notes, rows; numbers unrounded."""
    content = {
        "study": dataclasses.asdict(answer.study),
        "title": answer.title,
        "unit": answer.unit,
        "selection": {
            **{
                name: value
                for name, value in dataclasses.asdict(answer.selection).items()
                if value is not None
            },
            "line": str(answer.selection),
        },
        "arms": [dataclasses.asdict(arm) for arm in answer.arms],
        "funnel": [dataclasses.asdict(step) for step in answer.funnel],
        "method": dataclasses.asdict(answer.method),
        "notes": list(answer.notes),
        "rows": [dataclasses.asdict(row) for row in answer.rows],
        "code": answer.code,
    }
    return in_json(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)) + "\n"


def as_csv(answer: Answer) -> str:
    """The rows, one a line, under their field names; numbers unrounded, missing ones empty."""
    return csv_text(*flat_rows(answer))


def csv_text(fields: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV, their cells as they are."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fields, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def flat_rows(answer: Answer) -> tuple[list[str], list[dict[str, Any]]]:
    """The names of the rows' fields, and the rows; numbers unrounded."""
    rows = [_flat(dataclasses.asdict(row)) for row in answer.rows]
    return list(dict.fromkeys(field for row in rows for field in row)), rows


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """Counts by name become a column each: `populations` {ITTFL: 61} is `populations_ITTFL`.

    A list, such as the first rows of a note, stands in its cell as JSON.
    """
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat |= {f"{name}_{key}": count for key, count in value.items()}
        elif isinstance(value, tuple):
            flat[name] = json.dumps(value, ensure_ascii=False)
        else:
            flat[name] = value
    return flat


FORMATS: dict[str, Callable[[Answer], str]] = {
    "text": text.render,
    "md": markdown.render,
    "csv": as_csv,
    "json": as_json,
}
"""Every form by its name; the name is also the suffix of an exported file (text: .txt)."""
