"""Whether a SAS7BDAT file is as long as its header says, before native code follows its pointers.

The format is not published; what its header holds is from M. Shotwell, "SAS7BDAT Database Binary
Format" (2013), as ReadStat and pandas read it: a header, then pages of one size.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from tui.study.header import Unreadable

MAGIC = bytes.fromhex("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011")
_WIDE, _LITTLE = ord("3"), 1  # flags at 32, 35 and 37
_SMALLEST, _LARGEST = 1 << 10, 1 << 25
"""Bytes of a page: SAS takes 1,024 (2,048 on z/OS) to 2 GB less 1; 32 MB holds its longest row."""


@dataclass(frozen=True)
class Pages:
    """How a file is divided.

    Attributes:
        order: Of the bytes of a number, as `struct` writes it.
        wide: Whether it was written by a 64-bit SAS.
        header: Bytes before the first page.
        size: Bytes of a page.
        count: Number of pages.
        says: Whether it states the code page of its text.
    """

    order: str
    wide: bool
    header: int
    size: int
    count: int
    says: bool


def pages(path: Path) -> Pages:
    """How a file is divided, once it is as long as it says.

    Raises:
        Unreadable: when it is no such file, or shorter or longer than its pages.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(288)
    if not head:
        raise Unreadable("it is empty.")
    if head[:32] != MAGIC:
        raise Unreadable("it is not a SAS7BDAT file.")
    if len(head) < 288:
        raise Unreadable("it is cut short: it ends in the middle of its header.")
    order = "<" if head[37] == _LITTLE else ">"
    at = 196 + (4 if head[35] == _WIDE else 0)
    header, page = struct.unpack_from(f"{order}II", head, at)
    wide = head[32] == _WIDE
    (count,) = struct.unpack_from(f"{order}{'Q' if wide else 'I'}", head, at + 8)
    if not (_SMALLEST <= header <= _LARGEST and _SMALLEST <= page <= _LARGEST) or not count:
        raise Unreadable(
            f"its header is damaged: it says {count:,} pages of {page:,} bytes "
            f"after {header:,} of its own."
        )
    if size < header + count * page:
        whole = max(0, size - header) // page
        raise Unreadable(
            f"it is cut short: its header says {count:,} pages of {page:,} bytes, "
            f"and it holds {whole:,}."
        )
    if size > header + count * page:
        more = size - header - count * page
        raise Unreadable(f"it is damaged: {more:,} bytes follow its last page.")
    return Pages(order, wide, header, page, count, head[70] != 0)


def rows_on(path: Path, found: Pages) -> int:
    """The rows that stand on its pages, deleted ones too; 0 where rows are compressed.

    A page of data (type 1) says how many blocks it has, which are its rows; one that is mixed
    (type 2) counts its subheaders among them.
    """
    start = 32 if found.wide else 16
    rows = 0
    with path.open("rb") as file:
        for number in range(found.count):
            file.seek(found.header + number * found.size + start)
            kind, blocks, others = struct.unpack(f"{found.order}HHH", file.read(6))
            if kind & 0x0F00 in (0x0100, 0x0200):
                rows += max(0, blocks - (others if kind & 0x0F00 == 0x0200 else 0))
    return rows
