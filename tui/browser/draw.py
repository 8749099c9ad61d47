"""Drawing: puts a view and its answers on the widgets; what has not changed is left alone."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.browser import choices, status
from tui.browser.arrangement import arranged
from tui.browser.columns import fit
from tui.browser.lines import Document, Line, Run
from tui.browser.palette import Palette
from tui.browser.pane import Body, Pane
from tui.browser.panes import arms, events, visits
from tui.browser.panes.glyphs import with_glyphs
from tui.browser.places import LEAST, TOO_SMALL, is_too_small
from tui.browser.table import TableView
from tui.browser.view import TABLE_PAGES
from tui.report.table import Table
from tui.report.tables import tables_of
from tui.report.visible import visible

if TYPE_CHECKING:
    from tui.browser.app import Browser

_TITLES = {"arms": "Arms", "visits": "Visits", "trends": "Trends", "events": "Adverse events"}


_ABOUT_NOTE = 10
"""Lines above the table of notes for the one at the cursor."""

_BESIDES = 9
"""Lines that such a text leaves: three above, its title, two below, and three for the table."""


def dress(app: Browser, palette: Palette) -> None:
    """Shows everything with another palette."""
    app.palette = palette
    app.has_color = palette.has_color
    for widget in app.query("Line, Document, TableView"):
        assert isinstance(widget, Line | Document | TableView)
        widget.palette = palette
        widget.refresh()
    app.drawn.clear()


def _too_small(app: Browser) -> None:
    """Says in the place of everything that there is no room for it."""
    if not is_too_small(app.size):
        return
    width, height = app.size
    said = f"{width}x{height} is too small: trialdeck needs {LEAST[0]}x{LEAST[1]}. q leaves."
    there = app.query(f"#{TOO_SMALL}")
    cover = there.first(Document) if there else Document(app.palette, id=TOO_SMALL)
    cover.show([[(line, None)] for line in textwrap.wrap(said, max(1, width))])
    if not there:
        app.mount(cover)


def layout(app: Browser) -> None:
    """Which panes or page are there."""
    view = app.view
    _too_small(app)
    table = view.page in TABLE_PAGES
    kind = "text and table" if table else "text" if view.page else ""
    if visits := app.answers.get("visits"):
        app.show(visits=len(visits.rows))
    app.show(
        pane=view.pane,
        alone=view.zoom or not app.wide,
        page="table" if app.prompting in choices.KINDS else kind,
        asks=bool(app.prompting),
    )


def headers(app: Browser) -> None:
    """The two lines above."""
    answer = app.answers.get("visits")
    runs = status.study_runs(answer, app.answers.get("notes"), app.palette, app.keymap)
    app.query_one("#study", Line).show(*runs)
    refused = app.errors.get("visits", "")
    lines = status.in_force_lines(answer, app.size.width, refused, app.keymap)
    app.query_one("#in-force", Line).show((lines[0], None))
    app.query_one("#in-force-more", Line).show((" | ".join(lines[1:]), None))
    app.show(in_force=min(2, len(lines)))


def panes(app: Browser) -> None:
    """The four panes, each from its answer."""
    view, answers = app.view, app.answers
    for name, pane in app.panes.items():
        title = _TITLES[name]
        if name in answers and name == "events":
            title = answers[name].title
        if app.shown.has(name):
            if name == "trends":
                _trends(app, pane)
            elif isinstance(pane.body, TableView):
                _show(app, name, pane.body, _pane_table(app, name))
        # Also of a pane that has not the keys: what it leaves out is never left unsaid.
        words = [title, *_arranged_words(app, name, pane.body)]
        pane.entitle("  ".join(words), active=name == view.pane)


def _pane_table(app: Browser, name: str) -> Table:
    """The table of a pane; made anew only where what it is made of is another."""
    answers = app.answers
    of = (answers.get(name), answers.get("visits") if name == "arms" else None)
    state = (*map(id, of), app.errors.get(name), app.view.columns, app.palette)
    kept = app.tables.get(name)
    if kept is None or kept[0] != state:
        # With the answers, whose identities would else be those of others one day.
        kept = app.tables[name] = state, of, _made_table(app, name)
    return kept[2]


def _made_table(app: Browser, name: str) -> Table:
    answers, palette = app.answers, app.palette
    if name not in answers:
        return Table(app.errors.get(name, "reading ..."), (), ())
    if name == "arms":
        return arms.table(answers["arms"], answers.get("visits"), palette)
    if name == "visits":
        return visits.table(answers["visits"], app.view.columns, palette)
    return events.table(answers["events"], palette)


def _trends(app: Browser, pane: Pane) -> None:
    assert isinstance(pane.body, Document)
    size = pane.body.size
    answer = app.answers.get("trends")
    if answer is None and "trends" in app.errors:
        app.drawn["trends"] = None
        pane.body.show([[(app.errors["trends"], None)]])
    if answer is None or not size.width:
        return
    state = (answer, size)
    if app.drawn.get("trends") != state:
        from tui.browser.panes import trends  # the charts are not loaded before the first table

        app.drawn["trends"] = state
        pane.body.show(trends.lines(answer, size.width, size.height, app.palette), keep=True)


def _show(app: Browser, name: str, body: TableView, table: Table, at: str = "") -> None:
    """A table that is on the screen already is not shown again; choices begin `at` one of them."""
    how = app.view.arrangement(_arranged_as(app, name))
    if app.drawn.get(name) != (table, how):
        app.drawn[name] = table, how
        count = len(table.rows)
        table, places = arranged(table, how, app.palette.ascii)
        if how.text and not places:
            key = app.keymap.hint("close")
            table = replace(table, title=f"{how.text!r} is in no row: {key} shows all")
        before = [one.key for one in body.table.columns]
        same = before == [one.key for one in table.columns]
        keep = (same or name == "visits") and app.prompting not in choices.KINDS
        names = [one[0] for one in table.rows] if at else []
        row = names.index(at) if at in names else 0
        body.show(table, keep=keep, row=row, places=places, of=count)
        if name == "visits" and before and not same:  # to the set of columns that is first now
            body.first_column()
            body.move(columns=table.fixed)


def _arranged_as(app: Browser, name: str) -> str:
    """The name under which the view says how a table is arranged; that of none for a picker."""
    if name == "page":
        return "" if app.prompting in choices.KINDS else app.view.page
    if name == "events" and name in app.answers:
        return app.answers[name].question.kind
    return name


def _arranged_words(app: Browser, name: str, body: Body) -> list[str]:
    """Which rows are kept, of how many, and what they are sorted by."""
    how = app.view.arrangement(_arranged_as(app, name))
    if not isinstance(body, TableView):
        return []
    headers = [one.header for one in body.table.columns if one.key == how.column]
    kept = [f"only {how.text!r}: {len(body.table.rows)} of {body.total}"] if how.text else []
    return [*kept, *(f"by {header}" for header in headers)]


def page(app: Browser) -> None:
    """The page over the panes, or the choices of a picker."""
    if not app.is_whole:
        return
    title = app.query_one("#page-title", Line)
    document = app.query_one("#page-text", Document)
    table = app.query_one("#page-table", TableView)
    picking = app.prompting in choices.KINDS
    if picking:
        title.show((f"Choose the {app.prompting}", app.palette.title))
        answer = app.answers.get("choices")
        typed = app.asking.text
        made = (
            choices.table(answer, app.prompting, typed) if answer else Table("reading ...", (), ())
        )
        # Opened at what is in force; each letter leads to what is offered first.
        shown, theme = app.answers.get("visits"), app.palette.theme
        present = choices.present(app.prompting, app.view, shown, theme)
        _show(app, "page", table, made, at="" if typed else present)
    elif app.view.page:
        answer = app.answers.get("page")
        name = answer.title if answer and app.view.page != "details" else app.view.page.capitalize()
        title.show((f"{name}  ({app.keymap.hint('close')} goes back)", app.palette.title))
        if app.view.page in TABLE_PAGES:
            made = Table("reading ...", (), ())
            if answer:
                made = with_glyphs(tables_of(answer)[0], answer, app.palette)
            _show(app, "page", table, made)
        _document(app, document, table.place if app.view.page == "notes" else 0)


def _document(app: Browser, document: Document, row: int) -> None:
    """The page's text, drawn anew when its answer has changed, or what it is about."""
    from tui.browser import pages

    view = app.view
    answer = app.answers.get(view.pane if view.page == "details" else "page")
    figures = app.answers.get("visits") if view.page == "values" else None
    state = (view.page, view.cell, answer, figures, app.reloading.said, app.size, row)
    if app.drawn.get("document") == state:
        return
    app.drawn["document"] = state
    if view.page == "values":
        visits_answer = app.answers.get("visits")
        lines = pages.figure_lines(visits_answer, view) if visits_answer else []
        room = min(app.size.height // 2, app.size.height - _BESIDES)
        if len(lines) > room:  # the moving keys are the table's: say where the rest is
            keys = f"{app.keymap.hint('close')} and {app.keymap.hint('details')}"
            lines = [*lines[: room - 1], [(f"{app.palette.cut} {keys} show the rest", None)]]
        app.show(page_text=len(lines))
        document.show(lines)
    elif view.page == "notes":
        room = min(_ABOUT_NOTE, app.size.height // 3, app.size.height - _BESIDES)
        app.show(page_text=room)  # whatever the note: a table that moves is hard to read
        document.show(pages.note_lines(answer, row)[:room])
    else:
        document.show(pages.lines(view, app.answers, app.palette, app.reloading.said, app.keymap))


def status_line(app: Browser, message: str) -> None:
    """What there is to say, in two lines if it is long; else where the cursor is.

    At the right stands that the data have changed, unless a message needs the whole place.
    """
    line, below, width = app.query_one("#status", Line), app.query_one("#footer", Line), app.size[0]
    notice = app.reloading.notice or app.writing.notice or app.recording.notice or app.offer
    first, rest, notice = status.in_two_lines(message, notice, width)
    below.show((rest or app.keymap.footer(), app.palette.title if rest else app.palette.dim))
    runs: list[Run] = [(first, app.palette.title)] if first else [(_place(app), None)]
    if notice:
        room = max(0, width - len(notice) - 2)
        text = fit(visible(runs[0][0]), room, "left", app.palette.cut)
        style = app.palette.marked if app.reloading.notice else app.palette.title
        runs = [(f"{text}  ", runs[0][1]), (notice, style)]
    line.show(*runs)


def _place(app: Browser) -> str:
    body = app.body
    row, total = body.position()
    name, column = status.place_name(app.view, app.prompting), ""
    if isinstance(body, TableView) and body.has_cells and (cell := body.cell_key):
        column = " ".join(filter(None, (cell[1].group, cell[1].header)))
    text = status.place_text(app.view, app.answers, name, row, total, column)
    name = app.view.pane if body is app.panes[app.view.pane].body else "page"
    words = _arranged_words(app, name, body)
    return "  ".join((text, *(one for one in words if one.removeprefix("by ") not in column)))
