"""The pictures of an answer, as lines of text."""

from __future__ import annotations

from importlib import import_module

from tui.analyses.answer import Answer

_PICTURES = {
    "trends": "trends.trends",
    "subgroups": "forests.subgroups",
    "sensitivity": "forests.sensitivity",
    "power": "forests.power",
    "survival": "curves.survival",
}
"""The function that draws a kind of answer, in a module that is loaded for the first one."""


def pictures(answer: Answer, width: int, ascii_only: bool) -> list[list[str]]:
    """The pictures that stand above an answer's tables; most answers have none."""
    if answer.question.kind not in _PICTURES:
        return []
    module, name = _PICTURES[answer.question.kind].split(".")
    drawn: list[list[str]] = getattr(import_module(f"tui.report.{module}"), name)(
        answer, width, ascii_only
    )
    return drawn
