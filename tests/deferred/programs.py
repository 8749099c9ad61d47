"""Programs that run by themselves: what waits is installed before anything else is loaded."""

from __future__ import annotations

import subprocess
import sys


def printed(program: str) -> str:
    """What a program prints; it says nothing of an error."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert not done.stderr
    assert not done.returncode
    return done.stdout
