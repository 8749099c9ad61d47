"""IBM System/360 floating point, as SAS transport files store numbers (SAS TS-140).

One bit of sign, 7 of exponent (base 16, excess 64), up to 56 of fraction; a number stored in 2 to
7 bytes lacks its last ones. The exponents, 16**-65 to 16**63, all lie within IEEE's, so that a
number comes out exact: SAS itself never stores more than 53 bits of fraction, and where another
writer did, it is rounded to the nearest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FRACTION = np.uint64(0x00FF_FFFF_FFFF_FFFF)
_EXPONENT = np.arange(128)
_SCALE = np.ldexp(1.0, 4 * (_EXPONENT - 64) - 56)
_SCALE = np.concatenate((_SCALE, -_SCALE))
"""The value of a fraction's last bit for each first byte: sign and exponent."""

CODES = b"._ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""The first byte of a missing value, the others being zero: `.`, `._` and `.A` to `.Z`."""

_IS_CODE = np.isin(np.arange(256), np.frombuffer(CODES, np.uint8))
IS_SPECIAL = _IS_CODE & (np.arange(256) != ord("."))
"""Whether a first byte is the code of a special missing value, `._` or `.A` to `.Z`."""


def has_special(column: NDArray[np.uint8]) -> bool:
    """Whether some values may be special missing ones: no number has a second byte of zero.

    The first two bytes are then, as one number, `A` to `_`: there a code stands, or nothing does.

    Args:
        column: Its bytes, of shape (rows, 2 to 8).
    """
    above = column[:, :2].view("<u2")[:, 0] - np.uint16(ord("A"))  # what is below it wraps around
    return bool((above <= ord("_") - ord("A")).any())


def words(column: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The numbers of a column as 64-bit words, filled with zeros at their end.

    Args:
        column: Its bytes, of shape (rows, 2 to 8).
    """
    if column.shape[1] == 8:
        return column.view(">u8")[:, 0].astype(np.uint64)
    padded = np.zeros((len(column), 8), np.uint8)
    padded[:, : column.shape[1]] = column
    return padded.view(">u8")[:, 0].astype(np.uint64)


def numbers(word: NDArray[np.uint64]) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """IBM numbers as IEEE doubles; NaN where a value is missing, and there its code, else 0."""
    fraction = word & _FRACTION
    first = (word >> np.uint64(56)).astype(np.uint8)
    value = fraction.astype(np.float64)
    value *= _SCALE[first]
    none = fraction == 0
    codes = np.where(none & _IS_CODE[first], first, np.uint8(0))
    value[none] = 0.0  # of either sign
    value[codes != 0] = np.nan
    return value, codes
