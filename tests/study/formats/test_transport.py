"""SAS transport files: numbers exact, dates by their formats, text by its code page, every row."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction

import numpy as np
import polars as pl
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal, assert_series_equal

from tui.study.formats import transport
from tui.study.formats.sas import ibm as numbers
from tui.study.formats.sas import rows as rows_module
from tui.study.header import Unreadable

from .xport import Dataset, Variable, ibm, write

AVAL, SEX = Variable("AVAL"), Variable("SEX", numeric=False, length=6)
DATA = Dataset("ADX", [AVAL, SEX], [[float(n), "F"] for n in range(40)])


@pytest.fixture
def file(tmp_path):
    """A file with these bytes."""

    def make(data, name="adx.xpt"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return make


@pytest.fixture
def refused(file):
    """The sentence with which a file is refused."""

    def sentence(data, encoding=None):
        with pytest.raises(Unreadable) as error:
            transport.headers(file(data), encoding)
        return str(error.value)

    return sentence


def decoded(*values):
    raw = np.frombuffer(b"".join(values), np.uint8).reshape(len(values), -1)
    return numbers.numbers(numbers.words(raw))[0].tolist()


# -- numbers


@settings(deadline=None)
@given(st.floats(min_value=1e-70, max_value=7e75) | st.just(0.0), st.sampled_from([1, -1]))
def test_a_double_comes_back_exactly(value, sign):
    assert decoded(ibm(sign * value)) == [sign * value]


@settings(deadline=None)
@given(st.binary(min_size=2, max_size=8))
def test_any_bytes_are_the_number_that_the_format_defines(raw):
    """Sign, base-16 exponent and fraction as exact fractions, rounded once."""
    first, fraction = raw[0], int.from_bytes(raw[1:].ljust(7, b"\0"), "big")
    value = Fraction(fraction) * Fraction(16) ** ((first & 127) - 64) / 2**56
    expected = float(-value if first & 128 else value)
    if fraction == 0 and first in numbers.CODES:
        assert math.isnan(decoded(raw)[0])
    else:
        assert decoded(raw) == [expected]


def test_zero_is_zero_of_either_sign_and_of_any_exponent():
    assert decoded(bytes(8), b"\x80" + bytes(7), b"\x40" + bytes(7)) == [0, 0, 0]


@pytest.mark.parametrize("length", range(2, 9))
def test_a_number_may_be_stored_in_two_to_eight_bytes(file, read, length):
    short = Dataset("D", [Variable("N", length=length)], [[-1.5], [0.0], ["."], [240.0]])
    (found,) = read(file(write(short)))
    assert found.frame["N"].to_list() == [-1.5, 0.0, None, 240.0]


def test_special_missing_values_are_missing_and_counted(file, read):
    cells = [".", "._", ".A", ".A", ".Z", 0.0, 65.0]
    (found,) = read(file(write(Dataset("D", [AVAL], [[cell] for cell in cells]))))
    assert found.frame["AVAL"].to_list() == [None] * 5 + [0, 65]
    assert found.header.notes == (
        "Special missing values count as missing: AVAL .A 2, .Z 1, ._ 1.",
    )


# -- dates


@pytest.mark.parametrize(
    ("format", "number", "moment"),
    [
        ("DATE", 0.0, dt.date(1960, 1, 1)),
        ("DATE", -1.0, dt.date(1959, 12, 31)),
        ("E8601DA", 20000.0, dt.date(2014, 10, 4)),
        ("YYMMDDD", -138061.0, dt.date(1582, 1, 1)),
        ("DATETIME", 1805125016.546, dt.datetime(2017, 3, 14, 15, 36, 56, 546000)),
        ("E8601DT", -0.5, dt.datetime(1959, 12, 31, 23, 59, 59, 500000)),
        ("TIME", 0.0, dt.time()),
        ("HHMM", 86399.999999, dt.time(23, 59, 59, 999999)),
    ],
)
def test_a_display_format_makes_numbers_dates_and_times(file, read, format, number, moment):
    column = Variable("X", format=format, width=10)
    (found,) = read(file(write(Dataset("D", [column], [[number], [".A"]]))))
    assert found.frame["X"].to_list() == [moment, None]
    assert found.header.columns[0].format == f"{format}10."


@pytest.mark.parametrize(
    ("format", "number", "unit"),
    [
        ("DATE", 0.5, "days since 1960-01-01"),
        ("DATE", 1e12, "days since 1960-01-01"),
        ("DATETIME", -1e13, "seconds since 1960-01-01"),
        ("TIME", 86400.0, "seconds since midnight"),
        ("TIME", -1.0, "seconds since midnight"),
    ],
)
def test_a_number_that_is_no_moment_leaves_its_column_as_delivered(
    file, read, format, number, unit
):
    column = Variable("X", format=format)
    (found,) = read(file(write(Dataset("D", [column], [[1.0], [number]]))))
    assert found.frame["X"].to_list() == [1.0, number]
    assert found.header.notes == (
        f"X is a number of {unit}: 1 of its values cannot be shown as {format}.",
    )


# -- text


def test_blanks_at_the_end_go_and_blank_text_is_missing(file, read):
    rows = [["  a b "], [""], ["ab\0\0\0\0"], ["abcdef"]]
    (found,) = read(file(write(Dataset("D", [SEX], rows))))
    assert found.frame["SEX"].to_list() == ["  a b", None, "ab", "abcdef"]


def test_text_is_utf_8_where_all_of_it_is(file, read):
    (found,) = read(file(write(Dataset("D", [SEX, AVAL], [["é", 1.0], ["中", 2.0]]))))
    assert found.frame["SEX"].to_list() == ["é", "中"]
    assert found.header.notes == ()


STATED = (
    "Its text is not all UTF-8, and it states no code page: it is read as {}, as --encoding or "
    "study.toml says."
)
UNSTATED = "and the file states no code page: say it with --encoding windows-1252 or another."


def test_a_byte_that_is_not_utf_8_is_refused_with_its_place_until_it_is_said_what_it_is(refused):
    rows = [["é", 1.0], ["é".encode("cp1252"), 2.0]]
    assert refused(write(Dataset("D", [SEX, AVAL], rows))) == (
        f"column SEX, row 2 has the byte 0xE9, which is not UTF-8, {UNSTATED}"
    )


@pytest.mark.parametrize(
    ("encoding", "texts"),
    [
        ("windows-1252", ["Ã©", "é"]),
        ("cp1250", ["Ă©", "é"]),
        ("koi8-r", ["ц╘", "И"]),
    ],
)
def test_one_value_that_is_not_utf_8_puts_all_text_into_the_encoding_that_is_said(
    file, read, encoding, texts
):
    """A file is written in one code page; that UTF-8 stands among it is an accident then."""
    rows = [["é", 1.0], ["é".encode("cp1252"), 2.0]]
    (found,) = read(file(write(Dataset("D", [SEX, AVAL], rows))), encoding)
    assert found.frame["SEX"].to_list() == texts
    assert found.header.notes == (STATED.format(encoding),)


def test_utf_8_stays_utf_8_whatever_is_said(file, read):
    (found,) = read(file(write(Dataset("D", [SEX, AVAL], [["é", 1.0]]))), "windows-1252")
    assert found.frame["SEX"].to_list() == ["é"]
    assert found.header.notes == ()


def test_a_byte_that_the_encoding_does_not_have_is_refused_with_its_place(refused):
    rows = [["F"], [b"\xe9"], [b"\x81"]]
    assert refused(write(Dataset("D", [SEX], rows)), "windows-1252") == (
        "column SEX, row 3 has the byte 0x81, which is not windows-1252."
    )


def test_labels_and_names_are_in_the_encoding_that_is_said(file, read, refused):
    def of(**said):
        columns = [Variable(**({"name": "A"} | said))]
        return write(Dataset("D", columns, [[1.0]])).replace("é?".encode(), b"\xe9  ")

    labeled, named = of(label="Groé?"), of(name="Aé?")
    assert refused(labeled) == (
        f"the label of column 1 has the byte 0xE9, which is not UTF-8, {UNSTATED}"
    )
    assert refused(named).startswith("the name of column 1 has the byte 0xE9")
    (found,) = read(file(labeled), "windows-1252")
    assert found.labels == {"A": "Groé"}
    (found,) = read(file(named), "windows-1252")
    assert found.frame.columns == ["AÉ"]


def test_what_the_reader_decides_is_a_remark_on_the_studys_page(file, trialdeck):
    columns = [
        Variable("USUBJID", numeric=False, length=4),
        Variable("TRT01P", numeric=False, length=8),
        Variable("AGE"),
        Variable("TRTSDT", format="DATE", width=9),
    ]
    rows = [["1", "A", ".A", 0.5], ["2", b"Gr\xfcn", 60.0, 1.0]]
    path = file(write(Dataset("ADSL", columns, rows)), "adsl.xpt")
    shown = trialdeck("show", "study", path, "--encoding", "latin-1").out.partition("Remarks")[2]
    said = " ".join(shown.split())
    assert "adsl.xpt: Special missing values count as missing: AGE .A 1." in said
    assert "adsl.xpt: TRTSDT is a number of days since 1960-01-01: 1 of its values cannot" in said
    assert "adsl.xpt: Its text is not all UTF-8, and it states no code page: it is read as" in said


# -- structure


def test_a_file_may_hold_several_datasets(file, read):
    other = Dataset("ADY", [Variable("B")], [[2.0]], label="The other")
    first, second = read(file(write(DATA, other)))
    assert (first.header.name, second.header.name) == ("ADX", "ADY")
    assert first.frame.height == 40
    assert second.frame.rows() == [(2.0,)]
    assert second.header.label == "The other"


def test_a_file_of_one_dataset_is_called_as_the_file_is(file, read):
    (found,) = read(file(write(Dataset("DATASET", [AVAL], [[1.0]])), "adlb.xpt"))
    assert found.header.name == "ADLB"


def test_version_8_has_long_names_and_labels(file, read):
    label = "a label of more than forty characters, as only version 8 has"
    columns = [Variable("aRatherLongName", label=label), Variable("B", label="short")]
    (found,) = read(file(write(Dataset("D", columns, [[1.0, 2.0]] * 3), version=8)))
    assert found.labels == {"ARATHERLONGNAME": label, "B": "short"}
    assert found.frame.height == 3


@pytest.mark.parametrize("version", [5, 8])
@pytest.mark.parametrize("length", [1, 7, 40, 79, 80, 81, 200])
@settings(deadline=None)
@given(rows=st.integers(0, 30))
def test_every_row_is_there_whatever_the_blanks_that_fill_the_last_record(
    tmp_path_factory, version, length, rows
):
    path = tmp_path_factory.mktemp("xpt") / "d.xpt"
    text = Variable("T", numeric=False, length=length)
    path.write_bytes(write(Dataset("D", [text], [["x"]] * rows), version=version))
    (header,) = transport.headers(path)
    assert header.rows == rows
    assert transport.scan(path, header).collect().height == rows


def test_rows_that_could_be_padding_are_said(file, read):
    (found,) = read(file(write(Dataset("D", [SEX], [["F"], [""]]))))
    assert found.frame.height == 1
    assert "could be 12 without any value" in found.header.notes[0]
    (said,) = read(file(write(Dataset("D", [SEX], [["F"], [""]]), version=8)))
    assert (said.frame.height, said.header.notes) == (2, ())


# -- what is refused


@settings(deadline=None)
@given(st.data())
def test_a_file_that_is_cut_anywhere_is_refused(tmp_path_factory, data):
    """But where version 5 is left with whole rows and blanks up to 80 bytes: that is a file."""
    version = data.draw(st.sampled_from([5, 8]))
    whole = write(DATA, version=version)
    at = data.draw(st.integers(0, len(whole) - 1))
    path = tmp_path_factory.mktemp("xpt") / "cut.xpt"
    path.write_bytes(whole[:at])
    try:
        (header,) = transport.headers(path)
    except Unreadable:
        return
    start = header.place.member.start
    assert version == 5
    assert (at - start) % 80 == 0
    assert not whole[start + header.rows * 14 : at].strip(b" ")


SENTENCES = {
    "empty": (b"", "it is empty."),
    "not one": (b"PK\x03\x04" + bytes(4000), "it is not a SAS transport file."),
    "cut in its header": (
        write(DATA)[:700],
        "it is cut short: it ends in the middle of its header.",
    ),
    "cut in a row": (
        write(DATA)[:-7],
        "it is cut short: its length is not a multiple of 80 bytes, as a transport file's is.",
    ),
    "cut between records": (
        write(DATA)[:-160],
        "it is cut short: after 28 whole rows of ADX 8 bytes of a row are left.",
    ),
    "fewer rows than said": (
        write(Dataset("D", [AVAL], [[1.0]], count=99), version=8),
        "it is cut short: its header says 99 rows of D, and it holds 10.",
    ),
    "more rows than said": (
        write(Dataset("D", [AVAL], [[1.0]] * 40, count=9), version=8),
        "it is damaged: 240 bytes follow the last row of D.",
    ),
    "an absurd number of columns": (
        write(DATA).replace(b"!!!!!!!0000000002", b"!!!!!!!0000099999"),
        "it is cut short: it ends in the middle of its header.",
    ),
    "a number of 9 bytes": (
        write(Dataset("D", [Variable("N", length=9)])),
        "its header is damaged: column 1 (N) has a length of 9 bytes.",
    ),
    "text of negative length": (
        write(Dataset("D", [SEX])).replace(b"\0\2\0\0\0\6", b"\0\2\0\0\xff\xff"),
        "its header is damaged: column 1 (SEX) has a length of -1 bytes.",
    ),
    "columns of one name": (
        write(Dataset("D", [AVAL, Variable("aval")])),
        "its header names AVAL more than once.",
    ),
    "a column of no kind": (
        write(Dataset("D", [SEX])).replace(b"\0\2\0\0\0\6", b"\0\7\0\0\0\6"),
        "its header is damaged: column 1 (SEX) is neither numeric nor character.",
    ),
    "descriptions of no length": (
        write(DATA).replace(b"0000000140", b"0000000141"),
        "its header is damaged: 141 bytes describe a column.",
    ),
    "a count that is none": (
        write(DATA, version=8).replace(b"             40", b"             4x"),
        "its header is damaged: the number of its rows is no number.",
    ),
}


@pytest.mark.parametrize("why", SENTENCES)
def test_what_cannot_be_read_is_one_clear_sentence(refused, why):
    data, sentence = SENTENCES[why]
    assert refused(data) == sentence


# -- the lazy frame


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    """More rows than are read, and more than are decoded, at once."""
    rows = 200_000
    frame = pl.DataFrame(
        {
            "USUBJID": [f"{n % 254:04}" for n in range(rows)],
            "AVAL": np.arange(rows, dtype=float),
            "NOTE": ["x" * 200 + str(n) for n in range(rows)],
        }
    )
    path = tmp_path_factory.mktemp("big") / "adx.xpt"
    pyreadstat.write_xport(frame, path, file_format_version=5)
    (header,) = transport.headers(path)
    return frame, (path, header)


def test_a_file_of_several_blocks_is_read_whole(big):
    frame, place = big
    rows = transport.scan(*place)
    assert frame.height * 209 > 2 * rows_module._BATCH
    assert_frame_equal(rows.collect(), frame)


def test_conditions_columns_and_limits_give_what_they_give_on_the_whole(big):
    frame, place = big
    rows = transport.scan(*place)
    queries = [
        lambda f: f.filter(pl.col("AVAL") >= 199_990).select("NOTE"),
        lambda f: f.filter(pl.col("AVAL") < 100_000).select("NOTE"),
        lambda f: f.filter(pl.col("AVAL").is_not_null()).select("NOTE", "AVAL").tail(3),
        lambda f: f.filter(pl.col("USUBJID") == "0007").select("AVAL", "USUBJID"),
        lambda f: f.head(3),
        lambda f: f.slice(120_000, 2),
        lambda f: f.select(pl.len()),
        lambda f: f.filter(pl.lit(False)),
        lambda f: f.group_by("USUBJID").agg(pl.col("AVAL").sum()).sort("USUBJID"),
    ]
    for query in queries:
        assert_frame_equal(query(rows).collect(), query(frame.lazy()).collect())


def test_each_row_has_its_place_in_the_file_also_where_a_condition_drops_others(big):
    frame, rows = big
    expected = frame.lazy().with_row_index("row", offset=1)
    numbered = transport.scan(*rows, number="row")
    late = pl.col("USUBJID") == "0007"
    for condition in (late, pl.col("row") > 199_998, late & (pl.col("row") % 3 == 0)):
        assert_frame_equal(
            numbered.filter(condition).select("row", "AVAL").collect(),
            expected.filter(condition).select("row", "AVAL").collect(),
        )


# -- the genuine files


def oracle(path, **options):
    """What pyreadstat reads, with missing text as this program has it."""
    frame, said = pyreadstat.read_xport(path, output_format="polars", **options)
    return frame.with_columns(pl.col(pl.String).replace("", None)), said


@pytest.mark.parametrize("folder", ["xpt_v5", "xpt_v8"])
def test_the_genuine_files_are_what_pyreadstat_reads(shared, read, folder):
    for path in shared(folder):
        (found,) = read(path)
        if path.name == "selik_example.xpt":  # of no columns, which pyreadstat cannot read
            assert found.frame.width == 0
            continue
        expected, said = oracle(path)
        assert found.frame.columns == [name.upper() for name in expected.columns]
        for mine, other in zip(found.frame, expected, strict=True):
            if mine.dtype.is_temporal():
                other = other.cast(mine.dtype)
            assert_series_equal(mine, other, check_names=False, check_exact=True, check_dtypes=True)
        labels = {k.upper(): v for k, v in said.column_names_to_labels.items() if v}
        assert found.labels == labels


def test_a_genuine_file_in_latin_1_comes_through_with_its_letters(shared, read):
    (path,) = (one for one in shared("xpt_bad") if "latin1" in one.name)
    (found,) = read(path, "windows-1252")
    expected, _ = oracle(path, encoding="WINDOWS-1252")
    assert found.frame["RACE"].to_list() == expected["RACE"].to_list()
    assert not found.frame["RACE"].str.contains("\ufffd").any()


def test_the_recipe_reads_the_same_values_without_the_program(shared, read):
    (path,) = (one for one in shared("xpt_v5") if one.name == "adsl.xpt")
    (found,) = read(path)
    code = transport.recipe(path, found.header, []).replace(path.name, str(path))
    other = eval(code, {"pyreadstat": pyreadstat, "pl": pl})
    assert_frame_equal(found.frame, other)


def test_a_file_that_is_written_again_at_once_is_read_again(file, read):
    """Of the same size, and within a tick of the clock that stamps files."""
    for number in range(20):
        (found,) = read(file(write(Dataset("ADX", [AVAL], [[float(number)]]))))
        assert found.frame["AVAL"].to_list() == [number]


def test_what_one_query_decoded_is_no_other_in_the_next(file):
    path = file(write(DATA))
    (header,) = transport.headers(path)

    def rows(number=None):
        return transport.scan(path, header, number)

    assert rows().select("SEX").head(3).collect().height == 3
    assert rows("row").filter(pl.col("AVAL") > 37).collect().rows() == [
        (39, 38.0, "F"),
        (40, 39.0, "F"),
    ]
    assert rows("place").filter(pl.col("place") < 3).collect()["place"].to_list() == [1, 2]
    assert rows().filter(pl.col("AVAL") < 2).select("SEX", "AVAL").collect().rows() == [
        ("F", 0.0),
        ("F", 1.0),
    ]
    assert rows().select("AVAL").collect()["AVAL"].to_list() == list(range(40))
