"""What the Define-XML standard lets a study say of its datasets, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class DefinedVariable:
    """What is said of a variable; every text may be empty.

    Attributes:
        label: Its label.
        kind: Its data type (`text`, `integer`, `float`, `date` …).
        format: Its display format (`DATE9.`).
        origin: Where it comes from (`Derived`, `CRF`, `Predecessor` …).
        comment: A comment on it.
        decodes: Coded values and what they mean; without those that mean nothing else.
    """

    label: str = ""
    kind: str = ""
    format: str = ""
    origin: str = ""
    comment: str = ""
    decodes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DefinedDataset:
    """What is said of a dataset; every text may be empty.

    Attributes:
        source: The file that says it.
        label: Its label.
        kind: Its class, in capitals (`BASIC DATA STRUCTURE`).
        purpose: `Analysis` or `Tabulation`.
        keys: Its key variables, in order.
        variables: Its variables, by name in capitals.
        parameters: The label of each PARAMCD that has one.
    """

    source: str
    label: str = ""
    kind: str = ""
    purpose: str = ""
    keys: tuple[str, ...] = ()
    variables: Mapping[str, DefinedVariable] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DefineFile:
    """A Define-XML file: its name, the version of the standard, and the datasets it describes."""

    name: str
    version: str
    datasets: Mapping[str, DefinedDataset]
