"""The encoding of text in files that do not say theirs: SAS transport files, CSV and TSV.

ASCII is the same in all of them, and text of another encoding is valid UTF-8 by accident only; a
byte beyond that is another letter in each code page. Which one it is, nobody can tell but whoever
wrote the file: it is said with --encoding or in study.toml, and not guessed.
"""

from __future__ import annotations

import codecs

from tui.errors import StudyError, one_of

COMMON = (
    "windows-1252", "iso-8859-1", "iso-8859-15", "windows-1250", "windows-1251", "shift_jis",
    "gb18030", "big5", "euc-kr",
)  # fmt: skip

UNSTATED = "the file states no code page: say it with --encoding windows-1252 or another."

_PROBES = (rb"\u0041 +AGE- ~{<:Ky~} " + b"\x1b$B", bytes(range(128)))
"""What escapes of other kinds of encoding (`\\u0041`, UTF-7, HZ, ISO-2022) would change."""


def check(name: str) -> None:
    """Refuses a name that is no encoding of text, or one in which ASCII is something else.

    Raises:
        StudyError: with the common ones.
    """
    try:
        known = codecs.lookup(name).name not in ("idna", "charmap")
        known = known and all(one.decode(name) == one.decode("ascii") for one in _PROBES)
    except (LookupError, ValueError):  # a UnicodeDecodeError is one
        known = False
    if not known:
        raise StudyError(
            f"{name!r} is no encoding that extends ASCII: common ones are "
            f"{one_of(COMMON, len(COMMON))}."
        )


def asked(name: str | None) -> str:
    """The note on a file that is read in the encoding that was asked for."""
    return (
        "Its text is not all UTF-8, and it states no code page: it is read as "
        f"{name}, as --encoding or study.toml says."
    )
