"""The programs of the answers beside the week-by-week table come to those answers' figures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.analyses.test_recompute import OF_T, Recomputed, check, figures, run
from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.selection import parse
from tui.study.open import open_study

INTERVALS = ("wilson_lower", "wilson_upper", "exact_lower", "exact_upper")
OF_TWO = (
    "difference",
    "newcombe_lower",
    "newcombe_upper",
    "miettinen_nurminen_lower",
    "miettinen_nurminen_upper",
    "fisher_p",
    "chi_square",
    "chi_square_p",
    "odds_ratio",
    "odds_ratio_lower",
    "odds_ratio_upper",
)
FIGURES = {
    "responders": ("n", "responders", "percent", *INTERVALS, *OF_TWO),
    "tests": ("estimate", "lower", "upper", "statistic", "df", "df_residual", "p"),
    "subgroups": (*OF_T, "difference_lower", "difference_upper", "interaction_p",
                  "interaction_all_p"),
    "sensitivity": ("estimate", "lower", "upper", "p"),
    "power": (*OF_T, "detectable", "wanted_power", "wanted_n"),
}  # fmt: skip
NOT_RECOMPUTED = ("Williams", "Cochran-Armitage, exact", "Permutation", "MMRM")
"""What begins the names of the tests and analyses that the programs leave out, and say so."""

BUILT_IN = {
    "responders": (
        "",
        "responder='change<=-0.5' missing=excluded unit=mmol/mol",
        "endpoint=DSA responder='value>100'",
    ),
    "tests": (
        "",
        "responder='value<7' strata=SEX covariates=DURDIS,SEX",
        "value=AVAL unit=mmol/mol where='AGE>=50'",
        "endpoint=DSA",
    ),
    "subgroups": (
        "",
        "subgroup=HBA1CGR1 covariates=SEX visits=8,12",
        "subgroup=SITEID covariates=DURDIS",
        "subgroup=COHORT",
        "endpoint=DSA",
    ),
    "sensitivity": ("", "covariates=SEX weights=observed visits=8,12", "endpoint=DSA"),
    "power": (
        "",
        "wanted=0.5",
        "wanted=-0.4 power=0.9 alpha=0.1 covariates=SEX",
        "method=welch wanted=0.5",
        "method=student wanted=0.5",
        "method=welch wanted=2 endpoint=DSA",
        "power=0.04 wanted=0.00001",
    ),
}
PILOT = {
    "responders": (
        "endpoint=ACTOT responder='change<=-2' population=EFFFL",
        "endpoint=ALT records=ANL01FL responder='value<20'",
    ),
    "tests": (
        "endpoint=ACTOT responder='change<=-2' population=EFFFL strata=SITEGR1",
        "endpoint=ALT records=ANL01FL",
    ),
    "subgroups": (
        "endpoint=ACTOT population=EFFFL subgroup=AGEGR1 covariates=SITEGR1 imputed=drop",
        "endpoint=ALT records=ANL01FL visits=2,24",
    ),
    "sensitivity": (
        "endpoint=ACTOT population=EFFFL covariates=SITEGR1",
        "endpoint=ACTOT population=EFFFL imputed=drop visits=8,16",
        "endpoint=ALT records=ANL01FL",
    ),
    "power": ("endpoint=ACTOT population=EFFFL wanted=2", "endpoint=SYSBP method=welch"),
}
CASES = [(kind, line) for kind, lines in BUILT_IN.items() for line in lines]
PILOT_CASES = [(kind, line) for kind, lines in PILOT.items() for line in lines]


def all_of(
    session: Session, lines: dict[str, tuple[str, ...]]
) -> dict[tuple[str, str], Recomputed]:
    return run(
        session,
        {
            (kind, line): session.answer(Question(kind, parse(line)))
            for kind, some in lines.items()
            for line in some
        },
    )


@pytest.fixture(scope="module")
def on_built_in() -> dict[tuple[str, str], Recomputed]:
    return all_of(Session(open_study()), BUILT_IN)


@pytest.fixture(scope="module")
def on_pilot(pilot_session: Session) -> dict[tuple[str, str], Recomputed]:
    return all_of(pilot_session, PILOT)


def check_rows(kind: str, one: Recomputed) -> None:
    """The rows that the program has; responders only those of arms with subjects."""
    rows = [
        row
        for row in one.answer.rows
        if not getattr(row, "test", getattr(row, "analysis", "")).startswith(NOT_RECOMPUTED)
        and (kind != "responders" or row.n)
    ]
    check(Recomputed(replace(one.answer, rows=tuple(rows)), one.output), FIGURES[kind])


@pytest.mark.parametrize(("kind", "line"), CASES)
def test_the_program_recomputes_the_built_in_study(
    on_built_in: dict[tuple[str, str], Recomputed], kind: str, line: str
) -> None:
    check_rows(kind, on_built_in[kind, line])


@pytest.mark.parametrize(("kind", "line"), PILOT_CASES)
def test_the_program_recomputes_the_pilot(
    on_pilot: dict[tuple[str, str], Recomputed], kind: str, line: str
) -> None:
    check_rows(kind, on_pilot[kind, line])


@pytest.mark.parametrize("line", BUILT_IN["responders"])
def test_boschloos_p_is_near_that_of_scipy(
    on_built_in: dict[tuple[str, str], Recomputed], line: str
) -> None:
    """SciPy searches for the worst common proportion on a coarser grid: its p may be too small."""
    one = on_built_in["responders", line]
    printed = figures(one.output)
    for row in one.answer.rows:
        key = ((row.visit_number, row.arm, None, None, None), "boschloo_p")
        assert (key in printed) == (row.boschloo_p is not None)
        if row.boschloo_p is not None:
            assert printed[key] == pytest.approx(row.boschloo_p, rel=1e-6)
            assert printed[key] <= row.boschloo_p * (1 + 1e-9)


def test_a_program_says_what_it_leaves_out(
    on_built_in: dict[tuple[str, str], Recomputed],
) -> None:
    for kind in ("tests", "sensitivity", "responders"):
        assert "# Left out: " in on_built_in[kind, ""].answer.code
