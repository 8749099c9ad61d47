"""What every answer says of its study, and the conversions between arrays and rows."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from tui.analyses.answer import (
    NOTHING_COMPARED,
    Answer,
    ArmHeader,
    MethodStatement,
    Question,
    StudyHeader,
)
from tui.queries.population import Subjects
from tui.queries.records import Records
from tui.selection import Selection
from tui.study.model import Study

if TYPE_CHECKING:  # numpy is not loaded for the first figures on the screen
    import numpy as np

    from tui.stats.contrast import Contrast


def header(study: Study) -> StudyHeader:
    """The study's line."""
    return StudyHeader(
        id=study.id,
        title=study.file.title,
        source=str(study.path),
        reconstruction=study.file.reconstruction,
        statement=study.file.statement,
    )


def of_records(
    study: Study,
    question: Question,
    records: Records,
    title: str,
    rows: Iterable[Any],
    *,
    selection: Selection | None = None,
    method: MethodStatement = NOTHING_COMPARED,
    notes: Iterable[str] = (),
    code: str = "",
    partial: bool = False,
) -> Answer:
    """An answer about records, with their arms, funnel and unit.

    Args:
        study: The study.
        question: What was asked.
        records: The records in force.
        title: What the rows show of the endpoint.
        rows: The rows.
        selection: The selection in force, where the answer chose more than the records say.
        method: How the rows were computed.
        notes: What is to be said after the notes of the records.
        code: The program that recomputes the rows.
        partial: Whether statistics are still to come.
    """
    return Answer(
        question=question,
        study=header(study),
        title=f"{records.title}{title}",
        selection=selection or records.selection,
        arms=arm_headers(records.people),
        rows=tuple(rows),
        funnel=records.funnel,
        method=method,
        notes=(*records.notes, *notes),
        unit=records.unit,
        decimals=records.decimals,
        code=code,
        partial=partial,
    )


def arm_headers(people: Subjects) -> tuple[ArmHeader, ...]:
    """The arms in the analysis with their N."""
    return tuple(
        ArmHeader(arm.label, arm.order, total, arm == people.reference)
        for arm, total in zip(people.arms, people.totals, strict=True)
    )


def after_baseline(records: Records) -> list[int]:
    """The visits after baseline, by position: after the last one that is nothing but baseline."""
    return list(range(max(_nothing_else(records), default=-1) + 1, len(records.visits)))


def _nothing_else(records: Records) -> set[int]:
    """The visits, by position, that are nothing but baseline."""
    others = records.rows.filter(~records.rows["baseline"])["visit"].unique()
    return set(records.rows["visit"].unique()) - set(others)


def lone_arm(people: Subjects) -> tuple[str, ...]:
    """What has to be said where there is nothing to compare."""
    if len(people.arms) > 1:
        return ()
    return (f"{people.arms[0].label} is the only arm shown: there is nothing to compare it with.",)


def difference_fields(contrast: Contrast) -> dict[str, Any]:
    """The fields of a row that a difference from the reference fills."""
    names = ("se", "df", "lower", "upper")
    return {
        "difference": number(cast(float, contrast.estimate)),
        **{f"difference_{name}": number(getattr(contrast, name)) for name in names},
        "p": number(cast(float, contrast.p)),
    }


def number(value: float | np.floating | None) -> float | None:
    """A Python float, or None where there is no number."""
    if value is None or not math.isfinite(value):
        return None
    return float(value)


def baseline_visits(records: Records) -> set[int]:
    """Visits that are the baseline, if changes are compared: there is no change there."""
    return _nothing_else(records) if records.selection.value == "CHG" else set()
