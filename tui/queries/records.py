"""From the rows of an endpoint to the records of an analysis, with a funnel of what was left out.

The rules stand in `RULES` in the order in which they are applied; each that is in force
shows in the funnel, whether or not it drops a row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from tui.errors import SelectionError, one_of
from tui.queries import match, population
from tui.queries.endpoint import EndpointRows, is_special
from tui.queries.funnel import Funnel, FunnelStep
from tui.queries.population import EVERYONE, Subjects
from tui.selection import Selection
from tui.study.model import Arm, Endpoint, Study

AUTO, ALL = "auto", "all"

CHOOSES = 0.9
"""Share of subject-visits that a record flag keeps where it chooses among a visit's records."""

IFCC_SLOPE, IFCC_INTERCEPT = 10.93, -23.5
"""IFCC (mmol/mol) = 10.93 NGSP (%) - 23.5: the IFCC/NGSP master equation."""


@dataclass(frozen=True)
class Visit:
    """A visit on the time axis."""

    number: float
    label: str


@dataclass(frozen=True)
class Records:
    """The records of an analysis, one a subject and visit.

    Attributes:
        endpoint: The endpoint they belong to.
        unit: The unit its values are in.
        selection: The selection in force: nothing that was chosen for the user is None.
        people: The subjects in force, with the arms.
        visits: The visits on the time axis that have a record.
        frame: `subject`, `arm` (position in the arms), `visit` (position in the visits),
            `value`, `base`, `change`, `baseline`, `imputed`, `day`, `origin`, `row`.
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
    frame: pl.DataFrame
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


def build(study: Study, selection: Selection, load: Callable[[Endpoint], EndpointRows]) -> Records:
    """The records that a selection speaks of.

    Args:
        study: The study.
        selection: The selection.
        load: Reads an endpoint's rows, or remembers them.

    Raises:
        SelectionError: when the selection names something that the study does not have.
    """
    endpoint, note = match.endpoint(study, selection.endpoint)
    source = load(endpoint)
    people = population.subjects(study, selection, endpoint.dataset)
    notes = [*filter(None, [note]), *source.notes, *people.notes]
    funnel = population.of_endpoint(study, endpoint, source.frame, people)
    timepoint = _timepoint(funnel, selection, notes)
    basetype = _basetype(funnel, selection, notes)
    funnel.keep("scheduled visit (AVISIT present)", pl.col("visit").is_not_null(), always=False)
    funnel.frame = _with_cells(funnel.frame)
    flag = _record_flag(funnel, selection, source.frame, notes)
    visits = _visits(funnel, selection, notes)
    imputed = _imputed(funnel, selection, notes)
    funnel.keep("AVAL present", pl.col("value").is_not_null(), always=False)
    _one_each(funnel)
    value = _value(selection, source, endpoint, notes)
    frame, unit = _in_unit(funnel.frame, endpoint, selection)
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
        frame=_placed(frame, visits, people),
        funnel=tuple(funnel.steps),
        notes=tuple(notes),
        decimals=decimals(frame["value"], endpoint) if unit == endpoint.unit else unit == "%",
        has_base=source.has_base,
        has_visits=source.has_visits,
    )


def _timepoint(funnel: Funnel, selection: Selection, notes: list[str]) -> str | None:
    """One time point within a visit: the one asked for, else the first, said so."""
    points = (
        funnel.frame.filter(pl.col("timepoint").is_not_null() & pl.col("visit").is_not_null())
        .group_by("timepoint")
        .agg(pl.col("timepoint_number").min())
        .sort("timepoint_number", "timepoint")["timepoint"]
        .to_list()
    )
    if selection.timepoint:
        chosen = _named("time point", selection.timepoint, points)
    elif len(points) > 1:
        chosen = points[0]
        notes.append(
            f"{len(points)} time points a visit: the first, {chosen}, is shown; "
            f"the others are {one_of(points[1:])}."
        )
    else:
        return None
    funnel.keep(f"time point {chosen}", pl.col("timepoint") == chosen)
    return str(chosen)


def _basetype(funnel: Funnel, selection: Selection, notes: list[str]) -> str | None:
    """One definition of baseline, where a visit's record is repeated for each of several.

    ADaM repeats a parameter's records for each BASETYPE, each with its own BASE.
    """
    kinds = (
        funnel.frame.filter(pl.col("basetype").is_not_null())
        .group_by("basetype")
        .agg(pl.len().alias("rows"), pl.col("row").min())
        .sort("rows", "row", descending=[True, False])["basetype"]
        .to_list()
    )
    if selection.basetype:
        chosen = _named("definition of baseline (BASETYPE)", selection.basetype, kinds)
    else:
        repeated = funnel.frame.filter(pl.col("visit").is_not_null()).group_by("subject", "visit")
        if len(kinds) < 2 or repeated.agg(pl.col("basetype").n_unique())["basetype"].max() == 1:
            return None
        chosen = kinds[0]
        notes.append(
            f"{len(kinds)} definitions of baseline (BASETYPE): {chosen} has the most rows and is "
            f"shown; the others are {one_of(kinds[1:])}."
        )
    funnel.keep(f"BASETYPE {chosen}", pl.col("basetype") == chosen)
    return chosen


def _named(kind: str, name: str, there: list[str]) -> str:
    """The one of these texts that is meant, by itself or by a part of it."""
    wanted = name.lower()
    found = [one for one in there if one.lower() == wanted] or [
        one for one in there if wanted in one.lower()
    ]
    if len(found) != 1:
        raise SelectionError(
            f"{name!r} is {'no' if not found else 'more than one'} {kind} of this endpoint: "
            f"there is {one_of(there) or 'none'}."
        )
    return found[0]


def _with_cells(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows with `cell`, one number a subject and visit.

    Told apart by one number and not by two columns, a text and a double, a million rows take 6 ms
    and not 65.
    """
    visits = frame["visit"].unique()
    codes = pl.int_range(len(visits), dtype=pl.Int64, eager=True)
    visit = pl.col("visit").replace_strict(visits, codes, return_dtype=pl.Int64)
    return frame.with_columns(cell=pl.col("place").cast(pl.Int64) * len(visits) + visit)


