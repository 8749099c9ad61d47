"""Make a large laboratory study as parquet, in chunks: 20 visits of 40 parameters a subject.

    python tests/bench/large_study.py FOLDER ROWS [--sorted]

ROWS is rounded down to whole subjects of 800 rows. The rows lie as ADaM has them, by subject,
parameter and visit; `--sorted` puts the parameter first, as `trialdeck prepare` does.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

PARAMETERS, VISITS, ARMS = 40, 20, ("Placebo", "Active 10 mg", "Active 20 mg", "Active 40 mg")
GROUP = 1_000_000
"""Rows of a row group, and about the most that is in memory at a time."""


def make(folder: Path, rows: int, by_parameter: bool = False) -> None:
    """Writes `adsl.parquet` and `adlb.parquet`."""
    subjects = rows // (PARAMETERS * VISITS)
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(20_231_107)
    arm = rng.integers(0, len(ARMS), subjects)
    people = _people(arm, rng)
    people.write_parquet(folder / "adsl.parquet")
    with (folder / "adlb.parquet").open("wb") as file:
        writer = None
        for block in _blocks(subjects, by_parameter):
            table = _records(*block, arm, rng).to_arrow()
            table = table.cast(pa.schema([(f.name, _plain(f.type)) for f in table.schema]))
            writer = writer or pq.ParquetWriter(file, table.schema, compression="zstd")
            writer.write_table(table, row_group_size=GROUP)
        assert writer is not None
        writer.close()


def _plain(kind: pa.DataType) -> pa.DataType:
    return pa.string() if kind in (pa.large_string(), pa.string_view()) else kind


def _names(places: np.ndarray) -> pl.Series:
    return pl.Series(places).cast(pl.String).str.zfill(7)


def _people(arm: np.ndarray, rng: np.random.Generator) -> pl.DataFrame:
    labels = pl.Series(ARMS)
    return pl.DataFrame(
        {
            "STUDYID": ["LARGE"] * len(arm),
            "USUBJID": _names(np.arange(len(arm))),
            "TRT01P": labels.gather(arm),
            "TRT01PN": arm.astype(np.float64),
            "AGE": rng.integers(30, 80, len(arm)),
            "SEX": pl.Series(["F", "M"]).gather(rng.integers(0, 2, len(arm))),
            "ITTFL": ["Y"] * len(arm),
        }
    )


def _blocks(subjects: int, by_parameter: bool) -> Iterator[tuple[np.ndarray, ...]]:
    """Subject, parameter and visit of each row, some row groups at a time."""
    visits = np.arange(VISITS)
    if by_parameter:
        step = GROUP // VISITS
        for parameter in range(PARAMETERS):
            for first in range(0, subjects, step):
                people = np.arange(first, min(subjects, first + step))
                yield (
                    np.repeat(people, VISITS),
                    np.full(len(people) * VISITS, parameter),
                    np.tile(visits, len(people)),
                )
    else:
        step = GROUP // (PARAMETERS * VISITS)
        for first in range(0, subjects, step):
            people = np.arange(first, min(subjects, first + step))
            yield (
                np.repeat(people, PARAMETERS * VISITS),
                np.tile(np.repeat(np.arange(PARAMETERS), VISITS), len(people)),
                np.tile(visits, len(people) * PARAMETERS),
            )


def _records(
    subject: np.ndarray,
    parameter: np.ndarray,
    visit: np.ndarray,
    arm: np.ndarray,
    rng: np.random.Generator,
) -> pl.DataFrame:
    base = np.round(50 + 10 * parameter + 5 * np.sin(subject * 1.7 + parameter), 1)
    value = np.round(base + rng.normal(0, 4, len(base)) - arm[subject] * visit * 0.05, 1)
    value = np.where(visit == 0, base, value)
    codes = pl.Series([f"LAB{place:02d}" for place in range(PARAMETERS)])
    labels = pl.Series([f"Laboratory Parameter {place:02d} (U/L)" for place in range(PARAMETERS)])
    named = pl.Series(["Baseline", *(f"Week {4 * place}" for place in range(1, VISITS))])
    return pl.DataFrame(
        {
            "STUDYID": pl.repeat("LARGE", len(base), eager=True),
            "USUBJID": _names(subject),
            "TRTP": pl.Series(ARMS).gather(arm[subject]),
            "PARAMCD": codes.gather(parameter),
            "PARAM": labels.gather(parameter),
            "AVISIT": named.gather(visit),
            "AVISITN": 4.0 * visit,
            "ADY": 1 + 28 * visit,
            "AVAL": value,
            "BASE": base,
            "CHG": np.round(value - base, 1),
            "ABLFL": pl.Series(["", "Y"]).gather((visit == 0).astype(int)),
            "ANL01FL": pl.repeat("Y", len(base), eager=True),
        }
    )


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("rows", type=float)
    parser.add_argument("--sorted", action="store_true")
    options = parser.parse_args()
    make(options.folder, int(options.rows), options.sorted)


if __name__ == "__main__":
    main()
