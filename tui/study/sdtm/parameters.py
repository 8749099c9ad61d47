"""Which parameters a findings domain has: a test, with what else tells its results apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from tui.study import files
from tui.study.model import Dataset, Derived

_QUALIFIERS = (
    "OBJ", "SPEC", "AGENT", "BDAGNT", "TSTDTL", "LAT", "EVAL", "EVALID", "METHOD", "CAT", "SCAT",
    "STRESU",
)  # fmt: skip
"""What makes results of one test different parameters, the most telling first.

Glucose is measured in blood and in urine, pressure in either eye, a lesion by two radiologists.
The place (--LOC) is none: a temperature is one whether taken in the ear or in the mouth, and the
analysis datasets of the CDISC pilot have it as one.
"""

_BETWEEN = "\x1f"

Row = Mapping[str, Any]


def derived(dataset: Dataset, domain: str, results: Sequence[str]) -> Iterator[Derived]:
    """PARAMCD and PARAM.

    A qualifier is part of the code only where a test has results with several values of it that
    no qualifier before it tells apart, so that most codes are --TESTCD as it stands.
    """
    test, name, unit = (f"{domain}{one}" for one in ("TESTCD", "TEST", "STRESU"))
    there = [domain + one for one in _QUALIFIERS if domain + one in dataset.header.kinds]
    rows = _combinations(dataset, [test, *there], name, results)
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[test], []).append(row)
    chosen = {code: _telling(group, there) for code, group in groups.items()}
    used = [one for one in there if any(one in some for some in chosen.values())]
    codes: dict[str, str] = {}
    labels: dict[str, str] = {}
    for code, group in groups.items():
        for row, own in zip(group, _codes(code, group, chosen[code]), strict=True):
            codes[_BETWEEN.join(row[one] or "" for one in (test, *used))] = own
            if row["results"]:
                parts = [str(row[one]) for one in chosen[code] if row[one] and one != unit]
                label = ", ".join([str(row[name] or code), *parts])
                labels.setdefault(own, _with_unit(label, group, chosen[code], row, unit))
    yield _code(test, used, codes)
    words = f"PARAM is {name if name in dataset.header.kinds else test}"
    yield Derived(
        "PARAM",
        pl.col("PARAMCD").replace_strict(labels, default=None, return_dtype=pl.String),
        words + (f" ({unit})" if unit in there else ""),
    )


def _combinations(
    dataset: Dataset, columns: list[str], name: str, results: Sequence[str]
) -> Sequence[Row]:
    """Each combination of test and qualifiers with its name and number of results, most first.

    Blanks are taken off after the rows are counted: before, ten million rows take 5 s, not 1.
    """
    label = pl.col(name) if name in dataset.header.kinds else pl.lit(None, pl.String)
    there = pl.any_horizontal(
        pl.col(one).is_not_null() & (pl.col(one).cast(pl.String) != "") for one in results
    )
    counted = files.collect(
        dataset,
        files.scan(dataset).group_by(*columns, label.alias(name)).agg(there.sum().alias("results")),
    )
    clean = pl.col(*columns, name).cast(pl.String).str.strip_chars().replace("", None)
    return (
        counted.sort("results", descending=True)
        .with_columns(clean)
        .group_by(columns, maintain_order=True)
        .agg(pl.col("results").sum(), pl.col(name).drop_nulls().first())
        .drop_nulls(columns[0])
        .sort("results", *columns, descending=[True] + [False] * len(columns))
        .rows(named=True)
    )


def _telling(group: Sequence[Row], qualifiers: Sequence[str]) -> tuple[str, ...]:
    """The qualifiers that tell the results of one test apart."""
    measured = [row for row in group if row["results"]]
    chosen: tuple[str, ...] = ()
    for one in qualifiers:
        if len({row[one] for row in measured if row[one]}) > 1:
            with_it = (*chosen, one)
            if _distinct(measured, with_it) > _distinct(measured, chosen):
                chosen = with_it
    return chosen


def _distinct(rows: Sequence[Row], columns: Sequence[str]) -> int:
    return len({tuple(row[one] for one in columns) for row in rows})


def _codes(code: str, group: Sequence[Row], chosen: Sequence[str]) -> list[str]:
    """The code of each combination; one without results goes with the most frequent one."""
    own = [".".join([code, *(_word(row[one]) for one in chosen if row[one])]) for row in group]
    measured = Counter(one for one, row in zip(own, group, strict=True) if row["results"])
    return [one if one in measured or not measured else own[0] for one in own]


def _word(value: str) -> str:
    """A value as part of a code that needs no quoting."""
    return re.sub(r"[^\w%/.+-]+", "_", value).strip("_")


def _with_unit(label: str, group: Sequence[Row], chosen: Sequence[str], row: Row, unit: str) -> str:
    """The label with its unit in brackets; where all results have one, also beside a missing."""
    own = row.get(unit)
    if not own and unit not in chosen:
        own = next((one[unit] for one in group if one.get(unit) and one["results"]), None)
    return f"{label} ({own})" if own else label


def _code(test: str, used: Sequence[str], codes: Mapping[str, str]) -> Derived:
    if not used:
        return Derived("PARAMCD", pl.col(test), f"PARAMCD is {test}")
    key = pl.concat_str(
        (pl.col(one).cast(pl.String).str.strip_chars().fill_null("") for one in (test, *used)),
        separator=_BETWEEN,
    )
    return Derived(
        "PARAMCD",
        key.replace_strict(codes, default=None, return_dtype=pl.String),
        f"PARAMCD is {test}, with {', '.join(used)} where results differ in it",
    )
