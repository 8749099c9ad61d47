"""Responders: the published counts, the two ways with missing values, and what cannot be had."""

from __future__ import annotations

from functools import cache

import pytest
from scipy import stats

from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.errors import SelectionError, StudyError
from tui.selection import parse
from tui.study.open import open_study

KIND = "responders"
MOST = 1_200_000


@pytest.fixture(scope="module")
def ask():
    session = Session(open_study())
    return cache(lambda line: session.answer(Question("responders", parse(line))))


@pytest.fixture(scope="module")
def at(ask):
    """The rows of a selection at week 12 by arm."""
    return lambda line="": {row.arm: row for row in ask(f"visits=12 {line}").rows}


def note(answer, start):
    found = [text for text in answer.notes if text.startswith(start)]
    assert len(found) == 1, answer.notes
    return found[0]


def counts(rows):
    return {arm: (row.responders, row.n) for arm, row in rows.items()}


# The published figures


@pytest.mark.parametrize(
    ("line", "treated", "control", "p"),
    [("", (5, 15), (0, 16), 0.0177), ("where='HBA1CBL<8'", (5, 8), (0, 7), 0.0256)],
)
def test_the_published_responders_are_found_by_default(at, line, treated, control, p):
    rows = at(line)
    assert counts(rows)["2.0 M/kg"] == treated
    assert counts(rows)["Placebo"] == control
    assert round(rows["2.0 M/kg"].fisher_p, 4) == p


@pytest.mark.parametrize("responder", ["value<7", "HbA1c < 7", "aval < 7.0", "HBA1C<7"])
def test_a_threshold_is_read_in_any_of_its_forms(at, responder):
    assert at(f"responder='{responder}'") == at()


def test_the_target_is_named_where_it_was_taken(ask):
    answer = ask("visits=12")
    assert note(answer, "A responder") == (
        "A responder has value<7: the target of 7 % that study.toml states."
    )
    assert (answer.selection.responder, answer.selection.missing) == ("value<7", "nonresponder")
    assert not any(text.startswith("A responder") for text in ask("responder='value<7'").notes)


def test_the_target_converts_with_the_unit_and_means_the_same_subjects(ask, at):
    assert counts(at("unit=mmol/mol")) == counts(at())
    answer = ask("visits=12 unit=mmol/mol")
    assert answer.selection.responder == "value<53.01"
    assert "7 % that study.toml states, which is 53.01 mmol/mol" in note(answer, "A responder")
    assert counts(at(f"unit=mmol/mol responder='{answer.selection.responder}'")) == counts(at())


def test_the_selection_in_force_gives_the_same_answer(ask):
    answer = ask("visits=12")
    assert ask(str(answer.selection)).rows == answer.rows


def test_every_visit_after_baseline_is_there_whether_changes_or_values_are_compared(ask):
    expected = [1, 2, 4, 8, 12]
    for line in ("", "value=AVAL"):
        assert sorted({row.visit_number for row in ask(line).rows}) == expected


# Figures


def test_figures_are_those_of_scipy(at):
    rows = at("responder='change<=-0.5'")
    control = rows["Placebo"]
    for row in rows.values():
        for method, prefix in (("wilson", "wilson"), ("exact", "exact")):
            limits = stats.binomtest(row.responders, row.n).proportion_ci(method=method)
            assert getattr(row, f"{prefix}_lower") == pytest.approx(100 * limits.low)
            assert getattr(row, f"{prefix}_upper") == pytest.approx(100 * limits.high)
        if row.is_reference:
            assert row.fisher_p is None
            assert row.not_estimable is None
            continue
        table = [
            [row.responders, row.n - row.responders],
            [control.responders, control.n - control.responders],
        ]
        odds = stats.contingency.odds_ratio(table)
        assert row.odds_ratio == pytest.approx(odds.statistic)
        limits = odds.confidence_interval()
        assert (row.odds_ratio_lower, row.odds_ratio_upper) == pytest.approx(
            (limits.low, limits.high)
        )
        assert row.fisher_p == pytest.approx(stats.fisher_exact(table).pvalue)
        chi = stats.chi2_contingency(table, correction=False)
        assert (row.chi_square, row.chi_square_p) == pytest.approx((chi.statistic, chi.pvalue))
        columns = [list(column) for column in zip(*table, strict=True)]
        exact = stats.boschloo_exact(columns, n=64).pvalue
        assert row.boschloo_p == pytest.approx(exact, rel=1e-3)


