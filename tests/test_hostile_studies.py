"""Files made to exhaust the program: each is a sentence or an answer, within a bound of memory.

Each study is opened by a process of its own, whose peak of resident memory is measured: 75 MB are
the interpreter and polars, 120 MB the built-in study's first table with its statistics.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow.parquet
import pytest

from tui.study import builtin

from .processes import needs_proc
from .terminal import Terminal

META = {"datasetJSONVersion": "1.1.0", "name": "D", "records": 10**9}
META["columns"] = [{"name": "A", "dataType": "integer"}]
COMPUTING = 120
"""Seconds of CPU until the kernel ends the process: none takes a tenth of it."""


def columns(folder: Path) -> None:
    names = ",".join(f"C{place}" for place in range(1_000_000))
    (folder / "x.csv").write_text(f"{names}\n{'1,' * 999_999}1\n", encoding="utf-8")


def nested(folder: Path) -> None:
    start = '{"datasetJSONVersion": "1.1.0", "a": '
    (folder / "x.json").write_text(start + '{"a": ' * 1_000_000, encoding="utf-8")


def digits(folder: Path) -> None:
    text = json.dumps({**META, "records": 1, "rows": [["N"]]}).replace('"N"', "9" * 1_000_000)
    (folder / "x.json").write_text(text, encoding="utf-8")


def bomb(line: bytes) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        packer = zlib.compressobj(9)
        with (folder / "x.dsjc").open("wb") as file:
            file.write(packer.compress(json.dumps(META).encode() + b"\n"))
            for _ in range(32):
                file.write(packer.compress(line * ((1 << 20) // len(line))))
            file.write(packer.flush())

    return write


def lying(folder: Path) -> None:
    """1,000 rows whose footer says that they are 2**36 (as zigzag varints)."""
    path = folder / "x.parquet"
    pl.DataFrame({"USUBJID": ["a"] * 1000}).write_parquet(path)
    whole = path.read_bytes()
    at = len(whole) - 8 - struct.unpack("<I", whole[-8:-4])[0]
    footer = whole[at:-8].replace(b"\xd0\x0f", b"\x80\x80\x80\x80\x80\x04")
    path.write_bytes(whole[:at] + footer + struct.pack("<I", len(footer)) + b"PAR1")


def people(folder: Path) -> None:
    """A few kilobytes that stand for six million subjects."""
    same = pl.select(USUBJID=pl.repeat("S", 6_000_000), TRT01P=pl.repeat("A", 6_000_000))
    same.write_parquet(folder / "adsl.parquet", row_group_size=6_000_000)
    (folder / "adsl.csv").unlink()


def cell(name: str, column: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        rows = pl.read_csv(folder / f"{name}.csv", infer_schema=False)
        long = pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("\u6f22 x" * 350_000))
        rows.with_columns(long.otherwise(pl.col(column)).alias(column)).write_csv(
            folder / f"{name}.csv"
        )

    return write


def heading(folder: Path) -> None:
    (folder / "x.csv").write_text("N" * 5_000_000 + ",B\n1,2\n", encoding="utf-8")


def line(folder: Path) -> None:
    (folder / "x.csv").write_text('A,B\n"' + "x\n" * 10_000_000, encoding="utf-8")


def others(folder: Path) -> None:
    for place in range(10_000):
        (folder / f"{place}.txt").touch()


def loops(folder: Path) -> None:
    (folder / "x.csv").symlink_to(folder / "x.csv")


def folders(folder: Path) -> None:
    (folder / "again").symlink_to(folder)
    (folder / "again.csv").symlink_to(folder)
    (folder / "define.xml").mkdir()


def pipes(folder: Path) -> None:
    for name in ("x.csv", "x.xpt", "y.parquet", "z.sas7bdat", "formats.sas7bcat", "define.xml"):
        os.mkfifo(folder / name)


def device(folder: Path) -> None:
    (folder / "x.csv").symlink_to("/dev/zero")
    (folder / "y.parquet").symlink_to("/dev/zero")


def said_by(make: Callable[[Path], None]) -> Callable[[Path], None]:
    """study.toml as something else than a small file of text."""

    def write(folder: Path) -> None:
        make(folder / "study.toml")

    return write


SWELLS = "x.dsjc: it swells to more than 250 times its size."


def rows_without_end(study: Path) -> None:
    subject = pl.read_csv(study / "adsl.csv")["USUBJID"][0]
    same = {"USUBJID": subject, "PARAMCD": "X", "PARAM": "X", "AVISITN": 0, "AVAL": 1.5}
    million = pl.select(pl.repeat(value, 1_000_000).alias(name) for name, value in same.items())
    rows = million.to_arrow()
    (study / "adlb.csv").unlink()
    with pyarrow.parquet.ParquetWriter(study / "adlb.parquet", rows.schema) as file:
        for _ in range(21):  # 60 KB
            file.write_table(rows)


def visits_without_end(study: Path) -> None:
    subject = pl.read_csv(study / "adsl.csv")["USUBJID"][0]
    numbers = pl.DataFrame({"AVISITN": range(200_000)})
    rows = numbers.with_columns(USUBJID=pl.lit(subject), PARAMCD=pl.lit("X"), AVAL=pl.lit(1.5))
    rows.write_csv(study / "adlb.csv")


STUDIES = {
    "a million columns": (columns, "x.csv: its header has more than 32,767 columns."),
    "a heading of five megabytes": (heading, "x.csv: its header cannot be read: field larger"),
    "a quotation mark that never ends": (line, "x.csv: the quotation mark that opens on line 2"),
    "deep JSON": (nested, "x.json: line 1 nests deeper than data do."),
    "a number of a million digits": (digits, "x.json: row 1 holds a number that is too large."),
    "a bomb of rows": (bomb(b"[1%s]\n" % (b" " * 60)), SWELLS),
    "a bomb of empty lines": (bomb(b"\n"), SWELLS),
    "a bomb of one line": (bomb(b"\0"), "x.dsjc: "),
    "a parquet file that lies": (lying, "x.parquet: "),
    "six million subjects": (people, "adsl.parquet: it has 6,000,000 rows; a subject-level"),
    "a race of a megabyte": (cell("adsl", "RACE"), None),
    "a term of a megabyte": (cell("adae", "AETERM"), None),
    "an arm of a megabyte": (
        cell("adsl", "TRT01P"),
        "adsl.csv: TRT01P names an arm of 1,050,000 characters; 2,000 are the most.",
    ),
    "10,000 other files": (others, None),
    "21 million equal rows": (rows_without_end, "adlb.parquet: X has 21,000,000 rows; "),
    "200,000 visits": (visits_without_end, "There are 200,000 visits"),
    "a link to itself": (loops, "x.csv: it cannot be read: Too many levels of symbolic links."),
    "folders in place of files": (folders, None),
    "pipes in place of files": (pipes, None),
    "a device in place of a file": (device, None),
    "a pipe in place of study.toml": (said_by(os.mkfifo), "study.toml: "),
    "a device in place of study.toml": (
        said_by(lambda path: path.symlink_to("/dev/zero")),
        "study.toml: ",
    ),
    "a study.toml without end": (
        said_by(lambda path: path.write_text("a = 1\n" * 1_000_000, encoding="utf-8")),
        "study.toml: ",
    ),
}
MOST = 400
"""MB; decoding 32 MB of rows of one number takes 300."""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    folder.mkdir()
    for name in ("adsl.csv", "adlb.csv", "adae.csv"):
        shutil.copy(builtin.folder() / name, folder)
    return folder


# Not ru_maxrss, which keeps what the process that forked had in memory.
MEASURED = """
import sys
from pathlib import Path
from tui.cli import main
status = main(sys.argv[2:])
said = Path("/proc/self/status").read_text()
Path(sys.argv[1]).write_text(said.partition("VmHWM:")[2].split()[0])
sys.exit(status)
"""


def peak(*arguments: object, out: Path) -> tuple[int, str, float]:
    """Exit status, what is said, and the peak of memory in MB of a process of its own."""

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (COMPUTING, COMPUTING))

    measured = out.with_suffix(".peak")
    command = [sys.executable, "-c", MEASURED, str(measured), *map(str, arguments)]
    environ = {**os.environ, "LANG": "C.UTF-8", "PYTHONPATH": str(Path(__file__).parents[1])}
    with out.open("wb") as file, out.with_suffix(".err").open("w+b") as err:
        done = subprocess.run(command, stdout=file, stderr=err, env=environ, preexec_fn=bounded)
        err.seek(0)
        return done.returncode, err.read().decode(), int(measured.read_text()) / 1000


@needs_proc
@pytest.mark.parametrize(("make", "said"), STUDIES.values(), ids=list(STUDIES))
def test_no_study_exhausts_the_machine(study: Path, tmp_path: Path, make, said):
    make(study)
    status, err, memory = peak("show", "visits", study, out=tmp_path / "out")
    assert memory < MOST
    if said is None:
        assert (status, err) == (0, "")
    else:
        assert status == 2
        assert err.startswith(f"trialdeck: {said}")
        assert err.count("\n") == 1
        assert len(err) < 2000


def test_what_is_no_file_is_named_on_the_page_of_the_study(study: Path, here):
    pipes(study)
    shown = " ".join(here("show", "study", study).out.split())
    assert all(name in shown for name in ("x.csv", "x.xpt", "y.parquet", "z.sas7bdat"))


@pytest.mark.parametrize("make", [cell("adae", "AETERM"), pipes], ids=["a megabyte", "pipes"])
def test_the_browser_opens_such_a_study(terminal: Callable[..., Terminal], study: Path, make):
    make(study)
    screen = terminal(["-m", "tui", str(study)])
    screen.wait_complete()
    for key in ("4", "j", "\r"):
        screen.press(key)
    screen.rest()
    screen.press("q")
    assert screen.wait_ended() == 0
    assert screen.is_restored


def test_the_browser_refuses_one_that_it_cannot_open(
    terminal: Callable[..., Terminal], study: Path
):
    columns(study)
    screen = terminal(["-m", "tui", str(study)])
    screen.patience = 90.0
    assert screen.wait_ended() == 2
    assert b"x.csv: its header has more than 32,767 columns." in screen.raw
    assert screen.is_restored
