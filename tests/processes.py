"""What runs on this machine, how much it computes and how much memory it holds, from /proc."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

LIMIT = 20.0  # seconds until a condition that is not met fails the test

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc")


def alive() -> dict[int, int]:
    """The processes that run, zombies left out, with their parents."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has just ended
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                found[int(stat.parent.name)] = int(parent)
    return found


def children(pid: int) -> list[int]:
    """The processes that this one has started, and that run."""
    return [child for child, parent in alive().items() if parent == pid]


def computed(pids: Iterable[int]) -> float:
    """The CPU time of processes, in seconds, to the nanosecond."""
    # The kernel's name of a process's clock: CPUCLOCK_SCHED in include/linux/posix-timers.h.
    return sum(time.clock_gettime(~pid << 3 | 2) for pid in pids)


def proportional_set_size(pids: Iterable[int]) -> float:
    """The memory of processes in MB, where what several share counts for each in part."""
    total = 0
    for pid in pids:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += int(rollup.partition("\nPss:")[2].split()[0])
    return total / 1000


_PEAK = "\nprint(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"


def printed_and_peak(code: str, *arguments: object) -> tuple[str, float]:
    """What a program in a process of its own prints, and its peak resident memory in MB.

    By what the process says itself: what wait4 says begins with that of the one it came from.
    """
    words = [sys.executable, "-c", code + _PEAK, *map(str, arguments)]
    said = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout
    *lines, peak = said.splitlines()
    return "\n".join(lines), int(peak) / 1024


def wait_until(condition: Callable[[], bool], said: Callable[[], object] = str) -> None:
    """Waits until a condition holds."""
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end, said()
        time.sleep(0.01)


def wait_gone(processes: Callable[[], set[int]]) -> None:
    """Waits until none of these processes is left."""
    wait_until(lambda: not processes(), lambda: f"still there: {_commands(processes())}")


def wait_idle(pids: Iterable[int], still: float = 0.3) -> None:
    """Waits until processes compute nothing for so many seconds."""
    pids, end = list(pids), time.monotonic() + LIMIT
    before, since = computed(pids), time.monotonic()
    while time.monotonic() < since + still:
        assert time.monotonic() < end, f"still computing: {_commands(pids)}"
        time.sleep(still / 5)
        if (now := computed(pids)) > before + 0.01:
            before, since = now, time.monotonic()


def kill(pids: set[int]) -> None:
    """Ends processes that may be others' children, and waits until they have ended."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_gone(lambda: pids & set(alive()))


def _commands(pids: Iterable[int]) -> list[str]:
    said = []
    for pid in pids:
        with contextlib.suppress(OSError):
            said.append(Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " "))
    return said
