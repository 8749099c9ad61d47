"""Hold the first table of a large study against the one query of polars that it rests on.

    python -m tests.bench.bench_scale [--study FOLDER] [--rows 1e7] [--runs 7]

Makes the study of `large_study.py` (100 million rows: --rows 1e8, 10 minutes and 6 GB of disk
meanwhile) or takes the one in FOLDER, prepares it, and prints for both, as delivered and prepared:

- one process from its start to the first table of `visits`, beside processes that import polars
  and ask one query of the same file: what the table shows, n, mean, SD, median, quartiles and
  extremes of value and change, of the flagged records of the population ("its own query"), and n,
  mean, SD and median of the value by arm and visit ("four figures"): the ratio to both, by medians
  of interleaved runs, and the peak resident memory of each;
- queries of polars alone, and the first table of another endpoint, in a process that runs on, and
  how many times as fast they are answered of the prepared study;
- what preparing took.

Measured on two cores: at 10 million rows 1.4 to 1.5 times its own query, 1.6 to 1.8 times four
figures, 170 MB; at 100 million 1.7 and 2.7, 670 to 770 MB (prepared 740 to 850). Prepared, another
endpoint comes 1.9 to 2.2 and 2.0 to 2.2 times as fast. polars alone reads rows 6 to 9 times as
fast, finds n, mean and SD 3 times, with the median 1.8 to 2.2 and 1.6 to 1.9 times, which has no
goal: to group 250,000 and 2.5 million values is then what takes the time. A parameter's rows in the
order of arm and visit would spare a sixth of it, by visit or arm alone nothing.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import polars as pl

from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.selection import Selection
from tui.study.open import open_study

from ..processes import printed_and_peak
from .goals import conclude, say
from .large_study import PARAMETERS, make

QUERY = """
import sys
import polars as pl
lab = pl.scan_parquet(sys.argv[1] + "/adlb.parquet").filter(pl.col("PARAMCD") == "LAB00")
def figures(name):
    value = pl.col(name)
    return {"n": value.count(), "mean": value.mean(), "sd": value.std(), "median": value.median()}
def more(name):
    value = pl.col(name)
    return figures(name) | {
        "q1": value.quantile(0.25), "q3": value.quantile(0.75),
        "min": value.min(), "max": value.max(),
    }
"""
FOUR_FIGURES = (
    QUERY
    + """
lab.group_by("TRTP", "AVISIT").agg(**figures("AVAL")).collect()
"""
)
ITS_FIGURES = (
    QUERY
    + """
