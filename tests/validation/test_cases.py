"""Every reference case that ships with the program; a case whose figures differ must not pass."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import pytest

from tui.validation.fev import STRUCTURES
from tui.validation.figures import FOLDER, Limit, printed, read, relative
from tui.validation.published import METHODS
from tui.validation.r_visits import ENDPOINTS, SOURCE
from tui.validation.suite import cases, run

CASES = tuple(cases())


def named(case):
    return f"{case.statistic}; {case.name}"


@pytest.mark.parametrize("case", CASES, ids=named)
def test_every_figure_of_every_case_agrees(case):
    figures = tuple(case.figures())
    assert figures
    assert [one for one in figures if not one.agrees] == []
    assert [name for name, n in Counter(one.name for one in figures).items() if n > 1] == []


def test_cases_can_be_told_apart():
    assert len(set(map(named, CASES))) == len(CASES)


def test_every_published_statistic_is_computed():
    published = read("published")["cases"]
    statistics = {case.statistic for case in CASES}
    assert {case["statistic"] for case in published} <= statistics
    assert set(METHODS) <= {case["statistic"] for case in published}


def test_every_structure_that_sas_and_the_program_have_is_compared():
    listed = {name.partition("_")[2] for name in read("sas-fev")["fev_armcd_only_kr"]["results"]}
    assert listed - set(STRUCTURES) == {"ar1", "toep", "spexp"}


@pytest.mark.parametrize("name", ENDPOINTS)
def test_every_figure_that_r_gave_of_a_visit_is_compared(name):
    def numbers(part):
        if isinstance(part, dict):
            return sum(map(numbers, part.values()))
        return not isinstance(part, str)

    # Less the visit's own number; less df_resid, which each contrast has as its df.
    given = sum(
        numbers(visit) - 1 - ("ancova" in visit and "df_resid" in visit["ancova"])
        for visit in read(name)["visits"]
    )
    mine = [case for case in CASES if case.source == SOURCE and ENDPOINTS[name][0] in case.name]
    assert sum(len(tuple(case.figures())) for case in mine) == given


def test_the_cases_that_need_no_data_cover_the_program_by_themselves():
    alone = [case for case in CASES if not case.needs]
    assert len(alone) >= 25
    assert any("MMRM" in case.statistic for case in alone)


# When figures agree


@pytest.mark.parametrize(
    ("published", "computed", "agrees", "digits"),
    [
        ("0.0177", 0.017749, True, 3),
        ("0.0177", 0.017751, False, 2),
        ("43.8", 43.75, True, 3),  # half away from zero, as SAS prints it
        ("-4.4", -4.36, True, 2),
        ("-4.4", 4.4, False, 0),
        ("0.0", -0.03, True, 1),
        ("0.0", 0.06, False, 0),
        ("246", 246.4, True, 3),
        ("246", 247, False, 2),
        ("<0.05", 0.0474, True, None),
        ("<0.05", 0.05, False, None),
        ("1", math.nan, False, 0),
        ("1", None, False, 0),
    ],
)
def test_a_printed_figure_is_met_to_its_last_digit(published, computed, agrees, digits):
    figure = printed("", published, computed)
    assert (figure.agrees, figure.digits) == (agrees, digits)


@pytest.mark.parametrize(
    ("published", "computed", "agrees", "digits"),
    [
        ("1.23456789", 1.23456789, True, 9),
        ("1.23456789", 1.2345685, True, 6),
        ("1.23456789", 1.2345695, False, 5),
        ("15", 15.0, True, 9),  # zeros at the end are left out in the file
        ("15", 15.0001, False, 5),
        ("0", 0.0, True, 9),
        ("0", 1e-5, False, 0),
        ("0.2", None, False, 0),
    ],
)
def test_a_figure_of_r_is_met_to_one_part_in_a_million(published, computed, agrees, digits):
    figure = relative("", published, computed, 1e-6)
    assert (figure.agrees, figure.digits) == (agrees, digits)


def test_more_room_is_given_by_name_only():
    figure = printed("", "40.5509", 40.5544, Limit(0.006, "1.5e-4 relative"))
    assert figure.agrees
    assert figure.limit.rule == "printed digits + 1.5e-4 relative"


# What a difference does


def falsified(case):
    """The case with its first figure published a little off."""
    first, *others = case.figures()
    off = str(first.expected * 1.01 + 1)
    return replace(case, figures=lambda: (replace(first, published=off), *others))


@pytest.mark.parametrize("case", CASES[::9], ids=named)
def test_a_case_with_one_wrong_figure_fails_alone(case):
    others = [other for other in CASES[:3] if other != case]
    outcome = run([falsified(case), *others])
    assert not outcome.passed
    assert [one.passed for one in outcome.outcomes] == [False] + [True] * len(others)
    assert outcome.differing == 1
    assert outcome.outcomes[0].worst.of_limit > 1


def test_a_case_that_cannot_be_computed_has_failed():
    def broken():
        raise ZeroDivisionError("no such arm")
        yield

    outcome = run([replace(CASES[0], figures=broken), CASES[1]])
    assert [one.passed for one in outcome.outcomes] == [False, True]
    assert outcome.outcomes[0].error == "ZeroDivisionError: no such arm"
    assert not outcome.passed


def test_a_case_without_figures_and_a_run_without_cases_prove_nothing():
    assert not run([replace(CASES[0], figures=tuple)]).passed
    assert not run([]).passed


def test_the_files_lie_in_the_package():
    """So that a wheel, which takes the whole package, has them."""
    assert FOLDER.parent.joinpath("__init__.py").exists()
    assert {path.suffix for path in FOLDER.iterdir()} == {".json", ".csv", ".md", ".txt"}
