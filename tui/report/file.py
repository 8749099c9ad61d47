"""Writing a file: only to a path the user gives, for its owner alone, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from tui.errors import TrialdeckError
from tui.study import leftovers


class ThereAlreadyError(TrialdeckError):
    """A file that is there: writing over it has to be asked for."""


def write(path: Path, content: str | bytes, replace: bool = False) -> str:
    """Writes a text or the bytes of a file, and says what was written.

    It is written beside the path under another name, and gets the path's when it is complete: an
    interrupted write leaves the file that was there, or none.

    Raises:
        ThereAlreadyError: when the file is there and is not to be replaced.
        TrialdeckError: when it cannot be written.
    """
    check(path, replace)
    data = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
    try:
        # Study data are personal: readable by the owner alone, which mkstemp sees to.
        handle, name = tempfile.mkstemp(prefix=leftovers.PREFIX, dir=path.parent)
        beside = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                leftovers.hold(handle)
                leftovers.remove(path.parent)
                file.write(data)
                file.flush()
                os.fsync(handle)  # where a full disk or a server says so at the latest
                _take_name(beside, path, replace)
        finally:
            with suppress(FileNotFoundError):
                beside.unlink()
    except FileExistsError:
        raise _there(path) from None
    except FileNotFoundError:
        raise TrialdeckError(f"{path} cannot be written: there is no such folder.") from None
    except OSError as error:
        raise TrialdeckError(f"{path} cannot be written: {error.strerror}.") from None
    return f"written to {path}"


def check(path: Path, replace: bool = False) -> None:
    """Looks whether a file may be written there, before any work is done for it.

    Raises:
        ThereAlreadyError: when the file is there and is not to be replaced.
        TrialdeckError: when it is a folder, a device, in no folder, or cannot be looked at.
    """
    try:
        if b"\0" in os.fsencode(path):
            raise ValueError  # which half a character is in fsencode
        there = path.is_symlink() or path.exists()
        ordinary = path.is_file() or (path.is_symlink() and not path.exists())
        homeless = not path.parent.exists()
    except OSError as error:
        raise TrialdeckError(f"{path} cannot be written: {error.strerror}.") from None
    except ValueError:
        raise TrialdeckError(f"{path} cannot be written: that is not a name of a file.") from None
    if homeless:
        raise TrialdeckError(f"{path} cannot be written: there is no such folder.")
    if there and not ordinary:
        raise TrialdeckError(f"{path} cannot be written: it is not a file.")
    if there and not replace:
        raise _there(path)


def _take_name(beside: Path, path: Path, replace: bool) -> None:
    """Gives the complete file its name; one that has come there meanwhile stays."""
    if not replace:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        beside.replace(path)
    except BaseException:
        if not replace:
            path.unlink(missing_ok=True)  # the empty file that kept the name
        raise


def _there(path: Path) -> ThereAlreadyError:
    return ThereAlreadyError(f"{path.name} is there already; choose another name.")
