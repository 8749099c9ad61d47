"""From the rows of an endpoint to the records of an analysis, with a funnel of what was left out.

`build` applies the rules in their order; each that is in force shows in the funnel, whether or not
it drops a row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from tui.queries import match, population, record_rules, summaries, units
from tui.queries.endpoint import EndpointRows
from tui.queries.funnel import FunnelStep
from tui.queries.population import Subjects
from tui.queries.record_rules import ALL, Visit
from tui.queries.summaries import Figures
from tui.selection import Selection
from tui.study.model import Arm, Dataset, Endpoint, Study


@dataclass(frozen=True)
class Records:
    """The records of an analysis, one a subject and visit.

    Attributes:
        endpoint: The endpoint they belong to.
        unit: The unit its values are in.
        selection: The selection in force: nothing that was chosen for the user is None.
        people: The subjects in force, with the arms.
        visits: The visits on the time axis that have a record.
        rows: `subject`, `arm` (position in the arms), `visit` (position in the visits),
            `value`, `base`, `change`, `baseline`, `imputed`, `day`, `origin`, `row`, by subject.
        funnel: What was kept by each rule.
        notes: The choices that were made, in words.
        decimals: Decimals of the values, at most 3.
        has_base: Whether the dataset has a baseline.
        has_visits: Whether the visits are AVISITN as delivered.
    """

    endpoint: Endpoint
    unit: str
    selection: Selection
    people: Subjects
    visits: tuple[Visit, ...]
    rows: pl.DataFrame
    funnel: tuple[FunnelStep, ...]
    notes: tuple[str, ...]
    decimals: int
    has_base: bool
    has_visits: bool

    @property
    def title(self) -> str:
        """The endpoint with the unit in force."""
        return f"{self.endpoint.label} ({self.unit})" if self.unit else self.endpoint.label

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The arms in the analysis."""
        return self.people.arms

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The rows by visit, arm and subject: a fixed order, so that no sum depends on the file's.

        Made when it is asked for: with 2.5 million rows it takes 0.3 s, and what describes the
        groups does without it. To group so many takes a quarter of what sorting them takes.
        """
        group = pl.col("visit").cast(pl.Int64) * len(self.arms) + pl.col("arm")
        places = pl.int_range(pl.len(), dtype=pl.get_index_type()).alias("places")
        groups = self.rows.select(group.alias("group"), places).group_by("group").agg("places")
        order = groups.sort("group")["places"].explode()
        # A column after the other, each in one piece, or it takes five times as long; and none that
        # has nothing to be ordered.
        return pl.DataFrame(
            [
                one if one.null_count() == len(one) else one.rechunk().gather(order)
                for one in self.rows
            ]
        )

    @cached_property
    def figures(self) -> list[Figures]:
        """Those that describe the value and (`change_...`) the change, in the order visit, arm.

        Found once: the first table, the whole one and the trends show them.
        """
        shape = {"visit": len(self.visits), "arm": len(self.arms)}
        return summaries.cells(self.rows, {"value": "", "change": "change_"}, shape)


def build(
    study: Study,
    selection: Selection,
    load: Callable[[Endpoint], EndpointRows],
    subjects: Callable[[Study, Selection, Dataset], Subjects] = population.subjects,
) -> Records:
    """The records that a selection speaks of.

    Args:
        study: The study.
        selection: The selection.
        load: Reads an endpoint's rows, or remembers them.
        subjects: Finds the subjects for a dataset, or remembers them.

    Raises:
        SelectionError: when the selection names something that the study does not have.
    """
    endpoint, note = match.endpoint(study, selection.endpoint)
    source = load(endpoint)
    people = subjects(study, selection, endpoint.dataset)
    notes = [*filter(None, [note]), *source.notes, *people.notes]
    funnel = population.of_endpoint(study, endpoint, source.frame, people)
    timepoint = record_rules.timepoint(funnel, selection, notes)
    basetype = record_rules.basetype(funnel, selection, notes)
    funnel.keep("scheduled visit (AVISIT present)", pl.col("visit").is_not_null(), always=False)
    funnel.frame = record_rules.with_cells(funnel.frame, source.visits)
    flag = record_rules.record_flag(funnel, selection, source.frame, notes)
    visits = record_rules.visits(funnel, selection, source.visits, notes)
    imputed = record_rules.imputed(funnel, selection, notes)
    funnel.keep("AVAL present", pl.col("value").is_not_null(), always=False)
    record_rules.one_each(funnel)
    value = _value(selection, source, endpoint, notes)
    frame, unit = units.in_unit(funnel.frame, endpoint, selection)
    return Records(
        endpoint=endpoint,
        unit=unit,
        selection=selection.changed(
            endpoint=endpoint.key,
            arms=tuple(arm.label for arm in people.arms),
            reference=people.reference.label,
            population=people.population,
            records=flag or ALL,
            arm=people.arm_kind,
            timepoint=timepoint,
            basetype=basetype,
            imputed=imputed,
            visits=tuple(visit.number for visit in visits) or None,
            value=value,
            unit=unit or None,
        ),
        people=people,
        visits=visits,
        rows=_placed(frame, source.visits, visits),
        funnel=tuple(funnel.steps),
        notes=tuple(notes),
        decimals=units.decimals(frame["value"], endpoint) if unit == endpoint.unit else unit == "%",
        has_base=source.has_base,
        has_visits=source.has_visits,
    )


def _value(selection: Selection, source: EndpointRows, endpoint: Endpoint, notes: list[str]) -> str:
    if selection.value:
        return selection.value
    if source.has_change:
        return "CHG"
    notes.append(f"{endpoint.dataset.name} has no change from baseline: values are compared.")
    return "AVAL"


def _placed(frame: pl.DataFrame, all_visits: pl.Series, visits: tuple[Visit, ...]) -> pl.DataFrame:
    """Visits by position, rows by subject: ADaM has them so, and then nothing is to be sorted.

    The rows stay in the pieces in which they were read: to put 2.5 million together takes 30 ms.
    """
    if not frame["place"].is_sorted():
        frame = frame.sort("place")
    numbers = pl.Series([visit.number for visit in visits], dtype=pl.Float64)
    positions = pl.Series("visit", numbers.search_sorted(all_visits), pl.Int32)
    return frame.select_seq(
        "subject",
        "arm",
        positions.gather(frame["column"]),
        "value",
        "base",
        "change",
        "baseline",
        "imputed",
        "day",
        "origin",
        "row",
    )
