"""Treatment-emergent flags that disagree with dates.

ADaM OCCDS 1.0, section 3.2.5: TRTEMFL = Y marks an event that began on treatment, or worsened on
it. The dates tell the first: an event that began before the first dose is flagged only where it
worsened, and one that began from the first dose to 30 days after the last is flagged. The 30 days
are this program's: a protocol says its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from tui.queries.notes.note import CONTRADICTION, REMARK, Found, Note, Search, search
from tui.queries.notes.rows import people
from tui.queries.notes.said import count, note
from tui.study.model import Dataset, Role, Study

DAYS_AFTER = 30


def check(study: Study, dataset: Dataset, rows: pl.LazyFrame) -> Iterator[Search]:
    """Both directions; a start that is known to a month counts where every day of it would do."""
    if dataset.role is not Role.EVENTS or not dataset.has("TRTEMFL"):
        return
    treated = rows.join(people(study), on="subject", how="left")
    flagged = pl.col("emergent").eq_missing("Y")
    named = ("term", "start", "dose")

    def early(found: Found) -> Iterable[Note]:
        what = (
            f"{count(found.rows, 'event')} of {count(found.subjects, 'subject')} with TRTEMFL = Y "
            "began before the first dose, which is right only where they worsened after it"
        )
        yield note(study, dataset, "emergent-before-dose", REMARK, found, what, *named)

    def unflagged(found: Found) -> Iterable[Note]:
        what = (
            f"{count(found.rows, 'event')} of {count(found.subjects, 'subject')} without TRTEMFL "
            f"= Y began from the first dose to {DAYS_AFTER} days after the last"
        )
        id = "on-treatment-not-emergent"
        yield note(study, dataset, id, CONTRADICTION, found, what, *named, "last_dose", "emergent")

    yield search(treated.filter(flagged & (pl.col("start_last") < pl.col("dose"))), early)
    last = pl.col("last_dose") + pl.duration(days=DAYS_AFTER)
    on_treatment = (pl.col("start") >= pl.col("dose_last")) & (pl.col("start_last") <= last)
    yield search(treated.filter(~flagged & on_treatment), unflagged)
