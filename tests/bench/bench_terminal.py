"""Time the browser of the built-in study on a terminal, beside a bare Textual program and VisiData.

    python -m tests.bench.bench_terminal [--rounds 5] [--vd PATH]

Medians of interleaved rounds on an emulated terminal of 120 x 40, and beside each the goal and what
the other programs take: bytes and ratios hold on any machine that has a core for either of two
processes, which is measured as well, times are those of a quiet one. VisiData shows the file of the
same table where `vd` is installed. The last part logs in over a line of 150 ms a round trip and 256
kbit/s, where an SSH server can be started. The exit status is 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from ..ssh.server import Server, why_not
from ..ssh.slow_line import SlowLine
from .goals import conclude, say
from .machine import sharing
from .programs import HELLO, TRIALDECK, Program, Step, visidata
from .watched import Cost, Watched

WIDE, SMALL = (120, 40), (80, 24)
ROUND_TRIP = 0.150
SHARED = "two loops at once, as a multiple of one"
REST = 0.5
"""Seconds between two programs: what comes at once after VisiData, which has to be cleared away,
is slower by up to a third."""
WORDS = ("headache", "abdominal", "nausea")


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


class Figures:
    """What each program took, by name, a list of one value a round."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))

    def add(self, what: str, program: Program, figure: float) -> None:
        """Notes a figure."""
        self._found[what][program.name].append(figure)

    def say(
        self,
        what: str,
        unit: str,
        goal: float | None = None,
        of: Callable[[list[float]], float] = median,
    ) -> None:
        """Prints the median of ours, or what else `of` says, beside those of the others."""
        found = {name: of(one) for name, one in self._found[what].items()}
        say(what, found.pop(TRIALDECK.name), unit, goal, beside=found)


def first_data(rounds: int, programs: Sequence[Program], home: str) -> None:
    """When the first data are on the screen.

    Ours are two processes until then, so what two take at once is said as well.
    """
    took: dict[str, list[float]] = {program.name: [] for program in programs}
    shared = []
    for number in range(3 * rounds + 1):  # short, and of all figures the one that varies most
        shared.append(sharing())
        for program in programs[:: 1 if number % 2 else -1]:  # none always comes after the same
            time.sleep(REST)
            with closing(Watched(list(program.command), *WIDE, HOME=home)) as screen:
                seconds = screen.shows(program.first)
            if number:  # the first one only warms up
                took[program.name].append(seconds)
    print("First data")
    for name, seconds in took.items():
        say(name, 1e3 * median(seconds), "ms")
    for program in programs:
        if program.bound:
            pairs = zip(took[TRIALDECK.name], took[program.name], strict=True)
            say(
                f"as a multiple of {program.name}",
                median(a / b for a, b in pairs),
                "x",
                program.bound,
            )
    say(SHARED, median(shared), "x")


def opened(program: Program, size: tuple[int, int]) -> Watched:
    """A program whose first screen is complete."""
    screen = Watched(list(program.command), *size)
    try:
        screen.shows(program.complete)
        time.sleep(2 * screen.quiet)
        screen.draw()
    except BaseException:
        screen.close()
        raise
    return screen


def first_screen(rounds: int, programs: Sequence[Program]) -> None:
    """What the first screen costs until it is complete, and what comes after it."""
    print("First screen, and at rest for 2 s")
    figures = Figures()
    for size, goal in ((WIDE, 8_000), (SMALL, 5_000)):
        until, resting = (
            f"{size[0]} x {size[1]}, {what}" for what in ("until complete", "at rest")
        )
        for _ in range(rounds):
            for program in programs:
                with closing(opened(program, size)) as screen:
                    figures.add(until, program, len(screen.raw))
                    figures.add(resting, program, screen.at_rest(2))
        figures.say(until, "B", goal)
        figures.say(resting, "B", 0, of=max)


def walk(screen: Watched, steps: Iterable[Step]) -> dict[str, Cost]:
    """What each step costs, one after the other."""
    costs = {}
    for step in steps:
        screen.lead(*step.before)
        if step.held:
            costs[step.name] = screen.held(*step.keys, step.held)
        else:
            costs[step.name] = screen.cost(*step.keys, shows=step.shows)
    return costs


def type_words(screen: Watched) -> tuple[list[Cost], list[int]]:
    """What each letter of a filter of the adverse events costs, and each word once typing rests."""
    letters, rests = [], []
    for word in WORDS:
        screen.lead("4", "g", "/")
        for letter in word:
            letters.append(screen.cost(letter))
        rests.append(screen.at_rest(1))
        screen.lead("\x1b", "\x1b")
    return letters, rests


