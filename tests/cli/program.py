"""Asking the program, and being refused by it."""

from __future__ import annotations

import re

from tui.analyses.session import KINDS

QUESTIONS = {kind: [] for kind in KINDS if kind != "survival"} | {
    "subject": ["--subject", "01-001"],
    "responders": ["--responder", "change<=-0.5"],
}
"""What the built-in study answers: it has no time to an event."""
ARMS = ["Placebo", "0.3 M/kg", "1.0 M/kg", "2.0 M/kg"]


def show(program, *arguments, **environ):
    """What `show` prints, if all is well."""
    run = program("show", *arguments, **environ)
    assert (run.status, run.err) == (0, "")
    return run


def refusal(program, *arguments):
    """The one sentence with which the command refuses; nothing else is printed."""
    run = program("show", *arguments)
    assert run.status == 2
    assert run.out == ""
    assert re.fullmatch(r"trialdeck: [^\n]+\.\n", run.err), run.err
    return run.err.removeprefix("trialdeck: ").strip()
