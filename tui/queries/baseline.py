"""Baseline and change of a dataset that delivers none; how they were derived is always said."""

from __future__ import annotations

import polars as pl

_KEYS = ["subject", "timepoint"]
"""A baseline is one of a subject, at each time point its own."""


def derived(frame: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """`base` from the flagged record, else from the last value before the first dose; and how."""
    how = "derived from the record with ABLFL = Y"
    if not frame["baseline"].any() and _tells_dose(frame):
        frame = _last_before_dose(frame)
        how = (
            "no record here has ABLFL = Y, so baseline is derived as a subject's last value "
            "before the first dose"
        )
    if not frame["baseline"].any():
        return frame, ()
    base = frame.filter("baseline").group_by(_KEYS).agg(pl.col("value").last().alias("base"))
    joined = frame.drop("base").join(
        base, on=_KEYS, how="left", nulls_equal=True, maintain_order="left"
    )
    return joined, (how,)


def change(frame: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """`change` from `value` and `base`; and how."""
    difference = pl.col("value") - pl.col("base")
    how = "derived as AVAL - BASE"
    if _tells_dose(frame):
        difference = pl.when(~_is_before_dose()).then(difference)
        how += ", but for records before the first dose"
    return frame.with_columns(difference.alias("change")), how


def _last_before_dose(frame: pl.DataFrame) -> pl.DataFrame:
    last = (
        frame.filter(_is_before_dose() & pl.col("value").is_not_null())
        .sort("day", "row", nulls_last=False)
        .unique(_KEYS, keep="last", maintain_order=True)["row"]
        .implode()
    )
    return frame.with_columns(baseline=pl.col("row").is_in(last))


def _tells_dose(frame: pl.DataFrame) -> bool:
    return frame["after_dose"].is_not_null().any()


def _is_before_dose() -> pl.Expr:
    return pl.col("after_dose").eq("N").fill_null(value=False)