def test_a_change_of_just_the_threshold_counts(at, ask):
    """7.3 - 7.8 is -0.49999... in a computer, as it is in the data of a subject."""
    at_most, below = (at(f"responder='change{sign}-0.5'") for sign in ("<=", "<"))
    values = Session(open_study()).answer(Question("values", parse("visits=12"))).rows
    for arm, row in at_most.items():
        changes = [round(one.change, 6) for one in values if one.arm == arm]
        assert row.responders == sum(change <= -0.5 for change in changes)
        assert below[arm].responders == sum(change < -0.5 for change in changes)


@pytest.mark.parametrize("adjust", ["bonferroni", "holm", "hochberg"])
def test_adjusted_p_are_of_fishers(at, adjust):
    rows = [row for row in at(f"adjust={adjust}").values() if not row.is_reference]
    raw = [row.fisher_p for row in rows]
    assert [row.p_adjusted for row in rows] != raw
    assert all(row.p_adjusted >= row.fisher_p for row in rows)
    if adjust == "bonferroni":
        assert [row.p_adjusted for row in rows] == pytest.approx([min(3 * p, 1) for p in raw])


def test_dunnett_is_declined_in_a_sentence(ask):
    answer = ask("visits=12 adjust=dunnett")
    assert {row.p_adjusted for row in answer.rows} == {None}
    assert "dunnett needs the joint distribution" in note(answer, "p values are not adjusted")
    assert answer.method.multiplicity == "none"


# What is refused


@pytest.mark.parametrize(
    "responder", ["value=7", "7", "value<", "value<<7", "value<7 or value>9", "value<1.2.3",
                  "value<1e999", "value<nan", "__import__('os')<7"],
)  # fmt: skip
def test_what_is_no_threshold_is_refused_with_an_example(ask, responder):
    with pytest.raises(SelectionError, match=r"is no threshold: .* as in value<7"):
        ask(f'responder="{responder}"')


def test_another_endpoint_is_refused(ask):
    with pytest.raises(SelectionError, match="a value or a change of HBA1C: 'GLUC' is neither"):
        ask("responder='GLUC<100'")


def test_without_a_target_one_has_to_be_set(ask):
    with pytest.raises(SelectionError, match="states no target for GLUC: say responder="):
        ask("endpoint=GLUC")


# Small studies, in which what a figure needs is missing


@pytest.fixture
def rows_of(printed):
    """The rows of a small study by arm."""
    return lambda session, line: {row.arm: row for row in printed(session, line).rows}


VALUES = [
    *(("Placebo", base, value) for base, value in ((8, 8), (8, 6), (8, None), (9, 9))),
    *(("Drug", base, value) for base, value in ((8, 6), (8, 6), (8, 9), (7, None), (9, None))),
]
"""An arm, the value at baseline and that at week 4."""


def test_a_subject_without_a_value_is_a_nonresponder_or_excluded(study, rows_of, printed):
    session = study(VALUES)
    counted, excluded = (
        rows_of(session, f"responder='value<7' missing={missing}")
        for missing in ("nonresponder", "excluded")
    )
    assert counts(counted) == {"Placebo": (1, 4), "Drug": (2, 5)}
    assert counts(excluded) == {"Placebo": (1, 3), "Drug": (2, 3)}
    assert [row.missing for row in counted.values()] == [1, 2]
    assert [row.missing for row in excluded.values()] == [1, 2]
    for missing in ("nonresponder", "excluded"):
        said = printed(session, f"responder='value<7' missing={missing}")
        assert missing in said.method.formula
        assert any(missing in text for text in said.notes)


