"""Subgroups against the table of visits of each level, and levels that cannot be compared."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest
from scipy import stats

from tui.analyses.answer import Question
from tui.analyses.rows.visits import NO_CHANGE_AT_BASELINE
from tui.analyses.session import Session
from tui.errors import SelectionError
from tui.report.formats import FORMATS
from tui.selection import parse
from tui.study.open import open_study

KIND = "subgroups"
FIGURES = ("difference", "difference_se", "difference_df", "difference_lower", "p")
ACTOT = "endpoint=ACTOT population=EFFFL"


@pytest.fixture(scope="module")
def ask(pilot_session):
    return cache(lambda kind, line="": pilot_session.answer(Question(kind, parse(line))))


@pytest.fixture(scope="module")
def built_in():
    session = Session(open_study())
    return cache(lambda kind, line="": session.answer(Question(kind, parse(line))))


def figures(row):
    return [getattr(row, name) for name in FIGURES]


@pytest.mark.parametrize("extra", ["", "covariates=RACE,BMIBL", "value=AVAL"])
def test_a_level_is_the_analysis_of_its_subjects_alone(extra, ask):
    line = f"{ACTOT} visits=8,24 {extra}"
    rows = ask("subgroups", f"{line} subgroup=AGEGR1").rows
    assert list(dict.fromkeys(row.level for row in rows)) == [None, "<65", "65-80", ">80"]
    for level in (None, "<65", "65-80", ">80"):
        alone = f"where='AGEGR1={level}'" if level else ""
        expected = {
            (row.visit, row.arm): figures(row)
            for row in ask("visits", f"{line} {alone}").rows
            if not row.is_reference
        }
        own = [row for row in rows if row.level == level]
        assert {(row.visit, row.arm): figures(row) for row in own} == {
            cell: pytest.approx(values) for cell, values in expected.items()
        }


def test_the_interaction_is_that_of_one_model(ask, pilot):
    """Against least squares with the columns written out."""
    rows = ask("subgroups", f"{ACTOT} subgroup=SEX").rows
    people = pl.read_parquet(pilot / "adsl.parquet").select("USUBJID", male=pl.col("SEX") == "M")
    data = (
        pl.read_parquet(pilot / "adadas.parquet")
        .filter(PARAMCD="ACTOT", EFFFL="Y", ANL01FL="Y", AVISITN=24)
        .drop("SEX", strict=False)
        .join(people, on="USUBJID")
    )
    arms = ["Xanomeline Low Dose", "Xanomeline High Dose"]
    indicators = [(data["TRTP"] == arm).to_numpy().astype(float) for arm in arms]
    male = data["male"].to_numpy().astype(float)
    columns = [np.ones(len(male)), *indicators, male, data["BASE"].to_numpy()]
    products = [one * male for one in indicators]

    def squares(*more):
        x, y = np.column_stack([*columns, *more]), data["CHG"].to_numpy()
        return np.sum((y - x @ np.linalg.lstsq(x, y, rcond=None)[0]) ** 2)

    df = len(male) - 7
    whole = squares(*products)
    p = [stats.f.sf((squares(one) - whole) / (whole / df), 1, df) for one in reversed(products)]
    by_arm = {row.arm: row.interaction_p for row in rows}
    assert [by_arm[arm] for arm in arms] == pytest.approx(p)
    overall = stats.f.sf((squares() - whole) / 2 / (whole / df), 2, df)
    assert rows[0].interaction_all_p == pytest.approx(overall)


def test_the_last_visit_and_sex_are_taken_and_said(built_in):
    answer = built_in("subgroups")
    assert {row.visit for row in answer.rows} == {"Week 12"}
    assert {row.subgroup for row in answer.rows} == {"SEX"}
    assert (answer.selection.visits, answer.selection.subgroup) == ((12.0,), "SEX")
    said = " ".join(answer.notes)
    assert "Visit: Week 12, the last on the time axis, because none was asked for" in said
    assert "Subgroup: SEX, because none was asked for; subgroup=HBA1CGR1 takes another." in said
    assert parse(str(answer.selection)) == answer.selection
    again = built_in("subgroups", str(answer.selection))
    assert again.rows == answer.rows
    assert not [note for note in again.notes if "none was asked for" in note]


def test_the_published_subgroup_is_there(built_in):
    """Baseline HbA1c of 8 % or more, week 8: -0.6 % on 2.0 compared with placebo."""
    rows = built_in("subgroups", "subgroup=HBA1CGR1 visits=8").rows
    [row] = [row for row in rows if (row.level, row.arm) == (">=8%", "2.0 M/kg")]
    assert round(row.difference, 1) == -0.6
    assert (row.n, row.n_reference) == (7, 9)


def test_another_method_is_not_used_and_that_is_said(built_in):
    answer = built_in("subgroups", "method=mmrm")
    assert answer.method.id == "ancova"
    assert answer.rows == built_in("subgroups").rows
    assert any("MMRM stays for the other answers" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("AGE", "AGE has 36 values, which are no subgroups: its groups stand in AGEGR1."),
        ("DURDIS", "its groups stand in DURDSGR1."),
        ("MMSETOT", "use AGEGR1, RACE, SEX"),
        ("USUBJID", "USUBJID has 254 values"),
        ("NOPE", "There is no subject-level column NOPE"),
    ],
)
def test_what_is_no_subgroup_is_refused(name, said, ask):
    with pytest.raises(SelectionError) as error:
        ask("subgroups", f"subgroup={name}")
    assert said in str(error.value)


def test_a_baseline_in_the_built_in_study_is_sent_to_its_groups(built_in):
    with pytest.raises(SelectionError, match="its groups stand in HBA1CGR1"):
        built_in("subgroups", "subgroup=hba1cbl")


def test_numbers_with_few_values_are_levels_in_their_order(built_in):
    rows = built_in("subgroups", "subgroup=COHORT").rows
    assert list(dict.fromkeys(row.level for row in rows)) == [None, "1", "2", "3"]


def test_subjects_without_a_level_are_counted(ask):
    answer = ask("subgroups", "endpoint=ACTOT subgroup=DISCONFL")
    everyone, discontinued = (row.n + row.n_reference for row in answer.rows[:2])
    assert [row.level for row in answer.rows] == [None, "Y"] * 2
    assert discontinued < everyone
    said = "110 subjects have no DISCONFL: in all subjects, in no level."
    assert said in answer.notes


def test_the_forests_and_the_table_show_the_same_figures(built_in):
    text = FORMATS["text"](built_in("subgroups"))
    assert "Week 12: 2.0 M/kg - Placebo (%); interaction p = 0.2261" in text
    assert text.count("●") == 9
    assert text.count("-0.77 (-1.53, -0.002)") == 1


# What cannot be had


def test_the_arm_itself_is_a_subgroup_in_which_nothing_can_be_compared(built_in, printed):
    answer = built_in("subgroups", "subgroup=TRT01P")
    levels = [row for row in answer.rows if row.level]
    assert {row.difference for row in levels} == {None}
    assert {row.not_estimable for row in levels} == {
        "no complete rows in the arm",
        "no complete rows in the reference arm",
    }
    assert {row.interaction_p for row in answer.rows} == {None}
    assert any("there is no test of the interaction" in note for note in answer.notes)


def test_levels_that_are_too_small_name_the_cause(ask):
    rows = ask("subgroups", "endpoint=ACTOT subgroup=SITEID").rows
    small = [row for row in rows if row.p is None]
    assert small
    assert all(row.not_estimable for row in small)
    assert {row.not_estimable for row in rows if row.p is not None} == {None}


def test_the_baseline_visit_has_no_change(built_in):
    rows = built_in("subgroups", "visits=0").rows
    assert {(row.difference, row.not_estimable) for row in rows} == {(None, NO_CHANGE_AT_BASELINE)}


@pytest.mark.parametrize(
    "subjects",
    [
        [("Placebo", 10, 11)],
        [("Placebo", 10, 11), ("Drug", 9, 8)],
        [("Placebo", 10, 10), ("Drug", 9, 9)] * 4,
        [("Placebo", 10, None), ("Drug", 9, None)] * 3,
        [("Placebo", 10, 11), ("Placebo", 9, 12)] * 3,
        [("Placebo", None, 11), ("Drug", None, 12)] * 3,
    ],
)
def test_poor_data_give_reasons(subjects, study, printed):
    answer = printed(study(subjects), "value=CHG subgroup=SITE")
    assert all(row.p is None and row.not_estimable for row in answer.rows)
