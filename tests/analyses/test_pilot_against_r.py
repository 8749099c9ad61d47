"""The pilot study's by-visit tables against R: stats and emmeans, on the same files."""

from __future__ import annotations

from functools import cache, partial

import pytest

from tui.analyses.answer import Question
from tui.selection import parse
from tui.validation.r_visits import ENDPOINTS, compared, described, two_sample

SELECTIONS = {name: line for name, (_, line) in ENDPOINTS.items()}


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
    return described(visit, arm) | compared(visit, arm)


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
    check(rows_of(name, method), reference(name), partial(two_sample, method))


@pytest.mark.parametrize("method", ["welch", "student"])
def test_a_two_sample_standard_error_is_difference_over_statistic(method, rows_of):
    rows = [row for row in rows_of("r-advs-sysbp-lying", method) if row["p"] is not None]
    assert len(rows) == 18
    for row in rows:
        assert row["difference_se"] == pytest.approx(row["difference"] / row["statistic"])


def test_two_sample_tests_have_no_ls_means(rows_of):
    assert {row["lsmean"] for row in rows_of("r-adlbc-alt", "welch")} == {None}
