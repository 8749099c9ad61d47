"""Starting the engine's process, with as little loaded before it as can be.

Every millisecond until it runs is one until the first data are on the screen.
"""

from __future__ import annotations

import subprocess
import sys


def start(study: str | None, encoding: str | None = None) -> subprocess.Popen[bytes]:
    """A process that answers questions about a study, through its standard input and output."""
    said = [study or "", *([encoding] if encoding else [])] if study or encoding else []
    command = [sys.executable, "-m", "tui.engine", *said]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
