"""The study itself: its datasets and the part each plays, and everything that can be chosen."""

from __future__ import annotations

from tui.analyses import methods
from tui.analyses.answer import Answer, Question
from tui.analyses.arrays import method_data
from tui.analyses.context import arm_headers, header
from tui.analyses.rows import StudyRow
from tui.queries.population import EVERYONE
from tui.queries.records import Records
from tui.study.model import Study


def answer(study: Study, question: Question, records: Records) -> Answer:
    """Datasets, arms, populations, endpoints, visits of the endpoint, methods, remarks."""
    rows = [
        StudyRow("dataset", one.name, one.role.value, one.rows, one.why) for one in study.datasets
    ]
    rows += [
        StudyRow("arm", arm.label, arm.description, total, None)
        for arm, total in zip(records.arms, records.people.totals, strict=True)
    ]
    rows += [StudyRow("population", one.flag, "", one.subjects) for one in study.populations]
    rows.append(StudyRow("population", EVERYONE, "every subject", study.subject_rows.height))
    rows += [
        StudyRow("endpoint", one.key, one.title, one.rows, one.dataset.name)
        for one in study.endpoints
    ]
    counts = dict(records.frame.group_by("visit").len().rows())
    rows += [
        StudyRow("visit", f"{visit.number:g}", visit.label, counts.get(place, 0))
        for place, visit in enumerate(records.visits)
    ]
    data = method_data(records, records.selection.level)
    rows += [
        StudyRow("method", one.id, one.meaning, None, one.unusable(data))
        for one in map(methods.find, methods.METHODS)
    ]
    rows += [StudyRow("remark", "", text) for text in study.remarks]
    return Answer(
        question=question,
        study=header(study),
        title="The study, and what can be chosen in it",
        selection=records.selection,
        arms=arm_headers(records.people),
        rows=tuple(rows),
        funnel=records.funnel,
        notes=records.notes,
        unit=records.unit,
        decimals=records.decimals,
    )
