"""The endpoints of a study: the parameters of its findings and time-to-event datasets."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from types import NoneType

import polars as pl

from tui.errors import StudyError
from tui.study import describe, files
from tui.study.header import Stretch
from tui.study.model import Dataset, Endpoint, Role, StudyFile


def endpoints(datasets: Sequence[Dataset], file: StudyFile, role: Role) -> tuple[Endpoint, ...]:
    """Every parameter of the datasets of a role, each in the order of PARAMN or the data."""
    having = [one for one in datasets if one.role is role]
    found: list[Endpoint] = []
    for dataset in having:
        rows = _parameters(dataset)
        uses = Counter(rows["PARAMCD"])
        for code, param, count in rows.rows():
            defined = dataset.defined.parameters.get(code, "") if dataset.defined else ""
            one = _endpoint(dataset, code, param or defined or code, count, file)
            found.append(_told_apart(one, param, found) if uses[code] > 1 else one)
    uses = Counter(one.key for one in found)
    return tuple(
        dataclasses.replace(one, key=f"{one.dataset.name}.{one.key}") if uses[one.key] > 1 else one
        for one in found
    )


def _told_apart(endpoint: Endpoint, param: str | None, others: Sequence[Endpoint]) -> Endpoint:
    """One of several parameters of a code, which often differ in their unit alone.

    ADaM has one PARAM for a PARAMCD; where a dataset has several, as one they would be a mixture.
    """
    key = f"{endpoint.code}.{endpoint.unit}" if endpoint.unit else endpoint.code
    taken = sum(one.key.startswith(key) for one in others if one.dataset is endpoint.dataset)
    if taken or not endpoint.unit:
        key = f"{key}.{taken + 1}"
    return dataclasses.replace(endpoint, key=key, param=param or "")


def _parameters(dataset: Dataset) -> pl.DataFrame:
    """PARAMCD, PARAM and number of rows of each parameter."""
    columns = [name for name in ("PARAMCD", "PARAM", "PARAMN") if dataset.has(name)]
    parts = groupby(files.stretches(dataset, columns), lambda one: bool(one.same))
    counted = [
        frame
        for same, some in parts
        for frame in ([_known(dataset, some)] if same else (_counted(dataset, one) for one in some))
    ]
    # Collected before the rest, which of a few rows is nothing: polars would not stream it.
    found = files.collect(dataset, pl.concat(counted))
    return (
        found.lazy()
        .filter(pl.col("PARAMCD").is_not_null())
        .with_columns(  # a row without PARAM belongs to the one that its code has
            pl.when(pl.col("label").drop_nulls().n_unique().over("PARAMCD") == 1)
            .then(pl.col("label").drop_nulls().first().over("PARAMCD"))
            .otherwise("label")
            .alias("label")
        )
        .group_by("PARAMCD", "label", maintain_order=True)
        .agg(pl.col("rows").sum(), pl.col("order").min())
        .with_columns(pl.col("order").min().over("PARAMCD"))
        .sort("order", maintain_order=True, nulls_last=True)
        .select("PARAMCD", "label", "rows")
        .collect(engine="in-memory")
    )


def _known(dataset: Dataset, parts: Iterable[Stretch]) -> pl.LazyFrame:
    """What `_counted` gives, of rows whose values are known."""
    kinds = {
        "PARAMCD": dataset.schema["PARAMCD"],
        "label": dataset.schema.get("PARAM", pl.String()),
        "rows": pl.get_index_type(),
        "order": dataset.schema.get("PARAMN", pl.Int32()),
    }
    found = [
        (one.same.get("PARAMCD"), one.same.get("PARAM"), one.rows, one.same.get("PARAMN", 0))
        for one in parts
    ]
    known = pl.LazyFrame(found, kinds, orient="row")
    return known.cast({"PARAMCD": pl.String, "label": pl.String})


def _counted(dataset: Dataset, part: Stretch) -> pl.LazyFrame:
    """Rows of each PARAMCD and PARAM in a part of a dataset, and the least PARAMN of each."""
    numbered = dataset.has("PARAMN")
    rows = files.scan(dataset)
    if part.rows < dataset.rows:
        rows = rows.slice(part.first, part.rows)
    param = pl.col("PARAM").cast(pl.String) if dataset.has("PARAM") else pl.lit(None, pl.String)
    return rows.group_by(
        pl.col("PARAMCD").cast(pl.String), param.alias("label"), maintain_order=True
    ).agg(
        pl.len().alias("rows"),
        (pl.col("PARAMN").min() if numbered else pl.lit(0)).alias("order"),
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