people = pl.scan_parquet(sys.argv[1] + "/adsl.parquet").filter(pl.col("ITTFL") == "Y")
rows = lab.filter(pl.col("ANL01FL") == "Y").join(people, on="USUBJID", how="semi")
rows.group_by("TRTP", "AVISITN", "AVISIT").agg(
    **more("AVAL"), **{f"change_{name}": figure for name, figure in more("CHG").items()}
).collect()
"""
)
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


def run(code: str, *arguments: object) -> tuple[float, float]:
    """Seconds and peak resident MB of a process of its own."""
    start = time.perf_counter()
    _, memory = printed_and_peak(code, *arguments)
    return time.perf_counter() - start, memory


def interleaved(
    rounds: int, what: Sequence[Callable[[], tuple[float, float]]]
) -> list[tuple[float, float]]:
    """Median seconds and largest memory of each, one run of each a round."""
    found = [[one() for one in what] for _ in range(rounds)]
    return [
        (statistics.median(one[0] for one in runs), max(one[1] for one in runs))
        for runs in zip(*found, strict=True)
    ]


def values(folder: Path) -> pl.LazyFrame:
    """The rows of one parameter."""
    return pl.scan_parquet(folder / "adlb.parquet").filter(pl.col("PARAMCD") == "LAB20")


def figures(folder: Path, **more: pl.Expr) -> pl.LazyFrame:
    """Figures of its values by arm and visit."""
    value = pl.col("AVAL")
    moments = {"n": value.count(), "mean": value.mean(), "sd": value.std()}
    return values(folder).group_by("TRTP", "AVISIT").agg(**moments, **more)


MEDIAN, ANOTHER = "n, mean, SD and median", "another endpoint"
QUERIES: dict[str, Callable[[Path], pl.LazyFrame]] = {
    "rows of a parameter": lambda one: values(one).select(
        "USUBJID", "TRTP", "AVISIT", "AVAL", "BASE", "CHG"
    ),
    "n, mean, SD": figures,
    MEDIAN: lambda one: figures(one, median=pl.col("AVAL").median()),
}


def timed(query: pl.LazyFrame) -> tuple[float, float]:
    """Seconds of a query in this process."""
    start = time.perf_counter()
    query.collect()
    return time.perf_counter() - start, 0.0


def another_endpoint(folder: Path) -> Callable[[], tuple[float, float]]:
    """Answers, in a session that runs on, an endpoint that it has not been asked for yet."""
    session, numbers = Session(open_study(str(folder))), itertools.count()

    def answer() -> tuple[float, float]:
        asked = Selection(endpoint=f"LAB{next(numbers):02}")
        start = time.perf_counter()
        session.answer(Question("visits", asked, statistics=False))
        return time.perf_counter() - start, 0.0

    return answer


def first_tables(study: Path, prepared: Path, rounds: int, most: float) -> None:
    """Prints what the first table takes and how much memory, which may be `most` MB."""
    codes = {"its own query": ITS_FIGURES, "four figures": FOUR_FIGURES, "the table": FIRST_TABLE}
    processes = [
        partial(run, code, folder) for folder in (study, prepared) for code in codes.values()
    ]
    found = iter(interleaved(rounds, processes))
    for name in ("first table", "prepared, first table"):
        its, four, (seconds, memory) = (next(found) for _ in codes)
        say(name, 1e3 * seconds, "ms")
        say(f"{name}, x its own query", seconds / its[0], "x", 2)
        say(f"{name}, x four figures", seconds / four[0], "x")
        queries = {"its own query": its[1], "four figures": four[1]}
        say(f"{name}, memory", memory, "MB", most, beside=queries)


def bench(study: Path, prepared: Path, rounds: int) -> None:
    """Prints all figures of a study."""
    rows = pl.scan_parquet(study / "adlb.parquet").select(pl.len()).collect().item()
    print(f"Scale: {rows:,} rows")
    seconds, memory = run(PREPARE, study, prepared)
    say("to prepare it", seconds, "s")
    say("to prepare it, memory", memory, "MB")
    first_tables(study, prepared, rounds, 500 if rows <= 10_000_000 else 1_000)
    print("  prepared, how many times as fast")
    for name in (*QUERIES, ANOTHER):
        # Some take 3 ms; of endpoints not asked for before there are 40.
        before, after = compared(name, (study, prepared), min(4 * rounds, PARAMETERS - 1))
        least = None if name == MEDIAN else 2
        say(f"{name}: {after:.0f} ms for {before:.0f}", before / after, "x", least=least)


def compared(name: str, folders: Sequence[Path], rounds: int) -> list[float]:
    """Milliseconds of a query of each folder, after one round that does not count.

    Each in a process of its own, as studies are: what one leaves of memory makes the other dearer.
    """
    with ExitStack() as stack:
        made = [
            ProcessPoolExecutor(1, get_context("spawn"), initializer=begin, initargs=(name, one))
            for one in folders
        ]
        processes = [stack.enter_context(one) for one in made]
        queries = [lambda one=one: one.submit(again).result() for one in processes]
        interleaved(1, queries)
        return [1e3 * seconds for seconds, _ in interleaved(rounds, queries)]


def begin(name: str, folder: Path) -> None:
    """Makes a query the one that this process is asked for `again` and again."""
    global again_of_this_process
    query = another_endpoint(folder) if name == ANOTHER else partial(timed, QUERIES[name](folder))
    again_of_this_process = query


def again() -> tuple[float, float]:
    """Seconds of the query of this process."""
    return again_of_this_process()


def measure(rows: float, rounds: int, study: Path | None = None) -> None:
    """Prints all figures of a study of so many rows, or of one that is there."""
    with tempfile.TemporaryDirectory() as folder:
        if study is None:
            study = Path(folder) / "study"
            make(study, int(rows))
        bench(study, Path(folder) / "prepared", rounds)


def main() -> int:
    """Reads the command line; the exit status is 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--study", type=Path)
    parser.add_argument("--rows", type=float, default=1e7)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    measure(options.rows, options.runs, options.study)
    return conclude()


if __name__ == "__main__":
    sys.exit(main())
