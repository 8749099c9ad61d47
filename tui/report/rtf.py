"""An answer as RTF, laid out as the tables of a submission: landscape, Courier New, 9 points.

Titles, headings and page numbers stand on every page; the method, the population, the funnel and
the notes stand as footnotes at the end. rtflite does the layout (MIT, pharmaverse; the Python
counterpart of Merck's r2rtf).
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from tui.analyses.answer import Answer
from tui.errors import TrialdeckError
from tui.report import provenance
from tui.report.cells import fitting
from tui.report.table import Table
from tui.report.tables import tables_of

if TYPE_CHECKING:
    import rtflite

COURIER = 9
"""The number of Courier New in rtflite's table of fonts."""

POINTS = 9

LINES = 34
"""Lines of a page below its titles: 8.5 in high, margins of 1 and 0.75, some 0.16 in a line."""

MOST = 5_000
"""Rows of a document: rtflite takes 10 s for so many of twelve columns."""

_WIDEST = 30  # characters; a column of longer text is given no more of the page


def render(answer: Answer) -> bytes:
    """The document, all of it ASCII.

    Raises:
        TrialdeckError: when it has more rows than can be laid out in some seconds.
    """
    import rtflite as rtf

    tables = [table for table in tables_of(answer) if table.rows]
    count = sum(len(table.rows) for table in tables)
    if count > MOST:
        raise TrialdeckError(
            f"{count:,} rows are too many for RTF, which takes {MOST:,}: select fewer, or write "
            "another format."
        )
    document = rtf.RTFDocument(
        df=[_frame(table) for table in tables] or [_frame(_NOTHING)],
        rtf_page=rtf.RTFPage(
            orientation="landscape",
            margin=[0.75, 0.75, 1.0, 0.75, 0.5, 0.5],
            col_width=9.5,
            nrow=LINES,
            border_first="single",
            border_last="single",
        ),
        rtf_page_header=rtf.RTFPageHeader(text_font=[COURIER], text_font_size=[POINTS]),
        rtf_title=rtf.RTFTitle(
            text=[escaped(line) for line in _titles(answer)],
            text_space_before=[0],
            text_space_after=[90],
            **_plain(),
        ),
        rtf_column_header=[_headings(table, answer) for table in tables or [_NOTHING]],
        rtf_body=[_body(table) for table in tables or [_NOTHING]],
        rtf_footnote=rtf.RTFFootnote(
            text=[escaped(line) for line in _footnotes(answer, tables)], as_table=False, **_plain(2)
        ),
    )
    return document.rtf_encode().encode("ascii")


_NOTHING = Table("", (), (("(none)",),))


def _titles(answer: Answer) -> list[str]:
    lines = [provenance.study_line(answer), answer.title, provenance.in_force(answer)]
    return [*lines, *([provenance.warning(answer)] if provenance.warning(answer) else [])]


def _footnotes(answer: Answer, tables: list[Table]) -> list[str]:
    legends = dict.fromkeys(table.legend for table in tables if table.marked)
    funnel = "; ".join(
        f"{step}: {rows} rows, {subjects} subjects"
        for rows, _, subjects, step in provenance.funnel_rows(answer)
    )
    named = [f"{name}: {text}" for name, text in provenance.lines(answer)]
    return [*legends, *([f"Records: {funnel}"] if funnel else []), *named]


def _headings(table: Table, answer: Answer) -> list[rtflite.RTFColumnHeader]:
    """The table's title, the headings over several columns, and the columns' own."""
    widths = _widths(table)
    made = []
    if table.title not in ("", answer.title):
        made.append(_heading([table.title], [sum(widths)], ["l"]))
    if any(column.group for column in table.columns):
        texts, spans, start = [], [], 0
        for group, members in groupby(table.columns, key=lambda column: column.group):
            end = start + len(list(members))
            texts.append(group)
            spans.append(sum(widths[start:end]))
            start = end
        made.append(_heading(texts, spans, ["c"] * len(texts)))
    if any(column.header for column in table.columns):
        headers = [column.header for column in table.columns]
        made.append(_heading(headers, widths, _sides(table)))
    return made


def _heading(texts: list[str], widths: list[int], sides: list[str]) -> rtflite.RTFColumnHeader:
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
        **_plain(),
    )


def _body(table: Table) -> rtflite.RTFBody:
    import rtflite as rtf

    return rtf.RTFBody(
        col_rel_width=_widths(table),
        text_justification=[_sides(table)],
        border_left=[[""]],
        border_right=[[""]],
        **_plain(2),
    )


def _frame(table: Table) -> Any:
    import polars as pl

    rows = [[escaped(cell.strip()) for cell in row] for row in table.rows]
    names = [f"column {place}" for place in range(len(rows[0]))]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _widths(table: Table) -> list[int]:
    """Parts of the page's width, by the longest text of each column."""
    texts = zip(*table.rows, strict=True)
    longest = [max(map(len, column)) for column in texts]
    heads = [len(column.header) for column in table.columns] or [0]
    return [min(max(both) + 2, _WIDEST) for both in zip(longest, heads, strict=True)]


def _sides(table: Table) -> list[str]:
    return [column.align[0] for column in table.columns] or ["l"]


def _plain(depth: int = 1) -> dict[str, Any]:
    """The font; and texts are left as they are: rtflite would take `\\alpha` and `^` for markup."""
    settings = {"text_font": COURIER, "text_font_size": POINTS, "text_convert": False}
    return {name: [value] if depth == 1 else [[value]] for name, value in settings.items()}


def escaped(text: str) -> str:
    r"""Text in which nothing acts as RTF, in ASCII; rtflite leaves both to its caller.

    A character beyond ASCII is `\uN?`, N a signed 16-bit unit of UTF-16 (RTF 1.9.1, Unicode RTF).

    Example:
        >>> escaped("{a\\b} \u00b5")
        '\\{a\\\\b\\} \\u181?'
    """
    shown = fitting(text)
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
