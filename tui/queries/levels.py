"""The order in which the levels of a class are shown."""

from __future__ import annotations

import polars as pl


def in_order(values: pl.Series, codes: pl.Series | None = None) -> list[str]:
    """Levels by their code, else by the first number in them (<65, 65-80, >80), else by name.

    A level that is below its number stands before one that begins there.
    """
    level = pl.col("level")
    code = codes if codes is not None else pl.lit(0)
    levels = (
        pl.DataFrame({"level": values.cast(pl.String)})
        .with_columns(code.alias("code"))
        .drop_nulls("level")
        .group_by("level")
        .agg(pl.col("code").min())
        .with_columns(
            number=level.str.extract(r"(\d+(?:\.\d+)?)").cast(pl.Float64),
            above=level.str.contains(r"^\s*(>|≥)"),
            below=level.str.contains(r"^\s*(<|≤)"),
        )
        .sort("code", "number", ~pl.col("below"), "above", "level", nulls_last=True)
    )
    return levels["level"].to_list()


def codes(frame: pl.DataFrame, name: str) -> pl.Series | None:
    """The numeric code of each value (AGEGR1N) where the dataset has one."""
    code = f"{name}N"
    there = code in frame.columns and frame.schema[code].is_numeric()
    return frame[code] if there else None
