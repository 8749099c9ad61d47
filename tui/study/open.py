"""Opening a study: find its files, tell their parts, read its subjects, list its endpoints."""

from __future__ import annotations

from pathlib import Path

from tui.errors import StudyError, one_of
from tui.study import builtin, describe, files, roles, subject_level
from tui.study.changes import Fingerprint, fingerprint
from tui.study.endpoints import endpoints
from tui.study.formats import SUFFIXES
from tui.study.model import Dataset, Role, Study


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
    there = fingerprint(folder)
    datasets = _datasets(there, only=None if path.is_dir() else path)
    file = describe.read(folder)
    datasets, subjects = subject_level.choose(folder, datasets)
    rows = files.collect(subjects, files.scan(subjects))
    subject_level.check_one_row_each(subjects, rows)
    columns, remarks = subject_level.arm_columns(subjects)
    arms = subject_level.arms(rows, columns, file)
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
        remarks=(*file.remarks, *remarks),
        fingerprint=there,
    )


def _datasets(there: Fingerprint, only: Path | None) -> tuple[Dataset, ...]:
    """Every dataset of the folder; of one file, that file and the subject-level dataset."""
    folder = there.folder
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
            part = roles.recognize(header)
            if only in (None, path) or only.name == describe.NAME or part.role is Role.SUBJECTS:
                state = there.files.get(path.name)
                found.append(
                    Dataset(path, header, part.role, part.why, header.rows, part.derived, state)
                )
    return tuple(found)
