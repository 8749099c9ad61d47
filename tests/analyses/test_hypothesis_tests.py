"""Tests within arms, over all arms, of dose-response and of responders, against R and SciPy."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy import stats

from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.selection import parse
from tui.study.open import open_study

KIND = "tests"
PILOT = {
    "r-adadas-actot": "endpoint=ACTOT population=EFFFL",
    "r-advs-sysbp-lying": "endpoint=SYSBP timepoint=lying",
    "r-adlbc-alt": "endpoint=ALT",
}
WITHIN = {
    "Paired t": ("paired_t", {"statistic": "t", "df": "df", "p": "p", "lower": "lower",
                              "upper": "upper"}),
    "Wilcoxon signed rank": ("signed_rank", {"statistic": "V", "p": "p_normal_cc"}),
}  # fmt: skip
OVERALL = {
    "One-way ANOVA": lambda visit: visit["anova_p"],
    "Kruskal-Wallis": lambda visit: visit["kruskal"]["p"],
    "ANCOVA, arm (type III)": lambda visit: visit["ancova"]["p_arm_type3"],
    "Regression, dose": lambda visit: visit["trend"]["code_p"],
    "Regression, rank": lambda visit: visit["trend"]["ordinal_p"],
}


@pytest.fixture(scope="module")
def ask():
    session = Session(open_study())
    return cache(lambda line="": session.answer(Question(KIND, parse(line))))


def by_place(rows):
    """The rows by test, visit and arm: each is there once."""
    found = {(row.test, row.visit_number, row.arm): row for row in rows}
    assert len(found) == len(rows)
    return found


# The pilot against R


@pytest.fixture(scope="module")
def pilot_rows(pilot_session):
    return cache(
        lambda name: by_place(pilot_session.answer(Question(KIND, parse(PILOT[name]))).rows)
    )


@pytest.fixture
def visits(reference):
    return lambda name: [one for one in reference(name)["visits"] if "anova_p" in one]


@pytest.mark.parametrize("test", WITHIN)
@pytest.mark.parametrize("name", PILOT)
def test_changes_within_an_arm_agree_with_r_at_every_visit(name, test, pilot_rows, visits):
    theirs, fields = WITHIN[test]
    for visit in visits(name):
        for arm, figures in visit["arms"].items():
            row = pilot_rows(name)[test, visit["visit"], arm]
            assert row.n == figures["chg"]["n"]
            for ours, field in fields.items():
                assert getattr(row, ours) == pytest.approx(figures[theirs][field], rel=1e-6)


@pytest.mark.parametrize("test", OVERALL)
@pytest.mark.parametrize("name", PILOT)
def test_tests_over_all_arms_agree_with_r_at_every_visit(name, test, pilot_rows, visits):
    for visit in visits(name):
        row = pilot_rows(name)[test, visit["visit"], None]
        assert row.p == pytest.approx(OVERALL[test](visit), rel=1e-6)
        assert row.not_estimable is None


@pytest.mark.parametrize("name", PILOT)
def test_no_other_visit_is_tested(name, pilot_rows, visits):
    assert {number for _, number, _ in pilot_rows(name)} == {v["visit"] for v in visits(name)}


def test_kruskal_wallis_has_the_statistic_of_r(pilot_rows, visits):
    for visit in visits("r-adlbc-alt"):
        row = pilot_rows("r-adlbc-alt")["Kruskal-Wallis", visit["visit"], None]
        assert (row.statistic, row.df) == pytest.approx(
            (visit["kruskal"]["H"], visit["kruskal"]["df"]), rel=1e-6
        )


def test_residuals_have_the_spread_of_the_model(pilot_rows, visits):
    """Their squares add up to those of the model, but for the mean of each arm, which is 0."""
    for visit in visits("r-advs-sysbp-lying"):
        found = [
            pilot_rows("r-advs-sysbp-lying")["ANCOVA, residual SD", visit["visit"], arm]
            for arm in visit["arms"]
        ]
        squares = sum((row.n - 1) * row.estimate**2 for row in found)
        model = visit["ancova"]
        assert squares == pytest.approx(model["sigma"] ** 2 * model["df_resid"], rel=1e-6)


# The built-in study against SciPy


@pytest.fixture(scope="module")
def values():
    """Response 0/1 (HbA1c below 7 %) and change at week 12, by arm in the order of dose."""
    rows = Session(open_study()).answer(Question("values", parse("visits=12"))).rows
    arms = dict.fromkeys(row.arm for row in rows)
    return [
        np.array([(row.value < 7, row.change) for row in rows if row.arm == arm]) for arm in arms
    ]


def test_a_visit_has_every_test_once(ask):
    rows = ask("responder='value<7'").rows
    found = by_place(rows)
    assert {visit for _, visit, _ in found} == {1, 2, 4, 8, 12}
    assert list(dict.fromkeys(row.section for row in rows)) == [
        "within arm", "over all arms", "dose-response", "responders",
    ]  # fmt: skip
    assert {row.not_estimable for row in rows} == {None}
    assert len({(test, arm) for test, _, arm in found}) * 5 == len(rows)


def test_without_a_threshold_responders_are_not_tested(ask):
    answer = ask()
    assert {row.section for row in answer.rows} == {"within arm", "over all arms", "dose-response"}
    assert answer.selection.responder is None


def test_the_signed_rank_test_is_exact_without_ties_and_says_so(study, printed):
    changes = [1.1, -0.4, 2.5, 3.75, 0.9, -1.3]
    session = study([("Drug", 5, 5 + change) for change in changes])
    row = by_place(printed(session, "").rows)["Wilcoxon signed rank", 4, "Drug"]
    assert row.note == "exact"
    assert row.p == pytest.approx(stats.wilcoxon(changes, method="exact").pvalue)


def test_zeros_are_dropped_from_the_signed_ranks_and_counted(study, printed):
    session = study([("Drug", 5, 5 + change) for change in (1, 1, 2, -1, 0, 0)])
    rows = by_place(printed(session, "").rows)
    assert rows["Wilcoxon signed rank", 4, "Drug"].note == "normal; 2 zeros dropped"
    # 1, 1 and -1 share rank 2: of the 16 signs, 7 sums of ranks are as far from 5 as 8 is.
    assert rows["Wilcoxon signed rank, exact", 4, "Drug"].statistic == 8
    assert rows["Wilcoxon signed rank, exact", 4, "Drug"].p == pytest.approx(8 / 16)


def test_responders_are_tested_as_in_sas(ask, values):
    rows = by_place(ask("visits=12 responder='value<7'").rows)
    x = [int(arm[:, 0].sum()) for arm in values]
    n = [len(arm) for arm in values]
    table = np.array([x, np.subtract(n, x)])
    pearson = stats.chi2_contingency(table, correction=False).statistic
    total = sum(n)
    for test in ("CMH, general association", "CMH, row mean scores"):
        row = rows[test, 12, None]
        assert (row.statistic, row.df) == pytest.approx((pearson * (total - 1) / total, 3))
    scores = np.repeat([1, 2, 3, 4], n)
    response = np.concatenate([arm[:, 0] for arm in values])
    r = np.corrcoef(scores, response)[0, 1]
    assert rows["CMH, nonzero correlation", 12, None].statistic == pytest.approx((total - 1) * r**2)
    dose = np.repeat([0, 0.3, 1, 2], n)
    r = np.corrcoef(dose, response)[0, 1]
    asymptotic = rows["Cochran-Armitage", 12, None]
    assert asymptotic.statistic == pytest.approx(r * total**0.5)
    assert asymptotic.note == "scores: dose"
    assert 0 < rows["Cochran-Armitage, exact", 12, None].p < 0.05


def test_strata_are_those_of_the_selection(ask):
    plain, stratified = (
        ask(f"visits=12 responder='value<7' {strata}") for strata in ("", "strata=SEX")
    )
    assert "CMH: one stratum" in plain.method.variance
    assert "CMH: strata SEX" in stratified.method.variance
    test = "CMH, nonzero correlation", 12, None
    assert by_place(plain.rows)[test].p != by_place(stratified.rows)[test].p
    same = "Cochran-Armitage", 12, None
    assert by_place(plain.rows)[same] == by_place(stratified.rows)[same]


def test_jonckheere_is_kendalls_tau_and_williams_is_ordered(ask, values):
    rows = by_place(ask("visits=12").rows)
    changes = [arm[:, 1] for arm in values]
    pairs = [
        np.sign(np.subtract.outer(later, earlier)).sum()
        for place, earlier in enumerate(changes)
        for later in changes[place + 1 :]
    ]
    assert rows["Jonckheere-Terpstra", 12, None].statistic < 0
    assert sum(pairs) < 0
    doses = ("0.3 M/kg", "1.0 M/kg", "2.0 M/kg")
    falling = [rows["Williams, falling", 12, arm] for arm in doses]
    assert [row.estimate for row in falling] == sorted((r.estimate for r in falling), reverse=True)
    assert [row.p for row in falling] == sorted((row.p for row in falling), reverse=True)


def test_values_can_be_compared_instead_of_changes(ask):
    changes, compared = by_place(ask("visits=12").rows), by_place(ask("visits=12 value=AVAL").rows)
    paired = "Paired t", 12, "Placebo"
    assert changes[paired] == compared[paired]
    anova = "One-way ANOVA", 12, None
    assert changes[anova].p != compared[anova].p
    ancova = "ANCOVA, arm (type III)", 12, None  # the baseline is in the model either way
    assert changes[ancova].p == pytest.approx(compared[ancova].p)
    assert ask("value=AVAL visits=12").title.endswith("tests of the value by visit")


def test_covariates_enter_the_model(ask):
    anova = "ANCOVA, arm (type III)", 12, None
    plain, more = (
        by_place(ask(f"visits=12 {line}").rows)[anova] for line in ("", "covariates=SEX")
    )
    assert (plain.df_residual, more.df_residual) == (56, 55)
    assert "BASE + SEX" in ask("visits=12 covariates=SEX").method.formula


def test_an_adjustment_is_said_not_to_apply(ask):
    answer = ask("visits=12 adjust=holm")
    assert any(text.startswith("adjust=holm does not apply here") for text in answer.notes)
    assert answer.method.multiplicity.startswith("none")


def test_williams_names_its_control_where_that_is_not_the_reference(ask):
    notes = ask("visits=12 reference=2.0").notes
    assert any("with the lowest dose, Placebo, and not with the reference, 2.0" in n for n in notes)
    assert not any("Williams" in text for text in ask("visits=12").notes)
