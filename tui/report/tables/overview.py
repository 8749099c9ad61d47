"""The study's page: datasets and their parts, then everything that can be chosen."""

from __future__ import annotations

from tui.analyses.answer import Answer
from tui.report.table import Column, Table

_SECTIONS = {
    "dataset": ("Datasets", "Dataset", "Part", "Rows", "Why"),
    "arm": ("Arms", "Arm", "", "Subjects", ""),
    "population": ("Populations", "Flag", "", "Subjects", ""),
    "endpoint": ("Endpoints", "PARAMCD", "Endpoint", "Rows", "Dataset"),
    "visit": ("Visits of the endpoint", "Number", "Visit", "Records", ""),
    "method": ("Methods", "Method", "Meaning", "", "Cannot be used because"),
    "remark": ("Remarks", "", "", "", ""),
}


def study(answer: Answer) -> tuple[Table, ...]:
    """One table a section; a column that would be empty is left out."""
    found = []
    for section, (title, *headers) in _SECTIONS.items():
        members = [row for row in answer.rows if row.section == section]
        if not members:
            continue
        cells = [
            (row.name, row.label, "" if row.rows is None else str(row.rows), row.why or "")
            for row in members
        ]
        used = [place for place in range(4) if any(row[place] for row in cells)]
        found.append(
            Table(
                title=title,
                columns=tuple(
                    Column(headers[place], headers[place], "right" if place == 2 else "left")
                    for place in used
                ),
                rows=tuple(tuple(row[place] for place in used) for row in cells),
                fixed=1,
            )
        )
    return tuple(found)
