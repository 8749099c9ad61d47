"""The methods of comparison: one file each, and one line here."""

from __future__ import annotations

from tui.analyses.methods import ancova, student, welch
from tui.analyses.methods.method import Method
from tui.errors import SelectionError, one_of

METHODS: dict[str, Method] = {
    method.id: method
    for method in (
        ancova.METHOD,
        welch.METHOD,
        student.METHOD,
    )
}
"""Every method by its name on the command line; the first is the default."""


def find(name: str | None) -> Method:
    """The method of this name, or the default."""
    if name is None:
        return next(iter(METHODS.values()))
    if name.lower() not in METHODS:
        raise SelectionError(f"There is no method {name!r}: there is {one_of(list(METHODS))}.")
    return METHODS[name.lower()]
