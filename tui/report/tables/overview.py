"""The study's page: datasets and their parts, then everything that can be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tui.analyses.answer import Answer
from tui.analyses.rows.study import StudyRow
from tui.report.table import Column, Table

_SECTIONS = {
    "arm": ("Arms", "Arm", "", "Subjects", ""),
    "population": ("Populations", "Flag", "", "Subjects", ""),
    "endpoint": ("Endpoints", "PARAMCD", "Endpoint", "Rows", "Dataset"),
    "time to event": ("Times to an event", "PARAMCD", "Endpoint", "Rows", "Dataset"),
    "visit": ("Visits of the endpoint", "Number", "Visit", "Records", ""),
    "method": ("Methods", "Method", "Meaning", "", "Cannot be used because"),
    "remark": ("Remarks", "", "", "", ""),
}


_LAST = "not used"
"""The part whose reasons come after those of the others."""

_DATASETS = (
    Column("dataset", "Dataset", "left"),
    Column("part", "Part", "left"),
    Column("rows", "Rows"),
    Column("subjects", "Subjects"),
    Column("format", "Format", "left"),
    Column("title", "Label", "left"),
)


def study(answer: Answer) -> tuple[Table, ...]:
    """One table a section; a column that would be empty is left out."""
    datasets = [row for row in answer.rows if row.section == "dataset"]
    found = [_datasets(datasets), _sentences("Why", _reasons(datasets))]
    found.append(_sentences("Columns under other names", _columns(datasets)))
    beside = [f"{row.name}: {row.label}" for row in answer.rows if row.section == "file"]
    found.append(_sentences("Files beside the datasets", beside))
    for section, headers in _SECTIONS.items():
        found.append(_section(headers, [row for row in answer.rows if row.section == section]))
    return tuple(table for table in found if table.rows)


def _datasets(rows: Sequence[StudyRow]) -> Table:
    """What stands in which file; the label is last, where a narrow screen cuts it."""
    cells = [
        (
            row.name,
            row.label,
            str(row.rows),
            "" if row.subjects is None else str(row.subjects),
            (row.file or "").rpartition(".")[2].lower(),
            row.title or "",
        )
        for row in rows
    ]
    return _used("Datasets", _DATASETS, cells)


def _reasons(rows: Sequence[StudyRow]) -> Iterator[str]:
    """Each reason once, with the datasets that it holds for: most of a study share theirs."""
    shared = _shared((row.name, (row.label, row.why or "")) for row in rows)
    for (part, why), names in sorted(shared, key=lambda one: one[0][0] == _LAST):
        yield f"{part}, {why}: {', '.join(names)}"


def _columns(rows: Sequence[StudyRow]) -> Iterator[str]:
    made = ((row.name, (row.columns,)) for row in rows if row.columns)
    for (said,), names in _shared(made):
        yield f"{', '.join(names)}: {said}"


def _shared(
    pairs: Iterable[tuple[str, tuple[str, ...]]],
) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """What is said of several datasets, with their names."""
    of: dict[tuple[str, ...], list[str]] = {}
    for name, said in pairs:
        of.setdefault(said, []).append(name)
    yield from of.items()


def _sentences(title: str, texts: Iterable[str]) -> Table:
    return Table(title, (Column("", "", "left"),), tuple((text,) for text in texts))


def _section(headers: Sequence[str], rows: Sequence[StudyRow]) -> Table:
    title, *names = headers
    columns = [
        Column(name, name, "right" if place == 2 else "left") for place, name in enumerate(names)
    ]
    cells = [
        (row.name, row.label, "" if row.rows is None else str(row.rows), row.why or "")
        for row in rows
    ]
    return _used(title, columns, cells)


def _used(title: str, columns: Sequence[Column], cells: Sequence[tuple[str, ...]]) -> Table:
    """A table without the columns that are empty."""
    used = [place for place in range(len(columns)) if any(row[place] for row in cells)]
    return Table(
        title=title,
        columns=tuple(columns[place] for place in used),
        rows=tuple(tuple(row[place] for place in used) for row in cells),
        fixed=1,
    )
