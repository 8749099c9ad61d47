"""SAS files cut, flipped and grown: a sentence or all rows, never a traceback, a hang, a shorter
table. FUZZ_SECONDS=300 makes it minutes for each format; what was found on the way is kept below.
"""

from __future__ import annotations

import os
import random
import struct
import time

import pytest

from tui.report.visible import visible
from tui.study.formats import reader
from tui.study.header import Unreadable

from .xport import Dataset, Variable, write

SECONDS = float(os.environ.get("FUZZ_SECONDS", "2"))
SLOWEST = 10.0
"""Seconds after which a file that is read counts as a hang."""

VALUES = (0, 1, 0x20, 0x7F, 0x80, 0xFF)
WORDS = (b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\x80", bytes(4))


def damaged(data: bytes, chance: random.Random, hot: int) -> bytes:
    """The file cut, grown, or changed in some places, half of them in its header."""
    raw = bytearray(data)
    kind = chance.random()
    if kind < 0.1:
        return bytes(raw[: chance.randrange(len(raw))])
    if kind < 0.2:
        at = chance.randrange(len(raw) + 1)
        raw[at:at] = chance.randbytes(chance.choice([1, 8, 80, 400]))
        return bytes(raw)
    for _ in range(chance.choice([1, 1, 1, 2, 4, 16])):
        at = chance.randrange(min(hot, len(raw)) if chance.random() < 0.5 else len(raw))
        if chance.random() < 0.7:
            raw[at] = chance.choice((*VALUES, raw[at] ^ 1 << chance.randrange(8)))
        else:
            raw[at : at + 4] = chance.choice(WORDS)
    return bytes(raw)


def outcome(path):
    """Whether a file was read; whatever is not a sentence of one line is an error."""
    start, reason = time.monotonic(), ""
    try:
        for header in reader(path).headers(path):
            frame = reader(path).scan(path, header).collect()
            assert frame.height == header.rows or not header.columns
    except Unreadable as error:
        reason = visible(str(error))
    assert time.monotonic() - start < SLOWEST
    assert "\n" not in reason
    return not reason


def fuzz(tmp_path, suffix, files, hot):
    """As many damaged files as there is time for; both outcomes are seen."""
    seed = random.randrange(1 << 32)
    chance, seen, end = random.Random(seed), set(), time.monotonic() + SECONDS
    path = tmp_path / f"fuzzed{suffix}"
    while time.monotonic() < end:
        path.write_bytes(damaged(chance.choice(files), chance, hot))
        try:
            seen.add(outcome(path))
        except BaseException:
            kept = path.rename(path.with_stem(f"found-{seed}"))
            print(f"kept as {kept}")
            raise
    assert seen == {True, False}


@pytest.mark.parametrize("version", [5, 8])
def test_transport_files(tmp_path, version):
    columns = [
        Variable("USUBJID", numeric=False, length=11),
        Variable("AVAL", label="x" * 60),
        Variable("ADT", format="DATE", width=9),
    ]
    rows = [[f"01-{n:04}", n / 7, float(n)] for n in range(60)]
    one = Dataset("ADX", columns, rows)
    fuzz(tmp_path, ".xpt", [write(one, version=version), write(one, one, version=version)], 1500)


def test_genuine_transport_files(tmp_path, shared):
    files = [one.read_bytes() for folder in ("xpt_v5", "xpt_v8") for one in shared(folder)]
    fuzz(tmp_path, ".xpt", files, 2400)


def test_genuine_sas7bdat_files(tmp_path, shared):
    """Native code reads these: a crash would end this very process."""
    files = [
        one.read_bytes()
        for folder in ("sas7bdat", "sas7bdat_bad")
        for one in shared(folder)
        if one.suffix == ".sas7bdat"
    ]
    fuzz(tmp_path, ".sas7bdat", files, 5120)


def test_genuine_catalogs(tmp_path, shared):
    """A catalog that is damaged never keeps its dataset from being read."""
    data, catalog = (
        next(one for one in shared("sas7bdat") if one.name == f"tagged-na.{kind}")
        for kind in ("sas7bdat", "sas7bcat")
    )
    path, chance = tmp_path / "x.sas7bdat", random.Random(random.randrange(1 << 32))
    path.write_bytes(data.read_bytes())
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        path.with_suffix(".sas7bcat").write_bytes(damaged(catalog.read_bytes(), chance, 5120))
        assert outcome(path)


# -- found


def rows_said(data: bytes, rows: int) -> bytes:
    """A file of 32-bit SAS with another number of rows in its header."""
    at = data.index(b"\xf7\xf7\xf7\xf7", 1024)
    return data[: at + 24] + struct.pack("<I", rows) + data[at + 28 :]


def test_a_number_of_rows_that_the_file_cannot_hold_allocates_nothing(tmp_path, shared):
    (path,) = (one for one in shared("sas7bdat") if one.name == "datetime.sas7bdat")
    damaged = tmp_path / "adx.sas7bdat"
    damaged.write_bytes(rows_said(path.read_bytes(), 2_113_929_221))
    with pytest.raises(Unreadable, match=r"damaged: it says 2,113,929,221 rows of 5 columns\."):
        reader(damaged).headers(damaged)


def test_fewer_rows_than_the_pages_hold_are_said(tmp_path, shared):
    (path,) = (one for one in shared("sas7bdat") if one.name == "datetime.sas7bdat")
    damaged = tmp_path / "adx.sas7bdat"
    damaged.write_bytes(rows_said(path.read_bytes(), 3))
    (header,) = reader(damaged).headers(damaged)
    assert header.notes == ("Rows that its header counts as deleted are not read: 1.",)


def test_more_rows_than_the_pages_hold_are_refused(tmp_path, shared):
    (path,) = (one for one in shared("sas7bdat") if one.name == "datetime.sas7bdat")
    damaged = tmp_path / "adx.sas7bdat"
    damaged.write_bytes(rows_said(path.read_bytes(), 5))
    with pytest.raises(Unreadable, match="header says 5 rows, its pages hold 4"):
        reader(damaged).headers(damaged)
