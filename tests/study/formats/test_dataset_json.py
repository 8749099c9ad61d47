"""Dataset-JSON in its forms: what a column may hold, what is an error, and with which sentence."""

from __future__ import annotations

import datetime
import gzip
import json
import zlib

import polars as pl
import pytest

from tui.study.formats import dataset_json, reader
from tui.study.formats.cdisc_json import forms
from tui.study.header import NotADataset, Unreadable

FORMS = [".json", ".ndjson", ".dsjc", "gzip.dsjc", "v1.0.json"]


def column(name, kind, **more):
    return {"itemOID": f"IT.{name}", "name": name, "label": f"The {name}", "dataType": kind, **more}


def written(folder, columns, rows, form=".json", **metadata):
    """A file of a form with these columns and rows."""
    path = folder / f"data{form}"
    said = {"datasetJSONVersion": "1.1.0", "itemGroupOID": "IG.D", "records": len(rows)}
    said |= {"name": "D", "label": "Data", "columns": columns, **metadata}
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in (said, *rows)).encode()
    if form == "v1.0.json":
        items = [{"type": one.pop("dataType"), **one} for one in map(dict, columns)]
        group = {**said, "items": items, "itemData": rows}
        del group["columns"], group["datasetJSONVersion"]
        nest = {"itemGroupData": {"IG.D": group}}
        path.write_text(json.dumps({"datasetJSONVersion": "1.0.0", "clinicalData": nest}))
    elif form == ".json":
        path.write_text(json.dumps({**said, "rows": rows}, ensure_ascii=False), "utf-8")
    else:
        pack = {".dsjc": zlib.compress, "gzip.dsjc": gzip.compress}.get(form, bytes)
        path.write_bytes(pack(lines))
    return path


@pytest.fixture
def refused(tmp_path):
    """The sentence with which columns and rows are refused."""

    def sentence(columns, rows, form=".json", **metadata):
        with pytest.raises(Unreadable) as error:
            dataset_json.headers(written(tmp_path, columns, rows, form, **metadata))
        return str(error.value)

    return sentence


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_rows_types_and_labels(tmp_path, read, form):
    columns = [
        column("usubjid", "string"), column("AGE", "integer"), column("AVAL", "float"),
        column("OK", "boolean"), column("ADT", "date", targetDataType="integer"),
        column("ADTC", "date"), column("URL", "URI"), column("DOSE", "double"),
    ]  # fmt: skip
    rows = [
        ["ἇ-1", 64, 1, True, "2014-01-02", "2014-01", "http://x", 0.1],
        ["", None, 2.5, None, "", "", None, None],
    ]
    (found,) = read(written(tmp_path, columns, rows, form))
    assert found.header.name == "D"
    assert found.header.label == "Data"
    assert found.labels["USUBJID"] == "The usubjid"
    assert found.header.notes == ()
    assert found.frame.rows() == [
        ("ἇ-1", 64, 1.0, True, datetime.date(2014, 1, 2), "2014-01", "http://x", 0.1),
        (None,) * 2 + (2.5,) + (None,) * 5,
    ]


def test_datetimes_and_times_that_are_numbers_in_sas_come_as_such(tmp_path, read):
    columns = [
        column("ADTM", "datetime", targetDataType="integer"),
        column("ATM", "time", targetDataType="integer"),
    ]
    (found,) = read(written(tmp_path, columns, [["2024-01-01T12:34:56.5", "12:34:56"]]))
    assert found.frame.row(0) == (
        datetime.datetime(2024, 1, 1, 12, 34, 56, 500_000),
        datetime.time(12, 34, 56),
    )


