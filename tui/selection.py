"""What is being looked at: one frozen value, printed as and parsed from one line of text.

A field that is None leaves the choice to the study or to the rule that the answer names; an
answer carries the selection in force, in which nothing that was chosen is None.
"""

from __future__ import annotations

import dataclasses
import math
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tui.errors import SelectionError, one_of

DEFAULT_ALPHA = 0.05

MOST = 1 << 16
"""Characters of a field's text: 3,000 names of subjects. A million took half a minute to read."""

ENDPOINT_FIELDS = ("unit", "timepoint", "basetype", "visits", "records", "value")
"""Fields that are a choice within one endpoint."""


@dataclass(frozen=True)
class Selection:
    """One view of a study.

    Attributes:
        endpoint: PARAMCD, or DATASET.PARAMCD where two datasets have the same one.
        arms: The arms in the analysis, each by label, code, or an unambiguous part of the label.
        reference: The arm that the others are compared with, named likewise.
        population: A flag of the subject-level dataset (ITTFL …), or `all` for every subject.
        records: Which records count: `auto`, `all`, or a record flag (ANL01FL …).
        arm: `planned` or `actual` treatment.
        timepoint: The time point within a visit (ATPT), or an unambiguous part of it.
        basetype: The definition of baseline (BASETYPE), or an unambiguous part of it.
        imputed: `keep` or `drop` rows with a DTYPE (LOCF, AVERAGE …).
        visits: Visit numbers (AVISITN).
        where: Conditions on subject-level columns, all of which hold: `AGE>=65 SEX=F`.
        value: What is compared: `CHG`, change from baseline, or `AVAL`, the value itself.
        unit: For HbA1c `%` or `mmol/mol`; for any other endpoint its own unit.
        method: The method of comparison.
        covariates: Subject-level columns added to the model.
        alpha: Two-sided level; the confidence level is 1 − alpha.
        adjust: How p values are adjusted for the number of arms compared.
        weights: How LS means weigh class levels: `equal`, or as `observed`.
        df: Degrees of freedom of an MMRM: `kenward-roger` or `satterthwaite`.
        covariance: Within-subject covariance of an MMRM.
        likelihood: `reml` or `ml`, of an MMRM.
        strata: Subject-level columns that permutation, CMH, log-rank and Cox stratify by.
        responder: Who is a responder: `value<7` or `change<=-0.5`.
        missing: Whether a subject without a value is a `nonresponder`, or is `excluded`.
        subgroup: The subject-level column whose levels are compared.
        power: The power at which a difference counts as detectable.
        wanted: The difference that n is computed for, in the endpoint's unit.
        text: Adverse events whose term or body system contains this.
        severity: Adverse events of this severity, comma separated: `MODERATE,SEVERE`.
        serious: `yes` or `no`.
        related: `yes` or `no`.
        days: Study days of onset, first and last, both included.
        emergent: `yes` (treatment-emergent), `no`, or `all`.
    """

    endpoint: str | None = None
    arms: tuple[str, ...] | None = None
    reference: str | None = None
    population: str | None = None
    records: str | None = None
    arm: str | None = None
    timepoint: str | None = None
    basetype: str | None = None
    imputed: str | None = None
    visits: tuple[float, ...] | None = None
    where: str | None = None
    value: str | None = None
    unit: str | None = None
    method: str | None = None
    covariates: tuple[str, ...] | None = None
    alpha: float | None = None
    adjust: str | None = None
    weights: str | None = None
    df: str | None = None
    covariance: str | None = None
    likelihood: str | None = None
    strata: tuple[str, ...] | None = None
    responder: str | None = None
    missing: str | None = None
    subgroup: str | None = None
    power: float | None = None
    wanted: float | None = None
    text: str | None = None
    severity: str | None = None
    serious: str | None = None
    related: str | None = None
    days: tuple[float, float] | None = None
    emergent: str | None = None

    def __str__(self) -> str:
        """One line of text that `parse` turns into this value again."""
        return " ".join(
            f"{name}={shlex.quote(show(getattr(self, name)))}"
            for name in FIELDS
            if getattr(self, name) is not None
        )

    def options(self) -> list[str]:
        """The same as options of the command line: `--endpoint GLUC --visits 8,12`."""
        chosen = [(name, getattr(self, name)) for name in FIELDS]
        return [
            word
            for name, value in chosen
            if value is not None
            for word in option(name, show(value))
        ]

    @property
    def level(self) -> float:
        """The two-sided level in force: alpha, or 0.05 where none is chosen."""
        return DEFAULT_ALPHA if self.alpha is None else self.alpha

    def changed(self, **changes: Any) -> Selection:
        """This selection with some fields replaced."""
        return dataclasses.replace(self, **changes)


def option(name: str, value: str) -> list[str]:
    """An option and its value; one that begins like an option has to be joined to its own."""
    return [f"--{name}={value}"] if value.startswith("-") else [f"--{name}", value]


