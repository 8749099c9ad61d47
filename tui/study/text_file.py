"""Reading a small file of text that people write: study.toml, keys.toml, a script."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Any

from tui.errors import TrialdeckError

_PART = r"""[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'"""
_DEEP = re.compile(rf"""(?<![\w\\-])(?:(?:{_PART})[ \t]*+\.[ \t]*+){{100}}""")
"""A key such as a.b.c: tomllib takes time with the square of its parts, 17 s for 32,000."""


def read(path: Path, most: int) -> str | None:
    """The text of a file; None where there is none.

    Args:
        path: The file; a link to one is followed, anything else is refused.
        most: The bytes that it may have.

    Raises:
        TrialdeckError: when it is no file, is too large, cannot be read, or is not UTF-8.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would never end
            raise TrialdeckError(f"{path} is not a file.")
        with path.open("rb") as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise TrialdeckError(f"{path} has more than {most} bytes.")
        return data.decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError:
        raise TrialdeckError(f"{path} is not text in UTF-8.") from None
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise TrialdeckError(f"{path} cannot be read: {said}.") from None


def tables(text: str) -> dict[str, Any]:
    """TOML as tables.

    Raises:
        TrialdeckError: when it is none, nests too deeply, or has a number of too many digits.
    """
    import tomllib

    if _DEEP.search(text):
        raise TrialdeckError("This is not TOML: a key in it has more than 100 parts.")
    try:
        return tomllib.loads(text)
    except RecursionError:
        said = "it is nested too deeply"
    except ValueError as error:  # Python reads whole numbers of 4,300 digits and no more
        is_syntax = isinstance(error, tomllib.TOMLDecodeError)
        said = str(error) if is_syntax else "a number in it has too many digits"
    raise TrialdeckError(f"This is not TOML: {said}.")
