"""The adverse-event log, and who had which event: incidence by body system and term."""

from __future__ import annotations

import numpy as np
import polars as pl

from tui.analyses.answer import Answer, MethodStatement, Question
from tui.analyses.context import arm_headers, header, number
from tui.analyses.rows.events import EventRow, IncidenceRow
from tui.queries import events
from tui.queries.events import Events
from tui.study.model import Study

_LOG = (
    "subject", "arm", "day", "end_day", "term", "system", "severity", "serious", "related",
    "outcome", "emergent", "origin",
)  # fmt: skip


def log(study: Study, question: Question) -> Answer:
    """Every event of the selection, by day of onset."""
    found = events.build(study, question.selection, emergent="all")
    labels = {position: arm.label for position, arm in enumerate(found.people.arms)}
    rows = found.frame.with_columns(
        pl.col("arm").replace_strict(labels, return_dtype=pl.String)
    ).select(_LOG)
    return Answer(
        question=question,
        study=header(study),
        title="Adverse events by day of onset",
        selection=found.selection,
        arms=arm_headers(found.people),
        rows=tuple(EventRow(*row) for row in rows.rows()),
        funnel=found.funnel,
        notes=(*found.notes, *_meanings(study, found)),
    )


def _meanings(study: Study, found: Events) -> list[str]:
    """What the coded values in the log mean, where define.xml says so; they stay as delivered."""
    said: list[str] = []
    if study.events is None or study.events.defined is None:
        return said
    for name, sources in events.CODED.items():
        column = study.events.first(*sources)
        decodes = study.events.decodes(column) if column else {}
        there = found.frame[name].drop_nulls().str.strip_suffix(".0").unique().sort().to_list()
        if pairs := ", ".join(f"{one} is {decodes[one]}" for one in there if one in decodes):
            said.append(f"{column}: {pairs} ({study.events.defined.source}).")
    return said


def incidence(study: Study, question: Question) -> Answer:
    """Subjects with an event: any, by body system, by term; most frequent first."""
    found = events.build(study, question.selection, emergent="yes")
    alpha = found.selection.level
    groups, subjects, counts = _counts(found)
    return Answer(
        question=question,
        study=header(study),
        title="Subjects with an adverse event by body system and term",
        selection=found.selection.changed(alpha=alpha),
        arms=arm_headers(found.people),
        rows=_compared(found, groups, subjects, counts, alpha),
        funnel=found.funnel,
        method=MethodStatement(
            id="fisher",
            name="Fisher's exact test, two-sided",
            formula="risk difference, arm minus reference, with Newcombe's interval",
            variance="score (Newcombe 1998, method 10)",
            multiplicity="none",
            settings=f"{100 * (1 - alpha):g} % intervals; percent of N in the population",
            source="Fisher 1935; Newcombe 1998, Stat Med 17:873; SAS PROC FREQ",
        ),
        notes=found.notes,
    )


def _counts(
    found: Events,
) -> tuple[list[tuple[str | None, str | None]], np.ndarray, np.ndarray]:
    """Groups (system, term), with subjects and events of each in each arm: (groups, arms)."""
    arms = len(found.people.arms)
    frame = found.frame.with_columns(
        pl.col("system").fill_null("(not coded)"), pl.col("term").fill_null("(not coded)")
    )
    totals: dict[tuple[str | None, str | None], np.ndarray] = {(None, None): np.zeros((2, arms))}
    for keys in ([], ["system"], ["system", "term"]):
        counted = frame.group_by([*keys, "arm"]).agg(pl.col("subject").n_unique(), pl.len())
        for *names, arm, subjects, rows in counted.rows():
            system, term = (*names, None, None)[:2]
            cell = totals.setdefault((system, term), np.zeros((2, arms)))
            cell[:, arm] = subjects, rows
    order = sorted(totals, key=lambda group: _place(group, totals))
    stacked = np.stack([totals[group] for group in order]).astype(np.int64)
    return order, stacked[:, 0], stacked[:, 1]


def _place(
    group: tuple[str | None, str | None], totals: dict[tuple[str | None, str | None], np.ndarray]
) -> tuple[float, str, float, str]:
    """Any event first; then systems, and terms within each, by subjects and by name."""
    system, term = group
    in_system = totals[system, None][0].sum() if system else np.inf
    in_term = totals[group][0].sum() if term else np.inf
    return (-in_system, system or "", -in_term, term or "")


def _compared(
    found: Events,
    groups: list[tuple[str | None, str | None]],
    subjects: np.ndarray,
    counts: np.ndarray,
    alpha: float,
) -> tuple[IncidenceRow, ...]:
    """Rows with the comparison against the reference, all of them in one stacked call."""
    from tui.stats.proportions import fisher_p, newcombe

    totals = np.array(found.people.totals)
    reference = found.people.arms.index(found.people.reference)
    control = subjects[:, [reference]], totals[reference]
    interval = newcombe(subjects, totals, *control, alpha)
    p = fisher_p(subjects, totals, *control)
    rows = []
    for group, (system, term) in enumerate(groups):
        for position, arm in enumerate(found.people.arms):
            n, total = int(subjects[group, position]), int(totals[position])
            cell = (group, position)
            other = position != reference
            rows.append(
                IncidenceRow(
                    system=system,
                    term=term,
                    arm=arm.label,
                    n=n,
                    N=total,
                    percent=100 * n / total if total else None,
                    events=int(counts[cell]),
                    difference=number(interval.estimate[cell]) if other else None,
                    difference_lower=number(interval.lower[cell]) if other else None,
                    difference_upper=number(interval.upper[cell]) if other else None,
                    p=number(p[cell]) if other else None,
                )
            )
    return tuple(rows)
