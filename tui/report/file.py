"""Writing a file: only to a path the user gives, for its owner alone, never over what is there."""

from __future__ import annotations

import os
from pathlib import Path

from tui.errors import TrialdeckError


def write(path: Path, content: str) -> str:
    """Writes a text, and says what was written.

    Raises:
        TrialdeckError: when the file is there, or it cannot be written.
    """
    try:
        # Study data are personal: readable by the owner alone, and nothing is written over.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
    except FileExistsError:
        raise TrialdeckError(f"{path.name} is there already; choose another name.") from None
    except OSError as error:
        raise TrialdeckError(f"{path} cannot be written: {error.strerror}.") from None
    return f"written to {path}"