@pytest.mark.parametrize(
    ("kind", "value"),
    [("date", "2012-03"), ("datetime", "2012-03-04"), ("time", "24:00:00"), ("date", "2012-3-4")],
)
def test_a_column_with_a_partial_date_stays_text_and_says_so(tmp_path, read, kind, value):
    whole = {"date": "2012-03-04", "datetime": "2012-03-04T05:06:07", "time": "05:06:07"}[kind]
    columns = [column("WHEN", kind, targetDataType="integer")]
    (found,) = read(written(tmp_path, columns, [[whole], [value]]))
    assert found.frame["WHEN"].to_list() == [whole, value]
    assert found.header.notes == (f"WHEN is text: 1 of its values are no whole {kind}.",)


def test_numbers_under_a_date_format_are_dates_as_v1_0_writes_them(tmp_path, read):
    columns = [column("ADT", "integer", displayFormat="DATE9.")]
    (found,) = read(written(tmp_path, columns, [[0], [None], [19724]], "v1.0.json"))
    assert found.frame["ADT"].to_list() == [
        datetime.date(1960, 1, 1), None, datetime.date(2014, 1, 1),
    ]  # fmt: skip


def test_whole_numbers_are_exact_and_those_beyond_64_bits_are_text(tmp_path, read):
    columns = [column("N", "integer"), column("M", "integer")]
    rows = [[2**53 + 1, 2**64], [-(2**63), 1]]
    (found,) = read(written(tmp_path, columns, rows))
    assert found.frame.rows() == [(2**53 + 1, str(2**64)), (-(2**63), "1")]
    assert found.header.notes == ("M is text: it has whole numbers that a number would round.",)


def test_fractions_in_a_column_of_whole_numbers_are_kept(tmp_path, read, monkeypatch):
    monkeypatch.setattr(forms, "_A_BLOCK", 1)  # and so are types that differ from block to block
    (found,) = read(written(tmp_path, [column("N", "integer")], [[1], [2.5], [None]]))
    assert found.frame["N"].to_list() == [1.0, 2.5, None]


def test_decimals_are_numbers_whether_they_are_text_or_not(tmp_path, read):
    rows = [["0.1"], [2], [None], [""], ["0.1234567890123456789"]]
    (found,) = read(written(tmp_path, [column("D", "decimal")], rows))
    assert found.frame["D"].to_list() == [0.1, 2.0, None, None, 0.12345678901234568]
    assert found.header.notes == (
        "D has decimals of more than 15 digits, which are rounded to doubles.",
    )


def test_a_dataset_without_rows_has_its_columns(tmp_path, read):
    columns = [column("A", "string"), column("B", "float")]
    for form in FORMS:
        (found,) = read(written(tmp_path, columns, [], form))
        assert found.header.kinds == {"A": pl.String(), "B": pl.Float64()}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("x", "row 2: AGE has to be a number, and is text."),
        ([1], "row 2: AGE has to be a number, and is a list."),
        (True, "row 2: AGE has to be a number, and is true or false."),
    ],
)
def test_a_value_of_another_type_is_named_with_its_column_and_row(refused, form, value, said):
    columns = [column("USUBJID", "string"), column("AGE", "integer")]
    assert refused(columns, [["1", 64], ["2", value]], form) == said


def test_a_number_in_a_column_of_text_and_a_text_for_a_decimal_are_refused(refused):
    assert refused([column("A", "string")], [[1]]) == ("row 1: A has to be text, and is a number.")
    assert refused([column("A", "decimal")], [["1"], ["x"]]) == "row 2: A has to be a number."


