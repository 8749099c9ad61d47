"""CSV and TSV files: types that lose nothing, code pages, separators, and rows that do not fit."""

from __future__ import annotations

import csv
import datetime
import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.study.formats import delimited, layout
from tui.study.header import Unreadable


@pytest.fixture
def opened(tmp_path, read):
    """What becomes of a text, or of bytes, as a file."""

    def of(text, name="data.csv", encoding=None):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read(path, encoding)[0]

    return of


@pytest.fixture
def refused(tmp_path):
    """The sentence with which a text is refused."""

    def of(text, name="data.csv", encoding=None):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(Unreadable) as error:
            delimited.headers(path, encoding)
        return str(error.value)

    return of


def test_na_is_missing_among_numbers_and_dates_and_a_value_among_texts(opened):
    found = opened("AGE,ADT,COUNTRY,NONE\n64,NA,NA,NA\nNA,2014-01-02,US,NA\n.,,,\n")
    assert found.frame["AGE"].to_list() == [64, None, None]
    assert found.frame["ADT"].to_list() == [None, datetime.date(2014, 1, 2), None]
    assert found.frame["COUNTRY"].to_list() == ["NA", "US", None]
    assert found.frame["NONE"].to_list() == ["NA", "NA", None]
    assert found.header.notes == (
        "NA is a missing value in columns of numbers and dates: AGE (1), ADT (1).",
    )


@pytest.mark.parametrize(
    ("values", "note"),
    [
        (["007", "8"], "lose digits"),
        (["12345678901234567890", "1"], "lose digits"),
        (["1.5", "1234567890123456789"], "lose digits"),
        (["Inf", "1"], "not finite"),
        (["1e400", "1"], "not finite"),
    ],
)
def test_numbers_that_a_number_would_change_stay_text(opened, values, note):
    found = opened("\n".join(["V,X", *(f"{value},1" for value in values), ""]))
    assert found.frame["V"].to_list() == values
    assert note in found.header.notes[0]


def test_whole_numbers_of_64_bits_are_exact(opened):
    found = opened(f"N,X\n{2**53 + 1},1\n{2**63 - 1},2\n")
    assert found.frame["N"].to_list() == [2**53 + 1, 2**63 - 1]


def test_a_number_column_with_a_few_texts_is_text_and_says_why(opened):
    rows = "".join(f"{row}.5,1\n" for row in range(20))
    assert opened(f"AVAL,X\n{rows}<0.5,1\n").header.notes == (
        "AVAL is text because of 1 of its 21 values (<0.5).",
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2014-01-02", datetime.date(2014, 1, 2)),
        ("02JAN2014", datetime.date(2014, 1, 2)),
        ("2014-01-02T03:04:05", datetime.datetime(2014, 1, 2, 3, 4, 5)),
        ("2014-01-02T03:04:05Z", datetime.datetime(2014, 1, 2, 3, 4, 5)),
        ("2014-01-02 03:04:05.25", datetime.datetime(2014, 1, 2, 3, 4, 5, 250_000)),
        ("02jan2014:03:04:05", datetime.datetime(2014, 1, 2, 3, 4, 5)),
        ("01/02/2014", "01/02/2014"),
        ("02JAN14", "02JAN14"),
        ("2014-1-2", "2014-1-2"),
        ("12:34", "12:34"),
    ],
)
def test_dates_as_sas_r_and_iso_write_them(opened, text, value):
    assert opened(f"WHEN,X\n{text},1\n,2\n").frame["WHEN"].to_list() == [value, None]


def test_a_date_column_with_a_partial_date_stays_text_and_says_so(opened):
    found = opened("ADT,ADTC\n2014-01-02,2014-01-02\n2014-01,2014-01-02\n")
    assert found.frame.dtypes == [pl.String, pl.String]
    assert found.header.notes == ("ADT is text: 1 of its values are no whole date.",)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252", "iso-8859-15", "gb18030"]
)
def test_every_encoding_and_line_end_gives_the_same_rows(opened, encoding, end):
    text = end.join(['SITE,"PLACE"', '"a, ""b""",Zürich', "c,", ""])
    certain = encoding.startswith("utf")
    found = opened(text.encode(encoding), encoding=None if certain else encoding)
    assert found.frame.rows() == [('a, "b"', "Zürich"), ("c", None)]
    stated = (
        f"Its text is not all UTF-8, and it states no code page: it is read as {encoding}, as "
        "--encoding or study.toml says.",
    )
    assert found.header.notes == (() if certain else stated)


