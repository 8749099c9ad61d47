"""What the terminal can show, told from the environment alone; and a line while a file is read."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Literal, TextIO

from tui.report.visible import visible
from tui.study import progress


def takes_utf8(environ: Mapping[str, str]) -> bool:
    """Whether the locale, the first of LC_ALL, LC_CTYPE and LANG that is set, is one of UTF-8."""
    everything, types, language = (environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    # In the C locale Python itself sets LC_CTYPE to this when it starts (PEP 538).
    if types in {"C.UTF-8", "C.utf8", "UTF-8"} and language in {"", "C", "POSIX"}:
        types = language
    return "utf8" in (everything or types or language).lower().replace("-", "")


_BAR = 24
"""Columns of a progress bar: with a name of 32 characters it fits into 80."""


def is_ascii(environ: Mapping[str, str]) -> bool:
    """Whether only ASCII can be trusted for signs and charts.

    That is so without UTF-8, and on the Linux console: it takes UTF-8, but its font of 256 glyphs
    lacks most of ours.
    """
    return not takes_utf8(environ) or environ.get("TERM") == "linux"


Depth = Literal["none", "16", "256", "true"]
"""How many colors a terminal shows."""

_COLORLESS = re.compile(r"vt\d.*|.*-m|.*-mono|.*-nocolor")
# Named without their number of colors; ssh forwards TERM alone.
_OF_256 = ("alacritty", "foot", "wezterm", "xterm-ghostty", "xterm-kitty")


def color_depth(environ: Mapping[str, str]) -> Depth:
    """How many colors the terminal shows, told by NO_COLOR, COLORTERM and TERM.

    `screen`, `linux` and `xterm` have 16: 8, and as many brighter ones.
    """
    term = environ.get("TERM", "").lower()
    if environ.get("NO_COLOR") or _COLORLESS.fullmatch(term):
        return "none"
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") or term.endswith("-direct"):
        return "true"
    return "256" if "256color" in term or term in _OF_256 else "16"


def background(environ: Mapping[str, str]) -> Literal["dark", "light"] | None:
    """What COLORFGBG says of the background; rxvt, Konsole and some others set it: `15;0`."""
    number = environ.get("COLORFGBG", "").rpartition(";")[2]
    if not number.isdecimal() or int(number) > 15:
        return None
    return "dark" if int(number) in (*range(7), 8) else "light"


@contextmanager
def showing_progress(stream: TextIO, clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """Within, a file that takes long is named on a line of the terminal, which is cleared after."""
    if not stream.isatty():
        yield
        return
    with (
        _line(stream) as show,
        progress.told_to(lambda *read: show(progress.said(*read)), clock),
    ):
        yield


@contextmanager
def progress_bar(stream: TextIO) -> Iterator[Callable[[str, int, int], None]]:
    """Within, draws how many steps of something are done, on a line that is cleared after."""

    def draw(name: str, done: int, total: int) -> None:
        filled = _BAR * done // max(total, 1)
        bar = "#" * filled + "." * (_BAR - filled)
        show(f"writing {name} [{bar}] {100 * done // max(total, 1):3} %")

    with _line(stream) as show:
        yield draw


@contextmanager
def _line(stream: TextIO) -> Iterator[Callable[[str], None]]:
    """A line of the terminal that each text takes from the one before; of no terminal, none."""
    clear, shown = "\r\x1b[K", False

    def show(text: str) -> None:
        nonlocal shown
        if stream.isatty():
            shown = True
            stream.write(clear + visible(text))
            stream.flush()

    try:
        yield show
    finally:
        if shown:
            stream.write(clear)
            stream.flush()