def _visits(funnel: Funnel, selection: Selection, notes: list[str]) -> tuple[Visit, ...]:
    """The visits on the time axis, or those asked for; the others are counted apart."""
    found = (
        funnel.frame.group_by("visit")
        .agg(pl.col("visit_label").drop_nulls().mode().sort().first().alias("label"), pl.len())
        .sort("visit")
        .rows()
    )
    there = {number: Visit(number, label or f"Visit {number:g}") for number, label, _ in found}
    if selection.visits:
        missing = [number for number in selection.visits if number not in there]
        if missing:
            raise SelectionError(
                f"There is no visit {missing[0]:g}: there is "
                f"{one_of([f'{one:g}' for one in there], 40)}."
            )
        chosen = sorted(set(selection.visits))
        funnel.keep(
            f"visits {', '.join(f'{one:g}' for one in chosen)}", pl.col("visit").is_in(chosen)
        )
        return tuple(there[number] for number in chosen)
    apart = [(number, label, rows) for number, label, rows in found if is_special(number, label)]
    if apart:
        named = "; ".join(
            f"{label or 'Visit'} (AVISITN {number:g}, {rows} rows)" for number, label, rows in apart
        )
        has, it = ("have", "them") if len(apart) > 1 else ("has", "it")
        asked = ",".join(f"{number:g}" for number, _, _ in apart)
        notes.append(f"{named} {has} no place on the time axis: visits={asked} shows {it}.")
    numbers = [number for number, _, _ in apart]
    if numbers:
        names = ", ".join(f"{number:g}" for number in numbers)
        funnel.keep(f"on the time axis (not AVISITN {names})", ~pl.col("visit").is_in(numbers))
    return tuple(visit for number, visit in there.items() if number not in numbers)


def _record_flag(
    funnel: Funnel, selection: Selection, source: pl.DataFrame, notes: list[str]
) -> str | None:
    """The record flag in force. `auto` takes ANL01FL where it selects among a visit's records.

    A flag that leaves most subject-visits without any record marks something else (the pilot
    study's lab data flag one record a subject), so it is not applied, and that is said.
    """
    wanted = (selection.records or AUTO).upper()
    if wanted == ALL.upper():
        notes.append("Records: all, as asked.")
        return None
    if wanted != AUTO.upper():
        if wanted not in source.columns or not wanted.endswith("FL"):
            flags = [name for name in source.columns if name.endswith("FL")]
            raise SelectionError(
                f"There is no record flag {wanted}: there is {one_of([AUTO, ALL, *flags], 20)}."
            )
        funnel.keep(f"{wanted} = Y", pl.col(wanted) == "Y")
        return wanted
    flag = "ANL01FL"
    if flag not in source.columns:
        notes.append("Records: all; there is no ANL01FL.")
        return None
    kept = funnel.frame.filter(pl.col(flag) == "Y")["cell"].n_unique()
    there = funnel.frame["cell"].n_unique()
    if kept < CHOOSES * there:
        notes.append(
            f"Records: all; {flag} = Y is not applied, because it would leave {kept} of {there} "
            "subject-visits and so is no choice of one record a visit."
        )
        return None
    notes.append(f"Records: {flag} = Y, which leaves {kept} of {there} subject-visits.")
    funnel.keep(f"{flag} = Y", pl.col(flag) == "Y")
    return flag


