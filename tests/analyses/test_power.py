"""What the study could have detected: the known figures, and what cannot be had."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest
from scipy import stats

from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.errors import SelectionError
from tui.report.formats import FORMATS
from tui.report.numbers import fixed
from tui.selection import parse
from tui.study import builtin
from tui.study.open import open_study

KIND = "power"
METHODS = ["ancova", "mmrm", "student", "welch"]


@pytest.fixture(scope="module")
def ask():
    session = Session(open_study())
    return cache(lambda line="", kind="power": session.answer(Question(kind, parse(line))))


def at(answer, week):
    return [row for row in answer.rows if row.visit_number == week]


def power_of(difference, se, df, alpha=0.05):
    """By SciPy's noncentral t, both tails."""
    bound, shift = stats.t.ppf(1 - alpha / 2, df), difference / se
    return stats.nct.sf(bound, df, shift) + stats.nct.cdf(-bound, df, shift)


@pytest.mark.parametrize(("week", "detectable"), [(8, "0.57"), (12, "0.71")])
def test_the_built_in_study_could_have_detected_no_less_than_this(week, detectable, ask):
    """SE 0.2 and 0.25 on 56 df, power 0.8."""
    rows = at(ask(), week)
    assert [fixed(row.detectable, 2) for row in rows] == [detectable] * 3
    assert {row.difference_df for row in rows} == {56}
    assert {fixed(4 * row.difference_se, 1) for row in rows} == {"0.8" if week == 8 else "1.0"}
    assert all(abs(row.difference) < row.detectable for row in rows)


@pytest.mark.parametrize("method", METHODS)
def test_the_detectable_difference_has_the_power_asked_for(method, ask):
    for row in ask(f"method={method} power=0.9 wanted=0.4").rows:
        assert row.power == 0.9
        assert power_of(row.detectable, row.difference_se, row.difference_df) == pytest.approx(0.9)
        assert row.wanted_power == pytest.approx(
            power_of(0.4, row.difference_se, row.difference_df)
        )


@pytest.mark.parametrize("method", METHODS)
def test_the_comparison_is_that_of_the_table_of_visits(method, ask):
    expected = [
        (row.difference, row.difference_se, row.difference_df, row.p)
        for row in ask(f"method={method}", "visits").rows
        if row.visit_number and not row.is_reference
    ]
    rows = ask(f"method={method}").rows
    got = [(row.difference, row.difference_se, row.difference_df, row.p) for row in rows]
    assert got == expected


@pytest.mark.parametrize("method", ["student", "welch"])
def test_n_is_from_the_spread_of_the_two_arms(method, ask):
    """The fewest subjects an arm at which the power is reached."""
    visits = {(row.visit, row.arm): row for row in ask(f"method={method}", "visits").rows}
    for row in ask(f"method={method} wanted=0.4").rows:
        own, other = visits[row.visit, row.arm], visits[row.visit, "Placebo"]
        assert (row.n, row.n_reference) == (own.change_n, other.change_n)
        variances = np.array([own.change_sd, other.change_sd]) ** 2
        weights = [row.n - 1, row.n_reference - 1] if method == "student" else [1, 1]
        sd = np.average(variances, weights=weights) ** 0.5
        n = np.array([row.wanted_n - 1, row.wanted_n])
        before, enough = power_of(0.4, sd * np.sqrt(2 / n), 2 * n - 2)
        assert before < 0.8 <= enough


def test_n_of_an_ancova_is_from_its_residuals_and_pays_for_its_covariates(ask):
    lines = pl.read_csv(builtin.folder() / "adlb.csv").filter(PARAMCD="HBA1C", AVISITN=1)
    used = lines.filter(pl.col("CHG").is_not_null())
    arms = [(used["TRTP"] == arm).cast(pl.Float64) for arm in used["TRTP"].unique()]
    x, y = np.column_stack([*arms, used["BASE"]]), used["CHG"].to_numpy()
    sigma = np.sqrt(np.linalg.lstsq(x, y, rcond=None)[1][0] / (len(y) - 5))
    for row in at(ask("wanted=0.15"), 1):
        n = np.array([row.wanted_n - 1, row.wanted_n])
        before, enough = power_of(0.15, sigma * np.sqrt(2 / n), 2 * n - 3)
        assert before < 0.8 <= enough
    assert "from the residual SD of the ANCOVA" in ask("wanted=0.4").method.formula
    assert "from the SD of the MMRM at the visit" in ask("wanted=0.4 method=mmrm").method.formula


def test_the_unit_converts_with_the_slope_alone(ask):
    percent, ifcc = at(ask(), 8), at(ask("unit=mmol/mol"), 8)
    for one, other in zip(percent, ifcc, strict=True):
        assert other.detectable == pytest.approx(10.93 * one.detectable)


def test_the_choices_and_the_published_remark_are_said(ask):
    notes = ask().notes
    assert 'Published: "It wasn\'t powered for that" (news article, 2017).' in notes
    assert "Power: 0.8, because none was asked for; power=0.9 takes another." in notes
    assert "15 of 15 differences seen are smaller than what was detectable." in notes
    assert ask().selection.power == 0.8
    assert not [note for note in ask("power=0.8").notes if "none was asked for" in note]


def test_a_study_that_says_nothing_of_it_is_not_quoted(pilot_session):
    answer = pilot_session.answer(Question("power", parse("endpoint=ACTOT")))
    assert not [note for note in answer.notes if "powered" in note]


def test_the_picture_has_two_marks_a_line(ask):
    text = FORMATS["text"](ask())
    lines = [line for line in text.splitlines() if line.startswith("Week") and "●" in line]
    assert len(lines) == 15
    assert all(line.count("x") == 2 for line in lines)
    assert lines[-1].endswith("0.71")


# What cannot be had


@pytest.mark.parametrize("method", ["mann-whitney", "permutation"])
def test_a_method_without_a_standard_error_is_refused(method, ask):
    with pytest.raises(SelectionError) as error:
        ask(f"method={method}")
    assert "has none: use method=ancova, mmrm, welch or student." in str(error.value)


def test_a_method_that_cannot_be_used_is_refused(ask):
    with pytest.raises(SelectionError, match="Welch cannot be used: it takes no covariates"):
        ask("method=welch covariates=SEX")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("power=0.05", "a power of 0.05 is not above alpha 0.05"),
        ("wanted=0", "no number of subjects detects a difference of 0"),
        ("wanted=1e-9", "more than ten million subjects an arm"),
    ],
)
def test_what_no_study_can_do_says_why(line, reason, ask):
    rows = ask(line).rows
    assert {row.not_estimable for row in rows} == {reason}
    assert {row.wanted_n for row in rows} == {None}


@pytest.mark.parametrize(
    "subjects",
    [
        [("Placebo", 10, 11)],
        [("Placebo", 10, 11), ("Drug", 9, 8)],
        [("Placebo", 10, 10), ("Drug", 9, 9)] * 4,
        [("Placebo", 10, 11), ("Placebo", 9, 12)] * 3,
        [("Placebo", 10, 11), ("Drug", 9, None)] * 3,
    ],
)
@pytest.mark.parametrize("method", METHODS)
def test_poor_data_give_reasons(method, subjects, study, printed):
    answer = printed(study(subjects), f"value=CHG wanted=1 method={method}")
    assert all(row.detectable is None and row.not_estimable for row in answer.rows)
