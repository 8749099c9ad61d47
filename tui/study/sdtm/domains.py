"""Which datasets are SDTM, and the part each plays beside the subjects."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import polars as pl

from tui.study import roles
from tui.study.header import Header
from tui.study.model import Dataset, Role
from tui.study.roles import SUBJECT
from tui.study.sdtm import demographics, events, findings, supplemental

_SIGNS = {"DOMAIN", "RDOMAIN", "RFSTDTC"}
_ANALYSIS = {"PARAMCD", "PARAM", "TRT01P", "TRT01A", "TRTP", "TRTA", "TRTSDT", "TRTEMFL", "ASEQ"}
"""Columns of ADaM, which keeps many of SDTM's beside them."""

_CLASSES = {
    "TRT": "interventions",
    "TERM": "events that are not adverse events",
    "TESTCD": "findings",
}
_NO_MEASUREMENT = {"IE": "inclusion and exclusion criteria"}
"""Findings domains that measure nothing."""


def is_sdtm(header: Header) -> bool:
    """Whether a dataset is one of SDTM."""
    names = set(header.kinds)
    return not names & _ANALYSIS and (bool(names & _SIGNS) or bool(prefix(header, "TESTCD")))


def prefix(header: Header, name: str) -> str:
    """The two letters of the domain that has this variable (LB of LBTESTCD), or nothing."""
    found = (one[:2] for one in header.kinds if one[2:] == name)
    return next(found, "")


def supports(header: Header) -> bool:
    """Whether a dataset is joined to others: supplemental qualifiers, or exposure."""
    return is_sdtm(header) and (supplemental.is_one(header) or "EXSTDTC" in header.kinds)


def with_subject_level(
    datasets: Sequence[Dataset], subjects: Dataset
) -> tuple[tuple[Dataset, ...], Dataset]:
    """The datasets and their subject level, which has ADaM's columns if it is DM."""
    if not is_sdtm(subjects.header):
        return tuple(datasets), subjects
    full = demographics.derived(subjects, datasets)
    return tuple(full if one is subjects else one for one in datasets), full


def assign(
    datasets: Sequence[Dataset], subjects: Dataset, rows: pl.DataFrame
) -> tuple[Dataset, ...]:
    """Gives the SDTM datasets of a study their parts.

    Args:
        datasets: All datasets, those of ADaM with their parts.
        subjects: The one of the subject level.
        rows: Its rows.
    """
    analysis = {
        role: [one.name for one in datasets if one.role is role and not is_sdtm(one.header)]
        for role in (Role.FINDINGS, Role.EVENTS)
    }

    def part(one: Dataset) -> Dataset:
        at_subject_level = roles.recognize(one.header).role is Role.SUBJECTS
        told = one.stated and one.role is not Role.EVENTS  # by study.toml
        if one is subjects or at_subject_level or told or not is_sdtm(one.header):
            return one
        found = _part(one, datasets, rows)
        if taken := analysis.get(found.role):
            names = ", ".join(taken[:3]) + (" …" if len(taken) > 3 else "")
            return _unused(one, f"SDTM; the analysis datasets ({names}) are used")
        return found

    return tuple(map(part, datasets))


def _part(one: Dataset, datasets: Sequence[Dataset], rows: pl.DataFrame) -> Dataset:
    names = one.header.kinds
    if supplemental.is_one(one.header):
        return _unused(one, supplemental.why(one))
    if SUBJECT not in names:
        return _unused(one, f"SDTM trial design or reference (no {SUBJECT})")
    if one.role is Role.EVENTS:
        found = events.derived(one, supplemental.of("AE", datasets), rows)
        return dataclasses.replace(
            one, why=f"SDTM adverse events; {one.why}", derived=(*one.derived, *found)
        )
    domain = prefix(one.header, "TESTCD")
    if domain in _NO_MEASUREMENT:
        return _unused(one, f"SDTM {_NO_MEASUREMENT[domain]}")
    if domain and (results := findings.results(one.header, domain)):
        return dataclasses.replace(
            one,
            role=Role.FINDINGS,
            why=f"SDTM findings; has {', '.join((f'{domain}TESTCD', *results))}",
            derived=findings.derived(one, domain, rows),
        )
    if "EXSTDTC" in names:
        why = "SDTM exposure: tells the order of arms, and the first dose if DM lacks it"
        return _unused(one, why)
    for name, kind in _CLASSES.items():
        if domain := prefix(one.header, name):
            return _unused(one, f"SDTM {kind} (has {domain}{name})")
    return _unused(one, "SDTM special purpose or relationships")


def _unused(one: Dataset, why: str) -> Dataset:
    return dataclasses.replace(one, role=Role.UNUSED, why=why)
