"""The command `trialdeck`, also as `python -m tui`.

Where the browser is to come, its engine starts here: what the user asked for is read from the
command line while it loads what it needs.
"""

from __future__ import annotations

import gc
import os
import sys

from tui import COMMANDS


def main() -> int:
    """Runs what the command line asks for; returns the exit status."""
    gc.disable()  # until the first data are there, see `tui.engine.started`
    from tui import deferred

    deferred.install()
    words = sys.argv[1:]
    if not _browses(words):
        gc.enable()
        from tui.cli import main

        return main(words)
    from tui.browser import child

    engine = child.forked(words)
    try:
        from tui.cli import main

        return main(words, engine)
    finally:
        engine.stop()


def _browses(words: list[str]) -> bool:
    """Whether the words ask for the browser, as far as can be told before they are read."""
    named = words[:1] and words[0] in COMMANDS
    prints = {"-h", "--help", "--version", "--plain"}.intersection(words)
    return not named and not prints and all(map(os.isatty, range(3)))


if __name__ == "__main__":
    sys.exit(main())
