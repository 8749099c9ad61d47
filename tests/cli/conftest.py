"""A study to be spoiled, and one that is hostile."""

from __future__ import annotations

import csv
import shutil

import pytest

from tui.study import builtin

from .hostile import BELL, C1, ESCAPE, HOSTILE_ARM, ISOLATE, OVERRIDE


@pytest.fixture
def study(tmp_path):
    """A copy of the built-in study's datasets, to be spoiled."""
    folder = tmp_path / "study"
    folder.mkdir()
    for path in builtin.folder().glob("*.csv"):
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    """A study whose every text would act on a terminal, or as markup, if it were let."""
    folder = tmp_path_factory.mktemp("hostile")
    arms = ["Placebo", HOSTILE_ARM]
    people = [(f"S-{i:02d}", arms[i % 2], i) for i in range(12)]
    races = ["漢字の人", "\N{SLIGHTLY SMILING FACE} smile", "tab\tand\nnew\r\nline"]
    _write(
        folder / "adsl.csv",
        "STUDYID USUBJID TRT01P TRT01A SEX AGE RACE SAFFL ITTFL",
        [
            (f"S{ESCAPE}]0;title{BELL}", who, arm, arm, "FM"[i % 2], 40 + i, races[i % 3], "Y", "Y")
            for who, arm, i in people
        ],
    )
    param = f"Score {ESCAPE}[2J[red] | <i> {ISOLATE} (mg{C1}1m)"
    labels = {0: "Base\nline", 4: f"Week 4 {ESCAPE}[1m|"}
    _write(
        folder / "adlb.csv",
        "USUBJID PARAMCD PARAM AVISIT AVISITN AVAL BASE CHG ABLFL ADY",
        [
            (who, "X", param, labels[week], week, 10 + i % 5 + week * i / 10, 10 + i % 5,
             week * i / 10, "Y" if week == 0 else "", week * 7 + 1)
            for who, _, i in people for week in labels
        ],
    )  # fmt: skip
    terms = [f"Head{ESCAPE}[5mache", "[link=x]Pain|", f"痛み{OVERRIDE}tab\tx\ny"]
    systems = [f"Nerv{BELL}ous", "漢字"]
    _write(
        folder / "adae.csv",
        "USUBJID AETERM AEDECOD AEBODSYS AESEV AESER AEREL AEOUT ASTDY TRTEMFL TRTA",
        [
            (who, "t", terms[i % 3], systems[i % 2], f"MI{ESCAPE}LD", "N", "NONE", f"REC{C1}OV",
             i + 1, "Y", arm)
            for who, arm, i in people[:6]
        ],
    )  # fmt: skip
    _write(
        folder / "adtte.csv",
        "USUBJID PARAMCD PARAM AVAL CNSR",
        [(who, "TT", "Time to [link=x]pain|", 5 + 3 * i, int(i % 3 == 0)) for who, _, i in people],
    )
    return folder


def _write(path, header, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split(), *rows])
