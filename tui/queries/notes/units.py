"""Values that are, by their size, in another unit than the parameter says.

Two rules. The parameters of `KNOWN` have a range that a living human's values lie in; a value
outside it that lies inside in another of the quantity's units is named with that unit. Any other
parameter that has a unit and varies little (blood pressure, sodium) has few values far from its
own median: one that is 8 robust SDs away, and by a factor between units, is worth a look.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from tui.queries.notes.note import CONTRADICTION, REMARK, Found, Note, Search, search
from tui.queries.notes.said import count, note
from tui.queries.units import IFCC_INTERCEPT, IFCC_SLOPE
from tui.study.model import Dataset, Endpoint, Role, Study


@dataclass(frozen=True)
class Known:
    """A quantity whose size is known.

    Attributes:
        codes: Beginnings of PARAMCD.
        low, high: What no value of a living human is outside of, in the first unit.
        units: Each unit with the slope and intercept that give the first unit from it.
    """

    codes: tuple[str, ...]
    low: float
    high: float
    units: dict[str, tuple[float, float]]


KNOWN = (
    # Newborns measure 30 cm and more; the tallest person on record 272 cm, the heaviest 635 kg.
    Known(("HEIGHT",), 30, 280, {"cm": (1, 0), "m": (100, 0), "in": (2.54, 0)}),
    Known(("WEIGHT",), 0.4, 640, {"kg": (1, 0), "g": (0.001, 0)}),
    # Survived: 13.7 C (Gilbert 2000, Lancet 355:375) to 46.5 C (Slovis 1982, Ann Emerg Med 11:269).
    Known(("TEMP",), 13, 47, {"C": (1, 0), "F": (5 / 9, -160 / 9)}),
    # Below 3.5 % no assay reports; NGSP and IFCC by the master equation.
    Known(
        ("HBA1C",),
        3.5,
        20,
        {"%": (1, 0), "mmol/mol": (1 / IFCC_SLOPE, -IFCC_INTERCEPT / IFCC_SLOPE)},
    ),
    # Molar masses: glucose 180.16, creatinine 113.12, cholesterol 386.65 g/mol.
    Known(("GLUC",), 0.5, 100, {"mmol/L": (1, 0), "mg/dL": (10 / 180.16, 0)}),
    Known(("CREAT",), 9, 4000, {"umol/L": (1, 0), "mg/dL": (1e4 / 113.12, 0)}),
    Known(("CHOL",), 0.5, 35, {"mmol/L": (1, 0), "mg/dL": (10 / 386.65, 0)}),
    Known(("HGB",), 15, 270, {"g/L": (1, 0), "g/dL": (10, 0), "mmol/L": (16.114, 0)}),
)

_SPELLED = {"°c": "c", "degc": "c", "celsius": "c", "°f": "f", "degf": "f", "fahrenheit": "f"}

FACTORS: tuple[float, ...] = (10.0, 18.016, 38.665, 60.0, 88.402, 100.0, 1000.0)
"""Between units: powers of ten, mg/dL and mmol/L of glucose and of cholesterol or umol/L of
creatinine, per second and per minute."""

_OF_HEIGHT: tuple[float, ...] = (2.54,)
"""Inches among centimeters lie inside the range of heights: children are as tall."""

_SDS, _STEADY, _LEAST_SD, _NEAR = 8.0, 0.25, 0.02, 0.15
"""Robust SDs away, on the log scale, of a parameter whose SD is 0.25 at most (GGT has 0.6), and is
taken as 0.02 at least; and how near to a factor."""

_FEW, _VALUES, _DISTINCT = 0.05, 20, 10
"""The share of values that may be so; the values, and different ones, that a median is taken of."""

_UNIT = re.compile(r"(?=.*[A-Za-z%])\S{1,12}")
"""What the brackets at the end of PARAM hold if it is a unit: not `1`, nor `confirmed or not`."""


def check(study: Study, dataset: Dataset, rows: pl.LazyFrame) -> Iterator[Search]:
    """Both rules, over the endpoints of a findings dataset that have a unit."""
    if dataset.role is not Role.FINDINGS:
        return
    own = [one for one in study.endpoints if one.dataset is dataset and _is_plain(one)]
    known = {one.code: found for one in own if (found := _known(one))}
    if known:
        yield _outside(study, dataset, rows, known)
    factors: dict[str, tuple[float, ...]] = {
        one.code: FACTORS for one in own if one.code not in known
    }
    factors |= {code: _OF_HEIGHT for code, (_, unit) in known.items() if unit in ("cm", "in")}
    if factors:
        yield _far(study, dataset, rows, factors)


def _is_plain(endpoint: Endpoint) -> bool:
    """Whether it has a unit, and its PARAMCD stands for no other unit as well."""
    return endpoint.param is None and bool(_UNIT.fullmatch(endpoint.unit))


def _known(endpoint: Endpoint) -> tuple[Known, str] | None:
    """What is known of an endpoint, and its unit as the table spells it."""
    unit = endpoint.unit.strip().lower().replace("µ", "u").replace("μ", "u")
    unit = _SPELLED.get(unit, unit)
    for one in KNOWN:
        if endpoint.code.upper().startswith(one.codes):
            return next(((one, spelled) for spelled in one.units if spelled.lower() == unit), None)
    return None


def _outside(
    study: Study, dataset: Dataset, rows: pl.LazyFrame, known: Mapping[str, tuple[Known, str]]
) -> Search:
    """Values outside the range that another unit brings inside."""
    limits = [
        (code, other, *_range(quantity, unit), *_range(quantity, other))
        for code, (quantity, unit) in known.items()
        for other in quantity.units
        if other != unit
    ]
    columns = ["code", "other", "low", "high", "other_low", "other_high"]
    value = pl.col("value")
    found = (
        rows.filter(pl.col("code").is_in(list(known)) & value.is_not_null())
        .join(pl.LazyFrame(limits, schema=columns, orient="row"), on="code")
        .filter(~value.is_between("low", "high") & value.is_between("other_low", "other_high"))
        .group_by("row")
        .agg(pl.exclude("other").first(), pl.col("other").sort().str.join(" or "))
        .with_columns(kind=pl.struct("code", "other"))
    )

    def said(found: Found) -> Iterable[Note]:
        kind = found.counts["by"]
        what = (
            f"{count(found.rows, 'value')} of {count(found.subjects, 'subject')} cannot be in "
            f"{known[kind['code']][1]} ({_sizes(found)}), but in {kind['other']}"
        )
        yield note(study, dataset, "other-unit", CONTRADICTION, found, what, "visit", "value")

    return search(found, said, by="kind", least=value.min(), most=value.max())


def _range(quantity: Known, unit: str) -> tuple[float, float]:
    """The range of a quantity in one of its units."""
    slope, intercept = quantity.units[unit]
    return (quantity.low - intercept) / slope, (quantity.high - intercept) / slope


def _far(
    study: Study, dataset: Dataset, rows: pl.LazyFrame, factors: Mapping[str, tuple[float, ...]]
) -> Search:
    """Values that a factor between units brings back to where the parameter's values lie."""
    value, size, away = pl.col("value"), pl.col("value").log(), pl.col("away").abs()
    positive = rows.filter(pl.col("code").is_in(list(factors)) & (value > 0))
    usual = positive.group_by("code").agg(
        values=pl.len(),
        distinct=value.n_unique(),
        middle=size.median(),
        sd=(size.quantile(0.75, "linear") - size.quantile(0.25, "linear")) / 1.349,
    )
    steady = (pl.col("sd") <= _STEADY) & (pl.col("values") >= _VALUES)
    by_factor = pl.LazyFrame(
        [(code, math.log(factor)) for code, some in factors.items() for factor in some],
        schema=["code", "factor"],
        orient="row",
    )
    found = (
        positive.join(usual.filter(steady & (pl.col("distinct") >= _DISTINCT)), on="code")
        .with_columns(away=size - pl.col("middle"))
        .filter(away > _SDS * pl.max_horizontal("sd", pl.lit(_LEAST_SD)))
        .join(by_factor, on="code")
        .filter((away - pl.col("factor")).abs() <= _NEAR)
        .unique("row")
        .filter(pl.len().over("code") <= _FEW * pl.col("values"))
    )

    def said(found: Found) -> Iterable[Note]:
        what = (
            f"{count(found.rows, 'value')} of {count(found.subjects, 'subject')} may be in "
            f"another unit ({_sizes(found)}), the median being "
            f"{math.exp(found.counts['middle']):.4g}"
        )
        yield note(study, dataset, "far-value", REMARK, found, what, "visit", "value")

    middle = pl.col("middle").first()
    return search(found, said, by="code", middle=middle, least=value.min(), most=value.max())


def _sizes(found: Found) -> str:
    """`181`, or `150 to 190`."""
    least, most = found.counts["least"], found.counts["most"]
    return f"{least:.10g}" if least == most else f"{least:.10g} to {most:.10g}"
