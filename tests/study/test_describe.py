"""A study.toml of what was recognized: it says all of it, and read back it gives the same study."""

from __future__ import annotations

import datetime as dt
import math
import shutil
import stat
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.analyses.answer import Answer, Question
from tui.analyses.session import Session
from tui.study import draft
from tui.study.open import open_study

SCALARS = (
    st.text()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.dates()
    | st.datetimes()
)
TABLES = st.dictionaries(
    st.text(),
    st.recursive(
        SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12
    ),
)


def overview(folder: Path) -> Answer:
    return Session(open_study(str(folder))).answer(Question("study"))


def facts(answer: Answer) -> list[tuple]:
    """Everything the page says but the reasons, which now are that study.toml says so."""
    return [
        (row.section, row.name, row.label, row.rows, row.subjects, row.title, row.columns)
        for row in answer.rows
        if row.section != "file"
    ]


def described(source: Path, folder: Path) -> tuple[Answer, Answer]:
    """A study, and the same folder with the study.toml that was made of it."""
    shutil.copytree(source, folder)
    before = overview(folder)
    (folder / "study.toml").unlink(missing_ok=True)
    (folder / "study.toml").write_text(before.draft, encoding="utf-8")
    return before, overview(folder)


@pytest.mark.parametrize("name", ["cdiscpilotadam", "pharmaverseadam", "cdiscpilotsdtm"])
def test_read_back_it_gives_the_same_study(name: str, pilot: Path, tmp_path: Path):
    before, after = described(pilot.parent / name, tmp_path / name)
    assert facts(after) == facts(before)
    assert after.selection == before.selection
    assert tomllib.loads(after.draft) == tomllib.loads(before.draft)


def test_what_study_toml_says_already_is_kept(folder: Path, tmp_path: Path):
    before, after = described(folder, tmp_path / "copy")
    assert facts(after) == facts(before)
    said = tomllib.loads((folder / "study.toml").read_text(encoding="utf-8"))
    made = tomllib.loads(before.draft)
    assert {name: made[name] for name in said} == said
    assert made["datasets"]["adlb"]["part"] == "findings"
    assert made["datasets"]["adlb"]["columns"]["AVAL"] == "AVAL"


def test_columns_under_other_names_stand_under_those_of_the_standard(tmp_path: Path):
    (tmp_path / "people.csv").write_text("Usubjid,Arm,Saffl\n1,A,Y\n2,B,Y\n", encoding="utf-8")
    (tmp_path / "x.csv").write_text("USUBJID,PARAM,AVAL,VISIT\n1,Ä,3,Week 4\n", encoding="utf-8")
    made = tomllib.loads(overview(tmp_path).draft)["datasets"]
    assert made["people"]["columns"] == {"USUBJID": "Usubjid", "ARM": "Arm", "SAFFL": "Saffl"}
    assert made["x"]["columns"]["AVISIT"] == "VISIT"
    assert made["x"]["columns"]["PARAMCD"] == "PARAM"


@given(TABLES)
def test_every_table_of_toml_is_written_as_it_is_read(table: dict):
    assert tomllib.loads("\n".join(draft.toml(table))) == table


@pytest.mark.parametrize("value", [math.inf, -math.inf, dt.time(1, 2, 3, 4), []])
def test_values_that_are_rare_are_written_as_they_are_read(value: object):
    table = {"a": {"b": value, "c": {}}}
    assert tomllib.loads("\n".join(draft.toml(table))) == table


# The command


def test_the_command_prints_it(trialdeck: Callable):
    run = trialdeck("describe")
    assert (run.status, run.err) == (0, "")
    assert run.out.startswith("# What trialdeck recognized in msb-dm003. Correct what is wrong")
    assert tomllib.loads(run.out)["datasets"]["adsl"]["part"] == "subject level"


def test_the_command_writes_it_for_the_owner_alone_and_never_over_a_file(
    here: Callable, tmp_path: Path
):
    path = tmp_path / "study.toml"
    run = here("describe", "--output", path)
    assert (run.status, run.out, run.err) == (0, f"written to {path}\n", "")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    kept = path.read_text(encoding="utf-8")
    assert (
        here("describe", "--output", path).err
        == "trialdeck: study.toml is there already; choose another name.\n"
    )
    assert path.read_text(encoding="utf-8") == kept


def test_a_folder_that_is_no_study_yet_is_described_with_the_reason(here: Callable, tmp_path: Path):
    (tmp_path / "labs.csv").write_text("patient,test\n1,X\n", encoding="utf-8")
    run = here("describe", tmp_path)
    assert (run.status, run.err) == (0, "")
    assert "It cannot be opened yet" in run.out
    assert "has no USUBJID. Its columns: patient, test" in run.out
    # The signs of the comment taken away, it is a file to fill in.
    lines = [line.removeprefix("# ") for line in run.out.split("\n\n")[-1].splitlines()[1:]]
    assert tomllib.loads("\n".join(lines)) == {
        "datasets": {"labs": {"part": "not used", "columns": {}}}
    }


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("nothing", None),
        ("define.xml", None),
        ("study.toml", "[[["),
        ("study.toml", "[datasets.x]\npart = 'findings'"),
    ],
)
def test_what_cannot_be_described_is_one_sentence(
    name: str, content: str | None, here: Callable, tmp_path: Path
):
    (tmp_path / "labs.csv").write_text("patient,test\n1,X\n", encoding="utf-8")
    if content:
        (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "define.xml").touch()
    run = here("describe", tmp_path if content else tmp_path / name)
    assert (run.status, run.out) == (2, "")
    assert run.err.startswith("trialdeck: ")
    assert run.err.count("\n") == 1


def test_names_in_the_data_do_not_act_on_a_terminal_or_on_toml(here: Callable, tmp_path: Path):
    header = 'USUBJID,TRT01P,"a\x1b[2J\n[x]"\n'
    (tmp_path / "adsl.csv").write_text(f"{header}1,A\x1b,1\n2,B,1\n", encoding="utf-8")
    (tmp_path / 'lb "x".csv').write_text("a\x1b]0;x\x07,b\n1,2\n", encoding="utf-8")
    run = here("describe", tmp_path)
    assert run.status == 0
    assert "\x1b" not in run.out
    assert "\x07" not in run.out
    assert tomllib.loads(run.out)["reference_arm"] in ("A\x1b", "B")
