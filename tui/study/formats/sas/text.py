"""Text of fixed width in a file that does not name its code page, and what stands for none.

A value that is blank is missing, as it is for SAS and in this program's other formats.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars.exceptions import ComputeError

from tui.study.formats.encoding import UNSTATED
from tui.study.header import Unreadable

UTF_8 = "UTF-8"

FEW = 10_000
"""Rows below which columns are decoded one after the other: to start threads takes longer."""


def header(raw: bytes) -> str:
    """A name or a label without padding; bytes that are not UTF-8 are kept for `settled`."""
    return raw.decode("utf-8", "surrogateescape").strip(" \0")


def settled(text: str, what: str, encoding: str | None) -> str:
    """A name or a label: as it is if it is UTF-8, else in the encoding that was asked for.

    Args:
        text: What `header` gave.
        what: Which one it is, for the sentence.
        encoding: What was asked for; None if nothing was.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raw = text.encode("utf-8", "surrogateescape")
        byte = f"{what} has the byte 0x{ord(text[error.start]) & 0xFF:02X}, which is not"
        if encoding is None:
            raise Unreadable(f"{byte} UTF-8, and {UNSTATED}") from None
        try:
            return raw.decode(encoding).strip(" \0")
        except UnicodeDecodeError:
            raise Unreadable(f"{byte} {encoding}.") from None
    return text


def misfit(column: NDArray[np.uint8], encoding: str) -> tuple[int, int] | None:
    """The first row, from 0, that is not text of this encoding, and its first byte that is not.

    Args:
        column: Its bytes, of shape (rows, length).
        encoding: As Python names it.
    """
    binary = (
        pl.DataFrame([pl.Series(np.ascontiguousarray(column))])
        .select(_binary(pl.all()))
        .to_series()
    )
    try:
        decoded(binary, encoding)
    except (UnicodeDecodeError, ComputeError):
        pass
    else:
        return None
    for row, value in enumerate(binary):
        try:
            value.decode(encoding)
        except UnicodeDecodeError as error:
            return row, value[error.start]
    return None


def values(columns: Mapping[str, NDArray[np.uint8]], encoding: str) -> pl.DataFrame:
    """Text without the blanks (or NULs, of some writers) at its end.

    All columns at once: a call of polars costs as much as 5,000 values, which cost 50 ns each.

    Args:
        columns: Their bytes, of shape (rows, length).
        encoding: As Python names it.
    """
    if not columns:
        return pl.DataFrame()
    frame = pl.DataFrame([pl.Series(name, column) for name, column in columns.items()])
    select = pl.DataFrame.select_seq if frame.height < FEW else pl.DataFrame.select
    if encoding != UTF_8:
        frame = pl.DataFrame([decoded(one, encoding) for one in select(frame, _binary(pl.all()))])
    padding = {name: _padding(column) for name, column in columns.items()}
    texts = []  # an expression for many columns: to make each takes 20 µs
    for kind in set(padding.values()):
        same = pl.col([name for name in padding if padding[name] == kind])
        text = _binary(same).cast(pl.String) if encoding == UTF_8 else same
        texts.append(text.str.strip_chars_end(kind))
    return select(select(frame, texts), filled(pl.col(*columns)))


def filled(text: pl.Expr) -> pl.Expr:
    """Null where there is nothing."""
    return pl.when(text != "").then(text)


def _binary(columns: pl.Expr) -> pl.Expr:
    """From an Array through a List to Binary: no value is touched."""
    return columns.arr.to_list().cast(pl.Binary)


def _padding(column: NDArray[np.uint8]) -> str:
    """To strip one character takes a third of stripping either of two."""
    return " " if column[:, -1].all() else " \0"


def decoded(binary: pl.Series, encoding: str) -> pl.Series:
    """Bytes as text; of another encoding than UTF-8 each different value once: they are few."""
    if encoding == UTF_8:
        return binary.cast(pl.String)
    different = binary.unique()
    texts = pl.Series([value.decode(encoding) for value in different], dtype=pl.String)
    return binary.replace_strict(different, texts, return_dtype=pl.String)
