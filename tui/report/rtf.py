"""An answer as RTF, laid out as the tables of a submission: landscape, Courier New, 9 points.

Titles, headings and page numbers stand on every page; the method, the population, the funnel and
the notes stand as footnotes at the end. rtflite does the layout (MIT, pharmaverse; the Python
counterpart of Merck's r2rtf).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tui.analyses.answer import Answer
from tui.errors import TrialdeckError
from tui.report import cells, provenance, rtf_pages
from tui.report.rtf_pages import Page
from tui.report.table import Column, Table
from tui.report.tables import tables_of

if TYPE_CHECKING:
    import rtflite

COURIER = 9
"""The number of Courier New in rtflite's table of fonts."""

MOST = 5_000
"""Rows of a document: rtflite takes 10 s for so many of twelve columns."""


def render(answer: Answer) -> bytes:
    """The document, all of it ASCII.

    Raises:
        TrialdeckError: when it has more rows than can be laid out in some seconds.
    """
    tables = tables_of(answer)
    count = sum(len(table.rows) for table in tables)
    if count > MOST:
        raise TrialdeckError(
            f"{count:,} rows are too many for RTF, which takes {MOST:,}: select fewer, or write "
            "another format."
        )
    first, *others = [page for table in tables for page in _pages(table, answer)]
    # Each page is a document of its own. It repeats the page's settings after its fonts; what
    # stands before them, and the brace that ends it, are written once.
    pages = [first, *(one[one.index(_SETTINGS) :] for one in others)]
    return (_BREAK.join(one.rstrip().removesuffix("}") for one in pages) + "}\n").encode("ascii")


# With empty paragraphs of one point: after a row alone it would be taken as part of the table.
_BREAK = "{\\pard\\fs2\\par}\\page{\\pard\\fs2\\par}\n"

_SETTINGS = "\\paperw"

_NUMBER = "\\f8\\fs18 "  # a field has a font of its own: again Courier New of 9 points

_PAGE = rf"Page {{\field{{\*\fldinst PAGE}}{{\fldrslt {_NUMBER}1}}}} of " + (
    rf"{{\field{{\*\fldinst NUMPAGES}}{{\fldrslt {_NUMBER}1}}}}"
)


def _pages(table: Table, answer: Answer) -> Iterator[str]:
    """The pages of a table, which begins a new one."""
    if not table.rows:
        table = Table(table.title, (Column("", "", "left"),), (("(none)",),))
    rows = tuple(tuple(cells.fitting(cell).strip() for cell in row) for row in table.rows)
    table = replace(table, rows=rows)
    titles, footnotes = _titles(table, answer), _footnotes(table, answer)
    for page in rtf_pages.pages(table, titles, footnotes):
        yield _document(table, page, titles, footnotes if page.last else [])


def _document(table: Table, page: Page, titles: list[str], footnotes: list[str]) -> str:
    import rtflite as rtf

    document = rtf.RTFDocument(
        df=_frame(page),
        rtf_page=rtf.RTFPage(
            orientation="landscape",
            margin=[0.75, 0.75, 0.85, 0.5, 0.45, 0.4],
            col_width=rtf_pages.WIDTH,
            nrow=10_000,  # it is one page already
            border_first="single",
            border_last="single",
        ),
        rtf_page_header=rtf.RTFPageHeader(text=_PAGE, **_plain()),
        rtf_title=rtf.RTFTitle(
            text=[escaped(line) for line in titles],
            text_space_before=[0],
            text_space_after=[90],
            **_plain(),
        ),
        rtf_column_header=_headings(table, page),
        rtf_body=rtf.RTFBody(
            as_colheader=any(column.header for column in table.columns),
            col_rel_width=list(page.widths),
            text_justification=[_sides(table)],
            border_left=[[""]],
            border_right=[[""]],
            **_plain(page.size, 2),
        ),
        rtf_footnote=rtf.RTFFootnote(
            text=[escaped(line) for line in footnotes], as_table=False, **_plain(depth=2)
        )
        if footnotes
        else None,
    )
    return str(document.rtf_encode())


def _titles(table: Table, answer: Answer) -> list[str]:
    own = [table.title] if table.title not in ("", answer.title) else []
    warning = [provenance.warning(answer)] if provenance.warning(answer) else []
    title = [provenance.study_line(answer), answer.title]
    return [*title, *own, provenance.in_force(answer), *warning]


def _footnotes(table: Table, answer: Answer) -> list[str]:
    legend = [table.legend] if table.marked else []
    funnel = "; ".join(
        f"{step}: {rows} rows, {subjects} subjects"
        for rows, _, subjects, step in provenance.funnel_rows(answer)
    )
    named = [f"{name}: {text}" for name, text in provenance.lines(answer)]
    return [*legend, *([f"Records: {funnel}"] if funnel else []), *named]


def _headings(table: Table, page: Page) -> list[rtflite.RTFColumnHeader]:
    """The headings over several columns, and the columns' own."""
    widths, size, made = list(page.widths), page.size, []
    if any(column.group for column in table.columns):
        texts, spans, start = [], [], 0
        for group, members in groupby(table.columns, key=lambda column: column.group):
            end = start + len(list(members))
            texts.append(group)
            spans.append(sum(widths[start:end]))
            start = end
        made.append(_heading(texts, spans, ["c"] * len(texts), size))
    if any(column.header for column in table.columns):
        headers = [column.header for column in table.columns]
        made.append(_heading(headers, widths, _sides(table), size))
    return made


def _heading(
    texts: list[str], widths: list[int], sides: list[str], size: int
) -> rtflite.RTFColumnHeader:
    import rtflite as rtf

    rules = ["single"] * len(texts)
    return rtf.RTFColumnHeader(
        text=[escaped(text) for text in texts],
        col_rel_width=widths,
        text_justification=[sides],
        border_left=[""],
        border_right=[""],
        border_top=rules,
        border_bottom=rules,
        **_plain(size),
    )


def _frame(page: Page) -> Any:
    import polars as pl

    rows = [[escaped(cell) for cell in row] for row in page.rows]
    names = [f"column {place}" for place in range(len(rows[0]))]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _sides(table: Table) -> list[str]:
    return [column.align[0] for column in table.columns]


def _plain(size: int = rtf_pages.SIZES[0], depth: int = 1) -> dict[str, Any]:
    r"""The font; and texts are left as they are, not looked through for `\alpha` and `^`."""
    settings = {"text_font": COURIER, "text_font_size": size, "text_convert": False}
    return {name: [value] if depth == 1 else [[value]] for name, value in settings.items()}


def escaped(text: str) -> str:
    r"""Text in which nothing acts as RTF, in ASCII; rtflite leaves both to its caller.

    A character beyond ASCII is `\uN?`, N a signed 16-bit unit of UTF-16 (RTF 1.9.1, Unicode RTF).

    Example:
        >>> escaped("{a\\b} \u00b5")
        '\\{a\\\\b\\} \\u181?'
    """
    shown = cells.fitting(text)
    for character in "\\{}":
        shown = shown.replace(character, f"\\{character}")
    return shown if shown.isascii() else "".join(map(_unit, shown))


def _unit(character: str) -> str:
    if character.isascii():
        return character
    code = character.encode("utf-16-le")
    units = (
        int.from_bytes(code[at : at + 2], "little", signed=True) for at in range(0, len(code), 2)
    )
    return "".join(f"\\u{unit}?" for unit in units)
