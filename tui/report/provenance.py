"""What stands beside every figure, in words: study, selection, funnel, method, notes."""

from __future__ import annotations

from tui import __version__
from tui.analyses.answer import Answer

RECONSTRUCTION = "RECONSTRUCTION"


def study_line(answer: Answer) -> str:
    """The study, and whether its data are a reconstruction."""
    study = answer.study
    parts = [study.id, study.title if study.title != study.id else ""]
    return "  ".join(part for part in parts if part)


def warning(answer: Answer) -> str:
    """What has to be said wherever a reconstruction is shown; empty for a real study."""
    if not answer.study.reconstruction:
        return ""
    said = answer.study.statement or "these are not subject-level data of the trial."
    body = said.removeprefix("Reconstruction:").strip()
    return f"{RECONSTRUCTION}: {body}"


def in_force(answer: Answer) -> str:
    """The choices in force, short enough to stand above a table."""
    chosen = answer.selection
    people = sum(arm.n for arm in answer.arms)
    parts = [f"population {chosen.population} (N={people})", f"{chosen.arm} arms"]
    reference = next((arm.label for arm in answer.arms if arm.is_reference), None)
    if reference and len(answer.arms) > 1:
        parts.append(f"reference {reference}")
    if chosen.records:
        parts.append(f"records {chosen.records}")
    if chosen.timepoint:
        parts.append(f"time point {chosen.timepoint}")
    if chosen.basetype:
        parts.append(f"BASETYPE {chosen.basetype}")
    if chosen.where:
        parts.append(f"where {chosen.where}")
    return ", ".join(parts)


def method_lines(answer: Answer) -> list[tuple[str, str]]:
    """The method, each part with its name; a part that does not apply is left out."""
    method = answer.method
    named = [
        ("Method", f"{method.name}: {method.formula}" if method.formula else method.name),
        ("Weights", method.weights),
        ("Variance", method.variance),
        ("df", method.df),
        ("Multiplicity", method.multiplicity),
        ("Settings", method.settings),
        ("Source", method.source),
    ]
    return [(name, text) for name, text in named if text]


def funnel_rows(answer: Answer) -> list[tuple[str, str, str, str]]:
    """Rows and subjects kept by each rule, and the rows it dropped."""
    rows = []
    before = None
    for step in answer.funnel:
        dropped = "" if before is None else str(before - step.rows)
        rows.append((str(step.rows), dropped, str(step.subjects), step.step))
        before = step.rows
    return rows


FUNNEL = ("Rows", "Dropped", "Subjects", "Rule")
"""The headings of `funnel_rows`."""


def lines(answer: Answer) -> list[tuple[str, str]]:
    """What stands below the tables of a file, each part with its name; the funnel is a table."""
    return [
        *method_lines(answer),
        *(("Note", note) for note in answer.notes),
        ("Selection", str(answer.selection)),
        (
            "Program",
            f"trialdeck {__version__}, show {answer.question.kind}, of {answer.study.source}",
        ),
    ]
