"""What a machine has to have for a figure to mean what it says: a core for either process."""

from __future__ import annotations

import subprocess
import sys

LOOP = """
import time
start = time.perf_counter()
for _ in range(4_000_000):
    pass
print(time.perf_counter() - start)
"""


def loops(count: int) -> float:
    """Seconds that the slowest of so many loops takes that run at once."""
    started = [
        subprocess.Popen([sys.executable, "-c", LOOP], stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    return max(float(one.communicate()[0]) for one in started)


def sharing() -> float:
    """How many times as long a loop takes beside another one: 1 where two cores are two.

    It is up to 2 where the two are halves of one, as a virtual machine's may be at times.
    """
    alone = loops(1)
    return loops(2) / alone
