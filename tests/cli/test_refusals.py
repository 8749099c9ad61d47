"""How the program refuses options, questions and files: in one sentence, with status 2."""

from __future__ import annotations

import csv
import os
import shutil

import pytest

from .program import refusal, show


def test_no_such_folder(trialdeck, tmp_path):
    said = refusal(trialdeck, "visits", tmp_path / "nowhere")
    assert said == f"There is no file or folder '{tmp_path / 'nowhere'}'."


def test_a_folder_without_datasets(trialdeck, tmp_path):
    (tmp_path / "readme.txt").write_text("nothing here")
    said = refusal(trialdeck, "visits", tmp_path)
    assert said.startswith(f"{tmp_path} holds no dataset (.parquet, .csv")


def test_no_subject_level_dataset_names_the_files_and_why(trialdeck, study):
    (study / "adsl.csv").unlink()
    said = refusal(trialdeck, "visits", study)
    assert "holds no subject-level dataset (USUBJID with TRT01P, TRT01A or ARM): " in said
    assert "adae.csv (has AEDECOD, AETERM)" in said
    assert "adlb.csv (has PARAMCD, AVAL, AVISIT, AVISITN)" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--arms", "9.9"], "There is no arm '9.9': there is Placebo, 0.3 M/kg, 1.0 M/kg or 2.0 M"),
        (["--arms", "M/kg"], "'M/kg' could be more than one arm: 0.3 M/kg, 1.0 M/kg or 2.0 M/kg."),
        (["--reference", "x"], "There is no arm 'x': there is Placebo, "),
        (["--reference", "2.0", "--arms", "0,1.0"], "The reference 2.0 M/kg is not among the arms"),
        (["--endpoint", "NOPE"], "There is no endpoint 'NOPE': there is "),
        (["--endpoint", "blood pressure"], "'blood pressure' could be more than one endpoint: "),
        (["--alpha", "5"], "alpha lies between 0 and 1; 5 does not."),
        (["--alpha", "0"], "alpha lies between 0 and 1; 0 does not."),
        (["--alpha", "small"], "alpha takes numbers, not 'small'."),
        (["--alpha", "nan"], "alpha takes numbers, not 'nan'."),
        (["--where", "WEIGT>80"], "There is no subject-level column WEIGT: use WEIGHTBL"),
        (["--where", "SEX=W"], "No subject has SEX=W: there is F or M."),
        (["--where", "AGE>=old"], "AGE holds numbers; 'old' is none."),
        (["--where", "AGE"], "'AGE' is not a condition: write it without spaces"),
        (["--where", "RACE='WHITE"], 'Cannot read the condition "RACE=\'WHITE": No closing'),
        (["--where", "AGE>900"], "No subject is left: the population and the conditions exclude"),
        (["--method", "anova"], "There is no method 'anova': there is ancova, "),
        (["--unit", "kg"], "HBA1C cannot be shown in kg: its unit is % or mmol/mol."),
        (["--unit", "%", "--endpoint", "WEIGHT"], "WEIGHT cannot be shown in %: its unit is kg."),
        (["--visits", "3"], "There is no visit 3: there is 0, 1, 2, 4, 8 or 12."),
        (["--visits", "week 8"], "visits takes numbers, not 'week 8'."),
        (["--population", "PPFL"], "There is no population 'PPFL': there is SAFFL, ITTFL or all."),
        (["--records", "ANL02FL"], "There is no record flag ANL02FL: there is auto, all, "),
        (["--arm", "intended"], "arm takes planned or actual, not 'intended'."),
        (["--value", "PCHG"], "value takes CHG or AVAL, not 'PCHG'."),
        (["--imputed", "maybe"], "imputed takes keep or drop, not 'maybe'."),
        (["--timepoint", "lying"], "'lying' is no time point of this endpoint: there is none."),
        (["--covariates", "SEXX"], "There is no subject-level column SEXX: use SEX"),
        (["--endpoint", ""], "endpoint needs a value."),
        (["--format", "xml"], "Argument --format: invalid choice: 'xml'"),
        (["--colour", "red"], "Unrecognized arguments: --colour red"),
    ],
)
def test_an_option_that_means_nothing_here(options, said, here):
    assert refusal(here, "visits", *options).startswith(said)


@pytest.mark.parametrize("arguments", [["visits", "--arms", "9.9"], ["weather"], []])
def test_a_process_that_refuses_ends_with_status_2(arguments, trialdeck):
    assert refusal(trialdeck, *arguments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["subject", "--subject", "99-999"], "There is no subject '99-999'; the first is MSB-DM0"),
        (["subject", "--subject", "001"], "'001' could be more than one subject: MSB-"),
        (["subject"], "Which subject? Name one, such as MSB-DM003-01-001."),
        (["events", "--severity", "awful"], "There is no severity 'AWFUL': there is MILD, "),
        (["events", "--days", "9,1"], "days takes a first and a last study day: 1,28."),
        (["weather"], "Argument WHAT: invalid choice: 'weather'"),
        ([], "The following arguments are required: WHAT"),
    ],
)
def test_a_question_that_cannot_be_asked(arguments, said, here):
    assert refusal(here, *arguments).startswith(said)


def test_the_browser_refuses_a_folder_that_is_not_there(trialdeck, tmp_path):
    run = trialdeck(tmp_path / "nowhere")
    assert (run.status, run.out) == (2, "")
    assert run.err == f"trialdeck: There is no file or folder '{tmp_path / 'nowhere'}'.\n"


