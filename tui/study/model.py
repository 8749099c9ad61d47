"""A study as values: its datasets and the part each plays, arms, endpoints, populations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from tui.study.changes import Fingerprint, State
from tui.study.define import DefinedDataset
from tui.study.header import Header

if TYPE_CHECKING:  # what lists them knows the endpoint and the dataset, which stand here
    from tui.study.endpoints import Endpoints


class Role(Enum):
    """The part a dataset plays."""

    SUBJECTS = "subject level"
    FINDINGS = "findings"
    EVENTS = "adverse events"
    TIME_TO_EVENT = "time to event"
    UNUSED = "not used"


@dataclass(frozen=True)
class Derived:
    """A standard column that the file does not have under its standard name.

    Attributes:
        name: The standard name (AVAL).
        expression: What it is made from.
        said: The same in words (`AVAL is LBSTRESN`); may be empty, of what is only joined.
    """

    name: str
    expression: pl.Expr
    said: str


@dataclass(frozen=True, eq=False)  # one object a dataset: compared, and remembered by, identity
class Dataset:
    """One dataset of a study: a file, or a member of one.

    Attributes:
        path: The file that it lies in.
        header: What the file says of it.
        role: The part it plays, and in `why` the columns that say so.
        rows: Number of rows.
        derived: Columns that are made when it is read, for the dialects of the standard.
        state: What the file was when the study was opened; rows of another are not mixed with it.
        defined: What define.xml says of it.
        stated: Whether study.toml says its part: then it is no other.
    """

    path: Path
    header: Header
    role: Role
    why: str
    rows: int
    derived: tuple[Derived, ...] = ()
    state: State | None = None
    defined: DefinedDataset | None = None
    stated: bool = False

    @property
    def name(self) -> str:
        """What it is called, in capitals (ADLB)."""
        return self.header.name

    @property
    def label(self) -> str:
        """Its own label, else the one in define.xml; may be empty."""
        return self.header.label or (self.defined.label if self.defined else "")

    @property
    def keys(self) -> tuple[str, ...]:
        """Its key variables, which define.xml names: one row has one set of their values."""
        return self.defined.keys if self.defined else ()

    def decodes(self, column: str) -> Mapping[str, str]:
        """The coded values of a column that mean something else, and what.

        As define.xml says, else the format catalog beside the file.
        """
        variable = self.defined.variables.get(column) if self.defined else None
        if variable and variable.decodes:
            return variable.decodes
        return next((one.decodes for one in self.header.columns if one.name == column), {})

    @cached_property
    def schema(self) -> dict[str, pl.DataType]:
        """Column names, in capitals, and their types; with the derived ones."""
        if not self.derived:
            return self.header.kinds
        return dict(with_derived(pl.LazyFrame(schema=self.header.kinds), self).collect_schema())

    @property
    def derivations(self) -> tuple[str, ...]:
        """What it has under other names than the standard's, as one note; none where nothing."""
        said = "; ".join(one.said for one in self.derived if one.said)
        return (f"{self.name}: {said}.",) if said else ()

    def has(self, *columns: str) -> bool:
        """Whether it has all of these columns."""
        return all(column in self.schema for column in columns)

    def first(self, *columns: str) -> str | None:
        """The first of these columns that it has."""
        return next((column for column in columns if column in self.schema), None)


def with_derived(rows: pl.LazyFrame, dataset: Dataset) -> pl.LazyFrame:
    """Rows as the file has them, with the derived columns; a later one may use an earlier one."""
    for one in dataset.derived:
        rows = rows.with_columns(one.expression.alias(one.name))
    return rows


@dataclass(frozen=True)
class Arm:
    """A treatment arm: its label, its numeric code if there is one, and its place in the order."""

    label: str
    code: float | None
    order: int
    description: str = ""


