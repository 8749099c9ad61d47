"""A Python program that recomputes a table's figures from the study's files, without this one.

It needs polars, numpy and scipy only. The tests run it and compare.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from tui.analyses.methods.method import Method
from tui.queries import where
from tui.queries.endpoint import BLANK
from tui.queries.population import EVERYONE
from tui.queries.records import Records, conversion
from tui.study import files
from tui.study.model import Dataset, Study
from tui.study.roles import SUBJECT

_HEAD = """\
# {title}, {method}; recomputed without trialdeck. Run it in the study's folder.
{imports}import numpy as np
import polars as pl
from scipy import stats

subjects = {subjects}
rows = {rows}
"""

_TAIL = """
arms, reference, covariates = {arms}, {reference!r}, {covariates}
for visit in sorted(table["visit"].unique()):
    rows, result = table.filter(pl.col("visit") == visit), {{}}
    if rows["response"].null_count() == rows.height:
        continue
{compare}
    print(visit, {{arm: {{k: float(v) for k, v in one.items()}} for arm, one in result.items()}})
"""


def program(study: Study, records: Records, method: Method, covariates: tuple[str, ...]) -> str:
    """The program for a table of visits; empty where a rule cannot be put in a few lines."""
    dataset, chosen = records.endpoint.dataset, records.selection
    if not _has_numbers(dataset) or not records.has_visits:
        return ""
    if _picks_one(records) or chosen.strata:
        return ""
    conditions = where.parse(chosen.where or "")
    on_subjects = (SUBJECT, *(one.column for one in conditions), *covariates)
    subjects, rows = _read(study.subjects, on_subjects), _read(dataset, (SUBJECT, "PARAMCD"))
    if not subjects or not rows:
        return ""
    lines = [
        _HEAD.format(
            title=records.endpoint.title,
            method=method.label,
            imports="import datetime\n\n" if _has_dates(study, conditions) else "",
            subjects=subjects,
            rows=rows,
        )
    ]
    if chosen.population not in (None, EVERYONE):
        lines.append(_keep("subjects", f'pl.col("{chosen.population}") == "Y"'))
    for condition in conditions:
        column = study.subject_rows[condition.column]
        lines.append(_keep("subjects", _condition(column, condition)))
    lines.append(_keep("rows", f'pl.col("PARAMCD") == "{records.endpoint.code}"'))
    for text in _record_rules(study, records):
        lines.append(_keep("rows", text))
    lines.append(_table(study, records, covariates))
    lines.append(
        _TAIL.format(
            arms=[arm.label for arm in records.arms],
            reference=records.people.reference.label,
            covariates=list(covariates),
            compare="\n".join(f"    {line}" for line in method.recompute.splitlines()),
        )
    )
    return "".join(lines)


def _picks_one(records: Records) -> bool:
    return any(step.step.startswith("one record") for step in records.funnel)


def _has_dates(study: Study, conditions: Iterable[where.Condition]) -> bool:
    """Whether a condition compares dates."""
    return any(study.subject_rows.schema[one.column].is_temporal() for one in conditions)


def _has_numbers(dataset: Dataset) -> bool:
    """Whether visit, value, baseline and change are there, as numbers and not as text."""
    needed = ("AVISITN", "AVAL", "BASE", "CHG")
    return dataset.has(*needed) and all(dataset.schema[name].is_numeric() for name in needed)


def _read(dataset: Dataset, columns: Iterable[str]) -> str:
    """Of a CSV, those of the columns that are text are read as text even where all are digits."""
    texts = [name for name in dict.fromkeys(columns) if dataset.schema[name] == pl.String]
    return files.recipe(dataset, texts)


def _keep(frame: str, condition: str) -> str:
    return f"{frame} = {frame}.filter({condition})\n"


def _condition(column: pl.Series, condition: where.Condition) -> str:
    kind, values = where.compared_as(column.dtype), where.literals(column, condition)
    name = f'pl.col("{condition.column}")'
    if column.dtype != kind:
        name += ".cast(pl.Float64)" if kind == pl.Float64 else ".cast(pl.String)"
    if condition.operator in ("=", "!="):
        return f"{'~' if condition.operator == '!=' else ''}{name}.is_in({values!r})"
    return f"{name} {condition.operator} {values[0]!r}"


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


def _table(study: Study, records: Records, covariates: tuple[str, ...]) -> str:
    """The response, baseline, arm and covariates of each record."""
    dataset, chosen = records.endpoint.dataset, records.selection
    own = {"planned": "TRTP", "actual": "TRTA"}[str(chosen.arm)]
    arm = own if dataset.has(own) else study.arm_columns[str(chosen.arm)]
    taken = ["USUBJID", *([] if dataset.has(own) else [arm]), *covariates]
    slope, intercept = conversion(records.endpoint, records.unit)
    plus = f" * {slope!r} + {intercept!r}" if slope != 1 else ""
    response = f'pl.col("AVAL"){plus}'
    if chosen.value == "CHG":
        times = f" * {slope!r}" if slope != 1 else ""
        baseline = 'pl.col("ABLFL").eq("Y").fill_null(False)'
        no = f"pl.when(~{baseline}).then" if dataset.has("ABLFL") else ""
        response = f'{no}(pl.col("CHG"){times})'
    drop = [name for name in covariates if name in dataset.schema]
    rows = f"rows.drop({drop})" if drop else "rows"
    return (
        f'table = {rows}.join(subjects.select({taken}), on="USUBJID").select(\n'
        f'    visit="AVISITN", arm="{arm}", base=pl.col("BASE"){plus}, response={response},\n'
        f"    {''.join(f'{name}={name!r}, ' for name in covariates)}\n"
        f').filter(pl.col("arm").is_in({[one.label for one in records.arms]}))\n'
    )
