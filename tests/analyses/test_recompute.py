"""The program that an answer carries comes to the answer's own figures, without trialdeck."""

from __future__ import annotations

import ast
import json
import math
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import polars as pl
import pytest

from tui.analyses.answer import Answer, Question
from tui.analyses.session import Session
from tui.selection import parse
from tui.study.open import open_study

PLACE = ("visit_number", "arm", "test", "level", "analysis")
"""The fields that say which row it is, as far as a kind of row has them."""

OF_T = ("difference", "difference_se", "difference_df", "p")
FIGURES = {
    "ancova": ("lsmean", "lsmean_se", *OF_T),
    "student": OF_T,
    "welch": OF_T,
    "mann-whitney": ("difference", "difference_lower", "difference_upper", "p"),
}
"""What the program of a visits table recomputes, by method."""

BUILT_IN = {
    "as it opens": "",
    "another unit": "unit=mmol/mol",
    "a subgroup, with covariates": "where='AGE>=50 RACE=WHITE' covariates=SEX,DURDIS",
    "classes that are digits": "where='SITEID!=01,02' covariates=SITEID",
    "dates": "where='TRTSDT>=2012-09-01'",
    "whole numbers": "where=COHORT=1,3 arms=Placebo,2.0",
    "a covariate that is the baseline": "covariates=HBA1CBL",
    "levels as observed": "covariates=SEX weights=observed",
    "Welch": "method=welch",
    "Student": "method=student",
    "Mann-Whitney": "method=mann-whitney",
    "values": "value=AVAL",
    "values in another unit": "value=AVAL unit=mmol/mol visits=8,12",
    "another reference": "reference=2.0 arms=1.0,2.0 visits=12",
    "every subject and record": "population=all records=all imputed=drop arm=actual",
    "another endpoint": "endpoint=INSULIN",
    "an endpoint that does not vary": "endpoint=DSA",
}
PILOT = {
    "ADAS-Cog, efficacy": "endpoint=ACTOT population=EFFFL",
    "ADAS-Cog without imputed rows": "endpoint=ACTOT population=EFFFL imputed=drop",
    "sites that are digits, dates": "endpoint=ACTOT where='SITEID=701,704,710 TRTSDT>=2013-01-01'",
    "blood pressure lying": "endpoint=SYSBP timepoint=lying",
    "liver enzyme": "endpoint=ALT",
    "end of treatment": "endpoint=ALT visits=99",
    "arms without records at some visits": "endpoint=ALT records=ANL01FL",
}


RUNNER = """\
import contextlib, io, json, sys, traceback
outputs = []
for code in json.load(sys.stdin):
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        try:
            exec(code, {"__name__": "__main__"})
        except Exception:
            traceback.print_exc(file=output)
    outputs.append(output.getvalue())
assert not [name for name in sys.modules if name.partition(".")[0] == "tui"]
json.dump(outputs, sys.stdout)
"""
"""Runs programs one after the other, each in a namespace of its own: numpy is loaded once."""


Name = TypeVar("Name")


@dataclass(frozen=True)
class Recomputed:
    """An answer, and what its program printed."""

    answer: Answer
    output: str


@pytest.fixture(scope="module")
def built_in() -> Session:
    return Session(open_study())


@pytest.fixture(scope="module")
def on_built_in(built_in: Session) -> dict[str, Recomputed]:
    return recompute(built_in, BUILT_IN)


@pytest.fixture(scope="module")
def on_pilot(pilot_session: Session) -> dict[str, Recomputed]:
    return recompute(pilot_session, PILOT)


def visits(session: Session, line: str) -> Answer:
    return session.answer(Question("visits", parse(line)))


def recompute(
    session: Session, lines: dict[str, str], kind: str = "visits"
) -> dict[str, Recomputed]:
    """Asks, and runs the programs of the answers."""
    return run(
        session, {name: session.answer(Question(kind, parse(line))) for name, line in lines.items()}
    )


