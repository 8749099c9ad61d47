"""Every genuine file has its rows; every malformed one is one sentence, in processes of their own.

The tables name all files of ../shared/files: one that is added there and not here is a failure.
"""

from __future__ import annotations

import shutil

import pytest

ROWS = {
    "datasetjson": {
        "adae.dsjc": 1191, "adsl.dsjc": 254, "adsl.json": 254, "adsl.ndjson": 254,
        "adtte.dsjc": 254, "adtte.json": 254, "adtte.ndjson": 254, "ae.dsjc": 74, "ae.json": 74,
        "ae.ndjson": 74, "cre_ae_utf8.json": 1, "dm.dsjc": 18, "dm.json": 18, "dm.ndjson": 18,
        "dm_zlib.dsjc": 18, "iris_timetest.json": 44, "ta.dsjc": 8, "ta.json": 8, "ta.ndjson": 8,
    },
    "datasetjson_v1.0": {"dm.json": 6, "ex.json": 6, "ta.json": 6, "ts.json": 41},
    "sas7bdat": {
        "charset_lat1.csv": 150, "charset_lat1.sas7bdat": 150, "charset_sjis.sas7bdat": 150,
        "charset_utf8.csv": 150, "charset_utf8.sas7bdat": 150, "data_page_with_deleted.csv": 997,
        "data_page_with_deleted.sas7bdat": 997, "date_formats.csv": 1, "date_formats.sas7bdat": 1,
        "datetime.sas7bdat": 4, "missing_test.sas7bdat": 1, "sample_bincompressed.sas7bdat": 5,
        "tagged-na.sas7bdat": 8,
    },
    "sas7bdat_bad": {"54-cookie.sas7bdat": 54},
    "xpt_v5": {
        "Alfalfa.xpt": 40, "adsl.xpt": 254, "adtte.xpt": 254, "ae.xpt": 74, "cre_dm.xpt": 1,
        "dm.xpt": 18, "sample.xpt": 5, "sas.xpt5": 10, "selik_example.xpt": 0, "ta.xpt": 8,
    },
    "xpt_v8": {"cdisc_rules_engine_v8.xpt": 74, "dates_xpt_v8.xpt": 19, "sas.xpt8": 10},
}  # fmt: skip
"""As the files' own metadata and pyreadstat count them. The cookie file has broken readers, but all
that were measured agree on it: it only is no study."""

CUT_OFF = "ends before its JSON does: it is cut off."
REFUSED = {
    "datasetjson": {
        # CDISC's example of extensions was shortened by hand: its metadata say 72 records, it has
        # two, and `na` stands where numbers are due. It is not taken for whole.
        "extended_dataset.json": "row 1: AEENDY has to be a number, and is text.",
    },
    "datasetjson_bad": {
        "datasetjson_01.json": "its metadata name no columns.",
        "datasetjson_02.json": "its metadata name no columns.",
        "datasetjson_03.json": "it has metadata and no rows.",
        "datasetjson_04.json": "it has metadata and no rows.",
        "datasetjson_05.json": "its metadata say 0 records; it has at least 18.",
        "derived_bad_line.ndjson": f"line 4 {CUT_OFF}",
        "derived_bom_crlf.ndjson": "it begins with a byte-order mark, which JSON must not have "
        "(RFC 8259); save it as UTF-8 without one.",
        "derived_records_mismatch.ndjson": "its metadata say 999 records; it has 18.",
        "derived_short_row.ndjson": "row 1 has 25 values where there are 26 columns.",
        "derived_truncated.dsjc": "its compressed data end too early: it is cut off.",
        "derived_truncated.ndjson": f"line 19 {CUT_OFF}",
        "invalid_dm.json": "its column 1, ITEMGROUPDATASEQ, has no dataType.",
    },
    "sas7bdat": {"tagged-na.sas7bcat": "is not a dataset: it has to end in .parquet"},
    "sas7bdat_bad": {
        "54-cookie.sas7bdat": "holds no subject-level dataset (USUBJID with TRT01P, TRT01A or "
        "ARM): 54-cookie.sas7bdat (has no USUBJID).",
        "invalid_lengths.sas7bdat": "it is cut short: its header says 184 pages of 31,612 bytes, "
        "and it holds 0.",
        "sas_infinite_loop.sas7bdat": "its header is damaged: it says 184 pages of 2,550,153,216 "
        "bytes after 285,213,696 of its own.",
    },
    "xpt_bad": {
        "derived_header_only.xpt": "it is cut short: it ends in the middle of its header.",
        "derived_latin1_byte.xpt": "column RACE, row 4 has the byte 0xC9, which is not UTF-8, and "
        "the file states no code page: say it with --encoding windows-1252 or another.",
        "derived_not_xpt.xpt": "it is not a SAS transport file.",
        "derived_truncated_midrow.xpt": "it is cut short: its length is not a multiple of 80 "
        "bytes, as a transport file's is.",
        "empty_0byte.xpt": "it is empty.",
    },
}


def pairs(table):
    return [(folder, name) for folder, names in table.items() for name in names]


def named(shared, folder, name):
    (path,) = (one for one in shared(folder) if one.name == name)
    return path


def test_the_tables_name_every_file(shared):
    for folder in ROWS.keys() | REFUSED.keys():
        there = {one.name for one in shared(folder)}
        assert there == ROWS.get(folder, {}).keys() | REFUSED.get(folder, {}).keys()


@pytest.mark.parametrize(("folder", "name"), pairs(ROWS))
def test_a_whole_file_has_its_rows(shared, read, folder, name):
    (found,) = read(named(shared, folder, name))
    assert found.frame.height == ROWS[folder][name]


@pytest.mark.parametrize(("folder", "name"), pairs(REFUSED))
def test_a_malformed_file_is_one_sentence_and_leaves_nothing_behind(
    shared, trialdeck, tmp_path, folder, name
):
    study, temporary = tmp_path / "study", tmp_path / "temporary"
    study.mkdir()
    temporary.mkdir()
    path = shutil.copy(named(shared, folder, name), study)
    run = trialdeck("show", "study", path, TMPDIR=temporary)
    assert (run.status, run.out) == (2, "")
    assert run.err.startswith("trialdeck: ")
    assert run.err.count("\n") == 1
    assert run.err.endswith("\n")
    assert REFUSED[folder][name] in run.err
    assert name in run.err
    assert [one.name for one in study.iterdir()] == [name]
    assert list(temporary.iterdir()) == []


def test_the_file_in_another_code_page_opens_once_that_is_said(shared, trialdeck):
    path = named(shared, "xpt_bad", "derived_latin1_byte.xpt")
    run = trialdeck("show", "study", path, "--encoding", "windows-1252", "--format", "json")
    assert (run.status, run.err) == (0, "")
