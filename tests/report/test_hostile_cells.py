"""Whatever stands in the data is text in every file, and nothing that acts."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re

import pytest

from tui.analyses.answer import Answer
from tui.report.cells import MOST, fitting, guarded
from tui.report.exports import EXPORTS
from tui.report.formats import flat_rows
from tui.report.visible import visible

from .office import Page, answer, is_balanced, read, rtf, workbook

HOSTILE = {
    "an escape sequence": "\x1b]0;title\x07\x1b[31mred",
    "a C1 control": "a\x9b31m",
    "a NUL": "a\x00b",
    "a bidirectional override": "\u202e12\u202c",
    "markup": "<script>alert('1')</script><b>&amp;",
    "Markdown": "|a|`b`*_[x](http://x.y)",
    "RTF": "}{\\b bold}\\par\\'41\\u65?\\cell\\row{\\object",
    "Excel's own escape": "_x0041_",
    "a formula": "=1+1",
    "a command": "+cmd|' /C calc'!A0",
    "a function": "@SUM(1+1)",
    "a minus": "-2+3",
    "a tab before a formula": "\t=1+1",
    "a line end before a formula": "\r\n=1+1",
    "a wide formula": "＝1+1",
    "a link": "https://example.org/?a=1",
    "wide and combining": "\u6f22\u5b57 e\u0301 \U0001f600 µ±é",
    "half a character": "a\udc80b",
}


def hostile(*texts: str) -> Answer:
    """The log of one event for each text, which stands in all that can hold a text."""
    log = answer("events")
    rows = tuple(
        dataclasses.replace(log.rows[0], term=text, arm=log.rows[0].arm, outcome=text)
        for text in texts
    )
    study = dataclasses.replace(log.study, title=texts[0], statement=texts[0])
    return dataclasses.replace(log, rows=rows, study=study, title=f"{texts[0]}.", notes=(texts[0],))


def test_a_code_that_looks_like_a_number_stays_as_it_is():
    sheet = workbook(hostile("007", "12345678901234567890", "1e5", "8.20"))["Rows"]
    at = [cell.value for cell in sheet[1]].index("term")
    assert [row[at].value for row in sheet.iter_rows(min_row=2)] == [
        "007", "12345678901234567890", "1e5", "8.20",
    ]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_in_a_workbook_text_stays_text(text: str):
    book = workbook(hostile(text))
    at = [cell.value for cell in book["Rows"][1]].index("term")
    assert book["Rows"].cell(2, at + 1).value == visible(text).strip()
    for sheet in book:
        for row in sheet.iter_rows():
            assert not any(cell.data_type == "f" or cell.hyperlink for cell in row)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_in_html_text_stays_text(text: str):
    plain, page = Page(EXPORTS[".html"](hostile("x"))), Page(EXPORTS[".html"](hostile(text)))
    assert page.tags == plain.tags
    assert visible(text).strip() in page.tables[0][1]
    assert visible(text) in page.text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_in_rtf_text_stays_text(text: str):
    plain, document = rtf(hostile("x")), rtf(hostile(text))
    assert is_balanced(document)
    assert control_words(document) == control_words(plain)
    assert f"|{visible(text).strip()}|" in read(document)


def control_words(document: str) -> list[str]:
    """The control words but for characters, and for widths, which follow the texts."""
    words = re.findall(r"\\(?:([a-z]+)-?\d*|.)", document)
    return [word for word in words if word not in ("", "u", "uc")]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
@pytest.mark.parametrize("suffix", [".csv", ".md", ".txt", ".json", ".html"])
def test_no_file_of_text_acts_on_a_terminal(suffix: str, text: str):
    content = EXPORTS[suffix](hostile(text))
    assert isinstance(content, str)
    assert visible(content.replace("\n", "")) == content.replace("\n", "")
    content.encode("utf-8")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_json_holds_the_data_as_they_are(text: str):
    assert json.loads(EXPORTS[".json"](hostile(text)))["rows"][0]["term"] == text


def test_a_spreadsheet_takes_no_formula_from_csv():
    rows = list(csv.DictReader(io.StringIO(EXPORTS[".csv"](hostile(*HOSTILE.values())))))
    terms = dict(zip(HOSTILE, (row["term"] for row in rows), strict=True))
    for name in ("a formula", "a command", "a function", "a minus", "a wide formula"):
        assert terms[name] == f"'{HOSTILE[name]}"
    assert not any(term.lstrip()[0] in "=+-@＝\t\r" for term in terms.values())
    assert terms["a link"] == HOSTILE["a link"]


def test_numbers_of_csv_are_numbers():
    assert [guarded(one) for one in (-0.41, "-0.41", "-", "8.28", None, True)] == [
        -0.41, "-0.41", "'-", "8.28", None, True,
    ]  # fmt: skip
    written = csv.DictReader(io.StringIO(EXPORTS[".csv"](answer("visits"))))
    _, rows = flat_rows(answer("visits"))
    for row, expected in zip(written, rows, strict=True):
        assert row["difference"] == str(
            "" if expected["difference"] is None else expected["difference"]
        )


def test_a_megabyte_in_a_cell_is_cut_where_a_cell_ends_and_says_so():
    text = "word \u6f22 " * 150_000
    one = hostile(text, "next")
    assert len(fitting(text)) == MOST
    for shown in (workbook(one)["Rows"]["E2"].value, read(rtf(one))):
        assert "… (cut here, of 1,0" in shown
    page = Page(EXPORTS[".html"](one))
    assert text.strip() in page.tables[0][1]
    assert text in EXPORTS[".csv"](one)