def run(session: Session, answers: dict[Name, Answer]) -> dict[Name, Recomputed]:
    """Runs the programs of answers in the study's folder, in one process."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUNNER],
        cwd=session.study.path,
        input=json.dumps([answer.code for answer in answers.values()]),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = zip(answers.items(), json.loads(done.stdout), strict=True)
    return {name: Recomputed(answer, output) for (name, answer), output in found}


Place = tuple[float | str | None, ...]


def figures(output: str) -> dict[tuple[Place, str], float]:
    """The figures in what a program prints, by row and name; those it cannot have apart."""
    assert "Traceback" not in output, output
    found = {}
    for line in output.splitlines():
        row = ast.literal_eval(re.sub(r"(?<=: )-?(nan|inf)\b", "None", line))
        place = tuple(row.pop(name, None) for name in PLACE)
        found |= {(place, name): value for name, value in row.items() if value is not None}
    return found


def check(one: Recomputed, names: tuple[str, ...], tolerance: float = 1e-9) -> None:
    """Every figure of the answer is recomputed, and no figure that the answer does not have."""
    assert one.answer.code
    printed = {key: value for key, value in figures(one.output).items() if key[1] in names}
    expected = {
        (tuple(getattr(row, part, None) for part in PLACE), name): getattr(row, name)
        for row in one.answer.rows
        for name in names
        if getattr(row, name) is not None
    }
    assert expected
    assert printed.keys() == expected.keys()
    wrong = {
        key: (printed[key], value)
        for key, value in expected.items()
        if not math.isclose(printed[key], value, rel_tol=tolerance, abs_tol=1e-12)
    }
    assert not wrong


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_program_recomputes_the_built_in_study(
    on_built_in: dict[str, Recomputed], name: str
) -> None:
    one = on_built_in[name]
    check(one, FIGURES[one.answer.method.id])


@pytest.mark.parametrize("name", PILOT)
def test_the_program_recomputes_the_pilot(on_pilot: dict[str, Recomputed], name: str) -> None:
    check(on_pilot[name], FIGURES["ancova"])


SURVIVAL = {
    "times to an event": "",
    "sites as strata, covariates": "covariates=AGE,SEX strata=SITEID",
    "a class that is a stratum": "where='SEX=F AGE>=60' strata=SEX covariates=SEX",
    "two arms, planned": "arms='Placebo,High Dose' arm=planned population=ITTFL covariates=RACE",
    "an infinite coefficient": "strata=SEX covariates=SITEID",
    "one arm": "arms=Placebo",
}


def test_the_program_recomputes_times_to_an_event(pilot_session: Session) -> None:
    ratio = ("hazard_ratio", "hazard_ratio_lower", "hazard_ratio_upper", "hazard_ratio_p")
    names = ("median", "restricted_mean", "restricted_mean_se", "log_rank", "log_rank_p")
    for line, one in recompute(pilot_session, SURVIVAL, "survival").items():
        whole = line not in ("a class that is a stratum", "an infinite coefficient")
        check(one, (*names, *ratio) if whole else names)


def test_the_program_runs_by_itself(built_in: Session) -> None:
    answer = visits(built_in, "")
    command = [sys.executable, "-W", "error", "-c", answer.code]
    done = subprocess.run(command, cwd=built_in.study.path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    check(Recomputed(answer, done.stdout), FIGURES["ancova"])


def test_the_program_needs_nothing_of_trialdeck(built_in: Session) -> None:
    imports = [
        line for line in visits(built_in, "").code.splitlines() if re.match("(import|from) ", line)
    ]
    assert imports == ["import numpy as np", "import polars as pl", "from scipy import stats"]


def test_the_program_names_files_and_not_where_they_lie(built_in: Session) -> None:
    code = visits(built_in, "").code
    assert '"adsl.csv"' in code
    assert str(built_in.study.path) not in code


def test_the_program_runs_nothing_that_stands_in_the_data(
    built_in: Session, tmp_path: Path
) -> None:
    for name in ("adsl", "adlb"):
        frame = pl.read_csv(built_in.study.path / f"{name}.csv", infer_schema_length=None)
        if name == "adlb":
            frame = frame.filter(pl.col("PARAMCD") == "HBA1C").with_columns(
                PARAMCD=pl.lit("A\"\nprint('data')\n'"), PARAM=pl.lit("A\nprint('data')\n(%)")
            )
        frame.write_parquet(tmp_path / f"{name}.parquet")
    [one] = recompute(Session(open_study(str(tmp_path))), {"": "reference=Placebo"}).values()
    check(one, FIGURES["ancova"])


def test_there_is_no_program_where_nothing_is_compared(pilot_session: Session) -> None:
    assert visits(pilot_session, "endpoint=CIBICVAL").code == ""


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_the_program_reads_files_that_name_their_columns_in_small_letters(
    built_in: Session, tmp_path: Path, suffix: str
) -> None:
    for name in ("adsl", "adlb"):
        frame = pl.read_csv(built_in.study.path / f"{name}.csv", infer_schema_length=None)
        frame = frame.rename(str.lower)
        if suffix == "csv":
            frame.write_csv(tmp_path / f"{name}.csv")
        else:
            frame.write_parquet(tmp_path / f"{name}.parquet")
    lines = {"": "endpoint=HBA1C reference=Placebo covariates=SEX visits=8,12"}
    [one] = recompute(Session(open_study(str(tmp_path))), lines).values()
    check(one, FIGURES["ancova"])
    expected = visits(built_in, lines[""]).rows
    assert [row.p for row in one.answer.rows] == [row.p for row in expected]
