"""What lies in a study's folder: its datasets with their parts, and the files beside them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tui.errors import StudyError, one_of
from tui.study import define_xml, describe, files, mapping, roles, subject_level
from tui.study.changes import Fingerprint
from tui.study.define import DefinedDataset, DefineFile
from tui.study.formats import SUFFIXES
from tui.study.formats import encoding as known
from tui.study.header import Header, NotADataset
from tui.study.model import Beside, Dataset, Role, StudyFile
from tui.study.roles import Part
from tui.study.sdtm import domains

_FIRST = (
    ".parquet", ".arrow", ".feather", ".ipc", ".sas7bdat", ".xpt", ".json", ".ndjson", ".dsjc",
)  # fmt: skip
"""Of one dataset in several formats the one that keeps most and is read soonest; text last."""

_SUBJECT_LEVEL = "SUBJECT LEVEL ANALYSIS DATASET"
_OTHERS = ("BASIC DATA STRUCTURE", "OCCURRENCE DATA STRUCTURE", "ADAM OTHER")
"""Classes that CDISC's terminology for ADaM has beside the subject level."""

_SHOWN = 8
"""Files that are named before the rest are counted."""


@dataclass(frozen=True)
class Contents:
    """What was found in a folder: datasets, the files beside them, and what there is to say."""

    datasets: tuple[Dataset, ...]
    beside: tuple[Beside, ...]
    remarks: tuple[str, ...]


def contents(
    there: Fingerprint, only: Path | None, file: StudyFile, encoding: str | None = None
) -> Contents:
    """Every dataset of a folder; of one file, its datasets and what the subject level needs.

    Args:
        there: The folder.
        only: The file that was asked for, if it was one.
        file: What the study's study.toml says.
        encoding: That of text in files that do not state theirs; it goes before study.toml's.

    Raises:
        StudyError: when there is none, a file cannot be read, or study.toml speaks of a dataset or
            a column that is not there.
    """
    folder = there.folder
    paths = _paths(folder, only)
    chosen, same = _one_a_name(paths, only)
    headers, others, broken = _headers(_encodings(chosen, file, encoding), only)
    names = [header.name for _, header in headers]
    if lost := [name for name in file.datasets if name not in names]:
        raise StudyError(
            f"{describe.NAME}: datasets.{lost[0].lower()}: there is no such dataset: there is "
            f"{one_of([name.lower() for name in names])}."
        )
    _check_encodings(file, headers)
    defined, remarks = define_xml.find(folder, names)
    found: list[Dataset] = []
    for path, header in headers:
        said = defined.datasets.get(header.name) if defined else None
        one = _dataset(path, header, there, file, said)
        first = next((of for of in found if of.name == one.name), None)
        if first:
            one = _unused(one, f"the same dataset as that in {first.path.name}, which is read")
        needed = one.role is Role.SUBJECTS or domains.supports(header)
        if only in (None, path) or only.name == describe.NAME or needed:
            found.append(one)
    said_of = _said(folder, defined, names)
    rest = _not_datasets(folder, others, {one.name for one in said_of})
    beside = (*said_of, *same, *broken, *rest)
    return Contents(_one_subject_level(found), beside, remarks)


def _paths(folder: Path, only: Path | None) -> list[Path]:
    """The files that may hold datasets."""
    try:
        paths = sorted(one for one in folder.iterdir() if one.suffix.lower() in SUFFIXES)
    except OSError as error:
        raise StudyError(f"{folder}: {error.strerror}.") from None
    if only is not None and only.suffix.lower() == ".xml":
        raise StudyError(
            f"{only.name} describes datasets and holds none: open the folder it lies in."
        )
    if only is not None and only not in paths and only.name != describe.NAME:
        raise StudyError(f"{only.name} is not a dataset: it has to end in {one_of(SUFFIXES, 20)}.")
    if not paths:
        raise StudyError(f"{folder} holds no dataset ({one_of(SUFFIXES, 20)} files).")
    return paths


def _one_a_name(paths: Sequence[Path], only: Path | None) -> tuple[list[Path], list[Beside]]:
    """Of the files of one dataset (adsl.xpt, adsl.parquet) one; the format asked for goes first."""

    def place(path: Path) -> tuple[bool, bool, int]:
        suffix = path.suffix.lower()
        asked = only.suffix.lower() if only else None
        return path != only, suffix != asked, (*_FIRST, *SUFFIXES).index(suffix)

    chosen = {path.stem.upper(): path for path in sorted(paths, key=place, reverse=True)}
    same = [
        Beside(path.name, f"the same dataset as {chosen[path.stem.upper()].name}, which is read")
        for path in paths
        if chosen[path.stem.upper()] != path
    ]
    return [path for path in paths if chosen[path.stem.upper()] == path], same


def _encodings(paths: Sequence[Path], file: StudyFile, asked: str | None) -> dict[Path, str | None]:
    """For each file the encoding that is asked for where it does not state its own."""
    if asked is not None:
        known.check(asked)
    return {path: asked or file.encoding_of(path.stem.upper()) for path in paths}


def _check_encodings(file: StudyFile, headers: Sequence[tuple[Path, Header]]) -> None:
    for path, header in headers:
        said = file.datasets.get(header.name)
        if said and said.encoding and header.name != path.stem.upper():
            raise StudyError(
                f"{describe.NAME}: datasets.{header.name.lower()}.encoding: {path.name} holds "
                "several datasets in one encoding: say it above all tables."
            )


