"""Writes SAS transport files of version 5 and 8 from TS-140 alone: the readers' counterpart."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field


def ibm(value: float | str, length: int = 8) -> bytes:
    """A number as an IBM double; a text (".", ".A", "._") as a missing value."""
    if isinstance(value, str):
        return value[-1:].encode().ljust(length, b"\0")
    if value == 0:
        return bytes(length)
    fraction, power = math.frexp(abs(value))  # 0.5 <= fraction < 1
    exponent = -(-power // 4)
    whole = int(math.ldexp(fraction, 56 - (4 * exponent - power)))
    first = (0x80 if value < 0 else 0) | (exponent + 64)
    return bytes([first]) + whole.to_bytes(7, "big")[: length - 1]


@dataclass(frozen=True)
class Variable:
    name: str
    numeric: bool = True
    length: int = 8
    label: str = ""
    format: str = ""
    width: int = 0
    decimals: int = 0


@dataclass(frozen=True)
class Dataset:
    name: str
    variables: Sequence[Variable]
    rows: Sequence[Sequence[float | str | bytes]] = ()
    label: str = ""
    count: int | None = field(default=None)  # what a header of version 8 says


def _mark(kind: str, rest: str = "0" * 30) -> bytes:
    return f"HEADER RECORD*******{kind:<8}HEADER RECORD!!!!!!!{rest:<32}".encode()


def _padded(data: bytes) -> bytes:
    return data + b" " * (-len(data) % 80)


def _text(text: str | bytes, length: int) -> bytes:
    raw = text if isinstance(text, bytes) else text.encode()
    return raw[:length].ljust(length)


def _namestr(one: Variable, number: int, position: int) -> bytes:
    return struct.pack(
        ">hhhh8s40s8shhh2s8shhi32sh18s",
        1 if one.numeric else 2, 0, one.length, number,
        _text(one.name, 8), _text(one.label, 40), _text(one.format, 8),
        one.width, one.decimals, 0, b"", _text("", 8), 0, 0, position,
        _text(one.name, 32), len(one.label), b"",
    )  # fmt: skip


def _cell(one: Variable, value: float | str | bytes) -> bytes:
    if one.numeric:
        assert not isinstance(value, bytes)
        return ibm(value, one.length)
    assert not isinstance(value, float)
    return _text(value, one.length)


def _labels(variables: Sequence[Variable]) -> bytes:
    long = [(n, one) for n, one in enumerate(variables, 1) if len(one.label) > 40]
    if not long:
        return b""
    records = b"".join(
        struct.pack(">hhh", n, len(one.name), len(one.label.encode()))
        + one.name.encode()
        + one.label.encode()
        for n, one in long
    )
    return _mark("LABELV8", str(len(long))) + _padded(records)


def _member(one: Dataset, version: int) -> bytes:
    v8 = version == 8
    positions = [sum(v.length for v in one.variables[:n]) for n in range(len(one.variables))]
    namestrs = b"".join(
        _namestr(v, n, at)
        for n, (v, at) in enumerate(zip(one.variables, positions, strict=True), 1)
    )
    name = _text(one.name, 32) + b"SASDATA " if v8 else _text(one.name, 8) + b"SASDATA 9.4     "
    count = f"{len(one.rows) if one.count is None else one.count:>15}"
    rows = b"".join(
        _cell(v, cell) for row in one.rows for v, cell in zip(one.variables, row, strict=True)
    )
    return b"".join(
        (
            _mark("MEMBV8" if v8 else "MEMBER", "0" * 17 + "1600000000140"),
            _mark("DSCPTV8" if v8 else "DSCRPTR"),
            _padded(b"SAS     " + name)[:80],
            b"16APR22:20:09:03".ljust(32) + _text(one.label, 40) + b" " * 8,
            _mark("NAMSTV8" if v8 else "NAMESTR", f"000000{len(one.variables):04}".ljust(30, "0")),
            _padded(namestrs),
            _labels(one.variables) if v8 else b"",
            _mark("OBSV8", count) if v8 else _mark("OBS"),
            _padded(rows),
        )
    )


def write(*datasets: Dataset, version: int = 5) -> bytes:
    """A file with these datasets."""
    first = b"SAS     SAS     SASLIB  9.4     Linux".ljust(64) + b"16APR22:20:09:03"
    return b"".join(
        (
            _mark("LIBV8" if version == 8 else "LIBRARY"),
            first,
            b"16APR22:20:09:03".ljust(80),
            *(_member(one, version) for one in datasets),
        )
    )


AVAL, SEX = Variable("AVAL"), Variable("SEX", numeric=False, length=6)
DATA = Dataset("ADX", [AVAL, SEX], [[float(n), "F"] for n in range(40)])
