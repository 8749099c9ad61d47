"""The fitted MMRM against R, its rows in the user's names, and models that cannot be had."""

from __future__ import annotations

from functools import cache

import pytest

from tui.analyses.answer import Question
from tui.analyses.rows.visits import NO_CHANGE_AT_BASELINE
from tui.analyses.session import Session
from tui.errors import SelectionError
from tui.selection import parse
from tui.study.open import open_study

KIND = "mmrm"
ACTOT = "endpoint=ACTOT population=EFFFL imputed=drop"
SELECTIONS = {
    "r-adadas-actot": ACTOT,
    "r-advs-sysbp-lying": "endpoint=SYSBP timepoint=lying",
    "r-adlbc-alt": "endpoint=ALT",
}


@pytest.fixture(scope="module")
def ask(pilot_session):
    return cache(lambda kind, line: pilot_session.answer(Question(kind, parse(line))))


@pytest.fixture(scope="module")
def built_in():
    session = Session(open_study())
    return cache(lambda kind, line="": session.answer(Question(kind, parse(line))))


def section(answer, name):
    return {(row.name, row.column): row for row in answer.rows if row.section == name}


def fit(answer):
    return {name: row for (name, _), row in section(answer, "fit").items()}


# Against R


@pytest.mark.parametrize("name", SELECTIONS)
def test_the_likelihood_is_that_of_gls(name, ask, reference):
    expected, rows = reference(name)["mmrm"], fit(ask("mmrm", SELECTIONS[name]))
    assert rows["Observations"].value == expected["n_obs"]
    assert rows["Subjects"].value == expected["n_subjects"]
    assert rows["-2 log likelihood"].value == pytest.approx(expected["neg2_reml_loglik"], rel=2e-9)
    assert rows["Convergence"].text == "converged"
    assert rows["Search"].text == "scoring"
    assert rows["Largest gradient"].value < 1e-3
    assert "Not estimable" not in rows


def test_aic_and_bic_count_the_covariance_parameters(ask):
    rows = fit(ask("mmrm", ACTOT))
    assert rows["Covariance parameters"].value == 6
    assert rows["AIC"].value == pytest.approx(rows["-2 log likelihood"].value + 12)


@pytest.mark.parametrize("df", ["kenward-roger", "satterthwaite"])
def test_the_table_of_visits_has_the_figures_of_r(df, ask, reference):
    answer = ask("visits", f"{ACTOT} method=mmrm df={df}")
    rows = {(row.visit_number, row.arm): row for row in answer.rows}
    plain = reference("r-adadas-actot")["mmrm"]
    ours = plain["kenward_roger_linear" if df == "kenward-roger" else df]
    for one in ours["lsmeans"]:
        row = rows[one["visit"], one["arm"]]
        assert row.lsmean == pytest.approx(one["lsmean"], rel=1e-4)
        assert row.lsmean_se == pytest.approx(one["se"], rel=1e-4)
        assert row.lsmean_lower == pytest.approx(one["lower"], abs=1e-3 * one["se"])
        assert row.lsmean_upper == pytest.approx(one["upper"], abs=1e-3 * one["se"])
    for one in ours["contrasts"]:
        row = rows[one["visit"], one["contrast"].removesuffix(" - Placebo")]
        assert row.difference == pytest.approx(one["diff"], rel=1e-4)
        assert row.difference_se == pytest.approx(one["se"], rel=1e-4)
        assert row.difference_df == pytest.approx(one["df"], rel=5e-3)
        assert row.difference_lower == pytest.approx(one["lower"], abs=1e-3 * one["se"])
        assert row.difference_upper == pytest.approx(one["upper"], abs=1e-3 * one["se"])
        assert row.p == pytest.approx(one["p"], rel=5e-3)
    assert {row.not_estimable for row in answer.rows if row.visit_number} == {None}
    treated = [row for row in answer.rows if not row.visit_number and not row.is_reference]
    assert {row.not_estimable for row in treated} == {NO_CHANGE_AT_BASELINE}


# The rows


def test_correlations_are_covariances_over_standard_deviations(ask):
    answer = ask("mmrm", ACTOT)
    covariance, correlation = section(answer, "covariance"), section(answer, "correlation")
    visits = ["Week 8", "Week 16", "Week 24"]
    assert [name for name, column in covariance if column == visits[0]] == visits
    for (one, other), row in correlation.items():
        sd = (covariance[one, one].value * covariance[other, other].value) ** 0.5
        assert row.value == pytest.approx(covariance[one, other].value / sd)
        assert row.value == pytest.approx(correlation[other, one].value)


