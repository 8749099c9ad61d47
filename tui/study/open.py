"""Opening a study: find its files, tell their parts, read its subjects, list its endpoints."""

from __future__ import annotations

from tui.errors import StudyError
from tui.study import builtin, describe, files, folder, subject_level
from tui.study.changes import fingerprint
from tui.study.endpoints import endpoints
from tui.study.model import Role, Study
from tui.study.sdtm import demographics, domains


def open_study(where: str | None = None, encoding: str | None = None) -> Study:
    """The study at a path: a folder, one file of a folder, or the built-in study by its name.

    Args:
        where: The path; None is the built-in study.
        encoding: That of text which is not UTF-8, in files that do not state theirs.

    Raises:
        StudyError: with one sentence, when there is no such place, no subject-level dataset,
            or a file that cannot be read.
    """
    path = builtin.place(where)
    place = path if path.is_dir() else path.parent
    there = fingerprint(place)
    file = describe.read(place)
    found = folder.contents(there, None if path.is_dir() else path, file, encoding)
    datasets, subjects = subject_level.choose(place, found.datasets)
    datasets, subjects = domains.with_subject_level(datasets, subjects)
    subject_level.check_size(subjects)
    rows = files.collect(subjects, files.scan(subjects))
    datasets = folder.one_events(domains.assign(datasets, subjects, rows))
    subject_level.check_one_row_each(subjects, rows)
    columns, remarks = subject_level.arm_columns(subjects)
    arms = subject_level.arms(rows, columns, file, subjects.path.name)
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
        populations=subject_level.populations(rows),
        endpoints=endpoints(datasets, file, Role.FINDINGS),
        time_to_event=endpoints(datasets, file, Role.TIME_TO_EVENT),
        remarks=(
            *file.remarks,
            *found.remarks,
            *remarks,
            *demographics.remarks(rows, subjects.name),
            *(f"{one.path.name}: {note}" for one in datasets for note in one.header.notes),
        ),
        fingerprint=there,
        beside=found.beside,
        encoding=encoding,
    )
