"""Supplemental qualifiers (SUPP--): a name and a value for a record of the parent domain."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tui.study import files
from tui.study.header import Header
from tui.study.model import Dataset
from tui.study.roles import SUBJECT

_COLUMNS = (SUBJECT, "RDOMAIN", "QNAM", "QVAL")
_SHOWN = 6


def is_one(header: Header) -> bool:
    """Whether a dataset holds supplemental qualifiers."""
    return all(name in header.kinds for name in _COLUMNS)


def of(domain: str, datasets: Sequence[Dataset]) -> list[tuple[str, pl.DataFrame]]:
    """The qualifiers of a domain: each dataset's name, and its rows as text.

    The columns are USUBJID, IDVAR, IDVARVAL, QNAM and QVAL; a qualifier of the subject itself has
    no IDVAR.
    """
    found = []
    for one in datasets:
        if is_one(one.header):
            rows = files.collect(
                one,
                files.scan(one)
                .filter(pl.col("RDOMAIN") == domain)
                .select(
                    *(_text(name) for name in (SUBJECT, "QNAM", "QVAL")),
                    *(
                        _text(name) if one.has(name) else pl.lit(None, pl.String).alias(name)
                        for name in ("IDVAR", "IDVARVAL")
                    ),
                )
                .drop_nulls([SUBJECT, "QNAM", "QVAL"]),
            )
            if rows.height:
                found.append((one.name, rows))
    return found


def why(dataset: Dataset) -> str:
    """What the qualifiers belong to, and whether they are joined to it."""
    rows = files.collect(
        dataset, files.scan(dataset).select("RDOMAIN", "QNAM").unique().sort("RDOMAIN", "QNAM")
    )
    domains = ", ".join(rows["RDOMAIN"].drop_nulls().unique().sort())
    names = rows["QNAM"].drop_nulls().to_list()
    shown = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
    joined = "DM" in domains or "AETRTEM" in names
    return f"SDTM supplemental qualifiers of {domains}, {'' if joined else 'not '}joined: {shown}"


def _text(name: str) -> pl.Expr:
    text = pl.col(name).cast(pl.String).str.strip_chars()
    return text.replace("", None).alias(name)
