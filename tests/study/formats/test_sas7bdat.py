"""SAS7BDAT files: the genuine ones come through right, a damaged one is one sentence."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import struct

import polars as pl
import pyreadstat
import pytest
from polars.testing import assert_frame_equal

from tui.study.formats import sas7bdat
from tui.study.formats.sas.pages import MAGIC
from tui.study.header import Unreadable

SHAPES = {
    "charset_lat1": (150, 5),
    "charset_sjis": (150, 5),
    "charset_utf8": (150, 5),
    "data_page_with_deleted": (997, 3),
    "date_formats": (1, 67),
    "datetime": (4, 5),
    "missing_test": (1, 9),
    "sample_bincompressed": (5, 7),
    "tagged-na": (8, 1),
}


@pytest.fixture
def genuine(shared):
    """A genuine file by its stem."""
    files = {one.stem: one for one in shared("sas7bdat") if one.suffix == ".sas7bdat"}
    assert files.keys() == SHAPES.keys()
    return files


@pytest.fixture
def truth(shared):
    """What stands in a genuine file, as the CSV beside it says."""

    def rows(stem):
        (path,) = (one for one in shared("sas7bdat") if one.name == f"{stem}.csv")
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))

    return rows


@pytest.mark.parametrize("stem", SHAPES)
def test_every_genuine_file_has_its_rows_and_columns(genuine, read, stem):
    (found,) = read(genuine[stem])
    assert found.frame.shape == SHAPES[stem]


@pytest.mark.parametrize("stem", ["charset_lat1", "charset_utf8"])
def test_every_value_is_that_of_the_csv_beside_it(genuine, read, truth, stem):
    (found,) = read(genuine[stem])
    names, *rows = truth(stem)
    assert found.frame.columns == [name.upper() for name in names]
    assert found.frame.rows() == [(*map(float, row[:4]), row[4]) for row in rows]


def test_a_deleted_row_is_not_read_and_the_others_all_are(genuine, read, truth):
    (found,) = read(genuine["data_page_with_deleted"])
    rows = truth("data_page_with_deleted")[1:]
    assert found.frame.rows() == [tuple(cell or None for cell in row) for row in rows]
    assert found.header.notes == ("Rows that its header counts as deleted are not read: 1.",)


def test_every_format_of_a_date_makes_the_same_date(genuine, read):
    (found,) = read(genuine["date_formats"])
    row = found.frame.row(0, named=True)
    moment = dt.datetime(2017, 3, 14, 15, 36, 56, 546000)
    assert {name for name, value in row.items() if value not in (moment, moment.date())} == {"TOD"}
    assert sum(value == moment.date() for value in row.values()) == 49
    assert found.header.columns[1].format == "E8601DA10."


def test_datetimes_dates_and_times(genuine, read):
    (found,) = read(genuine["datetime"])
    assert found.frame.row(3) == (
        dt.datetime(1948, 9, 9, 21, 32),
        *(dt.date(1948, 9, 16),) * 3,
        dt.time(21, 32),
    )


def test_special_missing_values_are_missing_and_counted(genuine, read):
    (found,) = read(genuine["missing_test"])
    assert found.frame.row(0) == (*(None,) * 8, 1.0)
    (note,) = found.header.notes
    assert note.startswith("Special missing values count as missing: var1 .A 1; var2 .B 1;")


def test_a_compressed_file_has_the_values_of_the_transport_file_of_the_same_data(
    genuine, shared, read
):
    (found,) = read(genuine["sample_bincompressed"])
    (same,) = read(next(one for one in shared("xpt_v5") if one.name == "sample.xpt"))
    # The transport file has another time in one row, and was shortened to what it can hold.
    assert_frame_equal(found.frame.select("MYCHAR", "MYNUM", "MYDATE"),
                       same.frame.select("MYCHAR", "MYNUM", "MYDATE"))  # fmt: skip


def test_the_catalog_beside_a_file_says_what_its_codes_mean(genuine, read):
    (found,) = read(genuine["tagged-na"])
    assert found.header.columns[0].decodes == {"A": "Apple", "Z": "Zebra"}
    assert found.header.notes[-1] == "What coded values mean is from tagged-na.sas7bcat."


def test_a_catalog_that_cannot_be_read_is_said_and_the_data_open(genuine, read, tmp_path):
    shutil.copy(genuine["tagged-na"], tmp_path)
    (tmp_path / "formats.sas7bcat").write_bytes(b"no catalog")
    (found,) = read(tmp_path / "tagged-na.sas7bdat")
    assert found.frame.height == 8
    assert found.header.notes[-1].startswith("The format catalog formats.sas7bcat cannot be read")


def test_the_recipe_reads_the_same_values_without_the_program(genuine, read):
    path = genuine["sample_bincompressed"]
    (found,) = read(path)
    code = sas7bdat.recipe(path, found.header, []).replace(path.name, str(path))
    other = eval(code, {"pyreadstat": pyreadstat, "pl": pl})
    assert_frame_equal(found.frame, other.rename(str.upper), check_dtypes=False)


def test_a_condition_and_a_limit_give_what_they_give_on_the_whole(genuine):
    path = genuine["charset_utf8"]
    (header,) = sas7bdat.headers(path)
    rows = sas7bdat.scan(path, header)
    whole = rows.collect()
    chosen = pl.col("PETALLENGTH") > 5
    assert_frame_equal(rows.filter(chosen).select("SPECIES").collect(),
                       whole.filter(chosen).select("SPECIES"))  # fmt: skip
    assert_frame_equal(rows.head(7).collect(), whole.head(7))
    assert rows.select(pl.len()).collect().item() == 150


def test_of_a_large_file_only_the_dates_are_looked_at_and_that_is_said(genuine, read, monkeypatch):
    monkeypatch.setattr(sas7bdat, "_LOOKED_AT", 0)
    (found,) = read(genuine["missing_test"])
    assert found.frame.row(0) == (*(None,) * 8, 1.0)
    assert found.header.notes == (
        "Special missing values (.A to .Z, ._) count as missing; they were not counted.",
    )
    (found,) = read(genuine["datetime"])
    assert found.frame.dtypes == [pl.Datetime("us"), pl.Date, pl.Date, pl.Date, pl.Time]


def without_code_page(path, tmp_path, text):
    """The file as one that states no code page, with other bytes in its first text."""
    data = bytearray(path.read_bytes())
    data[70] = 0
    at = data.find(b"setosa")
    data[at : at + len(text)] = text
    changed = tmp_path / "adx.sas7bdat"
    changed.write_bytes(data)
    return changed


def test_a_file_that_states_no_code_page_is_utf_8_until_another_is_said(genuine, read, tmp_path):
    path = without_code_page(genuine["charset_utf8"], tmp_path, "é".encode())
    (found,) = read(path)
    assert (found.frame["SPECIES"][0], found.header.notes) == ("Iris-étosa", ())
    path = without_code_page(genuine["charset_utf8"], tmp_path, b"\xe9t")
    with pytest.raises(Unreadable) as error:
        read(path)
    assert str(error.value) == (
        "its text has the byte 0xE9, which is not UTF-8, and the file states no code page: say it "
        "with --encoding windows-1252 or another."
    )
    for encoding in ("windows-1252", "latin-1", "iso8859_15"):
        (found,) = read(path, encoding)
        assert found.frame["SPECIES"][0] == "Iris-éttosa"
        assert f"it is read as {encoding}, as --encoding" in found.header.notes[0]
    with pytest.raises(Unreadable, match="it cannot be read as mac-roman"):
        read(path, "mac-roman")


def test_a_code_page_that_a_file_states_goes_before_what_is_said(genuine, read):
    (found,) = read(genuine["charset_sjis"], "windows-1252")
    (same,) = read(genuine["charset_sjis"])
    assert_frame_equal(found.frame, same.frame)
    assert found.header.notes == ()


# -- what is refused


def head(page, count, size=1024):
    """The beginning of a file of 32-bit SAS that says so many pages."""
    flags = bytes([0x22, 0x22, 0, 0x32, 0x33, 1]).ljust(164, b"\0")
    return (MAGIC + flags + struct.pack("<III", size, page, count)).ljust(1024, b"\0")


SENTENCES = {
    "empty": (b"", "it is empty."),
    "not one": (b"PK\x03\x04" + bytes(4000), "it is not a SAS7BDAT file."),
    "cut in its header": (MAGIC, "it is cut short: it ends in the middle of its header."),
    "cut": (
        head(4096, 3) + bytes(9000),
        "it is cut short: its header says 3 pages of 4,096 bytes, and it holds 2.",
    ),
    "grown": (head(4096, 1) + bytes(4097), "it is damaged: 1 bytes follow its last page."),
    "no pages": (
        head(0, 0),
        "its header is damaged: it says 0 pages of 0 bytes after 1,024 of its own.",
    ),
}


@pytest.mark.parametrize("why", SENTENCES)
def test_what_cannot_be_read_is_one_clear_sentence(tmp_path, why):
    data, sentence = SENTENCES[why]
    path = tmp_path / "adx.sas7bdat"
    path.write_bytes(data)
    with pytest.raises(Unreadable) as error:
        sas7bdat.headers(path)
    assert str(error.value) == sentence


def test_a_page_of_nothing_is_refused_by_the_library_in_one_sentence(tmp_path):
    path = tmp_path / "adx.sas7bdat"
    path.write_bytes(head(4096, 1) + bytes(4096))
    with pytest.raises(Unreadable) as error:
        sas7bdat.headers(path)
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)