@dataclass(frozen=True)
class Endpoint:
    """A parameter of a findings or time-to-event dataset.

    Attributes:
        code: PARAMCD.
        label: PARAM, without the unit.
        unit: The unit in brackets at the end of PARAM, or as the study file says; may be empty.
        dataset: The dataset that has it.
        rows: Its rows there.
        key: What to call it by: its code, with the dataset in front where two datasets have it,
            and the unit behind where one code stands for several parameters.
        param: PARAM, where the code alone does not tell the parameter; else None.
        decimals: Decimals of the delivered values where the study file states them.
        target: The clinical target where the study file states one: a value below it is a response.
    """

    code: str
    label: str
    unit: str
    dataset: Dataset
    rows: int
    key: str
    decimals: int | None = None
    target: float | None = None
    param: str | None = None

    @property
    def title(self) -> str:
        """The label with its unit."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @property
    def is_hba1c(self) -> bool:
        """Whether it is glycated hemoglobin, which has two units (HBA1C, HBA1CHGB)."""
        return self.code.upper().startswith("HBA1C")


@dataclass(frozen=True)
class Population:
    """An analysis population: a flag of the subject-level dataset and how many it holds."""

    flag: str
    subjects: int


@dataclass(frozen=True)
class Stated:
    """What study.toml says of a dataset.

    Attributes:
        part: The part it plays; None leaves that to its columns.
        columns: Standard names, and the names the file has for them.
        values: By standard name, the values of the file and what stands for them.
        encoding: That of its text, where its file does not state it; may be empty.
    """

    part: Role | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str | float]] = field(default_factory=dict)
    encoding: str = ""


@dataclass(frozen=True)
class StudyFile:
    """What `study.toml` says; every field may be empty."""

    id: str = ""
    title: str = ""
    reconstruction: bool = False
    statement: str = ""
    data_cut: str = ""
    citation: str = ""
    reference_arm: str | None = None
    default_endpoint: str | None = None
    population: str | None = None
    arms: Mapping[str, str] | None = None
    endpoints: Mapping[str, Mapping[str, object]] | None = None
    labels: Mapping[str, str] | None = None
    baseline: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    datasets: Mapping[str, Stated] = field(default_factory=dict)
    encoding: str = ""

    def encoding_of(self, name: str) -> str | None:
        """The encoding that is stated for a dataset, else for all; None where none is."""
        said = self.datasets.get(name)
        return (said and said.encoding) or self.encoding or None


@dataclass(frozen=True)
class Beside:
    """A file beside the datasets, or several (`README.md, make.py`), and what became of it."""

    name: str
    said: str


@dataclass(frozen=True)
class Study:
    """A study that has been opened.

    Attributes:
        path: The folder (or the one file that was asked for).
        file: What its study.toml says.
        datasets: Every dataset found, used or not.
        subjects: The subject-level dataset; `subject_rows` holds it, one row a subject.
        arm_columns: The subject-level columns of the planned and of the actual arm.
        arms: All arms, in order.
        populations: Population flags.
        endpoints: All endpoints with a value at visits, in the order of their datasets.
        time_to_event: All endpoints that are times to an event, likewise.
        remarks: What was noticed when it was opened.
        fingerprint: The files of the folder as they were just before it was opened.
        beside: The files beside the datasets.
        encoding: What was asked for where files do not state theirs, besides study.toml.
    """

    path: Path
    file: StudyFile
    datasets: tuple[Dataset, ...]
    subjects: Dataset
    subject_rows: pl.DataFrame
    arm_columns: Mapping[str, str]
    arms: tuple[Arm, ...]
    populations: tuple[Population, ...]
    endpoints: Endpoints
    time_to_event: Endpoints
    remarks: tuple[str, ...]
    fingerprint: Fingerprint
    beside: tuple[Beside, ...] = ()
    encoding: str | None = None

    @property
    def id(self) -> str:
        """The study's name: from study.toml, or STUDYID, or the folder."""
        if self.file.id:
            return self.file.id
        if "STUDYID" in self.subject_rows.columns:
            names = self.subject_rows["STUDYID"].drop_nulls().unique().sort()
            if len(names):
                return str(names[0])
        return self.path.resolve().name

    @property
    def events(self) -> Dataset | None:
        """The adverse-event dataset, if there is one."""
        return next((one for one in self.datasets if one.role is Role.EVENTS), None)

    @property
    def reference(self) -> Arm:
        """The reference arm: as study.toml says, else the control by name, else the first."""
        for arm in self.arms:
            if arm.label == self.file.reference_arm:
                return arm
        return next((arm for arm in self.arms if is_control(arm.label)), self.arms[0])


def is_control(label: str) -> bool:
    """Whether an arm's label names a control."""
    lower = label.lower()
    return any(word in lower for word in ("placebo", "control", "vehicle", "sham"))