@pytest.mark.parametrize("form", FORMS)
def test_a_row_of_another_length_is_named(refused, form):
    columns = [column("A", "string"), column("B", "string")]
    assert refused(columns, [["1", "2"], ["1"]], form) == (
        "row 2 has 1 values where there are 2 columns."
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("records", [1, 3])
def test_another_number_of_records_than_stated_is_refused_with_both(refused, form, records):
    said = refused([column("A", "string")], [["1"], ["2"]], form, records=records)
    more = "at least " if records == 1 else ""
    assert said == f"its metadata say {records} records; it has {more}2."


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({"columns": []}, "its metadata name no columns."),
        ({"columns": [{"name": "A"}]}, "its column 1, A, has no dataType."),
        ({"columns": [column("A", "text")]}, "column A is of dataType 'text', which there is not."),
        ({"columns": [column("A", "string"), column("a ", "string")]},
         "its header names A more than once."),
        ({"columns": [column("", "string")]}, "its column 1 has no name."),
        ({"records": None}, "its metadata do not say how many records it has."),
        ({"datasetJSONVersion": None}, "its metadata have no datasetJSONVersion."),
        ({"datasetJSONVersion": "2.0.0"}, "it is Dataset-JSON 2.0.0; 1.0 and 1.1 are read."),
        ({"rows": None}, "it has metadata and no rows."),
    ],
)  # fmt: skip
def test_metadata_that_are_not_as_the_schema_has_them_are_refused(tmp_path, metadata, said):
    whole = {"datasetJSONVersion": "1.1.0", "itemGroupOID": "IG", "records": 0, "rows": []}
    path = tmp_path / "bad.json"
    path.write_text(json.dumps({**whole, "columns": [column("A", "string")], **metadata}))
    with pytest.raises(Unreadable) as error:
        dataset_json.headers(path)
    assert str(error.value) == said


@pytest.mark.parametrize("text", ['{"name": "x", "rows": 5}', "[1, 2]", '"text"', "{}"])
def test_json_of_another_kind_is_told_from_a_broken_dataset(tmp_path, text):
    path = tmp_path / "package.json"
    path.write_text(text)
    with pytest.raises(NotADataset, match="not Dataset-JSON"):
        dataset_json.headers(path)


def test_empty_lines_and_carriage_returns_between_rows_are_no_rows(tmp_path, read):
    path = written(tmp_path, [column("A", "string")], [["1"], ["2"]], ".ndjson")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n\r\n"))
    assert read(path)[0].frame["A"].to_list() == ["1", "2"]


def test_a_bad_line_is_named_by_its_number_in_the_file(tmp_path):
    path = written(tmp_path, [column("A", "string")], [["1"], ["2"]], ".ndjson")
    path.write_bytes(path.read_bytes().replace(b'["2"]', b'\n["2",]'))
    with pytest.raises(Unreadable, match=r"line 4 is not JSON: trailing comma in array\."):
        dataset_json.headers(path)


