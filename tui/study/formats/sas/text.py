"""Text of fixed width in a file that does not name its code page, and what stands for none.

A value that is blank is missing, as it is for SAS and in this program's other formats.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars.exceptions import ComputeError

UTF_8, WINDOWS = "UTF-8", "windows-1252"

_HIGH = bytes(range(0x80, 0xA0))
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in _HIGH}
"""Where windows-1252 is not Latin-1. Its five empty places are left to Latin-1's control codes, as
browsers do (WHATWG Encoding, index windows-1252), so that every byte can be read."""


def windows_1252(text: bytes) -> str:
    """Bytes as windows-1252."""
    return text.decode("latin-1").translate(_WINDOWS)


def either(text: bytes) -> str:
    """A name or a label: UTF-8 if it is that, else windows-1252; without padding."""
    try:
        return text.decode("utf-8").strip(" \0")
    except UnicodeDecodeError:
        return windows_1252(text).strip(" \0")


def is_utf_8(column: NDArray[np.uint8]) -> bool:
    """Whether every value is UTF-8. Of shape (rows, length)."""
    try:
        _binary(column).cast(pl.String)
    except ComputeError:
        return False
    return True


def values(column: NDArray[np.uint8], encoding: str) -> pl.Series:
    """A column's values without the blanks (or NULs, of some writers) at their end.

    From an Array through a List to Binary no value is touched: 50 ns a value in all, a third of it
    for stripping. To decode but once what stands in several rows after each other takes as long:
    finding out costs what it saves.

    Args:
        column: Its bytes, of shape (rows, length).
        encoding: UTF_8 or WINDOWS.
    """
    binary = _binary(column)
    if encoding == UTF_8 or column.size == 0 or column.max() < 0x80:
        text = binary.cast(pl.String)
    else:
        text = _decoded(binary, windows_1252)
    return stripped(text, " " if column[:, -1].all() else " \0")


def stripped(text: pl.Series, padding: str = " ") -> pl.Series:
    """Without padding; null where nothing is left."""
    text = text.str.strip_chars_end(padding)
    blank = text == ""
    return text.set(blank, None) if blank.any() else text


def _binary(column: NDArray[np.uint8]) -> pl.Series:
    # A copy: polars refers to these bytes, and their buffer is used again for the next block.
    return pl.Series(np.array(column, order="C")).arr.to_list().cast(pl.Binary)


def _decoded(binary: pl.Series, decode: Callable[[bytes], str]) -> pl.Series:
    """Each different value is decoded once: a column of a study has few."""
    different = binary.unique()
    texts = pl.Series([decode(value) for value in different.to_list()], dtype=pl.String)
    return binary.replace_strict(different, texts, return_dtype=pl.String)
