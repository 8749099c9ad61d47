"""Whether the program is used for the first time: an empty file says that it was not."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

OFFER = "First time here? :tour"
"""What stands in the status line then."""


def is_first(environ: Mapping[str, str]) -> bool:
    """Whether it is the first use, which is remembered from now on.

    Where that cannot be remembered it is not: an offer at every start would be a nuisance. With
    `TRIALDECK_NO_TOUR` set nothing is offered and nothing is written.
    """
    base, home = environ.get("XDG_STATE_HOME", ""), environ.get("HOME", "")
    if not base.startswith("/"):  # the specification has a relative one ignored
        base = f"{home}/.local/state" if home else ""
    if environ.get("TRIALDECK_NO_TOUR") or not base:
        return False
    path = Path(base, "trialdeck", "tour-offered")
    with contextlib.suppress(OSError, ValueError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        return True
    return False
