"""The built-in study is a reconstruction: it can be made again, and it says so everywhere."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tui.analyses.answer import Answer
from tui.analyses.session import KINDS
from tui.report.formats import FORMATS

Ask = Callable[..., Answer]
Lines = Callable[[str], list[dict[str, str]]]

DATASETS = ("adsl", "adlb", "advs", "adae", "adis")
ANSWERED = [kind for kind in KINDS if kind != "survival"]  # it has no time to an event
SUBJECT = "MSB-DM003-04-003"  # the one with the published abdominal pain


@pytest.fixture(scope="module")
def made(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The datasets, made anew."""
    target = tmp_path_factory.mktemp("made")
    command = [sys.executable, "-B", str(folder / "make.py"), "--to", str(target)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return target


@pytest.mark.parametrize("name", DATASETS)
def test_making_the_study_again_yields_the_same_bytes(made: Path, folder: Path, name: str) -> None:
    assert (made / f"{name}.csv").read_bytes() == (folder / f"{name}.csv").read_bytes()


def test_making_the_study_writes_the_five_datasets_and_nothing_else(made: Path) -> None:
    assert {path.name for path in made.iterdir()} == {f"{name}.csv" for name in DATASETS}


@pytest.mark.parametrize("kind", ANSWERED)
def test_every_answer_says_that_it_is_about_a_reconstruction(ask: Ask, kind: str) -> None:
    answer = ask(kind, subject=SUBJECT)
    assert answer.study.reconstruction is True
    assert "no subject-level data were ever published" in answer.study.statement


@pytest.mark.parametrize("kind", ANSWERED)
@pytest.mark.parametrize("form", ["text", "md", "json"])
def test_every_printed_answer_says_that_it_is_about_a_reconstruction(
    ask: Ask, form: str, kind: str
) -> None:
    assert "reconstruction" in FORMATS[form](ask(kind, subject=SUBJECT)).lower()


@pytest.mark.parametrize("kind", ANSWERED)
@pytest.mark.parametrize("form", ["text", "md"])
def test_a_reader_meets_it_before_the_first_figure(ask: Ask, form: str, kind: str) -> None:
    first_lines = FORMATS[form](ask(kind, subject=SUBJECT)).splitlines()[:5]
    assert "RECONSTRUCTION" in " ".join(first_lines)


@pytest.mark.parametrize(
    ("form", "marked"), [("text", "* published"), ("md", "\\* published"), ("csv", "published")]
)
def test_the_printed_log_marks_the_published_events_and_no_others(
    ask: Ask, form: str, marked: str
) -> None:
    printed = FORMATS[form](ask("events")).splitlines()
    found = [line for line in printed if marked in line]
    assert len(found) == 3
    assert sum("bdominal pain" in line for line in found) == 1
    assert sum("pper respiratory" in line for line in found) == 2


def test_the_page_of_a_subject_says_where_an_event_comes_from(ask: Ask) -> None:
    [event] = [row for row in ask("subject", subject=SUBJECT).rows if row.section == "event"]
    assert event.name == "Abdominal pain"
    assert event.text.endswith("published")


def test_every_value_behind_a_figure_says_that_it_is_reconstructed(ask: Ask) -> None:
    assert {row.origin for row in ask("values").rows} == {"reconstructed"}


def test_what_is_not_published_is_among_the_remarks(folder: Path, ask: Ask) -> None:
    said = tomllib.loads((folder / "study.toml").read_text(encoding="utf-8"))["published"]
    remarks = [row.label for row in ask("study").rows if row.section == "remark"]
    not_published = {f"Not published: {text}" for text in said["not_published"]}
    assert {*not_published, *said["misprints"], said["visits"]} <= set(remarks)


def test_hba1c_has_one_decimal_as_a_laboratory_reports_it(lines: Lines) -> None:
    values = [row for row in lines("adlb") if row["PARAMCD"] == "HBA1C"]
    assert len(values) == 359
    assert all(re.fullmatch(r"\d+\.\d", row["AVAL"]) for row in values)
    assert all(re.fullmatch(r"\d+\.\d", row["BASE"]) for row in values)
    assert all(re.fullmatch(r"-?\d+\.\d|", row["CHG"]) for row in values)


@pytest.mark.parametrize("name", ["adlb", "advs", "adis"])
def test_every_change_is_the_value_less_its_baseline(lines: Lines, name: str) -> None:
    for row in lines(name):
        if row["CHG"]:
            change = float(row["AVAL"]) - float(row["BASE"])
            assert float(row["CHG"]) == pytest.approx(change, abs=1e-9), row
        else:
            assert (row["ABLFL"], row["AVAL"]) == ("Y", row["BASE"]), row


@pytest.mark.parametrize("name", ["adlb", "advs", "adis"])
def test_every_subject_has_one_record_at_a_visit(lines: Lines, name: str) -> None:
    keys = [(row["USUBJID"], row["PARAMCD"], row["AVISITN"]) for row in lines(name)]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", ["adlb", "advs", "adis", "adae"])
def test_subjects_and_arms_agree_with_the_subject_level_dataset(lines: Lines, name: str) -> None:
    arms = {row["USUBJID"]: row["TRT01A"] for row in lines("adsl")}
    assert all(arms[row["USUBJID"]] == row["TRTA"] for row in lines(name))
    assert all(row["TRT01P"] == row["TRT01A"] for row in lines("adsl"))


def test_the_built_in_study_is_opened_by_its_name_and_by_default(trialdeck: Callable) -> None:
    named, default = trialdeck("show", "arms", "msb-dm003"), trialdeck("show", "arms")
    assert named.status == default.status == 0
    assert named.out == default.out
