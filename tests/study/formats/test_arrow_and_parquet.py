"""Arrow, Feather and parquet: the few types the program knows, labels, streams and version 1."""

from __future__ import annotations

import datetime
import decimal
import warnings

import polars as pl
import pyarrow as pa
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet
import pytest

from tui.study.formats import reader
from tui.study.header import Unreadable

TABLE = pa.table(
    {
        "usubjid": pa.array(["1", "é", None]),
        "ARM": pa.array(["A", "B", "A"]).dictionary_encode(),
        "LARGE": pa.array(["x", "y", "z"], pa.large_string()),
        "SMALL": pa.array([1, None, 3], pa.int8()),
        "UNSIGNED": pa.array([1, 2, 3], pa.uint32()),
        "SINGLE": pa.array([0.5, float("nan"), None], pa.float32()),
        "MONEY": pa.array([decimal.Decimal("1.25"), None, None], pa.decimal128(9, 2)),
        "NOTHING": pa.nulls(3),
        "ADT": pa.array([datetime.date(2014, 1, 2), None, None]),
        "ADTM": pa.array([datetime.datetime(2014, 1, 2, 3)] * 3, pa.timestamp("ms", "UTC")),
        "ATM": pa.array([datetime.time(3, 4)] * 3, pa.time32("s")),
        "OK": pa.array([True, False, None]),
    }
)
EXPECTED = pl.DataFrame(
    {
        "USUBJID": ["1", "é", None],
        "ARM": ["A", "B", "A"],
        "LARGE": ["x", "y", "z"],
        "SMALL": [1, None, 3],
        "UNSIGNED": [1, 2, 3],
        "SINGLE": [0.5, None, None],
        "MONEY": [1.25, None, None],
        "NOTHING": pl.Series([None] * 3, dtype=pl.String),
        "ADT": [datetime.date(2014, 1, 2), None, None],
        "ADTM": [datetime.datetime(2014, 1, 2, 3)] * 3,
        "ATM": [datetime.time(3, 4)] * 3,
        "OK": [True, False, None],
    }
)


def stream(table, path):
    with pyarrow.ipc.new_stream(path, table.schema) as file:
        file.write_table(table, max_chunksize=2)


def version_1(table, path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        pyarrow.feather.write_feather(table, path, version=1)


WRITERS = {
    "file.arrow": lambda table, path: pyarrow.feather.write_feather(table, path, chunksize=2),
    "zstd.feather": lambda table, path: pyarrow.feather.write_feather(table, path, "zstd"),
    "stream.ipc": stream,
    "data.parquet": pyarrow.parquet.write_table,
}


@pytest.mark.parametrize("name", WRITERS)
def test_every_type_becomes_one_that_the_program_knows(tmp_path, read, name):
    path = tmp_path / name
    WRITERS[name](TABLE, path)
    (found,) = read(path)
    assert found.frame.equals(EXPECTED)
    assert found.header.notes == ()


def test_feather_version_1_is_read(tmp_path, read):
    path = tmp_path / "old.feather"
    version_1(TABLE.select(["usubjid", "SMALL", "ADT"]), path)
    assert read(path)[0].frame.equals(EXPECTED.select("USUBJID", "SMALL", "ADT"))


@pytest.mark.parametrize("name", WRITERS)
def test_labels_come_from_the_fields(tmp_path, read, name):
    field = pa.field("age", pa.int64(), metadata={"label": "Age"})
    path = tmp_path / name
    WRITERS[name](pa.table([[1]], pa.schema([field])), path)
    assert read(path)[0].labels == {"AGE": "Age"}


@pytest.mark.parametrize("name", WRITERS)
def test_columns_of_lists_are_left_out_and_named(tmp_path, read, name):
    path = tmp_path / name
    WRITERS[name](pa.table({"A": [1], "LIST": [[1, 2]], "PAIR": [{"x": 1}]}), path)
    (found,) = read(path)
    assert found.header.kinds == {"A": pl.Int64()}
    assert found.header.notes[0].startswith(
        "Columns that hold no single values are left out: LIST (List(Int64)), PAIR (Struct("
    )


@pytest.mark.parametrize("name", WRITERS)
def test_a_query_gets_the_columns_and_rows_it_asks_for(tmp_path, name):
    path = tmp_path / name
    WRITERS[name](TABLE, path)
    header = reader(path).headers(path)[0]
    rows = reader(path).scan(path, header)
    assert rows.filter(pl.col("ARM") == "A").select("SMALL").collect()["SMALL"].to_list() == [1, 3]
    assert rows.select("LARGE", "ARM").head(2).collect().rows() == [("x", "A"), ("y", "B")]
    assert rows.select(pl.len()).collect().item() == 3


@pytest.mark.parametrize("name", [*WRITERS, "old.feather"])
def test_a_file_that_is_cut_is_an_error_and_never_a_shorter_table(tmp_path, read, name):
    path = tmp_path / name
    WRITERS.get(name, version_1)(TABLE.select(["usubjid", "SMALL", "ADT"]), path)
    whole = path.read_bytes()
    for length in range(0, len(whole), 1 if name == "stream.ipc" else 97):
        path.write_bytes(whole[:length])
        with pytest.raises((Unreadable, pl.exceptions.PolarsError)):
            read(path)


def test_names_that_differ_in_case_alone_are_refused(tmp_path):
    for name, write in WRITERS.items():
        write(pa.table({"AGE": [1], "age": [2]}), tmp_path / name)
        with pytest.raises(Unreadable, match="names AGE more than once"):
            reader(tmp_path / name).headers(tmp_path / name)


def test_a_name_that_is_a_pattern_for_polars_is_refused(tmp_path):
    for name, write in WRITERS.items():
        write(pa.table({"AGE": [1], "*": [2]}), tmp_path / name)
        with pytest.raises(Unreadable, match=r"its column 2 is named \*, which stands for several"):
            reader(tmp_path / name).headers(tmp_path / name)
