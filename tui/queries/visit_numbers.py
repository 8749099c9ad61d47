"""The place of a record's visit on the time axis: AVISITN, or what stands for it, always said."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tui.study import files
from tui.study.model import Dataset

NO_VISIT = "(no visit)"
_APART = 0.01
"""Steps between visits that share one AVISITN."""


@dataclass(frozen=True)
class Numbered:
    """Rows whose `visit` and `visit_label` are final.

    Attributes:
        frame: The rows, with `column`, the place of the visit among `visits`.
        visits: The numbers of the visits, in order.
        notes: What was done because AVISITN alone does not tell, in words; empty where it does.
    """

    frame: pl.DataFrame
    visits: pl.Series
    notes: tuple[str, ...]


def numbered(dataset: Dataset, frame: pl.DataFrame) -> Numbered:
    """Numbers the visits of an endpoint's rows; a row without AVISIT is at no scheduled visit.

    Args:
        dataset: The dataset that the rows are of.
        frame: Rows with `visit` (AVISITN), `visit_label` (AVISIT), `day` and `row`.
    """
    if frame["visit"].is_null().all() and frame["visit_label"].is_null().all():
        said = f"{dataset.name} has no visits" if not _has_visits(dataset) else "No row has a visit"
        return _placed(
            frame.with_columns(visit=pl.lit(0.0), visit_label=pl.lit(NO_VISIT)),
            (f"{said}: all rows stand under one heading, {NO_VISIT}.",),
        )
    if not dataset.has("AVISIT"):
        return _placed(frame, ())
    labeled = pl.col("visit_label").is_not_null()
    frame = frame.with_columns_seq(visit=pl.when(labeled).then("visit"))
    if frame["visit"].is_not_null().any():
        return _apart(frame)
    why = "has no AVISITN" if not dataset.has("AVISITN") else "has AVISIT without AVISITN here"
    return _from_labels(frame, f"{dataset.name} {why}")


def _placed(
    frame: pl.DataFrame, notes: tuple[str, ...], numbers: pl.Series | None = None
) -> Numbered:
    """Rows with the place of each visit; `numbers` are those of all rows, where they are known."""
    visits = (frame["visit"] if numbers is None else numbers).drop_nulls().unique().sort()
    places = pl.Series("column", visits.search_sorted(frame["visit"]), pl.get_index_type())
    return Numbered(frame.with_columns_seq(places), visits, notes)


def _has_visits(dataset: Dataset) -> bool:
    return dataset.has("AVISIT") or dataset.has("AVISITN")


def _from_labels(frame: pl.DataFrame, why: str) -> Numbered:
    """The number in each label where the labels differ in it, else their order in time."""
    label = pl.col("visit_label").cast(pl.String)
    lower = label.str.to_lowercase()
    number = (
        pl.when(lower.str.contains("baseline"))
        .then(0.0)
        .otherwise(lower.str.extract(r"(-?\d+(?:\.\d+)?)").cast(pl.Float64))
    )
    labels = (
        frame.filter(pl.col("visit_label").is_not_null())
        .group_by(label)
        .agg(number.first().alias("number"), pl.col("day").median(), pl.col("row").min())
        .sort("day", "row", nulls_last=True)
        .with_row_index("place", offset=1)
    )
    known = labels["number"].drop_nulls()
    if known.n_unique() == len(known) and len(known):
        said = "the number in AVISIT is used"
        column = "number"
    else:
        said = "AVISIT is numbered in the order of the study days"
        column = "place"
    numbers = dict(labels.select("visit_label", pl.col(column).cast(pl.Float64)).rows())
    visit = label.replace_strict(numbers, default=None, return_dtype=pl.Float64)
    notes = [f"{why}: {said}."]
    without = [label for label, value in numbers.items() if value is None]
    if without:
        notes.append(f"Not on the time axis, because AVISIT holds no number: {', '.join(without)}.")
    return _placed(frame.with_columns(visit=visit), tuple(notes))


def _apart(frame: pl.DataFrame) -> Numbered:
    """Visits that share one AVISITN under different labels are kept apart.

    The ophthalmology example of pharmaverse gives 8 to `Week 8` and to `Week 10 (T)`: as one
    visit, one of a subject's two records would go unseen.
    """
    label = pl.col("visit_label").cast(pl.String)
    said = label.str.to_lowercase().str.replace_all(r"\s+", " ")
    # On the few pairs first: of 250,000 labels to make plain takes 0.1 s, and seldom finds any.
    # Streamed, as they need no order: of 2.5 million rows at once the pairs take 100 MB.
    streams = frame.height > files.FEW
    rows = frame.lazy().select("visit", "visit_label").unique().drop_nulls("visit")
    pairs = rows.collect(engine="streaming" if streams else "in-memory")
    if not _shared(pairs) or not _shared(pairs.select("visit", said=said).unique()):
        return _placed(frame, (), pairs["visit"])
    labels = (
        frame.filter(pl.col("visit").is_not_null())
        .with_columns(said=said)
        .group_by("visit", "said")
        .agg(
            label.mode().sort().first(),
            pl.col("day").median(),
            pl.col("row").min(),
            pl.len().alias("rows"),
        )
        .filter(pl.len().over("visit") > 1)
        .sort("visit", "day", "row", nulls_last=True)
        .with_columns(place=pl.int_range(pl.len()).over("visit"))
        .with_columns(number=pl.col("visit") + _APART * pl.col("place"))
    )
    joined = frame.with_columns(said=said).join(
        labels.select("visit", "said", "number"),
        on=["visit", "said"],
        how="left",
        maintain_order="left",
    )
    notes = []
    for (number,), one in labels.group_by("visit", maintain_order=True):
        shown = ", ".join(
            f"{label} is {value:g}" for label, value in one.select("visit_label", "number").rows()
        )
        notes.append(f"AVISITN {number:g} stands for {one.height} visits: {shown}.")
    return _placed(
        joined.with_columns(visit=pl.coalesce("number", "visit")).drop("said", "number"),
        tuple(notes),
    )


def _shared(pairs: pl.DataFrame) -> bool:
    return pairs["visit"].n_unique() < pairs.height
