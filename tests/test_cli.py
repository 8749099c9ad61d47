"""The command line, as processes of its own: what it prints, and how it fails."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import tui
from tui import parsers
from tui.analyses.answer import ANSWERS
from tui.analyses.methods import METHODS
from tui.analyses.rows.events import IncidenceRow
from tui.analyses.rows.visits import VisitRow
from tui.analyses.session import KINDS
from tui.report.formats import FORMATS
from tui.selection import FIELDS
from tui.study import builtin

QUESTIONS = {kind: [] for kind in KINDS if kind != "survival"} | {
    "subject": ["--subject", "01-001"],
    "responders": ["--responder", "change<=-0.5"],
}
"""What the built-in study answers: it has no time to an event."""
ARMS = ["Placebo", "0.3 M/kg", "1.0 M/kg", "2.0 M/kg"]

VISITS = [
    "visit", "visit_number", "arm", "is_reference",
    "n", "mean", "sd", "se", "median", "q1", "q3", "min", "max",
    "change_n", "change_mean", "change_sd", "change_se", "change_median", "change_q1", "change_q3",
    "change_min", "change_max",
    "lsmean", "lsmean_se", "lsmean_lower", "lsmean_upper",
    "difference", "difference_se", "difference_df", "difference_lower", "difference_upper",
    "statistic", "p", "p_adjusted", "not_estimable",
]  # fmt: skip
INCIDENCE = [
    "system", "term", "arm", "n", "N", "percent", "events",
    "difference", "difference_lower", "difference_upper", "p",
]  # fmt: skip


def show(program, *arguments, **environ):
    """What `show` prints, if all is well."""
    run = program("show", *arguments, **environ)
    assert (run.status, run.err) == (0, "")
    return run


def refusal(program, *arguments):
    """The one sentence with which the command refuses; nothing else is printed."""
    run = program("show", *arguments)
    assert run.status == 2
    assert run.out == ""
    assert re.fullmatch(r"trialdeck: [^\n]+\.\n", run.err), run.err
    return run.err.removeprefix("trialdeck: ").strip()


# Help


def test_the_version_is_the_packages(trialdeck):
    run = trialdeck("--version")
    assert (run.status, run.out, run.err) == (0, f"trialdeck {tui.__version__}\n", "")


def test_help_points_to_show(trialdeck):
    run = trialdeck("--help")
    assert (run.status, run.err) == (0, "")
    assert "trialdeck show --help" in run.out


@pytest.mark.parametrize("command", [[], ["show"]])
def test_help_names_every_field_of_the_selection(command, trialdeck):
    run = trialdeck(*command, "--help")
    assert (run.status, run.err) == (0, "")
    assert set(FIELDS) <= set(re.findall(r"--(\w+)", run.out))


def test_help_names_every_answer_format_and_method(trialdeck):
    text = trialdeck("show", "--help").out
    assert set(KINDS) <= set(re.findall(r"^  (\w+) ", text, re.MULTILINE))
    assert set(FORMATS) <= set(re.search(r"--format \{(.*?)\}", text)[1].split(","))
    *_, methods = re.findall(r"--method NAME(.*?)--", text, re.DOTALL)
    assert set(METHODS) <= set(methods.replace(",", "").split())


def test_what_help_says_without_loading_the_analyses_is_what_they_have():
    assert set(ANSWERS) == set(KINDS)
    assert list(parsers.FORMATS) == list(FORMATS)
    assert [name for name, _, _ in parsers.OPTIONS] == list(FIELDS)
    method = next(text for name, _, text in parsers.OPTIONS if name == "method")
    assert re.split(r", | or ", method) == list(METHODS)


@pytest.mark.parametrize("command", [["--help"], ["show", "--help"]])
def test_help_fits_eighty_columns_and_is_ascii(command, trialdeck):
    text = trialdeck(*command, COLUMNS="80", LANG="C").out
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= 80


# What programs read


def test_json_says_what_the_figures_stand_on(trialdeck):
    answer = show(trialdeck, "visits", "--format", "json").json
    assert {"study", "selection", "funnel", "method", "notes", "rows"} <= set(answer)
    assert answer["study"]["id"] == "MSB-DM003"
    assert answer["study"]["reconstruction"] is True
    assert answer["selection"]["endpoint"] == "HBA1C"
    assert answer["method"]["id"] == "ancova"
    assert all(list(step) == ["step", "rows", "subjects"] for step in answer["funnel"])
    assert answer["funnel"][0] == {"step": "HBA1C in ADLB", "rows": 359, "subjects": 61}
    assert all(isinstance(note, str) for note in answer["notes"])


def test_rows_of_visits_have_the_fields_that_are_promised(trialdeck):
    rows = show(trialdeck, "visits", "--format", "json").json["rows"]
    assert [list(row) for row in rows] == [VISITS] * 24
    assert list(VisitRow.__dataclass_fields__) == VISITS


def test_rows_of_incidence_have_the_fields_that_are_promised(here):
    rows = show(here, "incidence", "--format", "json").json["rows"]
    assert {tuple(row) for row in rows} == {tuple(INCIDENCE)}
    assert list(IncidenceRow.__dataclass_fields__) == INCIDENCE
    assert [row["arm"] for row in rows[:4]] == ARMS
    assert {(row["system"], row["term"]) for row in rows[:4]} == {(None, None)}
    assert (rows[4]["system"], rows[4]["term"]) == ("Infections and infestations", None)
    assert rows[8]["term"] == "Nasopharyngitis"


def test_the_published_figures_are_there(trialdeck):
    rows = show(trialdeck, "visits", "--format", "json").json["rows"]
    by_cell = {(row["visit_number"], row["arm"]): row for row in rows}
    high = by_cell[8, "2.0 M/kg"]
    assert round(high["difference"], 1) == -0.4
    assert round(high["difference_se"], 1) == 0.2
    assert high["p"] < 0.05
    assert min(by_cell[12, arm]["p"] for arm in ARMS[1:]) > 0.05


@pytest.mark.parametrize("kind", QUESTIONS)
def test_csv_has_the_rows_of_json(kind, here):
    """The same fields, numbers to their last digit; counts by name get columns, a list is JSON."""
    as_json = show(here, kind, *QUESTIONS[kind], "--format", "json").json["rows"]
    text = show(here, kind, *QUESTIONS[kind], "--format", "csv").out
    as_csv = list(csv.DictReader(io.StringIO(text), strict=True))
    assert len(as_csv) == len(as_json) > 0
    for flat, row in zip(as_csv, as_json, strict=True):
        for name, value in row.items():
            if isinstance(value, dict):
                assert {key: flat[f"{name}_{key}"] for key in value} == {
                    key: str(count) for key, count in value.items()
                }
            elif isinstance(value, list):
                assert json.loads(flat[name]) == value
            else:
                assert flat[name] == ("" if value is None else str(value))


def test_numbers_are_unrounded(here):
    row = show(here, "visits", "--format", "json").json["rows"][0]
    assert row["mean"] == 131.5 / 16
    assert len(str(row["sd"])) > 15


# What people read


@pytest.mark.parametrize("kind", ["visits", "trends", "study"])
def test_text_fits_eighty_columns(kind, here):
    """Methods and reasons of `study` may run on; arms, baseline, events and incidence are wider.

    The selection is one line whatever its width.
    """
    lines = show(here, kind).out.splitlines()
    wide = [line for line in lines if len(line) > 80 and not line.startswith("Selection: ")]
    assert all(kind == "study" and line.startswith("ADSL ") for line in wide)


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_reconstruction_is_called_so(kind, here):
    for form in ("text", "md"):
        assert "RECONSTRUCTION" in show(here, kind, *QUESTIONS[kind], "--format", form).out


@pytest.mark.parametrize("environ", [{"LANG": "C"}, {"LC_ALL": "POSIX"}, {"TERM": "linux"}])
def test_where_the_terminal_has_only_ascii_text_is_ascii(environ, trialdeck):
    assert show(trialdeck, "trends", **environ).out.isascii()
    assert not show(trialdeck, "trends").out.isascii()


@pytest.mark.parametrize("kind", QUESTIONS)
def test_ascii_is_an_option(kind, here):
    assert show(here, kind, *QUESTIONS[kind], "--ascii").out.isascii()


@pytest.mark.parametrize("form", ["md", "csv", "json"])
def test_files_are_utf_8_whatever_the_locale(form, trialdeck, hostile):
    text = show(trialdeck, "events", hostile, "--format", form, LANG="C").out
    assert "漢字" in text


# Naming things


@pytest.mark.parametrize(
    ("options", "arms", "reference"),
    [
        (["--arms", "2.0"], ["2.0 M/kg"], "2.0 M/kg"),
        (["--arms", "0,2.0"], ["Placebo", "2.0 M/kg"], "Placebo"),
        (["--arms", "2.0 M/kg,placebo"], ["Placebo", "2.0 M/kg"], "Placebo"),
        (["--arms", "0.3,1.0", "--reference", "1.0"], ["0.3 M/kg", "1.0 M/kg"], "1.0 M/kg"),
        (["--reference", "0.3"], ARMS, "0.3 M/kg"),
        ([], ARMS, "Placebo"),
    ],
)
def test_arms_are_named_by_code_label_or_a_part_of_it(options, arms, reference, here):
    answer = show(here, "visits", *options, "--format", "json").json
    assert [arm["label"] for arm in answer["arms"]] == arms
    assert {row["arm"] for row in answer["rows"] if row["is_reference"]} == {reference}


def test_arm_codes_choose_arms(here):
    """The codes of the built-in study are doses or positions: each chooses the arm that has it."""
    rows = show(here, "arms", "--format", "json").json["rows"]
    codes = {row["arm"]: row["code"] for row in rows}
    for label, code in codes.items():
        chosen = show(here, "arms", "--arms", f"{code:g}", "--format", "json").json["rows"]
        assert [row["arm"] for row in chosen] == [label]


def test_the_selection_in_force_is_a_selection_again(here):
    first = show(here, "visits", "--visits", "8,12", "--format", "json").json
    fields = {name: text for name, text in first["selection"].items() if name != "line"}
    options = [
        word
        for name, value in fields.items()
        for word in (
            f"--{name}",
            ",".join(f"{one:g}" if isinstance(one, float) else one for one in value)
            if isinstance(value, list)
            else str(value),
        )
    ]
    again = show(here, "visits", *options, "--format", "json").json
    assert again["rows"] == first["rows"]
    assert again["selection"] == first["selection"]


@pytest.mark.parametrize("where", ["folder", "file", "name", "nothing"])
def test_the_study_is_a_folder_a_file_or_the_built_in_one(where, here):
    folder = builtin.folder()
    study = {"folder": [folder], "file": [folder / "adlb.csv"], "name": ["msb-dm003"]}
    rows = show(here, "visits", *study.get(where, []), "--format", "json").json["rows"]
    assert rows == show(here, "visits", "--format", "json").json["rows"]


# Refusals


@pytest.fixture
def study(tmp_path):
    """A copy of the built-in study's datasets, to be spoiled."""
    folder = tmp_path / "study"
    folder.mkdir()
    for path in builtin.folder().glob("*.csv"):
        shutil.copy(path, folder)
    return folder


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


