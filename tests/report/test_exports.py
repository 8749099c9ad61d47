"""Files for office programs: what stands in them, and the command that writes them."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile

import openpyxl
import pytest

from tui.errors import TrialdeckError
from tui.report import provenance
from tui.report.exports import EXPORTS
from tui.report.formats import flat_rows
from tui.report.tables import tables_of
from tui.report.visible import visible

from .office import Page, answer, is_balanced, read, rtf, workbook

KINDS = ("arms", "baseline", "visits", "tests", "events", "incidence", "study", "notes")


@pytest.mark.parametrize("kind", KINDS)
def test_a_workbook_has_every_table_as_it_is_printed(kind: str):
    book, tables = workbook(answer(kind)), tables_of(answer(kind))
    assert book.sheetnames == [
        *(f"Table {number}" for number in range(1, len(tables) + 1)),
        *(["Chart"] if kind == "visits" else []),
        "Rows",
        "Provenance",
    ]
    for number, table in enumerate(tables, 1):
        sheet = book[f"Table {number}"]
        first = 3 + any(column.group for column in table.columns)
        for place, row in enumerate(table.rows):
            for at, text in enumerate(row):
                cell = sheet.cell(first + place, at + 1)
                assert printed(cell) == text.strip()


def printed(cell: object) -> str:
    """What Excel shows of a cell: a number with the decimals of its format."""
    if cell.value is None or isinstance(cell.value, str):
        return cell.value or ""
    decimals = len(cell.number_format.partition(".")[2])
    return f"{cell.value:.{decimals}f}"


@pytest.mark.parametrize("kind", KINDS)
def test_a_workbook_has_the_rows_unrounded_with_the_decimals_that_are_printed(kind: str):
    fields, rows = flat_rows(answer(kind))
    sheet = workbook(answer(kind))["Rows"]
    head, *body = sheet.iter_rows(values_only=True)
    assert list(head) == fields
    for row, cells in zip(rows, body, strict=True):
        for name, value in zip(fields, cells, strict=True):
            expected = row.get(name)
            if isinstance(expected, float):
                assert value == pytest.approx(expected, rel=1e-14)
            else:
                assert value == (
                    visible(expected) or None if isinstance(expected, str) else expected
                )


def test_an_unrounded_number_is_shown_as_it_is_printed():
    fields, _ = flat_rows(answer("visits"))
    sheet = workbook(answer("visits"))["Rows"]
    formats = {name: sheet.cell(9, at).number_format for at, name in enumerate(fields, 1)}
    assert formats["mean"] == formats["lsmean_upper"] == "0.00"
    assert formats["p"] == "0.0000"
    assert formats["n"] == "General"


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_html_has_every_cell_and_fetches_nothing(kind: str):
    one = answer(kind)
    page = Page(EXPORTS[".html"](one))
    tables = tables_of(one)
    for table, rows in zip(tables, page.tables, strict=False):
        body = rows[-len(table.rows) :]
        assert body == [[visible(cell).strip() for cell in row] for row in table.rows]
    assert len(page.tables) == len(tables) + bool(one.funnel)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "a", "object"}
    assert not any(name in ("src", "href") for _, attributes in page.tags for name in attributes)


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_of_rtf_has_every_cell_on_pages_with_titles(kind: str):
    one, text = answer(kind), rtf(answer(kind))
    assert is_balanced(text)
    shown = read(text)
    for table in tables_of(one):
        for row in table.rows:
            assert "|".join(visible(cell).strip() for cell in row) in shown
    pages = text.count("\\page{") + 1
    assert shown.count(provenance.in_force(one)) == pages >= len(tables_of(one))
    assert len(re.findall(r"\\paperw15840\\paperh12240\\landscape", text)) == pages


@pytest.mark.parametrize("suffix", [".html", ".rtf", ".xlsx"])
def test_every_file_says_how_its_figures_came_about(suffix: str):
    one = answer("visits")
    if suffix == ".xlsx":
        sheet = workbook(one)["Provenance"]
        said = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    elif suffix == ".html":
        said = Page(EXPORTS[suffix](one)).text
    else:
        said = read(rtf(one))
    assert provenance.warning(one) in said
    for text in (one.study.title, one.title, one.method.formula, str(one.selection), *one.notes):
        assert text in said
    assert all(step.step in said for step in one.funnel)


def test_a_long_listing_of_rtf_repeats_its_titles_and_headings_on_every_page():
    log = answer("events")
    text = rtf(dataclasses.replace(log, rows=log.rows * 5))
    pages = text.count("\\page{") + 1
    assert pages > 10
    shown = read(text)
    assert shown.count("Adverse events by day of onset") == pages
    assert shown.count("Severity|Ser.|Related") == pages
    assert shown.count("Program: trialdeck") == 1


def test_more_rows_than_rtf_takes_are_refused_with_what_to_do():
    log = answer("events")
    with pytest.raises(TrialdeckError, match="rows are too many for RTF, which takes 5,000"):
        EXPORTS[".rtf"](dataclasses.replace(log, rows=log.rows * 200))


def test_a_workbook_holds_no_clock_so_that_the_same_answer_gives_the_same_bytes():
    content = EXPORTS[".xlsx"](answer("visits"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        dates = re.findall(r"\b20\d\d-\d\d-\d\d", archive.read("docProps/core.xml").decode())
    assert not dates


# -- the command


def test_show_writes_the_form_that_the_files_name_says(here, tmp_path):
    for suffix in EXPORTS:
        path = tmp_path / f"visits{suffix}"
        run = here("show", "visits", "--visits", "8", "--output", path)
        assert (run.status, run.out, run.err) == (0, f"written to {path}\n", "")
        assert path.stat().st_mode & 0o777 == 0o600
    sheet = openpyxl.load_workbook(tmp_path / "visits.xlsx")["Table 1"]
    assert sheet["A1"].value == "Hemoglobin A1c (%) by visit and arm"


def test_show_never_writes_over_a_file(here, tmp_path):
    path = tmp_path / "arms.csv"
    path.write_text("old", encoding="utf-8")
    run = here("show", "arms", "--output", path)
    assert (run.status, run.out) == (2, "")
    assert run.err == "trialdeck: arms.csv is there already; choose another name.\n"
    assert path.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("name", ["table.pdf", "table", "view.svg", ".csv"])
def test_a_name_that_says_no_form_is_refused_before_the_study_is_read(here, tmp_path, name):
    run = here("show", "visits", tmp_path / "no study", "--output", tmp_path / name)
    assert run.status == 2
    assert run.err == (
        "trialdeck: The file's name has to end in .csv, .md, .json, .txt, .xlsx, .html or .rtf.\n"
    )


def test_a_format_and_a_files_name_are_not_given_together(here, tmp_path):
    run = here("show", "visits", "--format", "csv", "--output", tmp_path / "a.md")
    assert run.status == 2
    assert "not allowed with argument" in run.err