@pytest.mark.parametrize("form", [".dsjc", "gzip.dsjc"])
def test_compressed_data_that_are_cut_damaged_or_followed_by_others_are_refused(tmp_path, form):
    path = written(tmp_path, [column("A", "string")], [[str(row)] for row in range(99)], form)
    whole = path.read_bytes()
    for damaged, said in (
        (whole[:-1], "cut off"), (whole[: len(whole) // 2], "cut off"),
        (whole + b"more", "damaged"), (b"text" + whole, "neither zlib nor gzip"),
        (whole + whole, "row 100"),
    ):  # fmt: skip
        path.write_bytes(damaged)
        with pytest.raises(Unreadable, match=said):
            dataset_json.headers(path)


def test_gzip_of_several_members_is_one_text(tmp_path, read):
    path = written(tmp_path, [column("A", "string")], [["1"], ["2"]], "gzip.dsjc")
    text = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(text[:100]) + gzip.compress(text[100:]))
    assert read(path)[0].frame["A"].to_list() == ["1", "2"]


def test_what_swells_without_end_and_a_line_without_end_are_refused(tmp_path, monkeypatch):
    path = written(tmp_path, [column("A", "string")], [[""]] * 100_000, ".dsjc", records=10**9)
    monkeypatch.setattr(forms, "_LARGE", 100_000)
    with pytest.raises(Unreadable, match="swells to more than 250 times its size"):
        dataset_json.headers(path)
    monkeypatch.setattr(forms, "_LONGEST", 2_000_000)
    path = tmp_path / "long.ndjson"
    path.write_bytes(b'{"a": "' + b"x" * 9_000_000)
    with pytest.raises(Unreadable, match="line 1 is longer"):
        dataset_json.headers(path)


@pytest.mark.parametrize("place", ["metadata", "rows"])
def test_json_nested_without_end_is_a_sentence(tmp_path, place):
    deep = "[" * 100_000 + "]" * 100_000
    columns = '[{"name": "A", "dataType": "string"}]'
    metadata = f'"datasetJSONVersion": "1.1.0", "records": 1, "columns": {columns}'
    path = tmp_path / "deep.json"
    more = f'"x": {deep}, "rows": []' if place == "metadata" else f'"rows": [[{deep}]]'
    path.write_text(f"{{{metadata}, {more}}}")
    with pytest.raises(Unreadable, match="nests deeper than data do"):
        dataset_json.headers(path)
    path = tmp_path / "deep.ndjson"
    path.write_text(f"{{{metadata}}}\n{deep}\n")
    with pytest.raises(Unreadable, match=r"row 1|line 2"):
        dataset_json.headers(path)


def test_a_million_columns_are_a_sentence(tmp_path):
    path = written(tmp_path, [column(f"C{n}", "string") for n in range(40_000)], [])
    with pytest.raises(Unreadable, match="40,000 columns"):
        dataset_json.headers(path)


def test_a_file_that_was_rewritten_is_read_again(tmp_path, read):
    columns = [column("A", "string")]
    assert read(written(tmp_path, columns, [["1"]]))[0].frame["A"].to_list() == ["1"]
    assert read(written(tmp_path, columns, [["1"], ["2"]]))[0].frame["A"].to_list() == ["1", "2"]


@pytest.mark.parametrize("form", FORMS)
def test_its_recipe_reads_the_same_outside_the_program(tmp_path, read, monkeypatch, form):
    columns = [
        column("A", "string"), column("N", "integer"), column("V", "float"),
        column("ADT", "date", targetDataType="integer"),
        column("ADTM", "datetime", targetDataType="integer"),
    ]  # fmt: skip
    rows = [["x\u2028y", 1, 2.5, "2014-01-02", "2014-01-02T03:04:05"], ["", None, None, None, None]]
    path = written(tmp_path, columns, rows, form)
    (found,) = read(path)
    monkeypatch.chdir(tmp_path)
    recipe = reader(path).recipe(path, found.header, [])
    assert found.frame.equals(eval(recipe, {"pl": pl, "json": json, "zlib": zlib}))


def test_genuine_files_open_with_their_dates_and_characters(shared, read):
    found = {path.name: read(path) for path in shared("datasetjson") if "extended" not in path.name}
    assert found["cre_ae_utf8.json"][0].frame["USUBJID"].to_list() == ["utf8:ἇ"]
    iris = found["iris_timetest.json"][0].frame
    assert iris["DATETIME"][0] == datetime.datetime(2024, 1, 1, 12, 34, 56)
    assert iris["TIME"][1] == datetime.time(18, 45, 56)
    for form in ("json", "ndjson", "dsjc"):
        adsl = found[f"adsl.{form}"][0]
        assert adsl.frame["TRTSDT"][0] == datetime.date(2014, 1, 2)
        assert adsl.frame["TRTSDT"].dtype == pl.Date
        assert adsl.labels["TRTSDT"] == "Date of First Exposure to Treatment"
    assert found["adsl.json"][0].frame.equals(found["adsl.ndjson"][0].frame)


def test_an_example_that_was_shortened_by_hand_is_not_taken_for_whole(shared, tmp_path):
    """CDISC's example of extensions states 72 records, has two, and `na` where numbers are due."""
    (path,) = [one for one in shared("datasetjson") if one.stem == "extended_dataset"]
    with pytest.raises(Unreadable, match="AEENDY has to be a number"):
        dataset_json.headers(path)
    shorter = tmp_path / path.name
    shorter.write_text(path.read_text("utf-8").replace('"na"', "null"), "utf-8")
    with pytest.raises(Unreadable, match="72 records; it has 2"):
        dataset_json.headers(shorter)
