"""SAS transport files: numbers exact, dates by their formats, text by its code page."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.study.formats.sas import ibm as numbers

from .xport import AVAL, SEX, Dataset, Variable, ibm, write


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
