"""The unit in force, and the decimals of values."""

from __future__ import annotations

import polars as pl

from tui.errors import SelectionError, one_of
from tui.selection import Selection
from tui.study.model import Endpoint

IFCC_SLOPE, IFCC_INTERCEPT = 10.93, -23.5
"""IFCC (mmol/mol) = 10.93 NGSP (%) - 23.5: the IFCC/NGSP master equation."""


def in_unit(
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


LOOKED_AT = 100_000
"""Values, evenly spread, that tell the decimals of all: of 2.5 million that takes 1 ms, not 24."""


def decimals(values: pl.Series, endpoint: Endpoint) -> int:
    """Decimals that the delivered values have, as the study file says or as nine in ten show.

    The pilot's ADAS-Cog totals are whole numbers but for a few that were prorated (61.5517), and
    its report prints them as such.
    """
    if endpoint.decimals is not None:
        return endpoint.decimals
    values = values.gather_every(max(1, len(values) // LOOKED_AT))
    for places in range(3):
        if (values == values.round(places)).sum() >= 0.9 * len(values):
            return places
    return 3