# Data are never markup, nor commands to the terminal

ESCAPE, BELL, C1, OVERRIDE, ISOLATE = "\x1b", "\x07", "\x9b", "\u202e", "\u2066"
HOSTILE_ARM = f"{ESCAPE}[31mRed{ESCAPE}[0m [bold]|<b>`{OVERRIDE}21"
ACTS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A study whose every text would act on a terminal, or as markup, if it were let."""
    folder = tmp_path_factory.mktemp("hostile")
    arms = ["Placebo", HOSTILE_ARM]
    people = [(f"S-{i:02d}", arms[i % 2], i) for i in range(12)]
    races = ["漢字の人", "\N{SLIGHTLY SMILING FACE} smile", "tab\tand\nnew\r\nline"]
    _write(
        folder / "adsl.csv",
        "STUDYID USUBJID TRT01P TRT01A SEX AGE RACE SAFFL ITTFL",
        [
            (f"S{ESCAPE}]0;title{BELL}", who, arm, arm, "FM"[i % 2], 40 + i, races[i % 3], "Y", "Y")
            for who, arm, i in people
        ],
    )
    param = f"Score {ESCAPE}[2J[red] | <i> {ISOLATE} (mg{C1}1m)"
    labels = {0: "Base\nline", 4: f"Week 4 {ESCAPE}[1m|"}
    _write(
        folder / "adlb.csv",
        "USUBJID PARAMCD PARAM AVISIT AVISITN AVAL BASE CHG ABLFL ADY",
        [
            (who, "X", param, labels[week], week, 10 + i % 5 + week * i / 10, 10 + i % 5,
             week * i / 10, "Y" if week == 0 else "", week * 7 + 1)
            for who, _, i in people for week in labels
        ],
    )  # fmt: skip
    terms = [f"Head{ESCAPE}[5mache", "[link=x]Pain|", f"痛み{OVERRIDE}tab\tx\ny"]
    systems = [f"Nerv{BELL}ous", "漢字"]
    _write(
        folder / "adae.csv",
        "USUBJID AETERM AEDECOD AEBODSYS AESEV AESER AEREL AEOUT ASTDY TRTEMFL TRTA",
        [
            (who, "t", terms[i % 3], systems[i % 2], f"MI{ESCAPE}LD", "N", "NONE", f"REC{C1}OV",
             i + 1, "Y", arm)
            for who, arm, i in people[:6]
        ],
    )  # fmt: skip
    _write(
        folder / "adtte.csv",
        "USUBJID PARAMCD PARAM AVAL CNSR",
        [(who, "TT", "Time to [link=x]pain|", 5 + 3 * i, int(i % 3 == 0)) for who, _, i in people],
    )
    return folder


def _write(path, header, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split(), *rows])


NEEDED_BY_HOSTILE = {"subject": ["--subject", "03"], "responders": ["--responder", "change>0"]}
"""What has to be said where the built-in study says it itself."""


@pytest.mark.parametrize("form", ["text", "md"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_the_data_acts_on_the_terminal(kind, form, here, hostile):
    needed = NEEDED_BY_HOSTILE.get(kind, [])
    text = show(here, kind, hostile, *needed, "--format", form).out
    assert [line for line in text.splitlines() if ACTS.search(line)] == []
    assert "Red" in text
    code = form == "text" or kind == "notes"  # which name the arms in the selection alone
    assert ("[bold]" if code else r"\[bold\]") in text


def test_survival_of_a_study_without_times_is_refused_in_a_sentence(trialdeck):
    said = refusal(trialdeck, "survival")
    assert said.startswith("MSB-DM003 has no time-to-event data: ")


def test_a_hostile_name_in_an_error_is_shown_and_does_not_act(trialdeck, hostile):
    said = refusal(trialdeck, "visits", hostile, "--arms", f"{ESCAPE}[2Jno")
    assert not ACTS.search(said)
    assert "Red" in said


@pytest.mark.parametrize("kind", ["arms", "baseline", "visits", "events", "incidence"])
def test_every_row_of_a_markdown_table_has_the_cells_of_its_header(kind, here, hostile):
    """A bar in the data is no border."""
    text = show(here, kind, hostile, "--format", "md").out
    blocks = [block.splitlines() for block in text.split("\n\n") if block.startswith("| ")]
    assert blocks
    for block in blocks:
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block}
        assert len(widths) == 1, block


@pytest.mark.parametrize("kind", KINDS)
def test_programs_get_the_data_as_they_are(kind, here, hostile):
    needed = NEEDED_BY_HOSTILE.get(kind, [])
    answer = show(here, kind, hostile, *needed, "--format", "json").json
    assert answer["arms"][1]["label"] == HOSTILE_ARM
    text = show(here, kind, hostile, *needed, "--format", "csv").out
    assert len(list(csv.reader(io.StringIO(text, newline="")))) == len(answer["rows"]) + 1


def test_half_a_character_as_an_argument_is_no_traceback(trialdeck):
    broken = os.fsdecode(b"\xff")
    assert show(trialdeck, "events", "--text", broken, "--format", "json").json["rows"] == []
    assert "There is no endpoint" in refusal(trialdeck, "visits", "--endpoint", broken)


# Where the output goes


@pytest.mark.parametrize("form", FORMATS)
def test_a_reader_that_goes_away_is_no_error(form, pilot):
    """As `| head -1` does: 2,000 values are more than a pipe holds."""
    command = [sys.executable, "-m", "tui", "show", "values", str(pilot), "--endpoint", "ALT"]
    with subprocess.Popen(
        [*command, "--format", form], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("kind", ["visits", "arms"])
def test_a_full_disk_is_said_in_one_sentence(kind):
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "tui", "show", kind],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert run.returncode == 2
    assert run.stderr == "trialdeck: The output cannot be written: No space left on device.\n"


# The study is only read


def listing(folder):
    def seen(path):
        status = path.stat()
        return status.st_mtime_ns, status.st_size, status.st_mode

    return {path.relative_to(folder): seen(path) for path in [folder, *folder.rglob("*")]}


def test_the_study_is_not_written_to(here, study, monkeypatch):
    monkeypatch.chdir(study)
    before = listing(study)
    for kind, more in QUESTIONS.items():
        show(here, kind, study, *more)
    assert listing(study) == before


def test_a_study_in_a_folder_without_write_permission(trialdeck, study):
    for path in study.iterdir():
        path.chmod(0o400)
    study.chmod(0o500)
    try:
        assert show(trialdeck, "visits", study, cwd=study).out
    finally:
        study.chmod(0o700)


def test_the_study_may_stand_after_the_options(here, study):
    before = here("show", "visits", study, "--visits", "8", "--format", "csv")
    after = here("show", "visits", "--visits", "8", study, "--format", "csv")
    assert before.status == after.status == 0
    assert before.out == after.out