def test_a_visit_without_any_change_has_no_comparison(study, rows_of):
    session = study([(arm, None, 6) for arm, _, _ in VALUES] + [("Drug", 8, None)])
    for missing, reason in (
        ("nonresponder", "nobody has a value in either arm"),
        ("excluded", "Drug has no subject with a value"),
    ):
        row = rows_of(session, f"responder='change<0' missing={missing}")["Drug"]
        assert (row.fisher_p, row.difference, row.not_estimable) == (None, None, reason)


def test_an_empty_arm_is_named(study, rows_of):
    session = study([*VALUES[:4], ("Drug", 8, 6)])
    row = rows_of(session, "responder='value<7' where='SITE=B' arms=Placebo,Drug")["Drug"]
    assert (row.n, row.percent, row.fisher_p) == (0, None, None)
    assert row.not_estimable == "Drug has no subject"


@pytest.mark.parametrize(
    ("responder", "reason"),
    [
        ("value<1", "nobody responded in either arm"),
        ("value<99", "everybody responded in both arms"),
    ],
)
def test_when_nobody_or_everybody_responds_fishers_p_is_one(study, rows_of, responder, reason):
    session = study([one for one in VALUES if one[2]])
    row = rows_of(session, f"responder='{responder}'")["Drug"]
    assert (row.fisher_p, row.boschloo_p) == pytest.approx((1, 1))
    assert (row.chi_square, row.odds_ratio, row.not_estimable) == (None, None, reason)
    assert (row.newcombe_lower is None) == (responder == "value<1")


def test_perfect_separation_has_a_p_and_no_odds_ratio(study, rows_of):
    session = study([("Placebo", 8, 9)] * 5 + [("Drug", 8, 6)] * 5)
    row = rows_of(session, "responder='value<7'")["Drug"]
    assert row.fisher_p == pytest.approx(2 / 252)
    assert row.difference == 1
    assert (row.odds_ratio, row.odds_ratio_upper) == (None, None)
    assert row.odds_ratio_lower > 1
    assert row.not_estimable == (
        "the odds ratio and its upper limit are infinite: nobody responded on Placebo"
    )


def test_one_subject_in_one_arm_is_an_answer(study, printed):
    [row] = printed(study([("Drug", 8, 6)]), "responder='value<7'").rows
    assert (row.n, row.responders, row.percent, row.not_estimable) == (1, 1, 100, None)


def test_the_baseline_alone_leaves_no_row(study, printed):
    assert printed(study(VALUES), "responder='value<7' visits=0").rows == ()


def test_boschloos_test_is_declined_where_arms_are_large(study, rows_of):
    size = int(MOST**0.5) + 1
    values = [
        (arm, 8, 6 + 2 * (index % 3 > 0)) for arm in ("Placebo", "Drug") for index in range(size)
    ]
    adsl = study(values)
    row = rows_of(adsl, "responder='value<7'")["Drug"]
    assert row.fisher_p is not None
    assert row.boschloo_p is None
    assert "Boschloo's test is for fewer subjects" in row.not_estimable


def test_a_target_has_to_be_a_number(study):
    toml = '[endpoints.X]\ntarget = "low"\n'
    with pytest.raises(StudyError, match=r"study\.toml: the target of X has to be a number"):
        study(VALUES, toml)


def test_a_change_needs_a_baseline(tmp_path, rows_of):
    (tmp_path / "adsl.csv").write_text("USUBJID,TRT01P\nA,Placebo\nB,Drug\n", encoding="utf-8")
    (tmp_path / "adlb.csv").write_text(
        "USUBJID,PARAMCD,AVISITN,AVAL\nA,X,4,1\nB,X,4,2\n", encoding="utf-8"
    )
    session = Session(open_study(str(tmp_path)))
    with pytest.raises(SelectionError, match="nobody has a change: write a threshold of the value"):
        session.answer(Question("responders", parse("responder='change<0'")))
    assert counts(rows_of(session, "responder='value<2'")) == {"Placebo": (1, 1), "Drug": (0, 1)}
