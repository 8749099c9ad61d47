"""Files that change on disk are told from those that were read, and never mixed with them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.errors import ChangedError
from tui.selection import Selection
from tui.study import builtin
from tui.study.changes import Fingerprint, described, fingerprint
from tui.study.open import open_study


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the built-in study."""
    return Path(shutil.copytree(builtin.folder(), tmp_path / "study"))


def rewrite(path: Path, data: bytes, when: int | None = None) -> None:
    """Puts another file in the place of one, as editors and exports do."""
    other = path.with_suffix(".other")
    other.write_bytes(data)
    other.replace(path)
    if when is not None:
        os.utime(path, ns=(when, when))


def test_a_folder_that_is_left_alone_stays_the_same(folder):
    assert fingerprint(folder) == fingerprint(folder)
    assert fingerprint(folder).digest == fingerprint(folder).digest
    assert set(fingerprint(folder).files) == {
        *("adae.csv", "adis.csv", "adlb.csv", "adsl.csv", "advs.csv", "study.toml")
    }


def test_a_file_of_the_same_size_and_the_same_moment_is_another_one(folder):
    before, path = fingerprint(folder), folder / "adlb.csv"
    rewrite(path, path.read_bytes()[::-1], when=path.stat().st_mtime_ns)
    after = fingerprint(folder)
    assert after != before
    assert after.digest != before.digest
    assert described(before, after) == "adlb.csv changed"


def test_a_file_written_again_in_its_place_a_tick_later_is_another_one(folder):
    before, path = fingerprint(folder), folder / "study.toml"
    later = path.stat().st_mtime_ns + 1
    with path.open("r+b") as file:
        file.write(b"#")
    os.utime(path, ns=(later, later))
    assert described(before, fingerprint(folder)) == "study.toml changed"


def test_new_files_and_files_that_are_gone_are_named(folder):
    before = fingerprint(folder)
    (folder / "adis.csv").unlink()
    (folder / "advs.csv").rename(folder / "advs2.csv")
    (folder / "define.xml").write_text("<ODM/>")
    after = fingerprint(folder)
    assert described(before, after) == "advs2.csv, define.xml are new; adis.csv, advs.csv are gone"
    assert described(after, before) == "adis.csv, advs.csv are new; advs2.csv, define.xml are gone"


def test_many_files_are_counted(folder):
    gone = described(fingerprint(folder), fingerprint(folder / "nowhere"))
    assert gone == "adae.csv, adis.csv, adlb.csv and 3 more are gone"


def test_what_no_reader_looks_at_changes_nothing(folder):
    before = fingerprint(folder)
    (folder / "program.log").write_text("NOTE: 61 observations\n")
    (folder / "adlb.csv").chmod(0o600)
    os.link(folder / "adlb.csv", folder / "backup")
    assert fingerprint(folder) == before


def test_a_folder_that_is_gone_has_no_files_and_comes_back_as_it_was(folder):
    before = fingerprint(folder)
    folder.rename(folder.with_name("moved"))
    assert fingerprint(folder).files == {}
    folder.with_name("moved").rename(folder)
    assert fingerprint(folder) == before


names = st.sampled_from(["a.csv", "b.csv", "c.csv", "d.csv", "e.csv"])
numbers = st.integers(0, 2)
files = st.dictionaries(names, st.tuples(numbers, numbers, numbers))


@given(files, files)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_two_states_are_the_same_in_every_way_or_in_none(one, other):
    before, after = Fingerprint(Path(), one), Fingerprint(Path(), other)
    same = one == other
    assert (before.digest == after.digest) == same
    assert (described(before, after) == "") == same
    for name in one.keys() ^ other.keys():
        assert name in described(before, after) or " more " in described(before, after)


# -- figures of two states are never mixed

VISITS = Question("visits", Selection(endpoint="GLUC"), statistics=False)


def test_rows_of_a_file_that_changed_since_the_study_was_opened_are_refused(folder):
    session = Session(open_study(str(folder)))
    rewrite(folder / "adlb.csv", (folder / "adlb.csv").read_bytes())
    with pytest.raises(ChangedError, match=r"adlb.csv changed on disk since the study was opened."):
        session.answer(VISITS)
    assert session.answer(Question("events")).rows  # of a file that has not


def test_a_file_that_changed_so_that_it_cannot_be_read_is_refused_for_its_change(folder):
    session = Session(open_study(str(folder)))
    (folder / "adlb.csv").unlink()
    (folder / "adae.csv").write_bytes(b"\xff\xfe\0")
    for question in (VISITS, Question("events")):
        with pytest.raises(ChangedError):
            session.answer(question)


def test_what_was_read_before_the_change_is_answered_from_memory(folder):
    session = Session(open_study(str(folder)))
    before = session.answer(VISITS)
    rewrite(folder / "adlb.csv", (folder / "adlb.csv").read_bytes()[:5000])
    assert session.answer(VISITS) == before
    women = Question("visits", Selection(endpoint="GLUC", where="SEX=F"), statistics=False)
    assert 0 < session.answer(women).rows[0].n < before.rows[0].n


def test_rows_in_memory_stay_what_they_are_when_their_file_is_overwritten(tmp_path, pilot):
    path = tmp_path / "adsl.parquet"
    pl.read_parquet(pilot / "adsl.parquet").write_parquet(path, compression="uncompressed")
    study = open_study(str(tmp_path))
    before = study.subject_rows.clone().to_dicts()
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
    os.truncate(path, 100)
    assert study.subject_rows.to_dicts() == before


def test_one_file_of_a_folder_is_watched_with_those_beside_it(folder):
    study = open_study(str(folder / "adlb.csv"))
    assert study.fingerprint == fingerprint(folder)
