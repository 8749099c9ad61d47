"""An answer as one page of HTML: tables, and below them their provenance; nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from tui.analyses.answer import Answer
from tui.report import provenance
from tui.report.table import Column, Table
from tui.report.tables import tables_of
from tui.report.visible import visible

# `unicode-bidi` keeps a cell of Hebrew or Arabic from turning its neighbors around.
_STYLE = """
body { font: 14px/1.4 sans-serif; color: #111; background: #fff; margin: 2em }
h1 { font-size: 1.3em; margin: 0 }
.reconstruction { font-weight: bold }
table { border-collapse: collapse; margin: 1.5em 0; font-variant-numeric: tabular-nums }
caption { text-align: left; font-weight: bold; padding: .3em 0 }
th, td { padding: .15em .8em; text-align: left; vertical-align: top; unicode-bidi: isolate;
  overflow-wrap: break-word; max-width: 40em }
th { font-weight: normal }
thead { border-top: 1px solid; border-bottom: 1px solid }
thead th[colspan] { border-bottom: 1px solid #999; text-align: center }
tbody { border-bottom: 1px solid }
tbody + tbody { border-top: 1px solid #ccc }
.number { text-align: right; white-space: nowrap }
.marked { font-weight: bold }
dl { display: grid; grid-template-columns: max-content auto; gap: .1em 1em }
dd { margin: 0; overflow-wrap: anywhere }
@media print { @page { size: landscape } body { font-size: 9pt; margin: 0 }
  thead { display: table-header-group } tr { break-inside: avoid } }
"""


def render(answer: Answer) -> str:
    """The whole page."""
    from tui.report import svg  # the browser loads this module before its first screen

    title = _shown(f"{answer.title} - {answer.study.id}")
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            # Even if something were to slip through: no script runs and nothing is fetched.
            '<meta http-equiv="Content-Security-Policy" '
            "content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>{title}</title>",
            f"<style>{_STYLE}</style>",
            "</head>",
            "<body>",
            *_head(answer),
            svg.figure(answer),
            *(line for table in tables_of(answer) for line in _table(table, answer.title)),
            *_foot(answer),
            "</body>",
            "</html>",
            "",
        ]
    )


def _head(answer: Answer) -> Iterator[str]:
    yield f"<p>{_shown(provenance.study_line(answer))}</p>"
    if provenance.warning(answer):
        yield f'<p class="reconstruction">{_shown(provenance.warning(answer))}</p>'
    yield f"<h1>{_shown(answer.title)}</h1>"
    yield f"<p>{_shown(provenance.in_force(answer))}</p>"


def _foot(answer: Answer) -> Iterator[str]:
    if answer.funnel:
        columns = tuple(
            Column(name, name, "left" if name == "Rule" else "right") for name in provenance.FUNNEL
        )
        yield from _table(Table("Records", columns, tuple(provenance.funnel_rows(answer))), "")
    yield "<dl>"
    for name, text in provenance.lines(answer):
        yield f"<dt>{_shown(name)}</dt><dd>{_shown(text)}</dd>"
    yield "</dl>"


def _table(table: Table, above: str) -> Iterator[str]:
    """A table, with its title unless that stands above it already."""
    yield "<table>"
    if table.title != above:
        yield f"<caption>{_shown(table.title)}</caption>"
    if any(column.header or column.group for column in table.columns):
        yield "<thead>"
        if any(column.group for column in table.columns):
            yield _groups(table.columns)
        yield "<tr>" + "".join(_heading(column) for column in table.columns) + "</tr>"
        yield "</thead>"
    yield "<tbody>"
    for place, row in enumerate(table.rows):
        if place and place in table.blocks:
            yield "</tbody>\n<tbody>"
        yield "<tr>" + "".join(_cells(table, place, row)) + "</tr>"
    if not table.rows:
        yield f'<tr><td colspan="{len(table.columns)}">(none)</td></tr>'
    yield "</tbody>\n</table>"
    if table.marked:
        yield f"<p>{_shown(table.legend)}</p>"


def _groups(columns: Sequence[Column]) -> str:
    parts = []
    for group, members in groupby(columns, key=lambda column: column.group):
        width = len(list(members))
        parts.append(
            f'<th colspan="{width}" scope="colgroup">{_shown(group)}</th>'
            if group
            else "<td></td>" * width
        )
    return f"<tr>{''.join(parts)}</tr>"


def _heading(column: Column) -> str:
    kind = ' class="number"' if column.align == "right" else ""
    return f'<th scope="col"{kind}>{_shown(column.header)}</th>'


def _cells(table: Table, place: int, row: tuple[str, ...]) -> Iterator[str]:
    named = min(table.fixed, len(row) - 1)
    for at, (column, text) in enumerate(zip(table.columns, row, strict=True)):
        kinds = ["number"] if column.align == "right" else []
        kinds += ["marked"] if (place, at) in table.marked else []
        kind = f' class="{" ".join(kinds)}"' if kinds else ""
        tag, scope = ("th", ' scope="row"') if at < named else ("td", "")
        yield f"<{tag}{scope}{kind}>{escape(visible(text).strip())}</{tag}>"


def _shown(text: str) -> str:
    return escape(visible(text))
