"""What `show` prints for programs and for people, and the words that name a selection."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tui.analyses.rows.events import IncidenceRow
from tui.analyses.rows.visits import VisitRow
from tui.study import builtin

from .program import ARMS, QUESTIONS, show

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
