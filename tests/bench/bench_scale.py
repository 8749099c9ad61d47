"""Hold the first table of a large study against the one query of polars that it rests on.

    python tests/bench/bench_scale.py [--study FOLDER] [--rows 1e7] [--runs 7]

Makes the study of `large_study.py` (100 million rows: --rows 1e8, 10 minutes and 6 GB of disk
meanwhile) or takes the one in FOLDER, prepares it, and prints for both, as delivered and prepared:

- one process from its start to the first table of `visits`, and one that imports polars and asks
  the bare query of the same file (n, mean, SD and median by arm and visit): medians of interleaved
  runs, the ratio, and the peak resident memory of each;
- the bare query alone, in a process that runs on, and how much sooner it is answered prepared;
- what preparing took.

Goals: a ratio of 2; 500 MB at 10 million rows and 1 GB at 100 million; prepared twice as fast.
Measured on two quiet cores: at 10 million rows 1.9 (prepared 1.7) and 180 MB; at 100 million 3.1
(2.7) and 680 to 720 MB; the query alone 1.8 and 1.4 times as fast prepared, as it is the grouping
of 250,000 and 2.5 million rows that takes most of what is left of it.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
from large_study import make

BARE = """
import sys
import polars as pl
value = pl.col("AVAL")
pl.scan_parquet(sys.argv[1] + "/adlb.parquet").filter(pl.col("PARAMCD") == "LAB00").group_by(
    "TRTP", "AVISIT"
).agg(
    value.count().alias("n"), value.mean().alias("mean"), value.std().alias("sd"),
    value.median().alias("median"),
).collect()
"""
FIRST_TABLE = """
import sys
from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.study.open import open_study
answer = Session(open_study(sys.argv[1])).answer(Question("visits", statistics=False))
assert answer.rows
"""
PREPARE = """
import sys
from pathlib import Path
from tui.study.prepare import prepare
prepare(sys.argv[1], Path(sys.argv[2]))
"""


PEAK = "\nprint(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
"""The peak of the process itself: what wait4 says begins with that of the process it came from."""


def run(code: str, *arguments: object) -> tuple[float, float]:
    """Seconds and peak resident MB of a process of its own."""
    words = [sys.executable, "-c", code + PEAK, *map(str, arguments)]
    start = time.perf_counter()
    said = subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout
    return time.perf_counter() - start, int(said) / 1024


def interleaved(
    rounds: int, what: Sequence[Callable[[], tuple[float, float]]]
) -> list[tuple[float, float]]:
    """Median seconds and largest memory of each, one run of each a round."""
    found = [[one() for one in what] for _ in range(rounds)]
    return [
        (statistics.median(one[0] for one in runs), max(one[1] for one in runs))
        for runs in zip(*found, strict=True)
    ]


def alone(folder: Path) -> tuple[float, float]:
    """Seconds of the bare query in this process."""
    value = pl.col("AVAL")
    rows = pl.scan_parquet(folder / "adlb.parquet").filter(pl.col("PARAMCD") == "LAB00")
    start = time.perf_counter()
    rows.group_by("TRTP", "AVISIT").agg(
        value.count().alias("n"),
        value.mean().alias("mean"),
        value.std().alias("sd"),
        value.median().alias("median"),
    ).collect()
    return time.perf_counter() - start, 0.0


def bench(study: Path, prepared: Path, rounds: int) -> None:
    """Prints the table."""
    seconds, memory = run(PREPARE, study, prepared)
    print(f"prepare: {seconds:.1f} s, {memory:.0f} MB")
    print(f"{'':10}{'bare, s':>9}{'table, s':>10}{'ratio':>7}{'bare, MB':>10}{'table, MB':>11}")
    processes = [
        lambda folder=folder, code=code: run(code, folder)
        for folder in (study, prepared)
        for code in (BARE, FIRST_TABLE)
    ]
    found = interleaved(rounds, processes)
    for name, bare, table in zip(("delivered", "prepared"), found[::2], found[1::2], strict=True):
        print(
            f"{name:10}{bare[0]:9.2f}{table[0]:10.2f}{table[0] / bare[0]:7.2f}"
            f"{bare[1]:10.0f}{table[1]:11.0f}"
        )
    print(f"prepared, to the bare query of the delivered: {found[3][0] / found[0][0]:.2f}")
    for folder in (study, prepared):
        alone(folder)
    queries = [lambda folder=folder: alone(folder) for folder in (study, prepared)]
    (before, _), (after, _) = interleaved(rounds, queries)
    print(
        f"the query alone: {1000 * before:.0f} ms, prepared {1000 * after:.0f} ms: "
        f"{before / after:.1f} times as fast"
    )


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", type=Path)
    parser.add_argument("--rows", type=float, default=1e7)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        study = options.study or Path(folder) / "study"
        if options.study is None:
            make(study, int(options.rows))
        bench(study, Path(folder) / "prepared", options.runs)


if __name__ == "__main__":
    main()
