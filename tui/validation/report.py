"""The outcome as text, Markdown or JSON: the evidence that goes into a validation file."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from tui.report import markdown, text
from tui.report.table import Column, Table
from tui.validation.environment import environment
from tui.validation.figures import Case, Figure
from tui.validation.suite import Outcome, Validation

TITLE = "trialdeck validate: computed on this machine against reference figures"

READING = (
    "Digits: significant digits that agree, of those published (log relative error, McCullough "
    "1998, Am Stat 52:358). A case shows the fewest, of a figure that lacks some if there is one.",
    "Of limit: distance from the published figure as a part of the one allowed; a case shows the "
    "figure that comes nearest its limit.",
    "Limits: the printed digits of published figures; 1e-6 relative for closed forms computed "
    "with R; for the MMRM 1e-4 for estimates and standard errors (1.5e-4 for SAS's, 3e-4 for "
    "those of R's mmrm, which stop short of the optimum), 0.5 % for degrees of freedom and p, "
    "0.001 of the SE for R's interval limits; 0.001 for Dunnett's p. JSON, Markdown and --all "
    "give the limit of every figure.",
    "Cases on the two studies start from the files: they are read, records selected and figures "
    "computed as `trialdeck show` does it; what no table prints is computed from the same records. "
    "Published examples go to the statistics directly.",
    "MSB-DM003 was reconstructed to agree with its published figures: those cases show that this "
    "installation reads and reproduces them, not that a method is right. The other cases do that.",
)

_CASES = (
    Column("number", "#"),
    Column("statistic", "Statistic", "left"),
    Column("case", "Case", "left"),
    Column("source", "Source", "left"),
    Column("figures", "Figures"),
    Column("digits", "Digits"),
    Column("result", "Result", "left"),
    Column("worst", "Figure nearest its limit", "left"),
    Column("published", "Published"),
    Column("computed", "Computed"),
    Column("of_limit", "Of limit"),
)
_STACKED = (_CASES[:7], (_CASES[0], *_CASES[7:]))
"""The columns of the two tables that the text has in place of one of 180 columns."""
_FIGURES = (
    Column("figure", "Figure", "left"),
    Column("published", "Published"),
    Column("computed", "Computed"),
    Column("digits", "Digits"),
    Column("limit", "Limit", "left"),
    Column("of_limit", "Of limit"),
    Column("result", "Result", "left"),
)


def verdict(outcome: Validation) -> str:
    """The result in a sentence or two."""
    ran = len(outcome.outcomes)
    if outcome.passed:
        said = f"PASS: all {outcome.figures} figures of {ran} cases agree."
    else:
        failed = sum(not one.passed for one in outcome.outcomes)
        said = (
            f"FAIL: {failed} of {ran} cases; {outcome.differing} of {outcome.figures} figures "
            "differ."
        )
    if outcome.not_run:
        needs = ", ".join(sorted({case.needs for case in outcome.not_run}))
        said += f" {len(outcome.not_run)} cases were not run: they need {needs}."
    return said


def as_text(outcome: Validation, every_figure: bool = False) -> str:
    """For reading: a line a case, or every figure."""
    lines = [TITLE, ""]
    lines += [f"{name + ':':<20}{value}" for name, value in environment().items()]
    sources = _sources(outcome)
    if every_figure:
        for one in outcome.outcomes:
            lines += ["", *text.wrap(_heading(one.case)), *text.wrap(f"Source: {one.case.source}")]
            lines += [f"FAIL: {one.error}"] if one.error else text.table_lines(_figures(one))
    else:
        for columns in _STACKED:
            lines += ["", *text.table_lines(_only(_cases(outcome, sources), columns))]
        lines += [""]
        for source, number in sources.items():
            lines += text.wrap(f"{number:>4} {source}", " " * 5)
    if outcome.not_run:
        lines += ["", "Not run:"]
        lines += [_not_run(case) for case in outcome.not_run]
    lines += [""]
    for sentence in READING:
        lines += text.wrap(f"- {sentence}", "  ")
    lines += ["", *text.wrap(verdict(outcome))]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def as_markdown(outcome: Validation, _every_figure: bool = True) -> str:
    """For a document: the environment, the cases, then every figure."""
    sources = _sources(outcome)
    named = [f"- {name}: {markdown.escaped(value)}" for name, value in environment().items()]
    parts = [f"# {TITLE}", f"**{markdown.escaped(verdict(outcome))}**", "\n".join(named)]
    parts += ["## Cases", markdown.table_text(_cases(outcome, sources))]
    parts.append(
        "\n".join(f"- {number} {markdown.escaped(name)}" for name, number in sources.items())
    )
    if outcome.not_run:
        parts.append("## Not run")
        parts.append("\n".join(f"- {markdown.escaped(_not_run(case))}" for case in outcome.not_run))
    parts += ["## How to read it", "\n".join(f"- {markdown.escaped(one)}" for one in READING)]
    parts.append("## Figures")
    for one in outcome.outcomes:
        parts.append(f"### {markdown.escaped(_heading(one.case))}")
        parts.append(f"Source: {markdown.escaped(one.case.source)}")
        parts.append(
            markdown.escaped(one.error) if one.error else markdown.table_text(_figures(one))
        )
    return "\n\n".join(parts) + "\n"


def as_json(outcome: Validation, _every_figure: bool = True) -> str:
    """For programs: everything, unrounded; published figures as they are printed."""
    content = {
        "passed": outcome.passed,
        "verdict": verdict(outcome),
        "environment": environment(),
        "cases": [
            {
                **_named(one.case),
                "passed": one.passed,
                "error": one.error or None,
                "figures": [_fields(figure) for figure in one.figures],
            }
            for one in outcome.outcomes
        ],
        "not_run": [{**_named(case), "needs": case.needs} for case in outcome.not_run],
        "reading": list(READING),
    }
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


FORMATS: dict[str, Callable[[Validation, bool], str]] = {
    "text": as_text,
    "md": as_markdown,
    "json": as_json,
}
"""Every form by its name; `--all` matters to the text alone."""


def _named(case: Case) -> dict[str, str]:
    return {"statistic": case.statistic, "case": case.name, "source": case.source}


def _heading(case: Case) -> str:
    return f"{case.statistic}; {case.name}"


def _not_run(case: Case) -> str:
    return f"{_heading(case)}: not run, needs {case.needs}"


def _fields(figure: Figure) -> dict[str, Any]:
    return {
        "figure": figure.name,
        "published": figure.published,
        "computed": figure.computed if math.isfinite(figure.computed) else None,
        "digits": figure.digits,
        "digits_published": figure.printed,
        "limit": figure.limit.rule,
        "allowed": figure.limit.allowed,
        "passed": figure.agrees,
    }


def _sources(outcome: Validation) -> dict[str, str]:
    """A number for each source: the lines of a table have no room for a citation."""
    names = dict.fromkeys(one.case.source for one in outcome.outcomes)
    return {name: f"[{number}]" for number, name in enumerate(names, 1)}


def _cases(outcome: Validation, sources: dict[str, str]) -> Table:
    rows = []
    for number, one in enumerate(outcome.outcomes, 1):
        case, worst = one.case, one.worst
        shown = (worst.name, *_compared(worst)) if worst else (one.error, "", "", "")
        names = str(number), case.statistic, case.name, sources[case.source]
        counts = str(len(one.figures)), _digits(one.fewest), _result(one.passed)
        rows.append((*names, *counts, *shown))
    return Table("", _CASES, tuple(rows))


def _only(table: Table, columns: tuple[Column, ...]) -> Table:
    """Some of a table's columns."""
    places = [table.columns.index(column) for column in columns]
    rows = tuple(tuple(row[place] for place in places) for row in table.rows)
    return Table(table.title, columns, rows)


def _compared(figure: Figure) -> tuple[str, str, str]:
    return figure.published, _computed(figure), _part(figure)


def _figures(outcome: Outcome) -> Table:
    rows = []
    for figure in outcome.figures:
        published, computed, part = _compared(figure)
        digits = _digits(figure)
        limit = figure.limit.rule
        result = _result(figure.agrees)
        rows.append((figure.name, published, computed, digits, limit, part, result))
    return Table("", _FIGURES, tuple(rows))


def _result(passed: bool) -> str:
    return "pass" if passed else "FAIL"


def _digits(figure: Figure | None) -> str:
    if figure is None or figure.digits is None:
        return "-"
    return f"{figure.digits} of {figure.printed}"


def _computed(figure: Figure) -> str:
    """Two digits more than were published, at most 12: where the two part can be seen."""
    if not math.isfinite(figure.computed):
        return "n.e."
    return f"{figure.computed:.{min(max(figure.printed, 2) + 2, 12)}g}"


def _part(figure: Figure) -> str:
    """In percent; a figure beyond its limit has a factor."""
    if figure.of_limit == math.inf:
        return "-"
    if figure.of_limit > 1:
        return f"{figure.of_limit:.3g} times"
    return f"{100 * figure.of_limit:.0f}%"