def _headers(
    encodings: Mapping[Path, str | None], only: Path | None
) -> tuple[list[tuple[Path, Header]], list[str], list[Beside]]:
    """The datasets of the files, the names of files that hold none, and what could not be read.

    The file that was asked for is read first, and beside it another one may be broken.
    """
    found: dict[Path, tuple[Header, ...]] = {}
    others: list[str] = []
    broken: list[Beside] = []
    for path in sorted(encodings, key=lambda one: one != only):
        try:
            found[path] = files.headers(path, encodings[path])
        except NotADataset as error:
            if path == only:
                raise StudyError(f"{path.name}: {error}") from None
            others.append(path.name)
        except StudyError as error:
            if only is None or only not in found:
                raise
            broken.append(Beside(path.name, str(error).removeprefix(f"{path.name}: ")))
    return [(path, one) for path in encodings for one in found.get(path, ())], others, broken


def _dataset(
    path: Path,
    header: Header,
    there: Fingerprint,
    file: StudyFile,
    defined: DefinedDataset | None,
) -> Dataset:
    stated = file.datasets.get(header.name)
    says = bool(stated and (stated.part or stated.columns or stated.values))
    if stated and says:
        part = mapping.part(header, stated, path.name)
    else:
        part = _by_class(roles.recognize(header), header, defined)
    return Dataset(
        path=path,
        header=header,
        role=part.role,
        why=part.why,
        rows=header.rows,
        derived=part.derived,
        state=there.files.get(path.name),
        defined=defined,
        stated=says,
    )


def _by_class(part: Part, header: Header, defined: DefinedDataset | None) -> Part:
    """The part where define.xml tells what columns leave open: whether a subject has one row."""
    if defined is None:
        return part
    said = f"{defined.source} gives it the class {defined.kind}"
    if part.role is Role.SUBJECTS and defined.kind in _OTHERS:
        return Part(Role.UNUSED, said)
    arms = {column for pair in roles.ARMS for column in pair} & header.kinds.keys()
    possible = roles.SUBJECT in header.kinds and not {"PARAMCD", "PARAM"} & header.kinds.keys()
    if defined.kind == _SUBJECT_LEVEL and possible and arms:
        names = ", ".join(sorted(arms))
        return Part(Role.SUBJECTS, f"has {roles.SUBJECT} and {names}; {said}")
    return part


def _one_subject_level(found: Sequence[Dataset]) -> tuple[Dataset, ...]:
    """Where study.toml or define.xml names the subject level, no other dataset is taken for it.

    What define.xml says is held against the data: a slip in it is not to keep a study closed.
    """
    candidates = [one for one in found if one.role is Role.SUBJECTS]
    stated = [one for one in candidates if one.stated]
    said = [one for one in candidates if one.defined and one.defined.kind == _SUBJECT_LEVEL]
    several = [one for one in said if one not in stated and subject_level.repeats(one)]
    named = stated or [one for one in said if one not in several]

    def part(one: Dataset) -> Dataset:
        if one in several:
            return _unused(one, f"{one.why}, but it holds several records a subject")
        if named and one in candidates and one not in named:
            return _unused(one, f"a further subject-level dataset; {named[0].name} is used")
        return one

    return tuple(map(part, found))


def one_events(datasets: Sequence[Dataset]) -> tuple[Dataset, ...]:
    """Adverse events come from one dataset: as study.toml says, else from the first."""
    having = sorted(
        (one for one in datasets if one.role is Role.EVENTS), key=lambda one: not one.stated
    )
    others = having[1:]
    why = f"a further adverse-event dataset; {having[0].name} is used" if having else ""
    return tuple(_unused(one, why) if one in others else one for one in datasets)


def _unused(one: Dataset, why: str) -> Dataset:
    return dataclasses.replace(one, role=Role.UNUSED, why=why)


def _said(folder: Path, defined: DefineFile | None, names: Sequence[str]) -> list[Beside]:
    """The files beside the datasets that say something of them."""
    found = []
    if (folder / describe.NAME).is_file():
        found.append(Beside(describe.NAME, "what the study says of itself"))
    if defined:
        count = sum(name in defined.datasets for name in names)
        said = f"Define-XML {defined.version}: labels, code lists, classes and keys of "
        found.append(Beside(defined.name, f"{said}{count} of the {len(names)} datasets"))
    return found


def _not_datasets(folder: Path, others: Sequence[str], said_of: set[str]) -> list[Beside]:
    """All other files and folders, in one line, but for what is hidden or Python's own."""
    names = [
        one.name + ("/" if one.is_dir() else "")
        for one in folder.iterdir()
        if not one.name.startswith((".", "__"))
        and one.suffix.lower() not in (*SUFFIXES, ".sas7bcat")
        and one.name not in said_of
        and not (one.suffix.lower() == ".xml" and one.name.lower().startswith("define"))
    ]
    names = sorted((*names, *others))
    if not names:
        return []
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    kind = "not a dataset" if len(names) == 1 else "not datasets"
    return [Beside(f"{', '.join(names[:_SHOWN])}{more}", kind)]
