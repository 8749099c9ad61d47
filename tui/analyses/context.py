"""What every answer says of its study, and the conversions between arrays and rows."""

from __future__ import annotations

import math

import numpy as np

from tui.analyses.answer import ArmHeader, StudyHeader
from tui.queries.population import Subjects
from tui.study.model import Study


def header(study: Study) -> StudyHeader:
    """The study's line."""
    return StudyHeader(
        id=study.id,
        title=study.file.title,
        source=str(study.path),
        reconstruction=study.file.reconstruction,
        statement=study.file.statement,
    )


def arm_headers(people: Subjects) -> tuple[ArmHeader, ...]:
    """The arms in the analysis with their N."""
    return tuple(
        ArmHeader(arm.label, arm.order, total, arm == people.reference)
        for arm, total in zip(people.arms, people.totals, strict=True)
    )


def number(value: float | np.floating | None) -> float | None:
    """A Python float, or None where there is no number."""
    if value is None or not math.isfinite(value):
        return None
    return float(value)
