"""A Python program that recomputes an answer's figures from the study's files, without this one.

It needs polars, numpy and scipy only, and pyreadstat for SAS's files. The tests run it and compare.
What every such program begins with is here: the files, the rules of subjects and records, and a
`table` of one row a record; what the answers make of it stands in `recompute_power` and its like.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from tui.analyses.methods.method import Method, Options
from tui.queries import where
from tui.queries.endpoint import BLANK
from tui.queries.population import EVERYONE
from tui.queries.records import Records
from tui.queries.units import conversion
from tui.selection import Selection
from tui.study import files
from tui.study.model import Dataset, Study
from tui.study.roles import SUBJECT

_HEAD = """\
# {title}; recomputed without trialdeck. Run it in the study's folder.
{imports}import numpy as np
import polars as pl
{readers}from scipy import {scipy}

subjects = {subjects}
rows = {rows}
"""

_SETTINGS = """
arms, reference, alpha = {arms}, {reference!r}, {alpha}
covariates, weights = {covariates}, {weights!r}
"""

SHOW = '''

def show(**figures):
    """Prints a row by the names of its fields."""
    print({k: float(v) if isinstance(v, np.number) else v for k, v in figures.items()})


'''

_TAIL = """

for visit in sorted(table["visit"].unique()):
    rows = table.filter(pl.col("visit") == visit)
    if rows["response"].null_count() < rows.height:
        for arm, figures in compare(rows).items():
            show(visit_number=visit, arm=arm, **figures)
