"""The subject-level dataset: which one it is, its arms and its populations."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from tui.errors import StudyError
from tui.study import files, roles
from tui.study.model import Arm, Dataset, Population, Role, StudyFile, is_control
from tui.study.sdtm import domains

_LONGEST = 2_000
"""Characters of an arm's name; one of a million made the browser stand still for minutes."""

_MOST_SUBJECTS = 5_000_000
"""The largest trial, of polio vaccine in 1954, had 1.8 million."""

_POPULATION = re.compile(r"(ITT|FAS|EFF|SAF|MITT|PPROT|PP|RAND|ENRL|COMP)\w*FL")


def choose(folder: Path, datasets: Sequence[Dataset]) -> tuple[tuple[Dataset, ...], Dataset]:
    """The one subject-level dataset: of several, ADSL, else the one with the most subjects."""
    candidates = [one for one in datasets if one.role is Role.SUBJECTS]
    if not candidates:
        names = ", ".join(f"{one.path.name} ({one.why})" for one in datasets[:6])
        raise StudyError(
            f"{folder} holds no subject-level dataset (USUBJID with TRT01P, TRT01A or ARM): "
            f"{names}."
        )
    several = [] if len(candidates) == 1 else [one for one in candidates if repeats(one)]
    ranked = [one for one in candidates if one not in several] or candidates
    chosen = max(
        ranked, key=lambda one: (one.name == "ADSL", not domains.is_sdtm(one.header), one.rows)
    )

    def unused(one: Dataset) -> Dataset:
        why = f"a further subject-level dataset; {chosen.name} is used"
        if one in several:
            why = "holds several records a subject"
        return dataclasses.replace(one, role=Role.UNUSED, why=why)

    others = [one for one in candidates if one is not chosen]
    return tuple(unused(one) if one in others else one for one in datasets), chosen


def repeats(dataset: Dataset) -> bool:
    """Whether a subject stands in it more than once."""
    names = files.collect(dataset, files.scan(dataset).select(pl.col(roles.SUBJECT).n_unique()))
    return int(names.item()) < dataset.rows


def check_size(subjects: Dataset) -> None:
    """Refuses more rows than there are subjects in any study, before they are all read.

    A few kilobytes of parquet can stand for a billion rows that are all the same.
    """
    if subjects.rows > _MOST_SUBJECTS:
        raise StudyError(
            f"{subjects.path.name}: it has {subjects.rows:,} rows; a subject-level dataset has one "
            f"row a subject, and {_MOST_SUBJECTS:,} are the most."
        )


def check_one_row_each(subjects: Dataset, rows: pl.DataFrame) -> None:
    """Refuses a dataset in which a subject has no name, or two rows."""
    names = rows[roles.SUBJECT]
    if names.null_count():
        row = names.is_null().arg_true()[0]
        raise StudyError(f"{subjects.path.name}: row {row + 1} has no {roles.SUBJECT}.")
    if names.n_unique() < len(names):
        twice = names.filter(names.is_duplicated())
        raise StudyError(
            f"{subjects.path.name}: {roles.SUBJECT} {twice[0]} stands in more than "
            "one row; a subject-level dataset has one row a subject."
        )


def arm_columns(subjects: Dataset) -> tuple[dict[str, str], tuple[str, ...]]:
    """The columns of the planned and of the actual arm, and a remark where one stands for both."""
    pair = next(pair for pair in roles.ARMS if subjects.first(*pair))
    planned, actual = pair
    if subjects.has(planned, actual):
        return {"planned": planned, "actual": actual}, ()
    only = subjects.first(planned, actual) or ""
    missing = "actual" if only == planned else "planned"
    remark = f"{subjects.name} has no {missing} arm; {only} stands for it."
    return {"planned": only, "actual": only}, (remark,)


def arms(
    rows: pl.DataFrame, columns: Mapping[str, str], file: StudyFile, file_name: str
) -> tuple[Arm, ...]:
    """All arms, by numeric code where each has one, else control first, then by dose.

    Raises:
        StudyError: when the name of one is longer than any: it stands in each row of each table.
    """
    codes: dict[str, float | None] = {}
    for column in dict.fromkeys(columns.values()):
        code = f"{column}N" if f"{column}N" in rows.columns else None
        found = rows.select_seq(
            pl.col(column).cast(pl.String).str.strip_chars().alias("arm"),
            (pl.col(code).cast(pl.Float64) if code else pl.lit(None, pl.Float64)).alias("code"),
        ).unique()
        for label, number in sorted(found.rows(), key=lambda one: (one[1] is None, one[1] or 0)):
            if not label:
                continue
            if len(label) > _LONGEST:
                raise StudyError(
                    f"{file_name}: {column} names an arm of {len(label):,} characters; "
                    f"{_LONGEST:,} are the most."
                )
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


def populations(rows: pl.DataFrame) -> tuple[Population, ...]:
    """The population flags of ADaM's naming (ITTFL, SAFFL …), with their subjects."""
    flags = [
        name
        for name in rows.columns
        if _POPULATION.fullmatch(name) and rows.schema[name] == pl.String
    ]
    counts = rows.select_seq((pl.col(name) == "Y").sum() for name in flags)
    return tuple(Population(name, counts[name][0]) for name in flags)
