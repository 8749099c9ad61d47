"""Small studies in which what a figure needs is missing, and answers printed in every form."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.report.formats import FORMATS
from tui.selection import parse
from tui.study.open import open_study


@pytest.fixture
def study(tmp_path: Path):
    """Opens a study: each subject is an arm, a value at baseline and one at week 4, or None.

    An arm may be a label with its numeric code: ("Drug", 54).
    """

    def write(subjects, toml: str = "") -> Session:
        coded = any(isinstance(arm, tuple) for arm, _, _ in subjects)
        adsl = [("USUBJID", "TRT01P", *(["TRT01PN"] if coded else []), "SITE")]
        adlb = [("USUBJID", "PARAMCD", "AVISIT", "AVISITN", "AVAL", "BASE", "CHG", "ABLFL")]
        for index, (arm, base, value) in enumerate(subjects):
            name = f"S{index:02d}"
            adsl.append((name, *(arm if coded else [arm]), "AB"[index % 2]))
            if base is not None:
                adlb.append((name, "X", "Baseline", 0, base, base, "", "Y"))
            if value is not None:
                change = "" if base is None else value - base
                adlb.append((name, "X", "Week 4", 4, value, base, change, ""))
        for file, rows in (("adsl", adsl), ("adlb", adlb)):
            with (tmp_path / f"{file}.csv").open("w", encoding="utf-8", newline="") as out:
                csv.writer(out).writerows(rows)
        (tmp_path / "study.toml").write_text(toml, encoding="utf-8")
        return Session(open_study(str(tmp_path)))

    return write


@pytest.fixture
def printed(request: pytest.FixtureRequest):
    """An answer that every form can print, of the kind in a module's KIND; none holds a NaN."""

    def ask(session: Session, line: str):
        found = session.answer(Question(request.module.KIND, parse(line)))
        texts = {name: form(found) for name, form in FORMATS.items()}
        json.loads(texts.pop("json"), parse_constant=pytest.fail)  # its code may say np.nan
        for text in texts.values():
            assert "nan" not in text.lower().replace("significan", "")
        return found

    return ask
