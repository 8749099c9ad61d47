"""A study with names of its own, opened by the study.toml that the README shows."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.errors import StudyError
from tui.queries import endpoint, events
from tui.selection import parse
from tui.study import mapping
from tui.study.model import Role, Stated
from tui.study.open import open_study

README = Path(__file__).parents[2] / "README.md"
LABS = [
    (f"P{number:03d}", "HBA1C", week, 8 + number % 5 / 10 - week * (number % 2) / 20)
    for number in range(1, 21)
    for week in (0, 4, 8)
]
PATIENTS = [
    (
        f"P{number:03d}",
        "drug" if number % 2 else "placebo",
        40 + number,
        1 + number % 2,
        number != 7,
    )
    for number in range(1, 21)
]


def shown(language: str) -> list[str]:
    """The blocks of a language in the README's section on one's own study."""
    section = README.read_text(encoding="utf-8").split("## Your own study")[1].split("\n## ")[0]
    return re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    """The README's example: two CSV files, and its study.toml."""
    patients, labs = (block.splitlines()[0].split(",") for block in shown("csv"))
    for name, head, rows in (("patients", patients, PATIENTS), ("labs", labs, LABS)):
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *((*row[:-1], float(row[-1])) for row in rows)])
    (tmp_path / "study.toml").write_text(shown("toml")[0], encoding="utf-8")
    return tmp_path


def say(trial: Path, old: str, new: str) -> None:
    """Changes the study.toml."""
    path = trial / "study.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_example_of_the_readme_opens(trial: Path):
    study = open_study(str(trial))
    assert {one.name: one.role for one in study.datasets} == {
        "LABS": Role.FINDINGS,
        "PATIENTS": Role.SUBJECTS,
    }
    assert [arm.label for arm in study.arms] == ["placebo", "drug"]
    assert study.reference.label == "placebo"
    assert [(one.flag, one.subjects) for one in study.populations] == [("ITTFL", 19)]
    assert [(one.key, one.rows) for one in study.endpoints] == [("HBA1C", 60)]
    assert all("study.toml says so" in one.why for one in study.datasets)


def test_its_figures_are_those_of_the_file(trial: Path):
    answer = Session(open_study(str(trial))).answer(Question("visits", statistics=False))
    means = {
        (row.arm, row.visit_number): row.change_mean for row in answer.rows if row.visit_number
    }
    assert means == {
        ("placebo", 4.0): 0,
        ("placebo", 8.0): 0,
        ("drug", 4.0): pytest.approx(-0.2),
        ("drug", 8.0): pytest.approx(-0.4),
    }
    assert {row.n for row in answer.rows} == {9, 10}  # P007 was not randomized
    assert any("AVAL is result" in note for note in answer.notes)


def test_values_that_stand_for_others_are_those_in_the_tables(trial: Path):
    answer = Session(open_study(str(trial))).answer(Question("baseline"))
    assert {row.level for row in answer.rows if row.variable == "SEX"} == {"M", "F"}
    chosen = Question("baseline", parse("where='SEX=F AGE>=50'"))
    (all_of_them,) = [
        row
        for row in Session(open_study(str(trial))).answer(chosen).rows
        if (row.variable, row.arm) == ("AGE", "Total")
    ]
    assert all_of_them.n == len(
        [row for row in PATIENTS if row[3] == 2 and row[2] >= 50 and row[4]]
    )


def test_events_and_tests_that_are_called_by_numbers_are_read(trial: Path):
    say(trial, 'PARAMCD = "test"', 'PARAMCD = "code"')
    text = (trial / "labs.csv").read_text(encoding="utf-8")
    labs = text.replace("HBA1C", "12").replace("test", "code")
    (trial / "labs.csv").write_text(labs, encoding="utf-8")
    (trial / "sick.csv").write_text("who,what,how\nP001,Fall,3\nP002,Fall,9\n", encoding="utf-8")
    with (trial / "study.toml").open("a", encoding="utf-8") as file:
        file.write(
            '[datasets.SICK]\ncolumns = {USUBJID = "WHO", AETERM = "what", AESEV = "how"}\n'
            'values = {AESEV = {3 = "SEVERE"}}\n'
        )
    study = open_study(str(trial))
    (one,) = study.endpoints
    assert (one.code, len(endpoint.load(one).frame)) == ("12", 60)
    found = events.build(study, parse(""), emergent="all").frame
    assert sorted(found["severity"]) == ["9", "SEVERE"]  # a value left out stays as it is


def test_what_study_toml_names_goes_before_what_the_columns_say(trial: Path):
    (trial / "adsl.csv").write_text("USUBJID,TRT01P\nX1,A\nX2,B\n", encoding="utf-8")
    study = open_study(str(trial))
    assert study.subjects.name == "PATIENTS"
    (adsl,) = [one for one in study.datasets if one.name == "ADSL"]
    assert (adsl.role, adsl.why) == (
        Role.UNUSED,
        "a further subject-level dataset; PATIENTS is used",
    )


