"""SAS transport files: every dataset and row, what is refused, the lazy frame, genuine files."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal, assert_series_equal

from tui.study.formats import transport
from tui.study.formats.sas import rows as rows_module
from tui.study.header import Unreadable

from .xport import AVAL, DATA, SEX, Dataset, Variable, write

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
    "a column that is named as a pattern": (
        write(Dataset("D", [AVAL, Variable("*")])),
        "its column 2 is named *, which stands for several columns: it needs another name.",
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


@pytest.mark.parametrize("names", [["USUBJID"], ["USUBJID", "SITE", "VISIT"]])
def test_its_rows_are_told_apart_by_the_values_of_columns(tmp_path, monkeypatch, names):
    rows = 3_000
    frame = pl.DataFrame(
        {
            "USUBJID": [f"01-{n % 7}" for n in range(rows)],
            "SITE": ["a site with a long name", "", "b"] * (rows // 3),
            "VISIT": [None if n % 5 else float(n % 2) for n in range(rows)],
        }
    )
    path = tmp_path / "adx.xpt"
    pyreadstat.write_xport(frame, path, file_format_version=5)
    monkeypatch.setattr(rows_module, "_BATCH", 40_000)
    (header,) = transport.headers(path)
    delivered = transport.scan(path, header).collect()
    found = list(transport.stretches(path, header, names))
    assert sum(one.rows for one in found) == rows
    counted: dict[tuple[object, ...], int] = {}
    for one in found:
        values = tuple(one.same[name] for name in names)
        counted[values] = counted.get(values, 0) + one.rows
        assert delivered.select(names).row(one.first) == values
    assert counted == {row[:-1]: row[-1] for row in delivered.group_by(names).len().rows()}
    assert_frame_equal(transport.scan(path, header).select(names).collect(),
                       delivered.select(names))  # fmt: skip


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
