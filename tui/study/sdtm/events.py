"""AE under the names of ADaM: treatment-emergent as its supplemental qualifiers say."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tui.study.model import Dataset, Derived
from tui.study.roles import SUBJECT
from tui.study.sdtm import dates

_EMERGENT = "AETRTEM"
"""SDTMIG's name of the treatment-emergent flag in SUPPAE."""

_APART = "\x1f"


def derived(
    dataset: Dataset, qualifiers: Sequence[tuple[str, pl.DataFrame]], rows: pl.DataFrame
) -> tuple[Derived, ...]:
    """TRTEMFL from SUPPAE, and days of start and end where AE has none."""
    found = [_emergent(dataset, name, frame) for name, frame in qualifiers]
    for day, date in (("AESTDY", "AESTDTC"), ("AEENDY", "AEENDTC")):
        if dataset.has(date) and not dataset.has(day):
            found.append(dates.study_day(day, date, rows))
    return tuple({one.name: one for one in found if one is not None}.values())


def _emergent(dataset: Dataset, name: str, qualifiers: pl.DataFrame) -> Derived | None:
    """The flag of the record that IDVAR and IDVARVAL point to: AESEQ 3, or AESPID E07."""
    flags = qualifiers.filter(QNAM=_EMERGENT)
    pointers = [one for one in flags["IDVAR"].drop_nulls().unique().sort() if dataset.has(one)]
    if not pointers:
        return None
    looked_up = []
    for pointer in pointers:
        own = flags.filter(IDVAR=pointer).unique([SUBJECT, "IDVARVAL"], keep="last")
        numbered = pointer.endswith("SEQ")
        looked_up.append(
            _key(pointer, numbered).replace_strict(
                own.select(_key("IDVARVAL", numbered)).to_series(),
                own["QVAL"],
                default=None,
                return_dtype=pl.String,
            )
        )
    return Derived("TRTEMFL", pl.coalesce(looked_up), f"TRTEMFL is {_EMERGENT} of {name}")


def _key(column: str, numbered: bool) -> pl.Expr:
    """Subject and pointer as one text; of a number, 3 and 3.0 are the same."""
    text = pl.col(column).cast(pl.String).str.strip_chars()
    if numbered:
        text = text.cast(pl.Float64, strict=False).cast(pl.String)
    return pl.concat_str(pl.col(SUBJECT).cast(pl.String), text, separator=_APART)
