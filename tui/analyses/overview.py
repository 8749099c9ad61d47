"""The study itself: its datasets and the part each plays, and everything that can be chosen."""

from __future__ import annotations

from tui.analyses import methods
from tui.analyses.answer import Answer, Question
from tui.analyses.arrays import method_data
from tui.analyses.context import arm_headers, header
from tui.analyses.last_visit import Build
from tui.analyses.rows.study import StudyRow
from tui.queries import datasets, match, population
from tui.queries.match import NO_TIME_TO_EVENT
from tui.queries.population import EVERYONE
from tui.queries.records import Records
from tui.study import draft
from tui.study.model import Dataset, Study


def answer(study: Study, question: Question, build: Build) -> Answer:
    """Datasets, files, arms, populations, endpoints, visits of the endpoint, methods, remarks.

    A study without findings has no records, and no more is left out than visits and methods.
    """
    records = build(question.selection) if study.endpoints else None
    chosen = records.selection if records else question.selection
    people = records.people if records else population.subjects(study, chosen, study.subjects)
    rows = [_dataset(one, question.statistics) for one in study.datasets]
    rows += [StudyRow("file", one.name, one.said) for one in study.beside]
    rows += [
        StudyRow("arm", arm.label, arm.description, total, None)
        for arm, total in zip(people.arms, people.totals, strict=True)
    ]
    rows += [StudyRow("population", one.flag, "", one.subjects) for one in study.populations]
    rows.append(StudyRow("population", EVERYONE, "every subject", study.subject_rows.height))
    rows += [
        StudyRow(section, one.key, one.title, one.rows, one.dataset.name)
        for section, endpoints in (
            ("endpoint", study.endpoints),
            ("time to event", study.time_to_event),
        )
        for one in endpoints
    ]
    if not study.time_to_event:
        rows.append(StudyRow("not to be had", "survival", "", None, NO_TIME_TO_EVENT))
    rows += _of_records(records) if records else []
    rows += [StudyRow("remark", "", text) for text in study.remarks]
    if not question.statistics:  # asked for what can be typed; the study's page has no such list
        rows += [StudyRow("column", name, "") for name in study.subject_rows.columns]
    return Answer(
        question=question,
        study=header(study),
        title="The study, and what can be chosen in it",
        selection=chosen.changed(population=people.population, arm=people.arm_kind),
        arms=arm_headers(people),
        rows=tuple(rows),
        funnel=records.funnel if records else (),
        notes=records.notes if records else people.notes,
        unit=records.unit if records else "",
        decimals=records.decimals if records else 0,
        draft=draft.text(study, match.endpoint(study, None)[0].key if records else None),
    )


def _of_records(records: Records) -> list[StudyRow]:
    """The visits of the endpoint, and the methods that can compare its values."""
    counts = dict(records.rows.group_by("visit").len().rows())
    data = method_data(records, records.selection.level)
    return [
        *(
            StudyRow("visit", f"{visit.number:g}", visit.label, counts.get(place, 0))
            for place, visit in enumerate(records.visits)
        ),
        *(
            StudyRow("method", one.id, one.meaning, None, one.unusable(data))
            for one in map(methods.find, methods.METHODS)
        ),
    ]


def _dataset(one: Dataset, count: bool) -> StudyRow:
    return StudyRow(
        section="dataset",
        name=one.name,
        label=one.role.value,
        rows=one.rows,
        why=one.why,
        subjects=datasets.subjects(one) if count else None,
        file=one.path.name,
        title=one.label or None,
        columns="; ".join(derived.said for derived in one.derived if derived.said) or None,
    )