def _imputed(funnel: Funnel, selection: Selection, notes: list[str]) -> str:
    """Rows with a DTYPE are kept unless they are to be dropped; how many is always said."""
    kinds = (
        funnel.frame.filter(pl.col("imputed").is_not_null())
        .group_by("imputed")
        .len()
        .sort("imputed")
        .rows()
    )
    if selection.imputed == "drop":
        funnel.keep("DTYPE empty (imputed rows dropped)", pl.col("imputed").is_null())
        return "drop"
    for kind, rows in kinds:
        counted = f"{rows} row{'s are' if rows > 1 else ' is'} imputed (DTYPE {kind})"
        notes.append(f"{counted} and kept; imputed=drop drops such rows.")
    return "keep"


def _one_each(funnel: Funnel) -> None:
    """One record a subject and visit: nearest to the target day, then the last."""
    if funnel.frame["cell"].n_unique() == funnel.frame.height:
        return
    near = funnel.frame["distance"].is_not_null().any()
    chosen = (
        funnel.frame.sort(
            pl.col("distance").abs(), "day", "row", descending=[False, True, True], nulls_last=True
        )
        .unique("cell", keep="first", maintain_order=True)["row"]
        .implode()
    )
    rule = "nearest to its target day, then the last" if near else "the last"
    funnel.keep(f"one record a subject and visit: {rule}", pl.col("row").is_in(chosen))


def _value(selection: Selection, source: EndpointRows, endpoint: Endpoint, notes: list[str]) -> str:
    if selection.value:
        return selection.value
    if source.has_change:
        return "CHG"
    notes.append(f"{endpoint.dataset.name} has no change from baseline: values are compared.")
    return "AVAL"


def _in_unit(
    frame: pl.DataFrame, endpoint: Endpoint, selection: Selection
) -> tuple[pl.DataFrame, str]:
    """HbA1c in % or mmol/mol; a difference converts with the slope alone."""
    wanted = selection.unit
    own = endpoint.unit
    if wanted is None or wanted.lower() == own.lower():
        return frame, own
    units = ("%", "mmol/mol")
    if not endpoint.is_hba1c or own not in units or wanted.lower() not in units:
        choices = units if endpoint.is_hba1c and own in units else (own or "none",)
        raise SelectionError(
            f"{endpoint.key} cannot be shown in {wanted}: its unit is {one_of(choices)}."
        )
    unit = wanted.lower()
    slope, intercept = conversion(endpoint, unit)
    return (
        frame.with_columns(pl.col("value", "base") * slope + intercept, pl.col("change") * slope),
        unit,
    )


def conversion(endpoint: Endpoint, unit: str) -> tuple[float, float]:
    """Slope and intercept that turn an endpoint's own values into those of the unit in force."""
    if unit == endpoint.unit:
        return 1.0, 0.0
    if unit == "mmol/mol":
        return IFCC_SLOPE, IFCC_INTERCEPT
    return 1 / IFCC_SLOPE, -IFCC_INTERCEPT / IFCC_SLOPE


def decimals(values: pl.Series, endpoint: Endpoint) -> int:
    """Decimals that the delivered values have, as the study file says or as nine in ten show.

    The pilot's ADAS-Cog totals are whole numbers but for a few that were prorated (61.5517), and
    its report prints them as such.
    """
    if endpoint.decimals is not None:
        return endpoint.decimals
    for places in range(3):
        if (values == values.round(places)).sum() >= 0.9 * len(values):
            return places
    return 3


def _placed(frame: pl.DataFrame, visits: tuple[Visit, ...], people: Subjects) -> pl.DataFrame:
    """Visits by position, in a fixed order of rows, so that sums do not depend on the file's.

    The order is that of visit, arm and subject, as one number: by three columns, of which one is
    text, it takes ten times as long.
    """
    position = {visit.number: position for position, visit in enumerate(visits)}
    order = pl.col("visit").cast(pl.Int64) * len(people.arms) + pl.col("arm")
    return (
        frame.select(
            "subject",
            "arm",
            pl.col("visit").replace_strict(position, default=None, return_dtype=pl.Int32),
            "value",
            "base",
            "change",
            "baseline",
            "imputed",
            "day",
            "origin",
            "row",
            "place",
        )
        .sort(order * people.frame.height + pl.col("place"))
        .drop("place")
    )


__all__ = ["ALL", "AUTO", "EVERYONE", "FunnelStep", "Records", "Visit", "build"]
