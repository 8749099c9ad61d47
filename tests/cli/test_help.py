"""What the program says of itself, as a process of its own."""

from __future__ import annotations

import re

import pytest

import tui
from tui import parsers
from tui.analyses.answer import ANSWERS
from tui.analyses.methods import METHODS
from tui.analyses.session import KINDS
from tui.report.formats import FORMATS
from tui.selection import FIELDS


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
