"""Opening a study: find its files, tell their parts, read its subjects, list its endpoints."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import NoneType

import polars as pl

from tui.errors import StudyError, one_of
from tui.study import builtin, describe, files, roles
from tui.study.formats import SUFFIXES
from tui.study.model import (
    Arm,
    Dataset,
    Endpoint,
    Population,
    Role,
    Study,
    StudyFile,
    is_control,
)

_POPULATION = re.compile(r"(ITT|FAS|EFF|SAF|MITT|PPROT|PP|RAND|ENRL|COMP)\w*FL")


def open_study(where: str | None = None) -> Study:
    """The study at a path: a folder, one file of a folder, or the built-in study by its name.

    Raises:
        StudyError: with one sentence, when there is no such place, no subject-level dataset,
            or a file that cannot be read.
    """
    path = builtin.folder() if where is None or where == builtin.NAME else Path(where)
    if not path.exists():
        raise StudyError(f"There is no file or folder {str(path)!r}.")
    folder = path if path.is_dir() else path.parent
    datasets = _datasets(folder, only=None if path.is_dir() else path)
    file = describe.read(folder)
    datasets, subjects = _choose_subjects(folder, datasets)
    rows = files.collect(subjects, files.scan(subjects))
    _check_one_row_each(subjects, rows)
    columns, remarks = _arm_columns(subjects)
    arms = _arms(rows, columns, file)
    if not arms:
        raise StudyError(f"{subjects.path.name}: {columns['planned']} names no arm.")
    return Study(
        path=path,
        file=file,
        datasets=datasets,
        subjects=subjects,
        subject_rows=rows,
        arm_columns=columns,
        arms=arms,
        populations=_populations(rows),
        endpoints=_endpoints(datasets, file),
        remarks=(*file.remarks, *remarks),
    )


def _datasets(folder: Path, only: Path | None) -> tuple[Dataset, ...]:
    """Every dataset of the folder; of one file, that file and the subject-level dataset."""
    try:
        paths = sorted(one for one in folder.iterdir() if one.suffix.lower() in SUFFIXES)
    except OSError as error:
        raise StudyError(f"{folder}: {error.strerror}.") from None
    if only is not None and only not in paths and only.name != describe.NAME:
        raise StudyError(f"{only.name} is not a dataset: it has to end in {one_of(SUFFIXES, 20)}.")
    if not paths:
        raise StudyError(f"{folder} holds no dataset ({one_of(SUFFIXES, 20)} files).")
    found = []
    for path in paths:
        for header in files.headers(path):
            role, why = roles.role_of(header.kinds)
            if only in (None, path) or only.name == describe.NAME or role is Role.SUBJECTS:
                found.append(Dataset(path, header, role, why, header.rows))
    return tuple(found)


def _choose_subjects(
    folder: Path, datasets: tuple[Dataset, ...]
) -> tuple[tuple[Dataset, ...], Dataset]:
    """The one subject-level dataset: of several, ADSL, else the one with the most subjects."""
    candidates = [one for one in datasets if one.role is Role.SUBJECTS]
    if not candidates:
        names = ", ".join(f"{one.path.name} ({one.why})" for one in datasets[:6])
        raise StudyError(
            f"{folder} holds no subject-level dataset (USUBJID with TRT01P, TRT01A or ARM): "
            f"{names}."
        )
    chosen = max(candidates, key=lambda one: (one.name == "ADSL", one.rows))
    unused = {
        one.name: dataclasses.replace(
            one, role=Role.UNUSED, why=f"a further subject-level dataset; {chosen.name} is used"
        )
        for one in candidates
        if one is not chosen
    }
    return tuple(unused.get(one.name, one) for one in datasets), chosen


def _check_one_row_each(subjects: Dataset, rows: pl.DataFrame) -> None:
    names = rows[roles.SUBJECT]
    if names.null_count():
        row = names.is_null().arg_true()[0]
        raise StudyError(f"{subjects.path.name}: row {row + 1} has no {roles.SUBJECT}.")
    twice = rows.filter(names.is_duplicated()).with_row_index()
    if twice.height:
        raise StudyError(
            f"{subjects.path.name}: {roles.SUBJECT} {twice[roles.SUBJECT][0]} stands in more than "
            "one row; a subject-level dataset has one row a subject."
        )


def _arm_columns(subjects: Dataset) -> tuple[dict[str, str], tuple[str, ...]]:
    planned = subjects.first(*roles.PLANNED)
    actual = subjects.first(*roles.ACTUAL)
    if planned and actual:
        return {"planned": planned, "actual": actual}, ()
    only = planned or actual or ""
    missing = "actual" if planned else "planned"
    remark = f"{subjects.name} has no {missing} arm; {only} stands for it."
    return {"planned": only, "actual": only}, (remark,)


def _arms(rows: pl.DataFrame, columns: dict[str, str], file: StudyFile) -> tuple[Arm, ...]:
    """All arms, by numeric code where each has one, else control first, then by dose."""
    codes: dict[str, float | None] = {}
    for column in dict.fromkeys(columns.values()):
        code = f"{column}N" if f"{column}N" in rows.columns else None
        pairs = rows.select(
            pl.col(column).cast(pl.String).alias("arm"),
            (pl.col(code).cast(pl.Float64) if code else pl.lit(None, pl.Float64)).alias("code"),
        ).filter(pl.col("arm").is_not_null() & (pl.col("arm").str.strip_chars() != ""))
        for label, number in pairs.group_by("arm").agg(pl.col("code").min()).sort("arm").rows():
            codes[label] = number if codes.get(label) is None else codes[label]
    coded = all(code is not None for code in codes.values())
    order = sorted(codes, key=lambda label: _place(label, codes[label] if coded else None))
    said = file.arms or {}
    return tuple(
        Arm(label, codes[label], place, str(said.get(label, "")))
        for place, label in enumerate(order)
    )


def _place(label: str, code: float | None) -> tuple[float, bool, float, str]:
    dose = re.search(r"\d+(?:\.\d+)?", label)
    return (
        code if code is not None else 0.0,
        not is_control(label),
        float(dose.group()) if dose else 0.0,
        label,
    )


def _populations(rows: pl.DataFrame) -> tuple[Population, ...]:
    return tuple(
        Population(name, rows.filter(pl.col(name) == "Y").height)
        for name in rows.columns
        if _POPULATION.fullmatch(name) and rows.schema[name] == pl.String
    )


def _endpoints(datasets: Sequence[Dataset], file: StudyFile) -> tuple[Endpoint, ...]:
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
