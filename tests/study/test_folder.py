"""What lies in a folder: which file of a dataset is read, and what is said of the others."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tui.errors import StudyError
from tui.study.model import Role
from tui.study.open import open_study

ADSL = "USUBJID,TRT01P\nS1,A\nS2,B\n"
ADLB = "USUBJID,PARAMCD,AVISITN,AVAL,CHG\n" + "".join(
    f"S{who},X,{week},{who},{week}\n" for who in (1, 2) for week in (0, 4)
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "adsl.csv").write_text(ADSL, encoding="utf-8")
    (tmp_path / "adlb.csv").write_text(ADLB, encoding="utf-8")
    return tmp_path


def beside(place: Path) -> dict[str, str]:
    return {one.name: one.said for one in open_study(str(place)).beside}


def test_a_dataset_in_two_formats_is_read_once_and_the_other_file_is_named(place: Path):
    pl.read_csv(place / "adlb.csv").write_parquet(place / "ADLB.parquet")
    study = open_study(str(place))
    assert [one.path.name for one in study.datasets] == ["ADLB.parquet", "adsl.csv"]
    assert [one.key for one in study.endpoints] == ["X"]
    assert beside(place) == {"adlb.csv": "the same dataset as ADLB.parquet, which is read"}


def test_the_other_file_may_be_broken(place: Path):
    (place / "adlb.tsv").write_bytes(b"\xff\xfe")
    assert [one.key for one in open_study(str(place)).endpoints] == ["X"]


def test_the_file_that_is_asked_for_is_the_one_that_is_read(place: Path):
    for name in ("adlb", "adsl"):
        pl.read_csv(place / f"{name}.csv").write_parquet(place / f"{name}.parquet")
    study = open_study(str(place / "adlb.csv"))
    assert [one.path.name for one in study.datasets] == ["adlb.csv", "adsl.csv"]


def test_what_is_no_dataset_is_listed_in_one_line(place: Path):
    for name in ("a.sas", "b.txt", ".hidden", "readme"):
        (place / name).touch()
    (place / "old").mkdir()
    assert beside(place) == {"a.sas, b.txt, old/, readme": "not datasets"}
    for number in range(20):
        (place / f"p{number:02d}.sas").touch()
    (line,) = beside(place)
    assert line == "a.sas, b.txt, old/, p00.sas, p01.sas, p02.sas, p03.sas, p04.sas and 16 more"


def test_a_second_dataset_of_adverse_events_is_said_not_to_be_used(place: Path):
    for name in ("adae", "adaex"):
        (place / f"{name}.csv").write_text("USUBJID,AETERM\nS1,Fall\n", encoding="utf-8")
    study = open_study(str(place))
    assert study.events is not None
    assert study.events.name == "ADAE"
    (other,) = [one for one in study.datasets if one.name == "ADAEX"]
    assert (other.role, other.why) == (
        Role.UNUSED,
        "a further adverse-event dataset; ADAE is used",
    )


def test_the_page_counts_subjects_and_lists_what_is_ignored(place: Path, here: Callable):
    (place / "notes.txt").touch()
    (place / "adcm.csv").write_text("USUBJID,TRT01P,CMTRT\nS1,A,x\nS1,A,y\n", encoding="utf-8")
    run = here("show", "study", place, "--format", "json")
    rows = {row["name"]: row for row in run.json["rows"] if row["section"] == "dataset"}
    assert {name: (row["label"], row["rows"], row["subjects"]) for name, row in rows.items()} == {
        "ADCM": ("not used", 2, 1),
        "ADLB": ("findings", 4, 2),
        "ADSL": ("subject level", 2, 2),
    }
    text = here("show", "study", place).out
    assert "not used, holds several records a subject (has CMTRT): ADCM" in text
    assert "notes.txt: not a dataset" in text
    assert max(map(len, text.split("\nMethods\n")[0].splitlines())) <= 80


def test_a_study_without_findings_has_its_page(place: Path, here: Callable):
    (place / "adlb.csv").unlink()
    run = here("show", "study", place)
    assert (run.status, run.err) == (0, "")
    assert "ADSL" in run.out
    assert "Endpoints" not in run.out


def test_a_folder_without_datasets_says_so(tmp_path: Path):
    shutil.copy(__file__, tmp_path)
    with pytest.raises(StudyError, match="holds no dataset"):
        open_study(str(tmp_path))
