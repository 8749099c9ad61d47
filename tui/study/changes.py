"""Whether the files of a study are still what they were when it was opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import scandir
from pathlib import Path

from tui.study.formats import SUFFIXES

State = tuple[int, int, int]
"""A file's size in bytes, the time of its last change in nanoseconds, and its inode.

The inode tells a file that was put in another's place within one tick of the clock (4 ms on
Linux, a second or two on some network drives). Neither tells anything of the file's mode or links:
a backup that links the files changes no data.
"""

_BESIDE = (".toml", ".xml", ".sas7bcat")
"""What is read beside the datasets: study.toml, define.xml, format catalogs."""


@dataclass(frozen=True)
class Fingerprint:
    """The files in a study's folder that opening it may read, by name, each with its state."""

    folder: Path
    files: Mapping[str, State]

    @property
    def digest(self) -> str:
        """The same in 16 characters, which stand for this state of the data."""
        from hashlib import blake2b

        return blake2b(repr(sorted(self.files.items())).encode(), digest_size=8).hexdigest()


def fingerprint(folder: Path) -> Fingerprint:
    """What stands in the folder now; of a folder that is gone, nothing.

    It has to be taken before the first file is read: what changes after that is then a change,
    also while the study is being opened. It reads no file: of 31 it takes 0.1 ms.
    """
    files: dict[str, State] = {}
    try:
        with scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name.lower().endswith((*SUFFIXES, *_BESIDE)) and (found := state(folder / name)):
                    files[name] = found
    except OSError:
        return Fingerprint(folder, {})
    return Fingerprint(folder, files)


def state(path: Path) -> State | None:
    """The state of one file, or None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


def described(before: Fingerprint, after: Fingerprint) -> str:
    """What is between two states of a folder, in words; empty where they are the same.

    >>> described(Fingerprint(Path(), {"a.csv": (1, 1, 1)}), Fingerprint(Path(), {}))
    'a.csv is gone'
    """
    old, new = before.files, after.files
    groups = {
        "changed": [name for name in sorted(old) if name in new and old[name] != new[name]],
        "new": [name for name in sorted(new) if name not in old],
        "gone": [name for name in sorted(old) if name not in new],
    }
    return "; ".join(_said(names, what) for what, names in groups.items() if names)


def _said(names: Sequence[str], what: str) -> str:
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    verb = "" if what == "changed" else "is " if len(names) == 1 else "are "
    return f"{shown} {verb}{what}"
