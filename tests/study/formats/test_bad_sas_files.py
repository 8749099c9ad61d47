"""A malformed SAS file is one sentence on standard error and exit status 2, in real processes."""

from __future__ import annotations

import shutil

import pytest

READABLE = ("derived_latin1_byte.xpt",)
"""Opens, with its letters: what is bad about it is that it does not name its code page."""


@pytest.mark.parametrize("folder", ["xpt_bad", "sas7bdat_bad"])
def test_a_bad_file_is_one_sentence_and_leaves_nothing_behind(shared, trialdeck, tmp_path, folder):
    for path in shared(folder):
        if path.name in READABLE:
            continue
        place = tmp_path / path.stem
        place.mkdir()
        copy = shutil.copy(path, place)
        run = trialdeck("show", "study", copy)
        assert (run.status, run.out) == (2, "")
        assert run.err.startswith("trialdeck: ")
        assert path.name in run.err
        assert run.err.count("\n") == 1
        assert [one.name for one in place.iterdir()] == [path.name]


def test_a_file_in_another_code_page_opens(shared, trialdeck, tmp_path):
    (path,) = (one for one in shared("xpt_bad") if one.name in READABLE)
    run = trialdeck("show", "study", shutil.copy(path, tmp_path), "--format", "json")
    assert (run.status, run.err) == (0, "")


def test_the_cookie_file_is_whole_and_has_its_rows(shared, read):
    """It has broken readers, but all that were measured agree on it; it only is no study."""
    (path,) = (one for one in shared("sas7bdat_bad") if "cookie" in one.name)
    (found,) = read(path)
    assert found.frame.shape == (54, 29)
    assert found.frame.row(0)[:3] == (13.8, 2.2, 3.4)