def test_a_dataset_can_be_left_out(trial: Path):
    say(trial, 'part = "findings"', 'part = "not used"')
    study = open_study(str(trial))
    assert not study.endpoints
    assert {one.name: one.why for one in study.datasets}["LABS"] == "study.toml says so"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '"result"',
            '"resul"',
            "datasets.labs.columns.AVAL: labs.csv has no column 'resul': there is patient, test, "
            "week or result.",
        ),
        ("AVAL =", "AVALL =", "datasets.labs.columns: 'AVALL' is no standard column of findings"),
        ('AVAL = "result", ', "", "datasets.labs: findings need AVAL or AVALC; under columns"),
        (
            'part = "findings"',
            'part = "finding"',
            "datasets.labs.part: there is no part 'finding': there is subject level, findings, ",
        ),
        (
            "part =",
            "role =",
            "there is no field 'role': there is part, columns, values or encoding.",
        ),
        (
            "[datasets.labs]",
            "[datasets.labx]",
            "datasets.labx: there is no such dataset: there is labs or patients.",
        ),
        ("[datasets.labs]", '[datasets."../labs"]', "a dataset is called by the name of its file"),
        ("[datasets.labs]", '[datasets.".."]', "a dataset is called by the name of its file"),
        (
            "ABLFL = { 0 =",
            "ABLFL = { zero =",
            "datasets.labs.values.ABLFL: 'zero' is no number, as the values of week are.",
        ),
        ("{ 0 =", "{ 4 = 1, 0 =", "datasets.labs.values.ABLFL has to be a table of values, all"),
        (
            'AVAL = "result", AVISITN = "week"',
            'AVAL = "AVISITN", AVISITN = "AVAL"',
            "datasets.labs.columns: AVAL, AVISITN are made from each other.",
        ),
        ('"result"', "7", "datasets.labs.columns.AVAL has to be the name of a column."),
    ],
)
def test_what_cannot_be_meant_is_one_sentence_with_its_place(
    old: str, new: str, said: str, trial: Path, here: Callable
):
    say(trial, old, new)
    run = here("show", "study", trial)
    assert (run.status, run.out) == (2, "")
    assert run.err.startswith("trialdeck: study.toml: ")
    assert said in run.err
    assert run.err.count("\n") == 1


def test_a_value_that_is_no_number_where_one_is_due_is_an_error(trial: Path, here: Callable):
    say(trial, "values = { ABLFL = { 0 = ", 'values = { TRTP = {a = "b"}, ABLFL = { 0 = ')
    say(trial, 'PARAMCD = "test"', 'PARAMCD = "test", TRTP = "test", CHG = "test"')
    run = here("show", "study", trial)
    assert run.status == 2
    assert run.err == "trialdeck: labs.csv: CHG is test, row 1: 'HBA1C' is not a number.\n"


def test_columns_are_made_before_the_columns_they_are_made_from_are_replaced(trial: Path):
    text = (trial / "labs.csv").read_text(encoding="utf-8")
    labs = text.replace("test,week,result", "test,AVAL,BASE", 1)
    (trial / "labs.csv").write_text(labs, encoding="utf-8")
    say(
        trial,
        'AVAL = "result", AVISITN = "week", ABLFL = "week"',
        "AVAL = 'BASE', AVISITN = 'AVAL'",
    )
    say(trial, "values = { ABLFL", "values = { AVISITN")
    say(trial, '{ 0 = "Y" }', "{ 0 = 100, 8 = 3 }")
    frame = endpoint.load(open_study(str(trial)).endpoints[0]).frame
    assert sorted(set(frame["visit"])) == [3, 4, 100]
    assert frame["value"].to_list() == pytest.approx([row[-1] for row in LABS])


NAMES = st.text(min_size=1, max_size=8)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        NAMES,
        st.recursive(
            st.none() | st.booleans() | st.integers() | NAMES,
            lambda inner: (
                st.lists(inner)
                | st.dictionaries(
                    st.sampled_from(["part", "columns", "values", "AVAL"]) | NAMES, inner
                )
            ),
            max_leaves=8,
        ),
    )
)
def test_whatever_is_under_datasets_is_read_or_refused_in_a_sentence(content: dict):
    said, found = "study.toml: datasets. .", {}
    try:
        found = mapping.read(content)
    except StudyError as error:
        said = str(error)
    assert said.startswith("study.toml: datasets.")
    assert said.endswith(".")
    assert all(isinstance(one, Stated) for one in found.values())
    assert not any("/" in name for name in found)
