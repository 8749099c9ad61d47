"""Which part a dataset plays, told from its columns and never from its file's name."""

from __future__ import annotations

from collections.abc import Iterable

from tui.study.model import Role

SUBJECT = "USUBJID"
PLANNED = ("TRT01P", "ARM")
ACTUAL = ("TRT01A", "ACTARM")
TERM = ("AEDECOD", "AETERM")
SYSTEM = ("AEBODSYS", "AESOC")

_SUBJECT_SIGNS = ("TRT01P", "TRT01A", "ARM", "ACTARM")


def role_of(columns: Iterable[str]) -> tuple[Role, str]:
    """The part a dataset plays and, in words, the columns that say so."""
    names = set(columns)

    def some(*wanted: str) -> str:
        return ", ".join(name for name in wanted if name in names)

    if SUBJECT not in names:
        return Role.UNUSED, f"has no {SUBJECT}"
    if "PARAMCD" in names and "CNSR" in names:
        return Role.TIME_TO_EVENT, f"has PARAMCD and CNSR; {Role.TIME_TO_EVENT.value} comes later"
    if "PARAMCD" in names:
        if "AVAL" in names:
            return Role.FINDINGS, f"has {some('PARAMCD', 'AVAL', 'AVISIT', 'AVISITN')}"
        return Role.UNUSED, "has PARAMCD without AVAL"
    if terms := some(*TERM):
        return Role.EVENTS, f"has {terms}"
    if arms := some(*_SUBJECT_SIGNS):
        if {"ASEQ", "AEDECOD", "CMDECOD", "MHDECOD", "EXTRT", "CMTRT", "MHTERM"} & names:
            return Role.UNUSED, "holds several records a subject"
        return Role.SUBJECTS, f"has {SUBJECT} and {arms}, and no PARAMCD"
    return Role.UNUSED, "has neither PARAMCD, nor an event term, nor an arm"