def test_what_the_bytes_tell_goes_before_what_is_said(opened):
    for text in ("A\nZürich\n".encode(), "A\nZürich\n".encode("utf-16"), b"A\nZurich\n"):
        found = opened(text, encoding="windows-1252")
        assert found.frame["A"].to_list() in (["Zürich"], ["Zurich"])
        assert found.header.notes == ()


def test_a_byte_that_the_encoding_does_not_have_is_refused_with_its_line(refused):
    assert refused(b"A,B\n\xe9,1\n\x81,2\n", encoding="windows-1252") == (
        "line 3 has the byte 0x81, which is not windows-1252."
    )
    assert refused(b"A,B\n\xe9,1\n", encoding="utf-8").startswith("line 2 has the byte 0xE9")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"A,B\n\xc3\xa9,1\n\xe9,2\n", "line 3 is not UTF-8 text, but text before it is."),
        (b"A,B\n1,x\xc3", "it ends in the middle of a character."),
        (b"A,B\n1,1\n\xe9\x81,1\n", "line 3 has the byte 0xE9, which is not UTF-8, and the file "
         "states no code page: say it with --encoding windows-1252 or another."),
        ("A,B\n1,é\n".encode("utf-16")[:-1], "it begins as UTF-16 text, and is not whole."),
        (b"A,B\r1,1\r\xe9,1\r", "line 3 has the byte 0xE9, which is not UTF-8, and the file states "
         "no code page: say it with --encoding windows-1252 or another."),
        (b"A,B\n1,2\n3,\0\n", "line 3 has a NUL byte, which no text has."),
        (b"", "it is empty."),
        (b"A,B,C\n1,2,3\n1,2\n", "line 3 has 2 fields where the header has 3."),
        (b'A,B\n"x\ny",2\n1,2,3\n', "line 4 has 3 fields where the header has 2."),
        (b"A,B\n1,2\n\n3,4\n", "line 3 is empty."),
        (b'A,B\n1,2\n3,"x\n4,5\n', "the quotation mark that opens on line 3 is not closed."),
        (b'A,"B\n1,2\n', "a quotation mark in its header is not closed."),
        (b'A,B\n1,5" x\n', "line 2 has a quotation mark inside a field; such a field has to be "
         "quoted, and the mark doubled."),
        (b"A;B\tC\n1;2\t3\n", "its header is not parted by commas, but by two other signs."),
        (b"A;B\n1,5;x\n", "column A has decimal commas (1,5); write decimal points."),
        (b"A,a\n1,2\n", "its header names A more than once."),
        (b"A,*\n1,2\n", "its column 2 is named *, which stands for several columns: it needs "
         "another name."),
        (b"^a|b$,B\n1,2\n", "its column 1 is named ^A|B$, which stands for several columns: it "
         "needs another name."),
        (b"A" * 200_000, "its header cannot be read: field larger than field limit (131072)."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_with_certainty_is_refused_with_its_line(refused, data, said):
    assert refused(data) == said


def test_another_separator_is_taken_where_the_header_leaves_no_doubt(opened):
    for text, name in (("A;B\n1;2\n", "data.csv"), ("A\tB\n1\t2\n", "data.csv"),
                       ("A,B\n1,2\n", "data.tsv")):  # fmt: skip
        found = opened(text, name)
        assert found.frame.rows() == [(1, 2)]
        assert found.header.notes[0].startswith("Its fields are parted by ")
    assert opened("A\tB\n1\t2,x\n", "data.tsv").header.notes == ()


def test_a_header_alone_is_a_dataset_without_rows(opened):
    assert opened("A,B\n").frame.shape == (0, 2)


def test_empty_lines_at_the_end_are_no_rows(opened):
    assert opened("A,B\n1,2\n\r\n\n").frame.rows() == [(1, 2)]
    assert opened("A\n1\n\n2\n").frame.rows() == [(1,), (None,), (2,)]


def test_a_last_line_without_end_is_read_and_said(opened):
    found = opened("A,B\n1,23")
    assert found.frame.rows() == [(1, 23)]
    assert found.header.notes == (
        "Its last line has no end: if the file was cut off, its last value may be cut, too.",
    )


def test_a_column_without_a_name_as_r_writes_row_names_is_called_by_its_place(opened):
    assert opened('"","A"\n"1",2\n').header.kinds == {"COLUMN1": pl.Int64(), "A": pl.Int64()}


def test_a_million_columns_and_a_field_of_10_mb_are_no_trouble(opened, refused):
    header = ",".join(f"C{place}" for place in range(1_000_000))
    assert refused(header) == "its header has more than 32,767 columns."
    found = opened('A,B\n"' + "x\n" * 5_000_000 + '",1\n2,3\n')
    assert found.frame["A"].str.len_bytes().to_list() == [10_000_000, 1]


FIELD = st.text(st.sampled_from('ab1,;"\r\n\t. é'), max_size=6)


@given(
    rows=st.integers(1, 5).flatmap(
        lambda width: st.lists(st.lists(FIELD, min_size=width, max_size=width), min_size=1)
    ),
    end=st.sampled_from(["\n", "\r\n"]),
    block=st.integers(1, 40),
)
def test_quoted_text_comes_out_as_pythons_csv_has_it(tmp_path_factory, read, rows, end, block):
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([[f"TEXT{place}CD" for place in range(len(rows[0]))], *rows])
    path = tmp_path_factory.mktemp("csv") / "data.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(layout, "_BLOCK", block)  # a row may end, or a quote open, at each byte
        assert layout.layout_of(path).rows == len(rows)
    expected = [tuple(None if one in ("", ".") else one for one in row) for row in rows]
    assert read(path)[0].frame.rows() == expected


NUMBER = st.one_of(
    st.integers(), st.floats(), st.sampled_from(["NA", "", ".", "+5", "-.5", "5.", " 5", "00", "-"])
).map(str)


@given(st.lists(NUMBER, min_size=1))
def test_no_value_of_a_column_is_changed(tmp_path_factory, read, values):
    path = tmp_path_factory.mktemp("csv") / "data.csv"
    path.write_text("".join(f"{one},x\n" for one in ["V", *values]))
    column = read(path)[0].frame["V"].to_list()
    for text, value in zip(values, column, strict=True):
        if isinstance(value, (int, float)):
            assert float(value) == float(text)
            assert isinstance(value, float) or str(value) == text.lstrip("+")
        elif value is None:
            assert text in ("", ".", "NA")
        else:
            assert value == text


WHEN = st.sampled_from(["2014-01-02", "2014-01", "02JAN2014", "2014-01-02T03:04:05", "NA", ""])
CELLS = st.one_of(NUMBER, WHEN, st.sampled_from(["Week 2", "0101", "1,5", "Namibia"]))


@given(
    rows=st.lists(st.tuples(NUMBER, WHEN, CELLS), min_size=1, max_size=12),
    separator=st.sampled_from([",", "\t"]),
    batch=st.integers(1, 5),
)
def test_a_file_too_large_for_memory_gives_the_same_rows(
    tmp_path_factory, read, rows, separator, batch
):
    path = tmp_path_factory.mktemp("csv") / f"data.{'csv' if separator == ',' else 'tsv'}"
    with path.open("w") as file:
        csv.writer(file, delimiter=separator).writerows([("A", "B", "C"), *rows])
    collect = pl.LazyFrame.collect_batches
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(delimited, "_SMALL", 0)
        patched.setattr(
            pl.LazyFrame, "collect_batches", lambda *given, **more: (
                part for one in collect(*given, **more) for part in one.iter_slices(batch)
            ),
        )  # fmt: skip
        in_batches = _read_or_refused(read, path)
    assert _read_or_refused(read, path) == in_batches


def _read_or_refused(read, path):
    try:
        (found,) = read(path)
    except Unreadable as error:
        return str(error)
    return found.header, found.frame.to_dict(as_series=False)


@pytest.mark.parametrize("text", ["A,N\nx,NA\ny,3\n", "A;N\nx;1\n", "A\tN\nx\t1\n\n"])
def test_its_recipe_reads_the_same_outside_the_program(tmp_path, read, monkeypatch, text):
    path = tmp_path / "data.csv"
    path.write_text(text)
    monkeypatch.chdir(tmp_path)
    (found,) = read(path)
    recipe = delimited.recipe(path, found.header, ["A"])
    assert found.frame.equals(eval(recipe, {"pl": pl}))
