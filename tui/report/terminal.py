"""What the terminal can show, told from the environment alone; and a line while a file is read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TextIO

from tui.report.visible import visible
from tui.study import progress


def is_ascii(environ: Mapping[str, str]) -> bool:
    """Whether only ASCII can be trusted.

    That is so when the locale, the first of LC_ALL, LC_CTYPE and LANG that is set, is not one of
    UTF-8, and on the Linux console: it takes UTF-8, but its font of 256 glyphs lacks most of ours.
    """
    everything, types, language = (environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    # In the C locale Python itself sets LC_CTYPE to this when it starts (PEP 538).
    if types in {"C.UTF-8", "C.utf8", "UTF-8"} and language in {"", "C", "POSIX"}:
        types = language
    utf8 = "utf8" in (everything or types or language).lower().replace("-", "")
    return not utf8 or environ.get("TERM") == "linux"


@contextmanager
def showing_progress(stream: TextIO, clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """Within, a file that takes long is named on a line of the terminal, which is cleared after."""
    if not stream.isatty():
        yield
        return
    clear, shown = "\r\x1b[K", False

    def show(name: str, done: int, total: int) -> None:
        nonlocal shown
        shown = True
        stream.write(clear + visible(progress.said(name, done, total)))
        stream.flush()

    try:
        with progress.told_to(show, clock):
            yield
    finally:
        if shown:
            stream.write(clear)
            stream.flush()
