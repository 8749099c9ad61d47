"""Which part a dataset plays, told from its columns and never from its file's name."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tui.study.header import Header
from tui.study.model import Derived, Role

SUBJECT = "USUBJID"
ARMS = (("TRT01P", "TRT01A"), ("ARM", "ACTARM"), ("TRTP", "TRTA"))
"""Columns of the planned and the actual arm, in pairs: the first pair of which one is there."""

TERM = ("AEDECOD", "AETERM")
SYSTEM = ("AEBODSYS", "AESOC")

_SEVERAL_A_SUBJECT = {"ASEQ", "AEDECOD", "CMDECOD", "MHDECOD", "EXTRT", "CMTRT", "MHTERM"}
_NUMBER = pl.col("AVALC").cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)


@dataclass(frozen=True)
class Part:
    """The part a dataset plays, the columns that say so, and what it has under another name."""

    role: Role
    why: str
    derived: tuple[Derived, ...] = ()


def recognize(header: Header) -> Part:
    """The part a dataset plays by its columns, where it is one of ADaM."""
    names = set(header.kinds)

    def some(*wanted: str) -> str:
        return ", ".join(name for name in wanted if name in names)

    if SUBJECT not in names:
        return Part(Role.UNUSED, f"has no {SUBJECT}")
    if {"PARAMCD", "CNSR"} <= names:
        if "AVAL" not in names:
            return Part(Role.UNUSED, "has PARAMCD and CNSR without AVAL")
        return Part(Role.TIME_TO_EVENT, "has PARAMCD, AVAL and CNSR")
    if some("PARAMCD", "PARAM"):
        if not some("AVAL", "AVALC"):
            return Part(Role.UNUSED, f"has {some('PARAMCD', 'PARAM')} without AVAL and AVALC")
        named = "PARAMCD" if "PARAMCD" in names else "PARAM"
        value = "AVAL" if "AVAL" in names else "AVALC"
        why = some(named, value, "AVISIT", "AVISITN")
        return Part(Role.FINDINGS, f"has {why}", _of_findings(names))
    if terms := some(*TERM):
        return Part(Role.EVENTS, f"has {terms}")
    if arms := some(*(column for pair in ARMS for column in pair)):
        if signs := some(*sorted(_SEVERAL_A_SUBJECT)):
            return Part(Role.UNUSED, f"holds several records a subject (has {signs})")
        return Part(Role.SUBJECTS, f"has {SUBJECT} and {arms}, and no PARAMCD")
    return Part(Role.UNUSED, "has neither PARAMCD, nor an event term, nor an arm")


def _of_findings(names: set[str]) -> tuple[Derived, ...]:
    """What a findings dataset has under another name."""
    derived = []
    if "PARAMCD" not in names:
        derived.append(Derived("PARAMCD", pl.col("PARAM"), "PARAMCD is PARAM"))
    if "AVAL" not in names:
        derived.append(Derived("AVAL", _NUMBER, "AVAL is AVALC where that is a number"))
    if not names & {"AVISIT", "AVISITN"}:
        said = {"AVISIT": "VISIT", "AVISITN": "VISITNUM"}
        derived += [
            Derived(name, pl.col(source), f"{name} is {source}")
            for name, source in said.items()
            if source in names
        ]
    return tuple(derived)
