"""The rows of one endpoint, under names that do not depend on the study's dialect.

What is made of them here and in the next steps goes column by column (`with_columns_seq`): to hand
few rows to threads takes longer than the work, and 2.5 million lie in 100 pieces, of which 20
columns take 17 ms to be handed on.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from tui.errors import StudyError
from tui.queries import baseline, visit_numbers
from tui.study import files
from tui.study.endpoints import AT_ONCE
from tui.study.model import Dataset, Endpoint
from tui.study.roles import SUBJECT

BLANK = ["", ".", "NA"]
"""What stands for a missing text: nothing, SAS's dot, or what R writes."""


@dataclass(frozen=True)
class Columns:
    """The columns that are read, by our names for them; one that a dataset lacks holds nulls.

    Attributes:
        numbers: Columns of numbers.
        texts: Columns of text.
        coded: Columns of text of few values, which become categoricals: 2.5 million rows take 10
            MB each so, not 40.
        marks: Columns that say Y or something else: whether they say Y. A lacking one never does.
    """

    numbers: Mapping[str, str]
    texts: Mapping[str, str]
    coded: Mapping[str, str]
    marks: Mapping[str, str] = field(default_factory=dict)

    def of(self, dataset: Dataset) -> Columns:
        """Those that a dataset has."""
        kinds = (self.numbers, self.texts, self.coded, self.marks)
        return Columns(
            *({name: one for name, one in kind.items() if one in dataset.schema} for kind in kinds)
        )


_COLUMNS = Columns(
    numbers={
        "value": "AVAL",
        "base": "BASE",
        "change": "CHG",
        "visit": "AVISITN",
        "timepoint_number": "ATPTN",
        "day": "ADY",
        "distance": "AWTDIFF",
    },
    texts={
        "timepoint": "ATPT",
        "basetype": "BASETYPE",
        "imputed": "DTYPE",
        "origin": "ORIGIN",
    },
    coded={
        "visit_label": "AVISIT",
        "planned": "TRTP",
        "actual": "TRTA",
        "after_dose": "APOBLFL",  # ADaM's flag of a record after baseline
    },
    marks={"baseline": "ABLFL"},
)

MOST_ROWS = 20_000_000
"""Rows of an endpoint; 2.5 million take some 0.5 GB. A file of 13 MB can hold 400 million."""

_SPECIAL_NUMBER = re.compile(r"9*9[89]|9\d{3,}")
_SPECIAL_LABEL = re.compile(
    r"end of|early term|unscheduled|retriev|last|worst|minimum|maximum|average", re.IGNORECASE
)


@dataclass(frozen=True)
class EndpointRows:
    """The rows of an endpoint.

    Attributes:
        frame: Columns `row` (1 is the first record of the file), `subject`, `visit`,
            `visit_label`, `timepoint`, `timepoint_number`, `basetype`, `value`, `base`, `change`,
            `baseline` (is it the baseline record), `imputed` (DTYPE), `planned`, `actual`
            (arms by label), `after_dose` (N before the first dose), `day`, `distance` (days from
            the visit's target), `origin`, and of every flag of the dataset, under its own name,
            whether it is Y. A column the dataset lacks holds nulls. `column` is the place of
            `visit` among `visits`.
        visits: The numbers of the visits, in order.
        notes: What was derived because the dataset does not deliver it.
        has_base, has_change: Whether baseline and change can be had at all.
        has_visits: Whether the visits are AVISITN as delivered.
    """

    frame: pl.DataFrame
    visits: pl.Series
    notes: tuple[str, ...]
    has_base: bool
    has_change: bool
    has_visits: bool


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
    frame = read(endpoint, _COLUMNS)
    numbered = visit_numbers.numbered(dataset, frame)
    frame, more = _base_and_change(dataset, numbered.frame)
    return EndpointRows(
        frame,
        numbered.visits,
        (*dataset.derivations, *numbered.notes, *more),
        has_base=frame["base"].is_not_null().any(),
        has_change=frame["change"].is_not_null().any(),
        has_visits=not numbered.notes,
    )


def read(endpoint: Endpoint, columns: Columns) -> pl.DataFrame:
    """The rows of an endpoint: `row`, `subject`, columns under our names, and every flag."""
    dataset, there = endpoint.dataset, columns.of(endpoint.dataset)
    if endpoint.rows > MOST_ROWS:
        raise StudyError(
            f"{dataset.path.name}: {endpoint.code} has {endpoint.rows:,} rows; "
            f"an endpoint of {MOST_ROWS:,} at most is read into memory."
        )
    frame = files.collect(
        dataset,
        files.scan(dataset, number="row")
        .filter(_is_of(endpoint))
        .select("row", pl.col(SUBJECT).cast(pl.String).alias("subject"), *_taken(dataset, there)),
        # In portions, which keep the order; a join that derives a column might not.
        streaming=dataset.rows > AT_ONCE and not dataset.derived,
    )
    frame = _as_numbers(dataset, _plain(frame, there.coded), there.numbers)
    # Added to the rows in memory, a column of nulls takes none: read with them, 16 bytes a row.
    return frame.with_columns_seq(_lacking(columns, there))


def _taken(dataset: Dataset, there: Columns) -> Iterator[pl.Expr]:
    """The columns that a dataset has, and its flags."""
    for name, source in there.numbers.items():
        yield _number(dataset, source).alias(name)
    for name, source in there.texts.items():
        yield text(source).alias(name)
    for name, source in there.coded.items():
        yield pl.col(source).cast(pl.String).cast(pl.Categorical).alias(name)
    for name, source in there.marks.items():
        yield _is_yes(source).alias(name)
    for name in _flags(dataset):
        yield _is_yes(name)


