"""What the terminal can show, told from the environment alone."""

from __future__ import annotations

from collections.abc import Mapping


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
