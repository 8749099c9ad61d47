"""The browser: the only package that imports Textual."""

from __future__ import annotations

import os
import sys

from tui.errors import TrialdeckError
from tui.selection import Selection


def run(study: str | None, selection: Selection) -> int:
    """Browses a study; returns the exit status.

    The engine is started, and asked, before Textual is imported: it reads the data meanwhile.
    """
    _check_terminal(study)
    from tui.browser.engine import Engine
    from tui.browser.view import View, first_questions

    engine = Engine(study)
    try:
        view = View(selection)
        for slot, question in first_questions(view).items():
            engine.ask(slot, question)
        # Textual takes these as the size of the screen, and an exported value is a stale one.
        for name in ("COLUMNS", "LINES"):
            os.environ.pop(name, None)
        from tui.browser.app import Browser
        from tui.browser.palette import palette_for

        app = Browser(study, view, engine, palette_for(os.environ))
        try:
            app.run(mouse=False)
        finally:
            # Where the terminal is gone Textual may end before its input thread, which would
            # then read the end of the terminal for ever, on a whole core.
            if (ended := getattr(app._driver, "exit_event", None)) is not None:
                ended.set()
        if app.failure:
            raise TrialdeckError(app.failure)
        return app.return_code or 0
    finally:
        engine.stop()


def _check_terminal(study: str | None) -> None:
    """A pipe or a dumb terminal cannot be drawn on; say what can be used instead."""
    instead = f"trialdeck show visits{f' {study}' if study else ''}"
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        raise TrialdeckError(
            f"The browser needs a terminal for input and output. To print instead: {instead}"
        )
    if os.environ.get("TERM", "dumb") in ("", "dumb", "unknown"):
        raise TrialdeckError(
            f"The browser cannot draw on this terminal (TERM={os.environ.get('TERM', '')}). "
            f"To print instead: {instead}"
        )
