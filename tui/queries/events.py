"""The adverse events of the subjects in force, under names that do not depend on the dialect."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tui.errors import SelectionError, one_of
from tui.queries import population
from tui.queries.funnel import Funnel, FunnelStep
from tui.queries.population import Subjects
from tui.selection import Selection, check_length
from tui.study import files, roles
from tui.study.model import Dataset, Study

_UNRELATED = ("N", "NO", "NONE", "NOT", "UNLIKELY", "REMOTE", "UNRELATED")
"""First words of AEREL that say no; every other word says yes, a missing one neither."""


CODED = {
    "severity": ("AESEV", "ASEV", "AETOXGR"),
    "serious": ("AESER",),
    "related": ("AEREL", "AREL"),
    "outcome": ("AEOUT",),
}
"""Columns of the log whose values may be codes, and what they are called in the data."""


@dataclass(frozen=True)
class Events:
    """Adverse events.

    Attributes:
        people: The subjects in force.
        frame: `subject`, `arm` (position in the arms), `day`, `end_day`, `term`, `system`,
            `severity`, `serious`, `related`, `outcome`, `emergent`, `origin`, by day.
        selection: The selection in force.
        funnel: What was kept by each rule.
        notes: What was derived or chosen, in words.
    """

    people: Subjects
    frame: pl.DataFrame
    selection: Selection
    funnel: tuple[FunnelStep, ...]
    notes: tuple[str, ...]


def build(study: Study, selection: Selection, emergent: str) -> Events:
    """The events that a selection speaks of.

    Args:
        study: The study.
        selection: The selection.
        emergent: Which events count where the selection does not say: `yes`, `no` or `all`.
    """
    dataset = study.events
    if dataset is None:
        raise SelectionError(
            f"{study.id} has no adverse events: no dataset with AEDECOD or AETERM."
        )
    people = population.subjects(study, selection, dataset, safety=True)
    chosen = selection.changed(
        arms=tuple(arm.label for arm in people.arms),
        reference=people.reference.label,
        population=people.population,
        arm=people.arm_kind,
        emergent=selection.emergent or emergent,
    )
    frame, notes = _read(dataset, people)
    funnel = Funnel(frame, f"events in {dataset.name}")
    population.keep_subjects(funnel, study, people)
    _filter(funnel, chosen)
    rows = funnel.frame.sort("day", "subject", "row", nulls_last=True)
    said = (*people.notes, *dataset.derivations, *notes)
    return Events(people, rows, chosen, tuple(funnel.steps), said)


def _read(dataset: Dataset, people: Subjects) -> tuple[pl.DataFrame, tuple[str, ...]]:
    def text(name: str, *sources: str) -> pl.Expr:
        source = dataset.first(*sources)
        column = pl.col(source) if source else pl.lit(None, pl.String)
        return column.cast(pl.String).str.strip_chars().replace("", None).alias(name)

    def day(name: str, *sources: str) -> pl.Expr:
        source = dataset.first(*sources)
        column = pl.col(source) if source else pl.lit(None, pl.Float64)
        return column.cast(pl.Float64, strict=False).alias(name)

    frame = files.collect(
        dataset,
        files.scan(dataset, number="row").select(
            "row",
            text("subject", roles.SUBJECT),
            day("day", "ASTDY", "AESTDY"),
            day("end_day", "AENDY", "AEENDY"),
            text("term", *roles.TERM),
            text("verbatim", "AETERM"),
            text("system", *roles.SYSTEM),
            *(text(name, *sources) for name, sources in CODED.items()),
            text("origin", "ORIGIN"),
            text("emergent_flag", "TRTEMFL"),
            text("planned", "TRTP"),
            text("actual", "TRTA"),
        ),
    )
    frame, notes = _uncoded(dataset, frame)
    own = {"planned": "TRTP", "actual": "TRTA"}[people.arm_kind]
    frame = population.with_arm(frame, people, people.arm_kind if dataset.has(own) else None)
    if dataset.has("TRTEMFL"):
        emergent = pl.col("emergent_flag").eq("Y").fill_null(False)
        return frame.with_columns(emergent=emergent), notes
    derived = pl.col("day").is_null() | (pl.col("day") >= 1)
    note = (
        f"{dataset.name} has no TRTEMFL: treatment-emergent is derived, an onset on study day 1 "
        "or later, or on an unknown day."
    )
    return frame.with_columns(emergent=derived), (*notes, note)


def _uncoded(dataset: Dataset, frame: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """An event that the dictionary has not coded yet goes by the words of the report."""
    missing = frame.filter(pl.col("term").is_null() & pl.col("verbatim").is_not_null()).height
    frame = frame.with_columns(term=pl.coalesce("term", "verbatim"))
    if not missing:
        return frame, ()
    said = "1 event has" if missing == 1 else f"{missing} events have"
    return frame, (f"{said} no AEDECOD in {dataset.name}: AETERM stands for it.",)


def _filter(funnel: Funnel, chosen: Selection) -> None:
    """The filters of the log; each one in force shows in the funnel."""
    if chosen.emergent != "all":
        wanted = chosen.emergent == "yes"
        name = "treatment-emergent" if wanted else "not treatment-emergent"
        funnel.keep(name, pl.col("emergent") == wanted)
    if chosen.text:
        check_length("text", chosen.text)  # a filter is pasted; polars' search has its own bound
        text = chosen.text.lower()
        found = pl.concat_str("term", "system", "subject", separator="\n", ignore_nulls=True)
        funnel.keep(
            f"text {chosen.text!r}", found.str.to_lowercase().str.contains(text, literal=True)
        )
    if chosen.severity:
        wanted_texts = [one.strip().upper() for one in chosen.severity.split(",")]
        there = funnel.frame["severity"].drop_nulls().str.to_uppercase().unique().sort().to_list()
        for one in wanted_texts:
            if one not in there and one not in ("MILD", "MODERATE", "SEVERE"):
                raise SelectionError(f"There is no severity {one!r}: there is {one_of(there)}.")
        funnel.keep(
            f"severity {', '.join(wanted_texts)}",
            pl.col("severity").str.to_uppercase().is_in(wanted_texts),
        )
    if chosen.serious:
        yes = pl.col("serious").str.to_uppercase() == "Y"
        funnel.keep(f"serious {chosen.serious}", yes if chosen.serious == "yes" else ~yes)
    if chosen.related:
        first_word = pl.col("related").str.to_uppercase().str.extract(r"^(\w+)")
        unrelated = first_word.is_in(_UNRELATED)
        condition = ~unrelated if chosen.related == "yes" else unrelated
        funnel.keep(f"related {chosen.related} (AEREL)", condition)
    if chosen.days:
        first, last = chosen.days
        funnel.keep(f"onset on day {first:g} to {last:g}", pl.col("day").is_between(first, last))
