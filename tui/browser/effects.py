"""What is done that is not a new view: sending, writing, sorting, leaving."""

from __future__ import annotations

import dataclasses
import os
from typing import TYPE_CHECKING

from tui.browser import actions, clipboard, draw, export, picture, theme_file
from tui.browser.pane import MOVES
from tui.browser.table import TableView
from tui.browser.themes import THEMES
from tui.browser.view import command
from tui.report import file

if TYPE_CHECKING:
    from tui.browser.app import Browser


def do(app: Browser, name: str, argument: str = "", count: int = 0) -> None:
    """Does it, or asks for the line of text that it needs.

    Args:
        app: The browser.
        name: The id of a key's function, or the name of a command's effect.
        argument: What stands behind the name of a command.
        count: What was typed before the key; 0 is none.
    """
    match name:
        case "quit" | "interrupt":
            app.exit()
        case "undo" | "back" | "forward":
            _travel(app, name)
        case "count":
            app.keyboard.begin_count()
        case "reload":
            app.reloading.start()
        case "theme" if argument:
            draw.dress(app, dataclasses.replace(app.palette, theme=argument))
            kept = theme_file.keep(os.environ, argument)
            app.draw(f"theme {argument}: {THEMES[argument].about}; {kept}")
        case "find_next" | "find_previous":
            find(app, app.found, 1 if name == "find_next" else -1)
        case "row":
            _row(app, argument)
        case "sort" | "sort_by" | "keep_rows":
            _arrange(app, name, argument)
        case "copy_command":
            line = command(app.view, app.study, app.engine.encoding)
            app.recording.did("show", app.view)
            _send(app, line, f"sent to the terminal: {line}{_unlike(app)}")
        case "copy" | "describe" | "export" if argument:
            write(app, name, argument)
        case "copy":
            text = _at_cursor(app, count)
            _send(app, text, clipboard.sent(text))
        case "record":
            app.draw(app.recording.switch(argument))
        case "suspend":
            app.action_suspend_process()
        case _:
            app.asking.start(name)


def write(app: Browser, name: str, path: str, replace: bool = False) -> None:
    """Writes a file: `copy`, `describe` or `export`; over one that is there it asks first."""
    try:
        if name == "copy":
            text = app.copied or _at_cursor(app, 0)
            app.draw(file.write(export.expanded(path), f"{text}\n", replace))
        elif name == "describe":
            said = export.describe(path, app.answers.get("page"), replace)
            app.recording.did(f"describe {path}")
            app.draw(said)
        else:
            _export(app, path, replace)
    except file.ThereAlreadyError:
        app.asking.confirm(name, path)


def _export(app: Browser, path_text: str, replace: bool) -> None:
    """Writes what is shown: a picture of the screen at once, all else in a process of its own."""
    shown = app.answers.get("page") if app.view.page else None
    path, answer = export.checked(path_text, shown or app.answers.get(app.view.pane), replace)
    if answer is None:
        said = file.write(path, picture.svg(app), replace)
        app.recording.did(f"# export {path_text}")  # a script has no screen
        app.draw(said)
    else:
        app.writing.start(path, answer, replace, _unlike(app))
        app.recording.did(f"export {path_text}")
        app.draw("")


def _travel(app: Browser, way: str) -> None:
    """Along the history: `back`, `forward`, or `undo` of the last change of selection."""
    app.history, view = getattr(app.history, way)(app.view)
    app.go(view, record=False)
    app.traveled = True


def find(app: Browser, text: str, direction: int = 1) -> None:
    """Goes to the next row or line with a text."""
    app.found = text
    if text and not app.body.find(text, direction):
        app.draw(f"{text!r} is not there")
    else:
        app.draw_status()


def _row(app: Browser, number: str) -> None:
    """To a row by its number, or by so many rows up or down."""
    count = int(number.lstrip("+-")[:9])
    move = "first" if number.isdecimal() else "up" if number.startswith("-") else "down"
    if count or move == "first":
        MOVES[move](app.body, count)
    app.draw("")


def _arrange(app: Browser, name: str, argument: str) -> None:
    """Shows other rows of the table, or in another order.

    Where the cursor is at a row, not at a cell, the column is asked for.
    """
    here = app.here()
    if name == "keep_rows":
        app.go(actions.keep(here, argument))
    elif name == "sort_by":
        app.go(actions.sort_by(here, argument))
    elif here.column or here.view.arrangement(here.view.table).column:
        app.go(actions.sort(here))
    else:
        actions.sort(here)  # says so where there is no table
        app.asking.start("command", "sort ")


def _at_cursor(app: Browser, count: int) -> str:
    """The cell at the cursor; the row, in a table of rows, or as many as are asked for; a page."""
    body = app.body
    if not isinstance(body, TableView):
        return body.text
    if body.cell_key is None:
        return ""
    if count or not body.has_cells:
        return clipboard.rows(body.table, body.row, count or 1)
    return clipboard.cell(body.table, body.row, body.column)


def _send(app: Browser, text: str, said: str) -> None:
    app.copied = text
    app.copy_to_clipboard(text)
    app.draw(said)


def _unlike(app: Browser) -> str:
    """That what leaves the screen has the rows which the screen leaves out, where it does."""
    how = app.view.arrangement(app.view.table)
    return " (all rows, in their own order)" if how.text or how.column else ""
