"""The rows of one endpoint, under names that do not depend on the study's dialect."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from tui.errors import StudyError
from tui.study import files
from tui.study.model import Dataset, Endpoint
from tui.study.roles import SUBJECT

BLANK = ["", ".", "NA"]
"""What stands for a missing text: nothing, SAS's dot, or what R writes."""

_NUMBERS = {
    "value": "AVAL",
    "base": "BASE",
    "change": "CHG",
    "visit": "AVISITN",
    "timepoint_number": "ATPTN",
    "day": "ADY",
    "distance": "AWTDIFF",
}
_TEXTS = {
    "visit_label": "AVISIT",
    "timepoint": "ATPT",
    "imputed": "DTYPE",
    "planned": "TRTP",
    "actual": "TRTA",
    "origin": "ORIGIN",
}
_SPECIAL_NUMBER = re.compile(r"9*9[89]|9\d{3,}")
_SPECIAL_LABEL = re.compile(
    r"end of|early term|unscheduled|last|worst|minimum|maximum|average", re.IGNORECASE
)


@dataclass(frozen=True)
class EndpointRows:
    """The rows of an endpoint.

    Attributes:
        frame: Columns `row` (1 is the first record of the file), `subject`, `visit`,
            `visit_label`, `timepoint`, `timepoint_number`, `value`, `base`, `change`,
            `baseline` (is it the baseline record), `imputed` (DTYPE), `planned`, `actual`
            (arms by label), `day`, `distance` (days from the visit's target), `origin`, and every
            flag of the dataset under its own name. A column the dataset lacks holds nulls.
        notes: What was derived because the dataset does not deliver it.
        has_base, has_change: Whether baseline and change can be had at all.
    """

    frame: pl.DataFrame
    notes: tuple[str, ...]
    has_base: bool
    has_change: bool


def is_special(number: float, label: str | None) -> bool:
    """Whether a visit has no place on the time axis: End of Treatment (99), 98, 999, 9997.

    A label that holds the number itself (`Week 99`) is an ordinary visit.
    """
    if label and _SPECIAL_LABEL.search(label):
        return True
    text = f"{number:g}"
    named = bool(label and re.search(rf"\b{re.escape(text)}\b", label))
    return bool(_SPECIAL_NUMBER.fullmatch(text)) and not named


def load(endpoint: Endpoint) -> EndpointRows:
    """Reads the rows of one endpoint: one query, only the columns that are used."""
    dataset = endpoint.dataset
    frame = files.collect(
        dataset,
        files.scan(dataset)
        .with_row_index("row", offset=1)
        .filter(pl.col("PARAMCD") == endpoint.code)
        .select(
            "row",
            pl.col(SUBJECT).cast(pl.String).alias("subject"),
            *(_column(dataset, name, source, pl.Float64) for name, source in _NUMBERS.items()),
            *(_column(dataset, name, source, pl.String) for name, source in _TEXTS.items()),
            _column(dataset, "baseline", "ABLFL", pl.String).eq("Y").fill_null(value=False),
            *(pl.col(name).cast(pl.String) for name in _flags(dataset)),
        ),
    )
    _check_numbers(dataset, frame)
    frame, notes = _visit_numbers(dataset, _cleaned(frame))
    frame, more = _base_and_change(dataset, frame)
    return EndpointRows(
        frame,
        (*notes, *more),
        has_base=frame["base"].is_not_null().any(),
        has_change=frame["change"].is_not_null().any(),
    )


def _flags(dataset: Dataset) -> list[str]:
    return [name for name in dataset.schema if name.endswith("FL") and name != "ABLFL"]


def _column(dataset: Dataset, name: str, source: str, kind: type[pl.DataType]) -> pl.Expr:
    """A column under our name; text stays text where numbers are due, for `_check_numbers`."""
    if source not in dataset.schema:
        return pl.lit(None, kind).alias(name)
    if kind is pl.Float64 and not dataset.schema[source].is_numeric():
        return pl.col(source).cast(pl.String).alias(name)
    return pl.col(source).cast(kind).alias(name)


