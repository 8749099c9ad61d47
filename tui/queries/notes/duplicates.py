"""More than one record of a subject at a visit.

ADaM IG 1.1, section 3.3: a subject, parameter, BASETYPE and time point may have several records in
an analysis visit (a window caught two, a derived row stands beside the observed one), of which
DTYPE tells the derived ones apart and ANL01FL = Y marks the one that is analyzed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from tui.queries.notes.note import CONTRADICTION, REMARK, Found, Note, Search, search
from tui.queries.notes.said import count, note
from tui.queries.record_rules import CHOOSES
from tui.study.model import Dataset, Role, Study

_KEY = ["subject", "code", "basetype", "timepoint", "number", "visit", "imputed"]
_MARK = "ANL01FL"


def check(study: Study, dataset: Dataset, rows: pl.LazyFrame) -> Iterator[Search]:
    """Records with a value that share all of the key; at an unscheduled visit several may."""
    if dataset.role is not Role.FINDINGS or not dataset.first("AVISIT", "AVISITN"):
        return
    has_mark = dataset.has(_MARK)
    marked = (pl.col(_MARK) == "Y").sum() if has_mark else pl.lit(0)
    found = (
        rows.filter(
            pl.col("visit").is_not_null()
            & pl.col("value").is_not_null()
            & ~pl.col("visit").str.to_lowercase().str.contains("unscheduled", literal=True)
        )
        .group_by(_KEY)
        .agg(pl.col("row").min(), records=pl.len(), marked=marked)
        .with_columns(chooses=(pl.col("marked") > 0).mean() >= CHOOSES)
        .filter(pl.col("records") > 1)
        .with_columns(resolved=pl.col("chooses") & (pl.col("marked") <= 1))
    )

    def said(found: Found) -> Iterable[Note]:
        visits = count(found.counts["visits"], "subject-visit")
        what = f"{visits} of {count(found.subjects, 'subject')} with {found.rows} records"
        named = ("visit", "timepoint", "records")
        if found.counts["by"]:
            what += f", of which {_MARK} = Y marks one"
            yield note(
                study, dataset, "resolved-duplicates", REMARK, found, what, *named, shown=False
            )
        else:
            what += f" that {_MARK} does not choose among" if has_mark else ""
            yield note(
                study, dataset, "duplicates", CONTRADICTION, found, what, *named, shown=False
            )

    yield search(found, said, each=pl.col("records"), by="resolved", visits=pl.len())
