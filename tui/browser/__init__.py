"""The browser: the only package that imports Textual."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.browser import child
from tui.errors import TrialdeckError

if TYPE_CHECKING:
    from tui.browser.app import Browser
    from tui.browser.child import Child
    from tui.browser.palette import Palette
    from tui.browser.view import View


def run(
    study: str | None,
    chosen: Mapping[str, str],
    *,
    encoding: str | None = None,
    theme: str | None = None,
    ascii_only: bool = False,
    mouse: bool = False,
    ahead: Sequence[View] = (),
    started: Child | None = None,
) -> int:
    """Browses a study; returns the exit status.

    The engine runs before anything else is imported: it reads the data meanwhile.

    Args:
        study: What to open: a path, or None for the built-in study.
        chosen: What to look at first, as the texts of the selection's fields.
        encoding: That of text in files that do not state theirs.
        theme: A name in `themes.THEMES`; else it is chosen by the terminal's background.
        ascii_only: Draw with ASCII, whatever the locale.
        mouse: Take the mouse, with which the terminal then selects no text.
        ahead: Views that going forward leads to, one after the other.
        started: The engine's process, if it has been started; the caller ends it as well.
    """
    _check_terminal(study)
    gc.disable()  # until the first data are there, see `tui.engine.started`
    process = started or child.spawned(study)
    from tui.browser.engine import Engine

    engine = Engine(study, process, encoding)
    try:
        from tui.browser import first_use, keys_file, theme_file
        from tui.browser.view import FIRST, History, View, first_questions
        from tui.selection import from_texts

        view = View(from_texts(chosen))
        engine.ask(FIRST, first_questions(view)[FIRST])
        keymap = keys_file.load(os.environ)
        from tui.browser.palette import palette_for

        palette = palette_for(os.environ, theme or theme_file.load(os.environ), ascii_only)
        _tell_textual(palette)
        from tui.browser.app import Browser

        offer = first_use.OFFER if first_use.is_first(os.environ) else ""
        if ahead:
            offer = f"{keymap.hint('forward')} takes a step, {keymap.hint('back')} the one before"
        app = Browser(study, view, engine, palette, keymap=keymap, offer=offer)
        app.history = History(future=tuple(ahead))
        return _until_it_ends(app, mouse)
    finally:
        engine.stop()


def _until_it_ends(app: Browser, mouse: bool) -> int:
    """Runs the app; returns its exit status, or raises what it ended with."""
    try:
        app.run(mouse=mouse)
    finally:
        # Where the terminal is gone Textual may end before its input thread, which would
        # then read the end of the terminal for ever, on a whole core.
        if (ended := getattr(app._driver, "exit_event", None)) is not None:
            ended.set()
    if app.failure:
        raise TrialdeckError(app.failure)
    return app.return_code or 0


_COLOR_SYSTEMS = {"none": "standard", "16": "standard", "256": "256", "true": "truecolor"}
_FRAMES = "240"


def _tell_textual(palette: Palette) -> None:
    """What Textual takes from the environment, when it is imported."""
    # As the size of the screen, and an exported one is stale.
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)
    # It would tell the depth of colors by other rules than the palette.
    os.environ["TEXTUAL_COLOR_SYSTEM"] = _COLOR_SYSTEMS[palette.depth]
    # An answer may have to wait for the next frame: 17 ms at its own 60 a second.
    os.environ.setdefault("TEXTUAL_FPS", _FRAMES)


def _check_terminal(study: str | None) -> None:
    """A pipe or a dumb terminal cannot be drawn on; say what can be used instead."""
    terminal = os.environ.get("TERM", "")
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        why, by_line = "The browser needs a terminal for input and output.", ""
    elif terminal in ("", "dumb", "unknown"):
        why = f"The browser cannot draw on this terminal (TERM={terminal})."
        by_line = " Line by line: trialdeck --plain{of}."
    else:
        return
    import shlex

    of = f" {shlex.quote(study)}" if study else ""
    raise TrialdeckError(
        f"{why}{by_line.format(of=of)} To print instead: trialdeck show visits{of}"
    )