def _check_numbers(dataset: Dataset, frame: pl.DataFrame) -> None:
    """A number that is none is an error with its place, not a missing value."""
    for name, source in _NUMBERS.items():
        if frame.schema[name] == pl.String:
            bad = frame.filter(
                pl.col(name).str.strip_chars().cast(pl.Float64, strict=False).is_null()
                & pl.col(name).is_not_null()
                & ~pl.col(name).str.strip_chars().is_in(BLANK)
            )
            if bad.height:
                raise StudyError(
                    f"{dataset.path.name}: column {source}, row {bad['row'][0]}: "
                    f"{bad[name][0]!r} is not a number."
                )


def _cleaned(frame: pl.DataFrame) -> pl.DataFrame:
    """Blank text is missing; numbers that came as text (R writes NA) become numbers."""
    return frame.with_columns(
        *(
            pl.col(name).str.strip_chars().cast(pl.Float64, strict=False)
            for name in _NUMBERS
            if frame.schema[name] == pl.String
        ),
        *(
            pl.col(name).str.strip_chars().replace(BLANK, None)
            for name in _TEXTS
            if frame.schema[name] == pl.String
        ),
    ).with_columns(pl.col(name).fill_nan(None) for name in _NUMBERS)


def _visit_numbers(dataset: Dataset, frame: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """AVISITN, or the number in AVISIT where there is none. No AVISIT is no scheduled visit."""
    if dataset.has("AVISITN"):
        if dataset.has("AVISIT"):
            unlabeled = pl.col("visit_label").is_null()
            frame = frame.with_columns(
                pl.when(unlabeled).then(None).otherwise(pl.col("visit")).alias("visit")
            )
        return frame, ()
    if not dataset.has("AVISIT"):
        return frame, (f"{dataset.name} has no visits (neither AVISIT nor AVISITN).",)
    lower = pl.col("visit_label").str.to_lowercase()
    number = lower.str.extract(r"(-?\d+(?:\.\d+)?)").cast(pl.Float64)
    frame = frame.with_columns(
        pl.when(lower.str.contains("baseline")).then(0.0).otherwise(number).alias("visit")
    )
    return frame, (f"{dataset.name} has no AVISITN: the number in AVISIT is used.",)


def _base_and_change(dataset: Dataset, frame: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """BASE and CHG as delivered; derived, and said so, only where the dataset has none."""
    notes = []
    if not dataset.has("BASE") and frame["baseline"].any():
        keys = ["subject", "timepoint"]
        base = frame.filter("baseline").group_by(keys).agg(pl.col("value").last().alias("base"))
        frame = frame.drop("base").join(
            base, on=keys, how="left", nulls_equal=True, maintain_order="left"
        )
        notes.append(f"{dataset.name} has no BASE: derived from the record with ABLFL = Y.")
    if not dataset.has("CHG") and frame["base"].is_not_null().any():
        frame = frame.with_columns((pl.col("value") - pl.col("base")).alias("change"))
        notes.append(f"{dataset.name} has no CHG: derived as AVAL - BASE.")
    elif dataset.has("CHG"):
        notes.extend(_changes_that_differ(frame))
    at_baseline = pl.col("baseline") | pl.col("value").is_null()
    return (
        frame.with_columns(pl.when(at_baseline).then(None).otherwise("change").alias("change")),
        tuple(notes),
    )


def _changes_that_differ(frame: pl.DataFrame) -> list[str]:
    """CHG is used as delivered; where it is not AVAL - BASE that is worth a note."""
    difference = (pl.col("value") - pl.col("base") - pl.col("change")).abs()
    scale = pl.max_horizontal(pl.col("value").abs(), pl.col("base").abs(), pl.lit(1.0))
    bad = frame.filter(difference > 1e-6 * scale)
    if not bad.height:
        return []
    return [f"CHG is not AVAL - BASE in {bad.height} rows (the first is row {bad['row'][0]})."]
