"""The times of an endpoint to its event or its censoring: one a subject, with the funnel."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tui.errors import SelectionError, one_of
from tui.queries import match, population
from tui.queries.endpoint import Columns, read
from tui.queries.funnel import Funnel, FunnelStep
from tui.queries.population import Subjects
from tui.queries.record_rules import ALL, AUTO
from tui.queries.units import decimals
from tui.selection import FIELDS, Selection
from tui.study.model import Endpoint, Study

_COLUMNS = Columns(
    numbers={"value": "AVAL", "censored": "CNSR"},
    texts={"unit": "AVALU"},
    coded={"planned": "TRTP", "actual": "TRTA"},
)
_CHOOSES = "ANL01FL"

USED = (
    *("endpoint", "arms", "reference", "population", "records", "arm", "where"),
    *("covariates", "alpha", "adjust", "strata"),
)
"""The fields of a selection that times to an event look at."""


@dataclass(frozen=True)
class Times:
    """The times of an analysis, one a subject.

    Attributes:
        endpoint: The endpoint they belong to.
        unit: What they are in; empty where the study does not say.
        decimals: Decimals of the times as delivered.
        selection: The selection in force; a field that is not looked at is None.
        people: The subjects in force, with the arms.
        frame: `subject`, `arm` (position in the arms), `time`, `event`, by arm, time, subject.
        funnel: What was kept by each rule.
        notes: What was chosen or not delivered, in words.
    """

    endpoint: Endpoint
    unit: str
    decimals: int
    selection: Selection
    people: Subjects
    frame: pl.DataFrame
    funnel: tuple[FunnelStep, ...]
    notes: tuple[str, ...]

    @property
    def title(self) -> str:
        """The endpoint with the unit, where there is one."""
        return f"{self.endpoint.label} ({self.unit})" if self.unit else self.endpoint.label


def build(study: Study, selection: Selection) -> Times:
    """The times that a selection speaks of.

    Raises:
        SelectionError: when the selection names something that the study does not have.
    """
    endpoint, note = match.time_to_event(study, selection.endpoint)
    rows = read(endpoint, _COLUMNS)
    people = population.subjects(study, selection, endpoint.dataset)
    unit, unit_note = _unit(endpoint, rows)
    funnel = population.of_endpoint(study, endpoint, rows, people)
    notes = [
        *filter(None, [note]),
        *endpoint.dataset.derivations,
        *people.notes,
        unit_note,
    ]
    flag = _record_flag(funnel, selection, notes)
    _keep_known(funnel)
    _one_each(funnel)
    return Times(
        endpoint=endpoint,
        unit=unit,
        decimals=decimals(funnel.frame["value"], endpoint),
        selection=_in_force(selection, people, notes).changed(
            endpoint=endpoint.key, records=flag or ALL
        ),
        people=people,
        frame=funnel.frame.select(
            "subject", "arm", time="value", event=pl.col("censored") == 0
        ).sort("arm", "time", "subject"),
        funnel=tuple(funnel.steps),
        notes=tuple(notes),
    )


def _unit(endpoint: Endpoint, rows: pl.DataFrame) -> tuple[str, str]:
    """The unit in the brackets of PARAM, else in AVALU; and what is known of it."""
    if endpoint.unit:
        return endpoint.unit, f"Times are in {endpoint.unit}, as PARAM or study.toml says."
    said = rows["unit"].drop_nulls().unique().to_list()
    if len(said) == 1:
        return str(said[0]), f"Times are in {said[0]}, as AVALU says."
    return "", (
        f"{endpoint.dataset.name} does not say what the times are in (days, weeks, months): they "
        "are those of AVAL."
    )


def _record_flag(funnel: Funnel, selection: Selection, notes: list[str]) -> str | None:
    """The record flag in force. `auto` takes ANL01FL where a subject has several records."""
    wanted = (selection.records or AUTO).upper()
    flags = [name for name in funnel.frame.columns if name.endswith("FL")]
    if wanted == ALL.upper():
        return None
    if wanted == AUTO.upper():
        several = funnel.frame["subject"].is_duplicated().any()
        if not several or _CHOOSES not in flags:
            return None
        wanted = _CHOOSES
        notes.append(f"Records: {_CHOOSES} = Y, because subjects have several.")
    if wanted not in flags:
        raise SelectionError(
            f"There is no record flag {wanted}: there is {one_of([AUTO, ALL, *flags], 20)}."
        )
    funnel.keep(f"{wanted} = Y", pl.col(wanted))
    return wanted


def _keep_known(funnel: Funnel) -> None:
    """A record without a time, or of which it is not known how it ended, tells nothing."""
    funnel.keep("AVAL present", pl.col("value").is_not_null(), always=False)
    funnel.keep(
        "AVAL finite and not negative",
        pl.col("value").is_finite() & (pl.col("value") >= 0),
        always=False,
    )
    funnel.keep("CNSR present, 0 (event) or above (censored)", pl.col("censored") >= 0)


def _one_each(funnel: Funnel) -> None:
    """One record a subject: the earliest, and of those at one time the event."""
    if not funnel.frame["subject"].is_duplicated().any():
        return
    chosen = (
        funnel.frame.sort("value", "censored", "row")
        .unique("subject", keep="first", maintain_order=True)["row"]
        .implode()
    )
    rule = "one record a subject: the earliest, an event before a censoring"
    funnel.keep(rule, pl.col("row").is_in(chosen))


def _in_force(selection: Selection, people: Subjects, notes: list[str]) -> Selection:
    """The selection with the subjects in force, and without what has no meaning here."""
    unused = [name for name in FIELDS if name not in USED and getattr(selection, name) is not None]
    if unused:
        notes.append(f"Not looked at by an analysis of times to an event: {', '.join(unused)}.")
    return selection.changed(
        **dict.fromkeys(unused),
        arms=tuple(arm.label for arm in people.arms),
        reference=people.reference.label,
        population=people.population,
        arm=people.arm_kind,
    )
