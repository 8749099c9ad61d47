"""The characters of a text file: which encoding they are in, and as UTF-8."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from tui.study.formats.encoding import UNSTATED
from tui.study.header import Unreadable

_BLOCK = 4 << 20

CERTAIN = ("utf-8", "utf-16")
"""What the bytes themselves tell: UTF-16 by its mark, UTF-8 (and so ASCII) if all of them are."""


def encoding_of(path: Path, asked: str | None) -> str:
    """One of the certain encodings, else the one that was asked for.

    A file that is UTF-8 by its mark, or up to a byte, is a damaged one unless another is asked for.
    """
    decoder, line = codecs.getincrementaldecoder("utf-8")(), 1
    other = None if asked and codecs.lookup(asked).name.startswith("utf-8") else asked
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        foreign = marked = file.read(3) == codecs.BOM_UTF8
        file.seek(0)
        while block := file.read(_BLOCK):
            if b"\0" in block:
                line += _ends(block[: block.index(b"\0")])
                raise Unreadable(f"line {line} has a NUL byte, which no text has.")
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                if other and not marked:
                    return other
                before = bytes(error.object[: error.start])
                line += _ends(before)
                if foreign or not before.isascii():
                    raise Unreadable(
                        f"line {line} is not UTF-8 text, but text before it is."
                    ) from None
                byte = error.object[error.start]
                raise Unreadable(
                    f"line {line} has the byte 0x{byte:02X}, which is not UTF-8, and {UNSTATED}"
                ) from None
            foreign = foreign or not block.isascii()
            line += _ends(block)
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            if other and not marked:
                return other
            raise Unreadable("it ends in the middle of a character.") from None
    return "utf-8"


def pieces(path: Path, encoding: str) -> Iterator[bytes]:
    """The text as UTF-8 without a mark, piece by piece."""
    with path.open("rb") as file:
        if encoding == "utf-8":
            if file.read(3) != codecs.BOM_UTF8:
                file.seek(0)
            while block := file.read(_BLOCK):
                yield block
            return
        decoder, line = codecs.getincrementaldecoder(encoding)(), 1
        try:
            while block := file.read(_BLOCK):
                text = _without_nul(decoder.decode(block))
                utf_8 = text.encode()
                line += _ends(utf_8)
                yield utf_8
            yield decoder.decode(b"", final=True).encode()
        except UnicodeDecodeError as error:
            if encoding == "utf-16":
                raise Unreadable("it begins as UTF-16 text, and is not whole.") from None
            line += _ends(bytes(error.object[: error.start]))
            byte = f"line {line} has the byte 0x{error.object[error.start]:02X}"
            raise Unreadable(f"{byte}, which is not {encoding}.") from None


def last(path: Path, encoding: str) -> bytes:
    """The last character or two; of a file that was cut between two lines nothing can tell."""
    with path.open("rb") as file:
        file.seek(max(file.seek(0, 2) - 2, 0))
        return file.read().strip(b"\0") if encoding == "utf-16" else file.read()


def _ends(text: bytes) -> int:
    """Ends of lines: newlines, or returns where there is no newline."""
    return text.count(b"\n") or text.count(b"\r")


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise Unreadable("it has NUL characters, which no text has.")
    return text
