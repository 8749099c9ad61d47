"""What a screen reader is told in one line: where one is, what has changed, how much there is."""

from __future__ import annotations

from collections.abc import Sequence

from tui.analyses.answer import Answer
from tui.report import provenance
from tui.selection import Selection, show

HELP = (
    "Type a word and press Enter. Each change is said in one line.",
    "visits, arms, trends, events, incidence: go to a pane, and print it.",
    "next, previous: the next pane, or the one before.",
    "study, baseline, tests, responders, power and others: a page.",
    "read, or Enter alone: print the pane or page again.",
    "row 3: a row in words. down, up: the next row, or the one before.",
    "find TEXT: the next row with this text.",
    "open: what is behind the row. close: back.",
    "details: method, counts of rows kept, and notes of the pane.",
    "here: where one is, and the selection.",
    "endpoint GLUC, where AGE>=65, visits 8,12: a field and its value change the selection.",
    "reset where: takes a choice back. reset: takes all back. undo: the last change.",
    "subject ID: a subject. back, forward: the view before, and after.",
    "export FILE: write the pane to a file. copy: the command that prints it.",
    "record FILE: write what is done from there on as a script. record alone ends it.",
    "reload: read the data anew. quit, or Ctrl+D: leave.",
)


def opening(pane: str, answer: Answer) -> list[str]:
    """The study, that it is a reconstruction, and where one is."""
    said = [provenance.study_line(answer), provenance.warning(answer), place(pane, answer)]
    return [*filter(None, said), "help lists the words; read, or Enter alone, prints the pane."]


def place(name: str, answer: Answer) -> str:
    """A pane or page, and what it shows."""
    return f"{name.capitalize()}: {_title(answer)}. {_summary(answer)}."


def changes(names: Sequence[str], selection: Selection, answer: Answer) -> str:
    """Every choice that has changed, and how much is looked at now.

    Args:
        names: The fields of the selection.
        selection: What was chosen; None leaves it to the study.
        answer: Of the visits or events under it.
    """
    parts = []
    for name in names:
        value, in_force = getattr(selection, name), getattr(answer.selection, name)
        if name == "endpoint":
            parts.append(f"Endpoint: {_title(answer)}")
        elif value is not None:
            parts.append(f"{name.capitalize()}: {show(value)}")
        elif in_force is not None:
            parts.append(f"{name.capitalize()}: {show(in_force)}, as the study has it")
        else:
            parts.append(f"{name.capitalize()}: none")
    return f"{'. '.join(parts)}. {_summary(answer)}."


def _title(answer: Answer) -> str:
    return answer.title.removesuffix(" by visit and arm")


def _summary(answer: Answer) -> str:
    """How much there is, in a few words."""
    arms = _count(len(answer.arms), "arm")
    kind = answer.question.kind
    if kind == "visits":
        visits = len({row.visit_number for row in answer.rows})
        people = sum(arm.n for arm in answer.arms)
        return f"{_count(visits, 'visit')}, {arms}, {_count(people, 'subject')}"
    if kind == "events":
        kept = answer.funnel[-1]
        return f"{_count(kept.rows, 'event')} in {_count(kept.subjects, 'subject')}, {arms}"
    return arms


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
