"""Which part a dataset plays, told from its columns and never from its file's name."""

from __future__ import annotations

from dataclasses import dataclass

from tui.study.header import Header
from tui.study.model import Derived, Role

SUBJECT = "USUBJID"
PLANNED = ("TRT01P", "ARM")
ACTUAL = ("TRT01A", "ACTARM")
TERM = ("AEDECOD", "AETERM")
SYSTEM = ("AEBODSYS", "AESOC")

_SUBJECT_SIGNS = ("TRT01P", "TRT01A", "ARM", "ACTARM")


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
    if "PARAMCD" in names and "CNSR" in names:
        return Part(
            Role.TIME_TO_EVENT, f"has PARAMCD and CNSR; {Role.TIME_TO_EVENT.value} comes later"
        )
    if "PARAMCD" in names:
        if "AVAL" in names:
            return Part(Role.FINDINGS, f"has {some('PARAMCD', 'AVAL', 'AVISIT', 'AVISITN')}")
        return Part(Role.UNUSED, "has PARAMCD without AVAL")
    if terms := some(*TERM):
        return Part(Role.EVENTS, f"has {terms}")
    if arms := some(*_SUBJECT_SIGNS):
        if {"ASEQ", "AEDECOD", "CMDECOD", "MHDECOD", "EXTRT", "CMTRT", "MHTERM"} & names:
            return Part(Role.UNUSED, "holds several records a subject")
        return Part(Role.SUBJECTS, f"has {SUBJECT} and {arms}, and no PARAMCD")
    return Part(Role.UNUSED, "has neither PARAMCD, nor an event term, nor an arm")