def keys(rounds: int, programs: Sequence[Program]) -> None:
    """What keys cost."""
    figures = Figures()
    letters, rests = [], []
    for _ in range(rounds):
        for program in programs:
            with closing(opened(program, WIDE)) as screen:
                for step, cost in walk(screen, program.steps).items():
                    figures.add(f"{step}, bytes", program, cost.written)
                    figures.add(f"{step}, shown", program, 1e3 * cost.shown)
                    figures.add(f"{step}, complete", program, 1e3 * cost.settled)
                if program is TRIALDECK:
                    typed, rested = type_words(screen)
                    letters += typed
                    rests += rested
    print(f"Keys at {WIDE[0]} x {WIDE[1]}")
    for step in TRIALDECK.steps:
        figures.say(f"{step.name}, bytes", "B", step.most)
        if step.shows:
            figures.say(f"{step.name}, shown", "ms", step.within)
        figures.say(f"{step.name}, complete", "ms", None if step.shows else step.within)
    say("a letter of a filter, bytes", median(cost.written for cost in letters), "B", 400)
    say("the most that a letter costs", max(cost.written for cost in letters), "B", 400)
    say("the rows once typing rests", median(rests), "B")
    say("the most that they cost", max(rests), "B")


def at_row(row: int, text: str) -> bool:
    """Whether the cursor is in this row or a later one: two keys may be drawn at once."""
    status = re.search(r"^visits (\d+)/24", text, re.MULTILINE)
    return bool(status and int(status[1]) >= row)


def while_computing(rounds: int) -> None:
    """How soon a key is answered while the statistics of the first screen are computed."""
    waits: list[float] = []
    shared = []
    for _ in range(rounds):
        shared.append(sharing())
        with closing(Watched(list(TRIALDECK.command), *WIDE)) as screen:
            pressed: list[float] = []
            while TRIALDECK.first.encode() not in screen.heard:
                time.sleep(0.002)
            for _ in range(16):
                pressed.append(time.monotonic())
                screen.press("j")
                time.sleep(0.025)
            for row, moment in enumerate(pressed, 2):
                screen.reaches(partial(at_row, row))
                waits.append(screen.came - moment)
    print("A key while the first statistics are computed")
    waits.sort()
    say(f"p50 of {len(waits)}", 1e3 * median(waits), "ms")
    say(f"p90 of {len(waits)}", 1e3 * waits[int(0.9 * len(waits))], "ms", 10)
    say(SHARED, median(shared), "x")


def over_ssh(rounds: int, programs: Sequence[Program], home: Path) -> None:
    """The same over SSH and a slow line."""
    print("SSH, 150 ms a round trip, 256 kbit/s")
    if reason := why_not():
        print(f"  not measured: {reason}")
        return
    figures, shared = Figures(), []
    server = Server(home)
    line = SlowLine(server.port, ROUND_TRIP)
    client = partial(server.client, options=("-t",), port=line.port)
    echo, login, ratio = "ssh host echo", "login and first data", "as a multiple of the echo"
    try:
        for _ in range(rounds):
            shared.append(sharing())
            with closing(Watched(client("echo", "over", "there"), *WIDE, quiet=0.6)) as screen:
                echoed = screen.shows("over there")
            figures.add(echo, TRIALDECK, 1e3 * echoed)
            for program in programs:
                with closing(Watched(client(*program.command), *WIDE, quiet=0.6)) as screen:
                    first = screen.shows(program.first)
                    figures.add(login, program, 1e3 * first)
                    figures.add(ratio, program, first / echoed)
                    screen.shows(program.complete)
                    time.sleep(1)
                    for step, cost in walk(screen, program.slow_steps).items():
                        figures.add(f"{step}, round trips", program, cost.settled / ROUND_TRIP)
    finally:
        line.close()
        server.close()
    figures.say(echo, "ms")
    figures.say(login, "ms")
    figures.say(ratio, "x", 1.25)
    for step in TRIALDECK.slow_steps:
        figures.say(f"{step.name}, round trips", "x", step.trips)
    say(SHARED, median(shared), "x")


def measure(rounds: int, vd: str | None) -> None:
    """Prints all figures; `vd` is VisiData's command."""
    sys.setswitchinterval(0.0005)  # the thread that reads is not to wait for one that draws
    load = "others ran {:.1f} processes on average before, on {} cores"
    print(load.format(os.getloadavg()[0], os.cpu_count()))
    programs = [TRIALDECK, HELLO]
    if vd and (found := shutil.which(vd)):
        programs.append(visidata(found))
    else:
        print("VisiData: not installed")
    with tempfile.TemporaryDirectory() as home:
        first_data(rounds, programs, home)
        first_screen(rounds, programs)
        keys(rounds, [one for one in programs if one.steps])
        while_computing(rounds)
        over_ssh(rounds, programs, Path(home))


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds those of this part of the bench."""
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--vd", default=shutil.which("vd"), help="VisiData's command")


def main() -> int:
    """Reads the command line; the exit status is 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_options(parser)
    options = parser.parse_args()
    measure(options.rounds, options.vd)
    return conclude()


if __name__ == "__main__":
    sys.exit(main())
