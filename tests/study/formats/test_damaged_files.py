"""Files with bytes cut, flipped and grown: a sentence or all rows, never a traceback or a hang.

Some hundred files a format in a normal run; TRIALDECK_FUZZ=20000 makes that many, at random.
"""

from __future__ import annotations

import datetime
import gzip
import json
import os
import zlib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tui.errors import StudyError
from tui.study import files
from tui.study.header import NotADataset
from tui.study.model import Dataset, Role

ROWS = 40
FRAME = pl.DataFrame(
    {
        "USUBJID": [f"01-{row:03d}" for row in range(ROWS)],
        "ARM": ["Placebo", 'Drug "A", é', "X\nY", None] * (ROWS // 4),
        "AGE": [row / 2 if row % 7 else None for row in range(ROWS)],
        "N": list(range(ROWS)),
        "TRTSDT": [datetime.date(2014, 1, 1 + row % 28) for row in range(ROWS)],
        "OK": [True, False] * (ROWS // 2),
    }
)
TYPES = {pl.String: "string", pl.Float64: "float", pl.Int64: "integer", pl.Boolean: "boolean"}


def _json(form):
    columns = [
        {"name": name, "label": name, "dataType": TYPES.get(kind, "date")}
        | ({} if kind in TYPES else {"targetDataType": "integer"})
        for name, kind in FRAME.schema.items()
    ]
    said = {"datasetJSONVersion": "1.1.0", "records": ROWS, "name": "D", "columns": columns}
    rows = FRAME.with_columns(pl.col("TRTSDT").cast(pl.String)).rows()
    if form == ".json":
        return json.dumps({**said, "rows": rows}).encode()
    return "".join(json.dumps(one) + "\n" for one in (said, *rows)).encode()


def _written(method, **options):
    import io

    file = io.BytesIO()
    getattr(FRAME, method)(file, **options)
    return file.getvalue()


CSV = FRAME.write_csv()
WHOLE = {
    "a.csv": CSV.encode(),
    "a.tsv": FRAME.write_csv(separator="\t").encode(),
    "windows.csv": CSV.encode("windows-1252"),
    "wide.csv": CSV.encode("utf-16"),
    "a.json": _json(".json"),
    "a.ndjson": _json(".ndjson"),
    "zlib.dsjc": zlib.compress(_json(".ndjson")),
    "gzip.dsjc": gzip.compress(_json(".ndjson"), mtime=0),
    "a.parquet": _written("write_parquet"),
    "a.arrow": _written("write_ipc"),
    "zstd.feather": _written("write_ipc", compression="zstd"),
    "stream.ipc": _written("write_ipc_stream"),
}

ENCODING = {"windows.csv": "windows-1252"}

COUNT = int(os.environ.get("TRIALDECK_FUZZ", "0"))
FUZZ = settings(
    max_examples=COUNT or 120,
    derandomize=not COUNT,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def outcome(path: Path) -> list[pl.DataFrame] | str:
    """All rows of the file's datasets, or the sentence that a user gets."""
    try:
        frames = []
        for header in files.headers(path, ENCODING.get(path.name.removeprefix("whole-"))):
            dataset = Dataset(path, header, Role.UNUSED, "", header.rows)
            frame = files.collect(dataset, files.scan(dataset))
            assert frame.height == header.rows
            assert dict(frame.schema) == header.kinds
            files.labels(dataset)
            frames.append(frame)
    except (StudyError, NotADataset) as error:
        said = str(error)
        assert said
        assert "\n" not in said
        assert said.endswith(".")
        return said
    return frames


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("damaged")


@pytest.mark.parametrize("name", WHOLE)
@FUZZ
@given(data=st.data())
def test_a_file_that_is_cut_is_an_error_or_has_all_rows(place, name, data):
    whole = WHOLE[name]
    path = place / name
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    found = outcome(path)
    if isinstance(found, str):
        return
    if found[0].height == ROWS and not path.name.endswith("sv"):
        assert found[0].equals(outcome_of_whole(place, name))
        return
    # Nothing in a text file tells a cut at the end of a line; any other is said.
    assert path.name.endswith("sv")
    text = path.read_bytes().decode(
        {"windows.csv": "cp1252", "wide.csv": "utf-16"}.get(name, "utf-8"), "replace"
    )
    notes = files.headers(path, ENCODING.get(name))[0].notes
    assert text.endswith("\n") or any("has no end" in note for note in notes)


def outcome_of_whole(place, name):
    path = place / f"whole-{name}"
    path.write_bytes(WHOLE[name])
    found = outcome(path)
    assert not isinstance(found, str), found
    return found[0]


@pytest.mark.parametrize("name", WHOLE)
def test_the_whole_file_has_all_rows(place, name):
    found = outcome_of_whole(place, name)
    expected = FRAME.with_columns(pl.col("OK").cast(pl.String)) if name.endswith("sv") else FRAME
    assert found.equals(expected)


@pytest.mark.parametrize("name", WHOLE)
@FUZZ
@given(data=st.data())
def test_flipped_bytes_are_a_sentence_or_a_table(place, name, data):
    damaged = bytearray(WHOLE[name])
    places = st.integers(0, len(damaged) - 1)
    for at in data.draw(st.lists(places, min_size=1, max_size=8)):
        damaged[at] = data.draw(st.integers(0, 255))
    (place / name).write_bytes(damaged)
    found = outcome(place / name)
    if not isinstance(found, str) and "json" in name:
        assert sum(frame.height for frame in found) == ROWS


@pytest.mark.parametrize("name", WHOLE)
@FUZZ
@given(data=st.data())
def test_grown_files_are_a_sentence_or_a_table(place, name, data):
    whole = WHOLE[name]
    at = data.draw(st.integers(0, len(whole)))
    more = st.binary(min_size=1, max_size=60) | st.builds(
        lambda start, length: whole[start : start + length],
        st.integers(0, len(whole) - 1),
        st.integers(1, 400),
    )
    (place / name).write_bytes(whole[:at] + data.draw(more) + whole[at:])
    found = outcome(place / name)
    if not isinstance(found, str):
        assert all(frame.height >= ROWS for frame in found) or name.endswith("sv")


@FUZZ
@given(st.binary(max_size=400), st.sampled_from([".csv", ".json", ".ndjson", ".dsjc", ".arrow"]))
@example(b"ARROW1\0\0", ".arrow")
@example(b"FEA1", ".arrow")
@example(b"\xff\xff\xff\xff\0\0\0\0", ".arrow")
@example(b"\xff\xfe", ".csv")
@example(b'"', ".csv")
@example(b"\r\n\r\n", ".csv")
@example(b"\xef\xbb\xbf", ".csv")
@example(b"{}", ".ndjson")
@example(b"\x1f\x8b", ".dsjc")
@example(b"\x78\x9c\x03\x00\x00\x00\x00\x01", ".dsjc")
def test_any_bytes_are_a_sentence_or_a_table(place, content, suffix):
    path = place / f"any{suffix}"
    path.write_bytes(content)
    outcome(path)
