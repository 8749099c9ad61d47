"""Subjects without a value at a visit, by arm, and whether the arms differ in it.

ICH E9(R1) A.4: what is missing has to be known before it is assumed to be missing at random; where
more is missing in one arm, the arms that are compared are no longer those that were randomized.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from tui.errors import ChangedError, SelectionError, StudyError
from tui.queries import endpoint, match, records
from tui.queries.notes.note import REMARK, FirstRow, Found, Note, Search, See, search
from tui.queries.records import Records
from tui.selection import Selection
from tui.study.model import Dataset, Endpoint, Role, Study
from tui.study.roles import SUBJECT

_EXPECTED = 0.2
"""A visit is scheduled where this share of some arm has a value at it: an unscheduled one numbered
like the others (4.1) has few, the last of a trial with many withdrawals still a third."""

_APART = 10.0
"""Percentage points between arms from which on the difference is said."""


def check(study: Study, dataset: Dataset, rows: pl.LazyFrame) -> Iterator[Search]:
    """One endpoint of a findings dataset: the study's own, else the one with the most rows.

    The records are those of the week-by-week table, so that its n and these counts agree.
    """
    own = [one for one in study.endpoints if one.dataset is dataset]
    if dataset.role is not Role.FINDINGS or not own:
        return
    default, _ = match.endpoint(study, None)
    chosen = default if default in own else max(own, key=lambda one: one.rows)
    try:
        shown = records.build(study, Selection(endpoint=chosen.key), endpoint.load)
    except ChangedError:
        raise
    except (SelectionError, StudyError):  # nobody is in the population, or AVAL is not a number
        return
    if len(shown.visits) > 1:
        yield _missing(dataset, chosen, shown)


def _missing(dataset: Dataset, chosen: Endpoint, shown: Records) -> Search:
    """Every subject of the population at every scheduled visit, without those who have a value.

    An arm without any is not expected to have one: nobody measures a drug in the placebo arm.
    """
    there = _counts(shown)
    totals = {arm: shown.people.totals[arm] for arm in sorted({arm for _, arm in there})}
    missing = {
        place: {arm: n - there.get((place, arm), 0) for arm, n in totals.items()}
        for place in range(len(shown.visits))
        if any(there.get((place, arm), 0) >= _EXPECTED * n for arm, n in totals.items())
    }
    visits = pl.LazyFrame({"visit": list(missing)}, schema={"visit": pl.Int32})
    found = (
        shown.people.frame.lazy()
        .filter(pl.col("arm").is_in(list(totals)))
        .select(subject=pl.col(SUBJECT))
        .join(visits, how="cross")
        .join(shown.frame.lazy(), on=["subject", "visit"], how="anti")
        .with_row_index("row")
        .with_columns(code=pl.lit(chosen.code))
    )

    def said(found: Found) -> Iterable[Note]:
        yield Note(
            id="missing-visits",
            severity=REMARK,
            dataset=dataset.name,
            endpoint=chosen.key,
            what=_sentence(shown, missing, totals, found),
            rows=found.rows,
            subjects=found.subjects,
            first=tuple(
                FirstRow(None, one["subject"], shown.visits[one["visit"]].label)
                for one in found.first
            ),
            see=See("visits", Selection(endpoint=chosen.key)),
        )

    return search(found, said)


def _counts(shown: Records) -> dict[tuple[int, int], int]:
    """Subjects with a value, by place of visit and arm."""
    counts = shown.frame.group_by("visit", "arm").agg(pl.col("subject").n_unique())
    return {(visit, arm): subjects for visit, arm, subjects in counts.rows()}


def _sentence(
    shown: Records, missing: dict[int, dict[int, int]], totals: dict[int, int], found: Found
) -> str:
    """Where most lack a value, by arm, and where the arms differ most if they differ at all."""
    most = max(missing, key=lambda place: (sum(missing[place].values()), place))
    by_arm = ", ".join(
        f"{lacking} of {totals[arm]} {shown.arms[arm].label}"
        for arm, lacking in missing[most].items()
    )
    text = (
        f"{shown.endpoint.code} has no value at {found.rows} of "
        f"{sum(totals.values()) * len(missing)} scheduled subject-visits, most at "
        f"{shown.visits[most].label}: {by_arm}."
    )
    percents = {
        place: [100 * lacking / totals[arm] for arm, lacking in lacks.items()]
        for place, lacks in missing.items()
    }
    widest = max(percents, key=lambda place: max(percents[place]) - min(percents[place]))
    if max(percents[widest]) - min(percents[widest]) >= _APART:
        shares = ", ".join(f"{percent:.0f} %" for percent in percents[widest])
        place = "there" if widest == most else f"at {shown.visits[widest].label}"
        text += f" The arms differ most {place}: {shares}."
    return text
