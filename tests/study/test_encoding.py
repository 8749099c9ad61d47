"""The code page of files that do not state theirs: it is said, and never guessed."""

from __future__ import annotations

import os

import pytest

from tui import engine
from tui.analyses.answer import Question
from tui.browser import child
from tui.study.formats.encoding import COMMON, check
from tui.study.open import open_study

SUBJECTS = "USUBJID,TRT01P,PLACE\n1,Placebo,Zürich\n2,Drug,Köln\n"
FINDINGS = "USUBJID,PARAMCD,PARAM,AVISITN,AVAL\n1,X,Größe,0,1.5\n2,X,Größe,0,2.5\n"


@pytest.fixture
def folder(tmp_path):
    """A study whose two files are in two code pages."""
    (tmp_path / "adsl.csv").write_bytes(SUBJECTS.encode("windows-1252"))
    (tmp_path / "adx.csv").write_bytes(FINDINGS.encode("mac-roman"))
    return tmp_path


def say(folder, text):
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder


def texts(study):
    return study.subject_rows["PLACE"].to_list(), study.endpoints[0].label


@pytest.mark.parametrize("name", [*COMMON, "latin-1", "cp1252", "utf-8", "MacRoman", "euc_jp"])
def test_an_encoding_of_text_in_which_ascii_is_ascii_can_be_said(name):
    check(name)


NO_TEXT = ("rot13", "base64", "hex", "unicode_escape", "raw_unicode_escape", "punycode", "idna")
NO_ASCII = ("utf-16", "utf-32", "utf-7", "cp037", "hz", "iso2022_jp", "undefined")


@pytest.mark.parametrize("name", ["", "nonsense", "a\0b", "é", *NO_TEXT, *NO_ASCII])
def test_any_other_is_refused_with_the_common_ones(name):
    with pytest.raises(Exception, match="is no encoding that extends ASCII") as error:
        check(name)
    assert str(error.value).endswith("common ones are " + ", ".join(COMMON[:-1]) + " or euc-kr.")


def test_a_study_says_the_code_page_of_all_files_and_of_one(folder):
    say(folder, 'encoding = "windows-1252"\n[datasets.adx]\nencoding = "mac-roman"\n')
    study = open_study(str(folder))
    assert texts(study) == (["Zürich", "Köln"], "Größe")
    said = " ".join(study.remarks)
    assert "adsl.csv: Its text is not all UTF-8, and it states no code page: it is read" in said
    assert "it is read as mac-roman, as --encoding or study.toml says." in said
    assert [one.stated for one in study.datasets] == [False, False]


def test_the_option_goes_before_what_the_study_says(folder):
    say(folder, 'encoding = "koi8-r"\n')
    (folder / "adx.csv").write_bytes(FINDINGS.encode())
    assert texts(open_study(str(folder), "windows-1252")) == (["Zürich", "Köln"], "Größe")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('encoding = "utf-16"', "study.toml: encoding: 'utf-16' is no encoding that extends ASCII"),
        ("encoding = 1252", "study.toml: encoding has to be the name of an encoding."),
        (
            '[datasets.adx]\nencoding = "x"',
            "study.toml: datasets.adx.encoding: 'x' is no encoding that extends ASCII",
        ),
    ],
)
def test_what_study_toml_cannot_mean_is_one_sentence_with_its_place(folder, trialdeck, text, said):
    run = trialdeck("show", "study", say(folder, text))
    assert (run.status, run.out) == (2, "")
    assert run.err.startswith(f"trialdeck: {said}")
    assert run.err.count("\n") == 1


def test_describe_keeps_what_was_said_and_its_file_opens_the_study(folder, trialdeck):
    say(folder, '[datasets.adx]\nencoding = "mac-roman"\n')
    run = trialdeck("describe", folder, "--encoding=windows-1252")
    assert run.status == 0
    (folder / "adx.csv").write_bytes(FINDINGS.encode("mac-roman"))
    # The option went before study.toml, so that only the one is right for both files.
    assert 'encoding = "windows-1252"' in run.out
    assert 'encoding = "mac-roman"' in run.out
    study = open_study(str(say(folder, run.out)))
    assert texts(study) == (["Zürich", "Köln"], "Größe")


def test_a_command_says_it_too(folder):
    line = Question("visits").command(str(folder), "windows-1252")
    assert line == f"trialdeck show visits {folder} --encoding windows-1252"


@pytest.mark.parametrize("encoding", ["windows-1252", None])
def test_the_browsers_engine_is_told_it(folder, encoding):
    (folder / "adx.csv").write_bytes(FINDINGS.encode("windows-1252"))
    process = child.spawned(str(folder))
    os.write(process.questions, engine.frame(engine.Opening(str(folder), encoding)))
    frames, replies = engine.Frames(), []
    while not replies:
        replies = frames.feed(os.read(process.answers, 1 << 16))
    process.stop()
    (reply,) = replies
    if encoding:
        assert (reply.slot, reply.error) == ("data", None)  # it is open
    else:
        assert "has the byte 0xFC, which is not UTF-8" in reply.error
