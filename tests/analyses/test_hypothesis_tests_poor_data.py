"""Tests on studies in which what a test needs is missing: each says what."""

from __future__ import annotations

import pytest

KIND = "tests"

ARMS = ("Placebo", "Low 5 mg", "High 10 mg")


def by_place(rows):
    """The rows by test, visit and arm."""
    return {(row.test, row.visit_number, row.arm): row for row in rows}


def reasons(answer):
    """Why a test has no p, by test and arm."""
    return {(row.test, row.arm): row.not_estimable for row in answer.rows if row.not_estimable}


def test_arms_without_codes_go_by_rank_and_that_is_said(study, printed):
    session = study([(arm, 5, 5 + i % 4) for i, arm in enumerate(ARMS * 4)])
    answer = printed(session, "responder='value<6'")
    tests = {row.test for row in answer.rows}
    assert "Regression, rank" in tests
    assert "Regression, dose" not in tests
    assert {row.note for row in answer.rows if "Armitage" in row.test} == {"scores: rank"}
    assert any(
        text == "The arms have no numeric codes (TRT01PN), so dose-response goes by the rank of "
        "the arm alone: Placebo 1, Low 5 mg 2, High 10 mg 3."
        for text in answer.notes
    )


def test_codes_are_the_dose(study, printed):
    coded = [(("Placebo", 0), 5, 5 + i % 3) for i in range(6)]
    coded += [(("Drug", 54), 5, 6 + i % 3) for i in range(6)]
    answer = printed(study(coded), "")
    rows = by_place(answer.rows)
    assert rows["Regression, rank", 4, None].estimate == pytest.approx(1)
    assert rows["Regression, dose", 4, None].estimate == pytest.approx(1 / 54)
    assert any("Dose is the numeric code of the arm: Placebo 0, Drug 54" in n for n in answer.notes)


def test_one_subject_is_no_test(study, printed):
    answer = printed(study([("Placebo", 5, 6)]), "responder='value<6'")
    said = reasons(answer)
    assert said["Paired t", "Placebo"] == "only one subject"
    assert said["One-way ANOVA", None] == "only one arm has subjects"
    assert said["Jonckheere-Terpstra", None] == "only one arm has subjects"
    assert {row.p for row in answer.rows if row.test not in ("Wilcoxon signed rank",)} == {None}


def test_no_subject_with_a_change_is_no_test(study, printed):
    answer = printed(study([(arm, None, 5) for arm in ARMS * 2]), "value=CHG")
    assert {row.p for row in answer.rows} == {None}
    assert all(row.not_estimable for row in answer.rows)
    assert reasons(answer)["Paired t", "Placebo"] == "no subjects"
    assert reasons(answer)["ANCOVA, arm (type III)", None] == ("the dataset has no baseline (BASE)")


def test_an_arm_without_subjects_stays_out(study, printed):
    subjects = [(ARMS[i % 2], 5 + i % 3, 5 + i % 4) for i in range(12)]
    subjects += [("High 10 mg", 5, None)]
    answer = printed(study(subjects), "responder='value<6' missing=excluded")
    rows, said = by_place(answer.rows), reasons(answer)
    assert said["Paired t", "High 10 mg"] == said["Williams, rising", "High 10 mg"] == "no subjects"
    assert rows["One-way ANOVA", 4, None].df == 1
    for test in ("Kruskal-Wallis", "Regression, rank", "Contrast, rank", "Cochran-Armitage, exact"):
        assert rows[test, 4, None].p is not None, test
    assert rows["Williams, rising", 4, "Low 5 mg"].p is not None


def test_a_control_without_subjects_is_named(study, printed):
    subjects = [(ARMS[1 + i % 2], 5 + i % 3, 5 + i % 4) for i in range(12)]
    said = reasons(printed(study([*subjects, ("Placebo", 5, None)]), ""))
    assert said["Williams, falling", "Low 5 mg"] == "Placebo has no subjects"


@pytest.mark.parametrize("change", [0, 1])
def test_no_variance_is_no_test(study, printed, change):
    subjects = [(arm, 4 + i, 4 + i + change) for i, arm in enumerate(ARMS * 3)]
    said = reasons(printed(study(subjects), f"responder='change<={change}'"))
    assert said["Paired t", "Placebo"] == "the changes do not vary"
    assert said["One-way ANOVA", None] == "no variance in any arm"
    assert said["Kruskal-Wallis", None] == "all values are equal"
    assert said["ANCOVA, arm (type III)", None] == "no residual variance"
    assert said["Contrast, rank", None] == said["Regression, rank", None] == "no residual variance"
    assert said["Williams, rising", "Low 5 mg"] == "no variance in any arm"
    assert said["Cochran-Armitage, exact", None] == "everybody responded"
    assert "several responses" in said["CMH, general association", None]
    assert (("Wilcoxon signed rank", "Placebo") in said) == (change == 0)


def test_perfect_separation_of_responders_is_tested(study, printed):
    subjects = [(arm, 5, 4 + 2 * (arm == "Placebo") + i % 2 / 9) for i, arm in enumerate(ARMS * 4)]
    rows = by_place(printed(study(subjects), "responder='value<5'").rows)
    # Of the 12! / (4! 8!) tables with 8 responders one has none on placebo and all on the doses.
    assert rows["Cochran-Armitage, exact", 4, None].p < 0.01
    assert rows["CMH, general association", 4, None].statistic == pytest.approx(11)


def test_a_constant_baseline_says_why_slopes_cannot_differ(study, printed):
    subjects = [(arm, 5, 5 + i % 4) for i, arm in enumerate(ARMS * 4)]
    answer = printed(study(subjects), "")
    said = reasons(answer)
    assert said["ANCOVA, arm by baseline", None] == "it adds nothing to the model"
    assert by_place(answer.rows)["ANCOVA, arm (type III)", 4, None].p is not None


def test_the_baseline_alone_leaves_no_row(study, printed):
    assert printed(study([(arm, 5, 6) for arm in ARMS * 2]), "visits=0").rows == ()
