"""The endpoints of a study: the parameters of its findings datasets."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Sequence
from types import NoneType

import polars as pl

from tui.errors import StudyError
from tui.study import describe, files
from tui.study.model import Dataset, Endpoint, Role, StudyFile


def endpoints(datasets: Sequence[Dataset], file: StudyFile) -> tuple[Endpoint, ...]:
    """Every parameter with a value, dataset by dataset, each in the order of PARAMN or the data."""
    findings = [one for one in datasets if one.role is Role.FINDINGS]
    queries = [_parameters(one) for one in findings]
    found: list[Endpoint] = []
    for dataset, query in zip(findings, queries, strict=True):
        for code, label, rows in files.collect(dataset, query).rows():
            found.append(_endpoint(dataset, code, label or code, rows, file))
    uses = Counter(one.code for one in found)
    return tuple(
        dataclasses.replace(one, key=f"{one.dataset.name}.{one.code}")
        if uses[one.code] > 1
        else one
        for one in found
    )


def _parameters(dataset: Dataset) -> pl.LazyFrame:
    label = (
        pl.col("PARAM").drop_nulls().first() if dataset.has("PARAM") else pl.lit(None, pl.String)
    )
    order = pl.col("PARAMN").min() if dataset.has("PARAMN") else pl.lit(0)
    return (
        files.scan(dataset)
        .filter(pl.col("PARAMCD").is_not_null())
        .group_by(pl.col("PARAMCD").cast(pl.String), maintain_order=True)
        .agg(label.cast(pl.String).alias("label"), pl.len().alias("rows"), order.alias("order"))
        .sort("order", maintain_order=True, nulls_last=True)
        .select("PARAMCD", "label", "rows")
    )


def _endpoint(dataset: Dataset, code: str, param: str, rows: int, file: StudyFile) -> Endpoint:
    """The unit stands in brackets at the end of PARAM, by the ADaM convention."""
    match = re.fullmatch(r"(.*\S)\s*\(([^()]+)\)", param.strip())
    label, unit = match.groups() if match else (param.strip(), "")
    said = (file.endpoints or {}).get(code, {})
    decimals, target = said.get("decimals"), said.get("target")
    if not isinstance(target, (int, float, NoneType)) or isinstance(target, bool):
        raise StudyError(f"{describe.NAME}: the target of {code} has to be a number.")
    return Endpoint(
        code=code,
        label=str(said.get("label", label)),
        unit=str(said.get("unit", unit)),
        dataset=dataset,
        rows=rows,
        key=code,
        decimals=decimals if isinstance(decimals, int) else None,
        target=None if target is None else float(target),
    )