"""


def program(study: Study, records: Records, method: Method, covariates: tuple[str, ...]) -> str:
    """The program for a table of visits; empty where a rule cannot be put in a few lines."""
    if records.selection.strata and method.id == "permutation":
        return ""
    title = f"{records.endpoint.title}, {method.label}"
    tail = function(method, "compare") + _TAIL
    return whole(study, records, title, tail, covariates)


def function(method: Method, name: str) -> str:
    """A function over the rows of a visit that compares their arms by a method."""
    lines = "\n".join(f"    {line}" if line else "" for line in method.recompute.splitlines())
    return (
        f"def {name}(rows, arms=arms):\n"
        f'    """Each arm against the reference, by {method.label}."""\n'
        f"    result = {{}}\n{lines}\n    return result\n"
    )


def whole(
    study: Study,
    records: Records,
    title: str,
    tail: str,
    covariates: tuple[str, ...] = (),
    columns: tuple[str, ...] = (),
    scipy: str = "stats",
) -> str:
    """A program; empty where a rule cannot be put in a few lines.

    Args:
        study: The study.
        records: The records of `table`, which has `subject`, `visit`, `arm`, `value`, `base`,
            `change`, `response` (one of the two), and whether it is `baseline` or `imputed`.
        title: What is recomputed.
        tail: What is done with the table.
        covariates: Subject-level columns of the model, which `table` has under their names.
        columns: Further ones.
        scipy: The modules of scipy that are needed.
    """
    dataset, chosen = records.endpoint.dataset, records.selection
    if not _has_numbers(dataset) or not records.has_visits or _picks_one(records):
        return ""
    conditions = where.parse(chosen.where or "")
    joined = tuple(dict.fromkeys((*covariates, *columns)))
    on_subjects = (SUBJECT, *(one.column for one in conditions), *joined)
    subjects, rows = read(study.subjects, on_subjects), read(dataset, (SUBJECT, "PARAMCD"))
    if not subjects or not rows or not all(name.isidentifier() for name in joined):
        return ""
    lines = [
        head(title, subjects, rows, has_dates(study, conditions), scipy),
        *subject_rules(study, chosen, conditions),
        keep("rows", f'pl.col("PARAMCD") == {records.endpoint.code!r}'),
    ]
    for text in _record_rules(study, records):
        lines.append(keep("rows", text))
    lines.append(_table(study, records, joined))
    lines.append(
        _SETTINGS.format(
            arms=[arm.label for arm in records.arms],
            reference=records.people.reference.label,
            alpha=chosen.level,
            covariates=list(covariates),
            weights=chosen.weights or Options().weights,
        )
    )
    return "".join([*lines, SHOW, tail])


def head(title: str, subjects: str, rows: str, dates: bool, scipy: str = "stats") -> str:
    """The beginning of a program, which reads the subjects and the rows."""
    return _HEAD.format(
        title=" ".join(title.split()),  # a line of the data's own would be one of the program
        imports=imports(subjects + rows, dates),
        readers="import pyreadstat\n" if "pyreadstat." in subjects + rows else "",
        scipy=scipy,
        subjects=subjects,
        rows=rows,
    )


def subject_rules(
    study: Study, chosen: Selection, conditions: Iterable[where.Condition]
) -> list[str]:
    """The lines that keep the subjects in force."""
    asked = [condition(study.subject_rows[one.column], one) for one in conditions]
    if chosen.population not in (None, EVERYONE):
        asked.insert(0, f'pl.col("{chosen.population}") == "Y"')
    return [keep("subjects", rule) for rule in asked]


def _picks_one(records: Records) -> bool:
    return any(step.step.startswith("one record") for step in records.funnel)


def imports(reading: str, dates: bool) -> str:
    """The lines that import what the program needs of the standard library."""
    needed = {"datetime": dates, "json": "json." in reading, "zlib": "zlib." in reading}
    lines = "".join(f"import {name}\n" for name, is_needed in needed.items() if is_needed)
    return lines and f"{lines}\n"


def has_dates(study: Study, conditions: Iterable[where.Condition]) -> bool:
    """Whether a condition compares dates."""
    return any(study.subject_rows.schema[one.column].is_temporal() for one in conditions)


def _has_numbers(dataset: Dataset) -> bool:
    """Whether visit, value, baseline and change are there, as numbers and not as text."""
    needed = ("AVISITN", "AVAL", "BASE", "CHG")
    return dataset.has(*needed) and all(dataset.schema[name].is_numeric() for name in needed)


def read(dataset: Dataset, columns: Iterable[str]) -> str:
    """Of a CSV, those of the columns that are text are read as text even where all are digits."""
    texts = [name for name in dict.fromkeys(columns) if dataset.schema[name] == pl.String]
    return files.recipe(dataset, texts)


def keep(frame: str, rule: str) -> str:
    """The line that keeps the rows that meet a rule."""
    return f"{frame} = {frame}.filter({rule})\n"


def condition(column: pl.Series, asked: where.Condition) -> str:
    """A condition of `where` as an expression."""
    kind, values = where.compared_as(column.dtype), where.literals(column, asked)
    name = f'pl.col("{asked.column}")'
    if column.dtype != kind:
        name += ".cast(pl.Float64)" if kind == pl.Float64 else ".cast(pl.String)"
    if asked.operator in ("=", "!="):
        return f"{'~' if asked.operator == '!=' else ''}{name}.is_in({values!r})"
    return f"{name} {asked.operator} {values[0]!r}"


def _record_rules(study: Study, records: Records) -> list[str]:
    chosen = records.selection
    rules = []
    if chosen.timepoint:
        rules.append(f'pl.col("ATPT") == {chosen.timepoint!r}')
    if chosen.basetype:
        rules.append(f'pl.col("BASETYPE") == {chosen.basetype!r}')
    if records.endpoint.dataset.has("AVISIT"):
        rules.append(f"~{_blank('AVISIT')}")
    numbers = [visit.number for visit in records.visits]
    rules.append(f'pl.col("AVISITN").cast(pl.Float64).is_in({numbers})')
    if chosen.records and chosen.records.endswith("FL"):
        rules.append(f'pl.col("{chosen.records}") == "Y"')
    if chosen.imputed == "drop" and records.endpoint.dataset.has("DTYPE"):
        rules.append(_blank("DTYPE"))
    rules.append('pl.col("AVAL").is_not_null()')
    return rules


def _blank(column: str) -> str:
    return f'pl.col("{column}").fill_null("").str.strip_chars().is_in({BLANK})'


def _table(study: Study, records: Records, columns: tuple[str, ...]) -> str:
    """What the programs go by, of each record; an arm of the dataset's own goes first."""
    dataset, chosen = records.endpoint.dataset, records.selection
    own = {"planned": "TRTP", "actual": "TRTA"}[str(chosen.arm)]
    arm = own if dataset.has(own) else study.arm_columns[str(chosen.arm)]
    taken = [SUBJECT, *([] if dataset.has(own) else [arm]), *columns]
    slope, intercept = conversion(records.endpoint, records.unit)
    times = f" * {slope!r}" if slope != 1 else ""
    plus = f"{times} + {intercept!r}" if slope != 1 else ""
    baseline = (
        'pl.col("ABLFL").eq("Y").fill_null(False)' if dataset.has("ABLFL") else "pl.lit(False)"
    )
    imputed = f"~{_blank('DTYPE')}" if dataset.has("DTYPE") else "pl.lit(False)"
    drop = [name for name in columns if name in dataset.schema]
    rows = f"rows.drop({drop})" if drop else "rows"
    joined = "".join(f"    {name}={name!r},\n" for name in columns)
    return (
        f'table = {rows}.join(subjects.select({taken}), on="{SUBJECT}").select(\n'
        f'    subject="{SUBJECT}", visit="AVISITN", arm="{arm}", value=pl.col("AVAL"){plus},\n'
        f'    base=pl.col("BASE"){plus}, change=pl.col("CHG"){times},\n'
        f"    baseline={baseline},\n    imputed={imputed},\n"
        f"{joined}"
        f').filter(pl.col("arm").is_in({[one.label for one in records.arms]}))\n'
        'table = table.with_columns(change=pl.when(~pl.col("baseline")).then("change"))\n'
        f'table = table.with_columns(response="{"change" if chosen.value == "CHG" else "value"}")\n'
    )