def parse(line: str) -> Selection:
    """The selection that a line of text such as `endpoint=HBA1C visits=8,12` says.

    Raises:
        SelectionError: for an unknown field, a field without a value, or a value out of range.
    """
    check_length("The selection", line)
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise SelectionError(f"Cannot read the selection {line!r}: {error}.") from None
    values: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise SelectionError(f"{word!r} is not of the form field=value.")
        if name in values:
            raise SelectionError(f"The selection names {name} twice.")
        values[name] = value
    return from_texts(values)


def from_texts(values: Mapping[str, str]) -> Selection:
    """The selection with these fields, each given as text, as options and commands give them."""
    fields: dict[str, Any] = {}
    for name, value in values.items():
        if name not in FIELDS:
            raise SelectionError(
                f"There is no field {name!r}: use {one_of(list(FIELDS), len(FIELDS))}."
            )
        check_length(name, value)
        fields[name] = FIELDS[name](name, value)
    return Selection(**fields)


def check_length(name: str, text: str) -> None:
    """Refuses what nobody types: texts are taken apart letter by letter, which adds up."""
    if len(text) > MOST:
        raise SelectionError(f"{name} has {len(text):,} characters; {MOST:,} are the most.")


def show(value: Any) -> str:
    """A field's value as text: lists comma separated, a comma within an item escaped."""
    if isinstance(value, tuple):
        return ",".join(show(item).replace("\\", "\\\\").replace(",", "\\,") for item in value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def _text(name: str, value: str) -> str:
    if not value.strip():
        raise SelectionError(f"{name} needs a value.")
    return value


def _list(name: str, value: str) -> tuple[str, ...]:
    items, item, escaped = [], "", False
    for character in value:
        if escaped or character not in "\\,":
            item, escaped = item + character, False
        elif character == "\\":
            escaped = True
        else:
            items.append(item)
            item = ""
    items.append(item)
    kept = tuple(stripped for one in items if (stripped := one.strip()))
    if not kept:
        raise SelectionError(f"{name} needs at least one value.")
    return kept


def _number(name: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise SelectionError(f"{name} takes numbers, not {value!r}.")
    return number


def _numbers(name: str, value: str) -> tuple[float, ...]:
    return tuple(_number(name, item) for item in _list(name, value))


def _between_0_and_1(name: str, value: str) -> float:
    number = _number(name, value)
    if not 0 < number < 1:
        raise SelectionError(f"{name} lies between 0 and 1; {value} does not.")
    return number


def _days(name: str, value: str) -> tuple[float, float]:
    numbers = _numbers(name, value)
    if len(numbers) == 1:
        numbers *= 2
    if len(numbers) != 2 or numbers[0] > numbers[1]:
        raise SelectionError(f"{name} takes a first and a last study day: 1,28.")
    return numbers[0], numbers[1]


def _choice(*choices: str) -> Callable[[str, str], str]:
    def read(name: str, value: str) -> str:
        for choice in choices:
            if value.lower() == choice.lower():
                return choice
        raise SelectionError(f"{name} takes {one_of(choices)}, not {value!r}.")

    return read


CHOICES: Mapping[str, tuple[str, ...]] = {
    "arm": ("planned", "actual"),
    "imputed": ("keep", "drop"),
    "value": ("CHG", "AVAL"),
    "adjust": ("none", "bonferroni", "holm", "hochberg", "dunnett", "step-down-dunnett"),
    "weights": ("equal", "observed"),
    "df": ("kenward-roger", "satterthwaite"),
    "likelihood": ("reml", "ml"),
    "missing": ("nonresponder", "excluded"),
    "serious": ("yes", "no"),
    "related": ("yes", "no"),
    "emergent": ("yes", "no", "all"),
}
"""The fields that take one of a few words."""

FIELDS: Mapping[str, Callable[[str, str], Any]] = {
    "endpoint": _text,
    "arms": _list,
    "reference": _text,
    "population": _text,
    "records": _text,
    "arm": _choice(*CHOICES["arm"]),
    "timepoint": _text,
    "basetype": _text,
    "imputed": _choice(*CHOICES["imputed"]),
    "visits": _numbers,
    "where": _text,
    "value": _choice(*CHOICES["value"]),
    "unit": _text,
    "method": _text,
    "covariates": _list,
    "alpha": _between_0_and_1,
    "adjust": _choice(*CHOICES["adjust"]),
    "weights": _choice(*CHOICES["weights"]),
    "df": _choice(*CHOICES["df"]),
    "covariance": _text,
    "likelihood": _choice(*CHOICES["likelihood"]),
    "strata": _list,
    "responder": _text,
    "missing": _choice(*CHOICES["missing"]),
    "subgroup": _text,
    "power": _between_0_and_1,
    "wanted": _number,
    "text": _text,
    "severity": _text,
    "serious": _choice(*CHOICES["serious"]),
    "related": _choice(*CHOICES["related"]),
    "days": _days,
    "emergent": _choice(*CHOICES["emergent"]),
}
"""Every field with the reader of its text, in the order in which a selection is printed."""
