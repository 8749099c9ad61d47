"""What the terminal can show, told from the environment alone."""

from __future__ import annotations

from collections.abc import Mapping


def is_ascii(environ: Mapping[str, str]) -> bool:
    """Whether only ASCII can be trusted: the locale is not UTF-8, or it is the Linux console.

    The first of LC_ALL, LC_CTYPE and LANG that is set decides, as in the C library.
    """
    locale = next(
        (environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(name)), ""
    )
    utf8 = "utf8" in locale.lower().replace("-", "")
    return not utf8 or environ.get("TERM") == "linux"
