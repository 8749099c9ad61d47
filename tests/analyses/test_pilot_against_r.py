"""The pilot study's by-visit tables against R: stats and emmeans, on the same files."""

from __future__ import annotations

from functools import cache

import pytest

from tui.analyses.answer import Question
from tui.selection import parse

SELECTIONS = {
    "r-adadas-actot": "endpoint=ACTOT population=EFFFL",
    "r-advs-sysbp-lying": "endpoint=SYSBP timepoint=lying",
    "r-adlbc-alt": "endpoint=ALT",  # everything else by default
}
SUMMARY = ("n", "mean", "sd", "se", "median", "q1", "q3", "min", "max")
LSMEAN = {
    "lsmean": "lsmean",
    "lsmean_se": "se",
    "lsmean_lower": "lower",
    "lsmean_upper": "upper",
}
CONTRAST = {
    "difference": "diff",
    "difference_se": "se",
    "difference_df": "df",
    "difference_lower": "lower",
    "difference_upper": "upper",
    "statistic": "t",
    "p": "p",
}


def described(arm):
    """The figures of an arm at a visit, under the names of our fields."""
    figures = {name: arm["aval"][name] for name in SUMMARY}
    if "chg" in arm:
        figures |= {f"change_{name}": arm["chg"][name] for name in SUMMARY}
    return figures


def compared(visit, arm):
    """The ANCOVA figures of an arm; the reference has an LS mean and no contrast."""
    if "ancova" not in visit:
        return {}
    lsmean, contrast = visit["ancova"]["lsmeans"][arm], visit["ancova"]["contrasts"].get(arm)
    figures = {ours: lsmean[theirs] for ours, theirs in LSMEAN.items()}
    if contrast:
        figures |= {ours: contrast[theirs] for ours, theirs in CONTRAST.items()}
    return figures


def check(rows, expected, figures):
    """Every visit and arm of the reference is there, no other is, and each figure agrees.

    R printed nine digits, which is a relative 5e-9.
    """
    by_cell = {(row["visit_number"], row["arm"]): row for row in rows}
    cells = {(v["visit"], arm): figures(v, arm) for v in expected["visits"] for arm in v["arms"]}
    assert list(by_cell) == list(cells)
    for cell, wanted in cells.items():
        got = {name: by_cell[cell][name] for name in wanted}
        assert got == pytest.approx(wanted, rel=1e-8, abs=1e-14), cell


def ancova(visit, arm):
    return described(visit["arms"][arm]) | compared(visit, arm)


@pytest.fixture(scope="module")
def rows_of(pilot_session):
    @cache
    def answer(name, method="ancova"):
        question = Question("visits", parse(f"{SELECTIONS[name]} method={method}"))
        return tuple(vars(row) for row in pilot_session.answer(question).rows)

    return answer


@pytest.mark.parametrize("name", SELECTIONS)
def test_each_visit_is_described_and_compared_as_in_r(name, rows_of, reference):
    check(rows_of(name), reference(name), ancova)


@pytest.mark.parametrize("name", SELECTIONS)
def test_the_command_prints_the_figures_of_r(name, pilot, trialdeck, reference):
    options = [
        word
        for pair in SELECTIONS[name].split()
        for word in (f"--{pair.partition('=')[0]}", pair.partition("=")[2])
    ]
    run = trialdeck("show", "visits", pilot, *options, "--format", "json")
    assert (run.status, run.err) == (0, "")
    check(run.json["rows"], reference(name), ancova)


@pytest.mark.parametrize("method", ["welch", "student"])
@pytest.mark.parametrize("name", SELECTIONS)
def test_two_sample_tests_give_the_figures_of_r(name, method, rows_of, reference):
    def figures(visit, arm):
        test = visit.get("pairwise", {}).get(arm)
        # R's t.test prints no standard error of the difference; diff / t is it.
        return {CONTRAST_FIELD[name]: value for name, value in test[method].items()} if test else {}

    check(rows_of(name, method), reference(name), figures)


CONTRAST_FIELD = {theirs: ours for ours, theirs in CONTRAST.items()}


@pytest.mark.parametrize("method", ["welch", "student"])
def test_a_two_sample_standard_error_is_difference_over_statistic(method, rows_of):
    rows = [row for row in rows_of("r-advs-sysbp-lying", method) if row["p"] is not None]
    assert len(rows) == 18
    for row in rows:
        assert row["difference_se"] == pytest.approx(row["difference"] / row["statistic"])


def test_two_sample_tests_have_no_ls_means(rows_of):
    assert {row["lsmean"] for row in rows_of("r-adlbc-alt", "welch")} == {None}
