"""The methods of comparison: one file each, and one line here.

A method's file is loaded when it is asked for: what some of them need of scipy takes longer to
load than everything that the first screen shows.
"""

from __future__ import annotations

from importlib import import_module

from tui.analyses.methods.method import Method
from tui.errors import SelectionError, one_of

METHODS = (
    "ancova",
    "mmrm",
    "welch",
    "student",
    "mann-whitney",
    "permutation",
)
"""Every method by its name on the command line; the first is the default."""


def find(name: str | None) -> Method:
    """The method of this name, or the default."""
    wanted = (name or METHODS[0]).lower()
    if wanted not in METHODS:
        raise SelectionError(f"There is no method {name!r}: there is {one_of(METHODS)}.")
    method: Method = import_module(f"{__name__}.{wanted.replace('-', '_')}").METHOD
    return method