def _lacking(columns: Columns, there: Columns) -> Iterator[pl.Expr]:
    """The columns that a dataset does not have."""
    nothing = (
        (columns.numbers, there.numbers, pl.lit(None, pl.Float64)),
        (columns.texts, there.texts, pl.lit(None, pl.String)),
        (columns.coded, there.coded, pl.lit(None, pl.Categorical)),
        (columns.marks, there.marks, pl.lit(value=False)),
    )
    for wanted, had, one in nothing:
        yield from (one.alias(name) for name in wanted if name not in had)


def _is_of(endpoint: Endpoint) -> pl.Expr:
    """Whether a row is one of the endpoint's."""
    code = pl.col("PARAMCD") == endpoint.code
    if endpoint.param is None:
        return code
    return code & (pl.col("PARAM").fill_null("") == endpoint.param)


def _flags(dataset: Dataset) -> list[str]:
    return [name for name in dataset.schema if name.endswith("FL") and name != "ABLFL"]


def _is_yes(source: str) -> pl.Expr:
    return pl.col(source).cast(pl.String).eq_missing("Y")


def text(source: str) -> pl.Expr:
    """A column of text; what is blank is missing.

    By `replace`, polars would not take the rows in portions but all at once.
    """
    said = pl.col(source).cast(pl.String).str.strip_chars()
    return pl.when(~said.is_in(BLANK)).then(said)


def _plain(frame: pl.DataFrame, coded: Collection[str]) -> pl.DataFrame:
    """Categoricals as `text` has them, by their few values.

    To make the text of each of 2.5 million rows plain takes 50 ms a column, to look at its values
    6 ms, and to leave out those that are blank another 6. Where all values that were ever met are
    plain, those of these rows are.
    """
    met = pl.Categorical().categories.to_series()
    if not any(value in BLANK or value != value.strip() for value in met):
        return frame
    # Of many rows one column beside the other: in two thirds of the time.
    select = frame.select if frame.height > files.FEW else frame.select_seq
    values = select(pl.col(list(coded)).unique().implode()) if coded else frame
    made = []
    for name in coded:
        there = [value for value in values[name][0] if value is not None]
        blank = [value for value in there if value.strip() in BLANK]
        if any(value != value.strip() for value in there if value not in blank):
            made.append(text(name).cast(pl.Categorical))
        elif blank:
            made.append(pl.when(~pl.col(name).is_in(blank)).then(name))
    return frame.with_columns_seq(made)


def _number(dataset: Dataset, source: str) -> pl.Expr:
    """A column of numbers; text stays text, for `_as_numbers`."""
    if not dataset.schema[source].is_numeric():
        return pl.col(source).cast(pl.String)
    return pl.col(source).cast(pl.Float64).fill_nan(None)


def _as_numbers(dataset: Dataset, frame: pl.DataFrame, numbers: Mapping[str, str]) -> pl.DataFrame:
    """Numbers that came as text (R writes NA) are numbers; one that is none is an error."""
    texts = {name: source for name, source in numbers.items() if frame.schema[name] == pl.String}
    stripped = {name: pl.col(name).str.strip_chars() for name in texts}
    for name, source in texts.items():
        bad = frame.filter(
            stripped[name].cast(pl.Float64, strict=False).is_null()
            & pl.col(name).is_not_null()
            & ~stripped[name].is_in(BLANK)
        )
        if bad.height:
            raise StudyError(
                f"{dataset.path.name}: {_named(dataset, source)}, row {bad['row'][0]}: "
                f"{bad[name][0]!r} is not a number."
            )
    return frame.with_columns_seq(
        one.cast(pl.Float64, strict=False).fill_nan(None) for one in stripped.values()
    )


def _named(dataset: Dataset, source: str) -> str:
    """A column as the file knows it; of a derived one, what it is made from."""
    said = (one.said for one in dataset.derived if one.name == source)
    return next(said, f"column {source}")


def _base_and_change(dataset: Dataset, frame: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """BASE and CHG as delivered; derived, and said so, only where the dataset has none."""
    notes = []
    if not dataset.has("BASE"):
        frame, how = baseline.derived(frame)
        notes += [f"{dataset.name} has no BASE: {one}." for one in how]
    if not dataset.has("CHG") and frame["base"].is_not_null().any():
        frame, change = baseline.change(frame)
        notes.append(f"{dataset.name} has no CHG: {change}.")
    elif dataset.has("CHG"):
        notes.extend(_changes_that_differ(frame))
    at_baseline = pl.col("baseline") | pl.col("value").is_null()
    return (
        frame.with_columns_seq(pl.when(at_baseline).then(None).otherwise("change").alias("change")),
        tuple(notes),
    )


_LEAST_APART = 1e-6
"""Numbers that differ by no more are equal, whatever their size."""


def unequal(left: pl.Expr, right: pl.Expr, *sizes: pl.Expr) -> pl.Expr:
    """Whether two numbers differ by more than a millionth of these sizes, or of 1."""
    return (left - right).abs() > _LEAST_APART * pl.max_horizontal(
        1.0, *(size.abs() for size in sizes)
    )


def change_differs() -> pl.Expr:
    """Whether `change` is not `value` - `base`."""
    value, base = pl.col("value"), pl.col("base")
    return unequal(value - base, pl.col("change"), value, base)


def _changes_that_differ(frame: pl.DataFrame) -> list[str]:
    """CHG is used as delivered; where it is not AVAL - BASE that is worth a note."""
    # First whether any can differ: of values that agree that takes a quarter of the time.
    value, base, change = (frame[name] for name in ("value", "base", "change"))
    if not ((value - base - change).abs() > _LEAST_APART).any():
        return []
    bad = frame.filter(change_differs())
    if not bad.height:
        return []
    return [f"CHG is not AVAL - BASE in {bad.height} rows (the first is row {bad['row'][0]})."]