def test_half_a_parquet_file_is_named(trialdeck, study, pilot):
    whole = (pilot / "advs.parquet").read_bytes()
    (study / "half.parquet").write_bytes(whole[: len(whole) // 2])
    said = refusal(trialdeck, "visits", study)
    assert said.startswith("half.parquet: it is not a whole parquet file (")


def test_a_parquet_file_with_a_spoiled_middle_is_named(trialdeck, tmp_path, pilot):
    for name in ("adsl", "adadas"):
        shutil.copy(pilot / f"{name}.parquet", tmp_path)
    path = tmp_path / "adadas.parquet"
    spoiled = bytearray(path.read_bytes())
    spoiled[4:-20_000] = bytes(len(spoiled) - 20_004)
    path.chmod(0o600)
    path.write_bytes(spoiled)
    assert refusal(trialdeck, "visits", tmp_path).startswith("adadas.parquet: ")


@pytest.mark.parametrize("fields", ["too many", "too few"])
def test_a_csv_row_of_another_length_is_named_by_its_line(fields, trialdeck, study):
    path = study / "adlb.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    width = lines[0].count(",") + 1
    lines[4] = lines[4] + ",more" if fields == "too many" else lines[4].rpartition(",")[0]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    has = width + 1 if fields == "too many" else width - 1
    said = refusal(trialdeck, "visits", study)
    assert said.startswith("adlb.csv: ")
    assert said.endswith(f" line 5 has {has} fields where the header has {width}.")


def test_csv_that_is_not_utf_8_opens_once_its_code_page_is_said(trialdeck, study):
    path = study / "adlb.csv"
    path.write_bytes(path.read_bytes().replace(b"Week 8", "Wöche 8".encode("latin-1")))
    line = path.read_bytes().partition(b"\xf6")[0].count(b"\n") + 1
    assert refusal(trialdeck, "visits", study) == (
        f"adlb.csv: line {line} has the byte 0xF6, which is not UTF-8, and the file states no code "
        "page: say it with --encoding windows-1252 or another."
    )
    assert "Wöche 8" in trialdeck("show", "visits", study, "--encoding=windows-1252").out
    said = "adlb.csv: Its text is not all UTF-8, and it states no code page: it is read as latin-1,"
    shown = trialdeck("show", "study", study, "--encoding", "latin-1").out
    assert said in " ".join(shown.split())


@pytest.mark.parametrize("command", [["show", "arms"], ["describe"], []])
def test_an_encoding_that_is_none_is_refused_with_the_common_ones(trialdeck, command):
    run = trialdeck(*command, "--encoding", "utf-16")
    assert (run.status, run.out) == (2, "")
    assert run.err == (
        "trialdeck: 'utf-16' is no encoding that extends ASCII: common ones are windows-1252, "
        "iso-8859-1, iso-8859-15, windows-1250, windows-1251, shift_jis, gb18030, big5 or euc-kr.\n"
    )


def test_a_csv_that_is_utf_8_up_to_a_byte_is_damaged(trialdeck, study):
    path = study / "adlb.csv"
    text = path.read_bytes().replace(b"Week 8", "Wöche 8".encode(), 1)
    path.write_bytes(text + b"\xff")
    line = text.count(b"\n") + 1
    assert refusal(trialdeck, "visits", study) == (
        f"adlb.csv: line {line} is not UTF-8 text, but text before it is."
    )


def test_an_empty_csv_file(trialdeck, study):
    (study / "adlb.csv").write_bytes(b"")
    assert refusal(trialdeck, "visits", study) == "adlb.csv: it is empty."


def test_a_csv_header_that_names_a_column_twice(trialdeck, study):
    path = study / "adlb.csv"
    text = path.read_text(encoding="utf-8").replace(",BASE,", ",aval,", 1)
    path.write_text(text, encoding="utf-8")
    assert "its header names AVAL more than once" in refusal(trialdeck, "visits", study)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read(trialdeck, study):
    (study / "adlb.csv").chmod(0)
    assert refusal(trialdeck, "visits", study) == "adlb.csv: permission to read it is denied."


def test_a_subject_in_two_rows(trialdeck, study):
    path = study / "adsl.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    said = refusal(trialdeck, "visits", study)
    assert said.startswith("adsl.csv: USUBJID MSB-DM003-01-001 stands in more than one row;")


def test_a_value_that_is_no_number_is_named_by_its_row(trialdeck, study):
    path = study / "adlb.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[1][rows[0].index("AVAL")] = "high"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    said = refusal(trialdeck, "visits", study, "--endpoint", rows[1][rows[0].index("PARAMCD")])
    assert said == "adlb.csv: column AVAL, row 1: 'high' is not a number."


def test_a_study_toml_that_is_none(trialdeck, study):
    (study / "study.toml").write_text("title = 'no end\n", encoding="utf-8")
    assert refusal(trialdeck, "visits", study).startswith("study.toml: ")


def test_a_file_that_is_no_dataset(trialdeck, study):
    (study / "notes.txt").write_text("x")
    said = refusal(trialdeck, "visits", study / "notes.txt")
    assert said.startswith("notes.txt is not a dataset: it has to end in .parquet, .csv")


def test_survival_of_a_study_without_times_is_refused_in_a_sentence(trialdeck):
    said = refusal(trialdeck, "survival")
    assert said.startswith("MSB-DM003 has no time-to-event data: ")


def test_half_a_character_as_an_argument_is_no_traceback(trialdeck):
    broken = os.fsdecode(b"\xff")
    assert show(trialdeck, "events", "--text", broken, "--format", "json").json["rows"] == []
    assert "There is no endpoint" in refusal(trialdeck, "visits", "--endpoint", broken)
