"""Cells of files for office programs: text from data in which no such program sees a formula."""

from __future__ import annotations

from typing import Any

from tui.report.visible import visible

MOST = 32_767
"""Characters that a cell of Excel holds; a longer text would not be taken at all."""

_BEGINNINGS = tuple("=+-@＝＋－＠")
"""What a formula begins with in a spreadsheet that opens CSV, the wide ones in Japanese (OWASP,
CSV injection). A tab or a carriage return, which OWASP names too, is visible text by then."""


def fitting(text: str) -> str:
    """Text that acts nowhere, cut to what a cell holds; a cut says so at its end."""
    shown = visible(text)
    if len(shown) <= MOST:
        return shown
    said = f" … (cut here, of {len(shown):,} characters)"
    return shown[: MOST - len(said)] + said


def guarded(value: Any) -> Any:
    """A cell of CSV for a spreadsheet: text that it would compute has an apostrophe before it.

    Example:
        >>> guarded("=1+1"), guarded("-0.41"), guarded(-0.41)
        ("'=1+1", '-0.41', -0.41)
    """
    if not isinstance(value, str):
        return value
    shown = visible(value)
    acts = shown.lstrip().startswith(_BEGINNINGS) and not is_number(shown)
    return f"'{shown}" if acts else shown


def is_number(text: str) -> bool:
    """Whether a text is a plain decimal number: `8.28`, `-0.41`."""
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdecimal()