def test_the_average_over_the_visits_is_that_of_the_table(built_in):
    average = section(built_in("mmrm"), "average")
    rows = built_in("visits", "method=mmrm").rows
    for (arm, other), row in average.items():
        own = [one for one in rows if one.arm == arm and one.visit_number]
        means = [one.difference if other else one.lsmean for one in own]
        assert row.value == pytest.approx(sum(means) / 5)
        assert row.lower < row.value < row.upper
    assert [key for key in average if key[1]] == [
        (arm, "Placebo") for arm in ("0.3 M/kg", "1.0 M/kg", "2.0 M/kg")
    ]


def test_effects_are_called_as_the_user_calls_them(built_in):
    effects = section(built_in("mmrm", "covariates=SEX,AGE visits=8,12"), "effect")
    assert [name for name, _ in effects] == [
        *(f"{arm} at {visit}" for visit in ("Week 8", "Week 12")
          for arm in ("Placebo", "0.3 M/kg", "1.0 M/kg", "2.0 M/kg")),
        "BASE at Week 8",
        "BASE at Week 12",
        "AGE",
        "SEX M",
    ]  # fmt: skip


def test_a_covariate_that_is_constant_is_named(built_in):
    notes = built_in("mmrm", "covariates=AGE,SEX where=SEX=F").notes
    assert "Left out of the model: SEX is constant." in notes
    notes = built_in("mmrm", "covariates=COHORT where=COHORT=1 covariance=ar1-heterogeneous").notes
    assert "Left out of the model: COHORT is constant." in notes


def test_the_interaction_of_arm_and_visit_is_tested(built_in):
    row = fit(built_in("mmrm"))["Interaction arm * visit"]
    assert row.text.startswith("F with 12 and ")
    assert 0 < row.p < 1
    alone = fit(built_in("mmrm", "visits=12"))["Interaction arm * visit"]
    assert (alone.p, alone.not_estimable) == (None, "there are not two arms at two visits")


def test_the_choices_are_in_force(built_in):
    answer = built_in("mmrm", "covariance=ar1-heterogeneous df=satterthwaite weights=observed")
    rows = fit(answer)
    assert rows["Structure"].text == "Heterogeneous AR(1)"
    assert rows["Degrees of freedom"].text == "Satterthwaite"
    assert (answer.method.id, answer.method.df) == ("mmrm", "Satterthwaite")
    assert parse(str(answer.selection)) == answer.selection
    assert answer.selection.likelihood == "reml"
    assert "library(mmrm)" in answer.code


def test_maximum_likelihood_has_no_kenward_roger_and_says_so(built_in):
    answer = built_in("mmrm", "likelihood=ml")
    said = "Kenward-Roger is defined for REML only: Satterthwaite is used"
    assert fit(answer)["Degrees of freedom"].text == f"Satterthwaite; {said}"
    assert answer.method.df == "Satterthwaite"
    assert f"{said}." in answer.notes


def test_a_structure_that_there_is_not_is_refused(built_in):
    with pytest.raises(SelectionError, match="There is no covariance 'banded': there is unstr"):
        built_in("mmrm", "covariance=banded")


# What cannot be had


@pytest.mark.parametrize(
    ("subjects", "reason"),
    [
        ([("Placebo", 10, 11), ("Drug", 9, 8)], "no residual degrees of freedom (2 rows of 2 subj"),
        ([("Placebo", 10, None), ("Drug", 9, None)], "no complete rows"),
        ([("Placebo", 10, 10), ("Drug", 9, 9)] * 4, "no residual variance"),
        ([("Placebo", None, 10), ("Drug", None, 9)] * 4, "the dataset has no baseline (BASE)"),
    ],
)
def test_a_model_that_cannot_be_fitted_says_why(subjects, reason, study, printed):
    answer = printed(study(subjects), "value=CHG")
    assert fit(answer)["Not estimable"].text.startswith(reason)
    assert fit(answer)["Convergence"].text == "not converged"
    estimates = [row for row in answer.rows if row.section != "fit"]
    assert {row.value for row in estimates} <= {None}
    assert all(row.not_estimable.startswith(reason) for row in estimates)


def test_one_arm_is_fitted_and_compared_with_nothing(study, printed):
    answer = printed(study([("Placebo", 10 + i % 3, 11 + i * i % 5) for i in range(9)]), "")
    assert fit(answer)["Convergence"].text == "converged"
    assert fit(answer)["Interaction arm * visit"].p is None
    assert list(section(answer, "average")) == [("Placebo", None)]


def test_a_covariance_that_cannot_be_estimated_names_the_visits_and_the_others(ask):
    answer = ask("mmrm", "endpoint=SYSBP timepoint=lying visits=2,4,99")
    rows = fit(answer)
    assert rows["Subjects"].value > 200
    few = ask("mmrm", "endpoint=ALT where=SITEID=705")
    reason = fit(few)["Not estimable"].text
    assert "unstructured covariance of" in reason
    assert "another one may: covariance=" in reason
    assert "compound-symmetry" in reason
    assert " visit " not in reason.split("; another")[0].replace("Visit", "")
