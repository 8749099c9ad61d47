"""The baseline table and the arms: who is in the study. No p values, as CONSORT 2010 asks."""

from __future__ import annotations

import dataclasses
from typing import Any

import polars as pl

from tui.analyses.answer import Answer, Question
from tui.analyses.context import arm_headers, header
from tui.analyses.rows.baseline import ArmRow, BaselineRow
from tui.queries import levels
from tui.queries.funnel import FunnelStep
from tui.queries.population import Subjects
from tui.queries.records import Records
from tui.queries.summaries import cells
from tui.study import labels
from tui.study.model import Study

_USUAL = (
    "AGE", "AGEGR1", "SEX", "RACE", "ETHNIC", "HEIGHTBL", "WEIGHTBL", "BMIBL", "BMIBLGR1",
    "DURDIS", "DURDSGR1", "EDUCLVL", "MMSETOT", "HBA1CBL",
)  # fmt: skip
TOTAL = "Total"


def table(study: Study, question: Question, records: Records) -> Answer:
    """Each baseline variable in each arm and in all, then the endpoint's own baseline."""
    people = records.people
    named = study.file.baseline or _USUAL
    names = labels.of(study, study.subjects)
    rows: list[BaselineRow] = []
    for name in named:
        if name in people.frame.columns:
            column = _coded(people, name)
            decodes = study.subjects.decodes(name)
            rows += [
                dataclasses.replace(row, decode=decodes.get(row.level or ""))
                for row in _variable(people, name, names.get(name, name), column)
            ]
    at_baseline = _at_baseline(records)
    named_already = f"{records.endpoint.code}BL" in named and records.unit == records.endpoint.unit
    if at_baseline.height and not named_already:
        rows += _variable(
            people, records.endpoint.code, f"{records.title} at baseline", at_baseline
        )
    missing = [name for name in study.file.baseline if name not in people.frame.columns]
    return Answer(
        question=question,
        study=header(study),
        title="Baseline characteristics",
        selection=records.selection,
        arms=arm_headers(people),
        rows=tuple(rows),
        funnel=subject_funnel(study, people),
        notes=(
            *people.notes,
            *(f"study.toml names {name}, which {study.subjects.name} lacks." for name in missing),
        ),
        unit=records.unit,
        decimals=records.decimals,
    )


def arms(study: Study, question: Question, records: Records) -> Answer:
    """Each arm: subjects by population and sex, age, baseline of the endpoint."""
    people, count = records.people, len(records.arms)
    age = cells(people.frame.select("arm", _numeric(people, "AGE")), {"value": ""}, {"arm": count})
    base = cells(_at_baseline(records), {"value": ""}, {"arm": count})
    rows = []
    for place, arm in enumerate(records.arms):
        own = people.frame.filter(pl.col("arm") == place)
        everyone = study.subject_rows.filter(
            pl.col(study.arm_columns[people.arm_kind]).cast(pl.String) == arm.label
        )
        rows.append(
            ArmRow(
                arm=arm.label,
                code=arm.code,
                description=arm.description,
                is_reference=arm == people.reference,
                n=own.height,
                populations={
                    one.flag: everyone.filter(pl.col(one.flag) == "Y").height
                    for one in study.populations
                },
                sex=dict(own.group_by(pl.col("SEX").cast(pl.String)).len().sort("SEX").rows())
                if "SEX" in own.columns
                else {},
                age_n=int(age[place]["n"] or 0),
                age_mean=age[place]["mean"],
                age_sd=age[place]["sd"],
                age_min=age[place]["min"],
                age_max=age[place]["max"],
                baseline_n=int(base[place]["n"] or 0),
                baseline_mean=base[place]["mean"],
                baseline_sd=base[place]["sd"],
            )
        )
    return Answer(
        question=question,
        study=header(study),
        title=f"Arms, and {records.title} at baseline",
        selection=records.selection,
        arms=arm_headers(people),
        rows=tuple(rows),
        funnel=subject_funnel(study, people),
        notes=people.notes,
        unit=records.unit,
        decimals=records.decimals,
    )


def subject_funnel(study: Study, people: Subjects) -> tuple[FunnelStep, ...]:
    """The funnel of the subject-level dataset: a row is a subject."""
    everyone = study.subject_rows.height
    counts = [(f"subjects in {study.subjects.name}", everyone)]
    counts += [(rule, len(left)) for rule, left in people.rules]
    labels = ", ".join(arm.label for arm in people.arms)
    counts.append((f"{people.arm_kind} arm {labels}", people.frame.height))
    return tuple(FunnelStep(rule, left, left) for rule, left in counts)


def _numeric(people: Subjects, name: str) -> pl.Expr:
    there = name in people.frame.columns and people.frame.schema[name].is_numeric()
    return (pl.col(name) if there else pl.lit(None, pl.Float64)).cast(pl.Float64).alias("value")


def _at_baseline(records: Records) -> pl.DataFrame:
    """One baseline value a subject: the record flagged so, else BASE of any of its records."""
    frame = records.frame.filter("baseline").select("subject", "arm", "value")
    if not frame.height:
        frame = records.frame.select("subject", "arm", pl.col("base").alias("value"))
    return frame.drop_nulls().unique("subject", keep="first", maintain_order=True)


def _coded(people: Subjects, name: str) -> pl.DataFrame:
    """The values of a column, and the code of each (AGEGR1N) where the dataset has one."""
    codes = levels.codes(people.frame, name)
    return people.frame.select(
        "arm", value=pl.col(name), code=pl.lit(0) if codes is None else codes
    )


def _variable(people: Subjects, name: str, label: str, frame: pl.DataFrame) -> list[BaselineRow]:
    """Rows of one variable: one an arm for a number, one a level and arm for a category."""
    places = [(arm.label, frame.filter(pl.col("arm") == place)["value"]) for place, arm in
              enumerate(people.arms)]  # fmt: skip
    places.append((TOTAL, frame["value"]))
    totals = (*people.totals, sum(people.totals))
    if frame.schema["value"].is_numeric():
        return _number_rows(name, label, places, totals)
    rows = []
    for level in levels.in_order(frame["value"], frame["code"]):
        for (arm, values), total in zip(places, totals, strict=True):
            texts = values.cast(pl.String)
            known = len(texts) - texts.null_count()
            n = int((texts == level).sum())
            percent = 100 * n / known if known else None
            rows.append(BaselineRow(name, label, level, arm, n, total - known, percent))
    return rows


def _number_rows(
    name: str, label: str, places: list[tuple[str, pl.Series]], totals: tuple[int, ...]
) -> list[BaselineRow]:
    frame = pl.concat(
        pl.DataFrame({"value": values.cast(pl.Float64)}).with_columns(place=pl.lit(place))
        for place, (_, values) in enumerate(places)
    )
    found, stacked = cells(frame, {"value": ""}, {"place": len(places)}), frame["value"]
    decimals = next((d for d in range(3) if (stacked - stacked.round(d)).abs().max() == 0), 3)
    names = ("mean", "sd", "median", "q1", "q3", "min", "max")
    rows = []
    for (arm, _), figures, total in zip(places, found, totals, strict=True):
        n = int(figures["n"] or 0)
        shown: dict[str, Any] = {one: figures[one] for one in names}
        rows.append(BaselineRow(name, label, None, arm, n, total - n, decimals=decimals, **shown))
    return rows
