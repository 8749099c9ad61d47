"""Time the browser of the built-in study on a terminal, beside a bare Textual program and VisiData.

    python -m tests.bench.bench_terminal [--rounds 5] [--vd PATH]

Medians of interleaved rounds on an emulated terminal of 120 x 40, and the goal beside each: bytes
and ratios hold on any machine that has a core for either of two processes, which is measured as
well, times are those of a quiet one. VisiData shows the same file where `vd` is installed. The last
part logs in over a line of 150 ms a round trip and 256 kbit/s, where an SSH server can be started.
The exit status is 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import math
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tui.study.builtin import folder

from ..ssh.server import Server, why_not
from ..ssh.slow_line import SlowLine
from .machine import sharing
from .watched import Cost, Watched

BROWSE = (sys.executable, "-m", "tui")
HELLO = (sys.executable, str(Path(__file__).with_name("hello.py")))
DATA, COMPLETE = "8.23", "(!)"  # a mean of the first table; the notes, which are counted last
WIDE, SMALL = (120, 40), (80, 24)
ROUND_TRIP = 0.150
NO_BOUND = math.inf

missed: list[str] = []


def say(what: str, figure: float, unit: str, goal: float | None = None, more: str = "") -> None:
    """Prints a figure beside its goal, which is an upper bound."""
    decimals = 0 if unit in ("B", "ms") and figure >= 20 else 2 if unit == "x" else 1
    over = goal is not None and figure > goal
    if over:
        missed.append(what)
    bounded = goal is not None and goal < NO_BOUND
    said = f"goal {goal:g} {unit}{'  MISSED' if over else ''}" if bounded else ""
    print(f"  {what:<44}{figure:>9,.{decimals}f} {unit:<3} {said:<24}{more}".rstrip(), flush=True)


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


@dataclass(frozen=True)
class Step:
    """Keys that are measured, after others that lead there, and what they have to show."""

    name: str
    before: tuple[str, ...]
    keys: tuple[str, ...]
    most: int | None = None  # bytes
    within: float | None = None  # ms, until it is shown or, where nothing is named, complete
    shows: Callable[[str], bool] | None = None
    trips: float | None = None  # round trips over the slow line, until it is complete


STEPS = (
    Step("cursor down", (), ("j",), 60, 5, trips=1.2),
    Step("cursor right", (), ("l",), 60, 5, trips=1.2),
    Step("page down", ("g",), ("pagedown",), trips=1.2),
    Step("page of other rows", ("4", "g"), ("pagedown",), trips=1.2),
    Step(
        "endpoint",
        ("\x1b", "2", ":", "endpoint GLUC"),
        ("\r",),
        6_000,
        50,
        lambda text: "Fasting plasma glucose" in text and "Observed, mg/dL" in text,
        trips=2,
    ),
    Step("back to the endpoint before", (), ("-",), 6_000, trips=2),
    Step("endpoint entered at once", (), (":endpoint INSULIN\r",), 6_000, trips=NO_BOUND),
    Step("method", (":", "method welch"), ("\r",), 6_000, 50, lambda text: "Welch" in text),
    Step(
        "arm",
        ("1", "j"),
        (" ",),
        6_000,
        50,
        lambda text: not re.search(r"Week 1 +■ 0.3 M/kg", text),
    ),
)
HELD = 30
SHARED = "two loops at once, as a multiple of one"
REST = 0.5
"""Seconds between two programs: what comes at once after VisiData, which has to be cleared away,
is slower by up to a third."""
WORDS = ("headache", "abdominal", "nausea")


def first_data(rounds: int, vd: str | None, home: str) -> None:
    """When the first data are on the screen, against two other programs.

    Ours are two processes until then, so what two take at once is said as well.
    """
    programs = {"trialdeck": (BROWSE, DATA), "Textual hello": (HELLO, "Hello, world")}
    if vd:
        programs["VisiData"] = ((vd, str(folder() / "adlb.csv")), "MSB-DM003-01-001")
    took: dict[str, list[float]] = {name: [] for name in programs}
    shared = []
    for number in range(rounds + 1):
        shared.append(sharing())
        for name in [*programs][:: 1 if number % 2 else -1]:  # none always comes after the same
            command, text = programs[name]
            time.sleep(REST)
            with closing(Watched(list(command), *WIDE, HOME=home)) as screen:
                seconds = screen.shows(text)
            if number:  # the first one only warms up
                took[name].append(seconds)
    print("First data")
    for name, seconds in took.items():
        say(name, 1e3 * median(seconds), "ms")
    for name, goal in (("Textual hello", 1.15), ("VisiData", 1.0)):
        if name in took:
            ratios = [a / b for a, b in zip(took["trialdeck"], took[name], strict=True)]
            say(f"as a multiple of {name}", median(ratios), "x", goal)
        else:
            print(f"  {name}: not installed")
    say(SHARED, median(shared), "x")


def opened(command: Iterable[str], size: tuple[int, int], **options: float) -> Watched:
    """A browser whose first screen is complete."""
    screen = Watched(list(command), *size, **options)  # type: ignore[arg-type]
    try:
        screen.shows(COMPLETE)
        time.sleep(2 * screen.quiet)
        screen.draw()
    except BaseException:
        screen.close()
        raise
    return screen


def first_screen(rounds: int) -> None:
    """What the first screen costs until it is complete, and what comes after it."""
    print("First screen, and at rest for 2 s")
    for size, goal in ((WIDE, 8_000), (SMALL, 5_000)):
        written, resting = [], []
        for _ in range(rounds):
            with closing(opened(BROWSE, size)) as screen:
                written.append(len(screen.raw))
                resting.append(screen.at_rest(2))
        say(f"{size[0]} x {size[1]}, until complete", median(written), "B", goal)
        say(f"{size[0]} x {size[1]}, at rest", max(resting), "B", 0)


def walk(screen: Watched, steps: Iterable[Step]) -> dict[str, Cost]:
    """What each step costs, one after the other."""
    costs = {}
    for step in steps:
        screen.lead(*step.before)
        costs[step.name] = screen.cost(*step.keys, shows=step.shows)
    return costs


def hold(screen: Watched) -> Cost:
    """What a key costs that is held in the log of the adverse events."""
    screen.lead("4")
    cost = screen.held("j", HELD)
    screen.lead("2")
    return cost


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


def keys(rounds: int) -> None:
    """What keys cost."""
    walks, holds, letters, rests = [], [], [], []
    for _ in range(rounds):
        with closing(opened(BROWSE, WIDE)) as screen:
            holds.append(hold(screen))
            walks.append(walk(screen, STEPS))
            typed, rested = type_words(screen)
            letters += typed
            rests += rested
    print(f"Keys at {WIDE[0]} x {WIDE[1]}")
    for step in STEPS:
        costs = [costs[step.name] for costs in walks]
        say(f"{step.name}, bytes", median(cost.written for cost in costs), "B", step.most)
        if step.shows:
            say(f"{step.name}, shown", 1e3 * median(c.shown for c in costs), "ms", step.within)
        within = None if step.shows else step.within
        say(f"{step.name}, complete", 1e3 * median(c.settled for c in costs), "ms", within)
    say("a letter of a filter, bytes", median(cost.written for cost in letters), "B", 400)
    say("the most that a letter costs", max(cost.written for cost in letters), "B", 400)
    say("the rows once typing rests", median(rests), "B")
    say("the most that they cost", max(rests), "B")
    say(f"{HELD} held, a key", median(cost.written / HELD for cost in holds), "B")
    say(f"{HELD} held, lag", 1e3 * median(cost.settled for cost in holds), "ms")


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
        with closing(Watched(list(BROWSE), *WIDE)) as screen:
            pressed: list[float] = []
            while DATA.encode() not in screen.heard:
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


def over_ssh(rounds: int, home: Path) -> None:
    """The same over SSH and a slow line."""
    print("SSH, 150 ms a round trip, 256 kbit/s")
    if reason := why_not():
        print(f"  not measured: {reason}")
        return
    server = Server(home)
    line = SlowLine(server.port, ROUND_TRIP)
    echoes, firsts, walks, holds, shared = [], [], [], [], []

    def client(*command: str) -> list[str]:
        return server.client(*command, options=("-t",), port=line.port)

    try:
        for _ in range(rounds):
            shared.append(sharing())
            with closing(Watched(client("echo", "over", "there"), *WIDE, quiet=0.6)) as screen:
                echoes.append(screen.shows("over there"))
            with closing(Watched(client(*BROWSE), *WIDE, quiet=0.6)) as screen:
                firsts.append(screen.shows(DATA))
                screen.shows(COMPLETE)
                time.sleep(1)
                holds.append(hold(screen))
                walks.append(walk(screen, [step for step in STEPS if step.trips]))
    finally:
        line.close()
        server.close()
    say("ssh host echo", 1e3 * median(echoes), "ms")
    say("login and first data", 1e3 * median(firsts), "ms")
    ratios = [a / b for a, b in zip(firsts, echoes, strict=True)]
    say("as a multiple of the echo", median(ratios), "x", 1.25)
    for step in (step for step in STEPS if step.trips):
        costs = [costs[step.name] for costs in walks]
        trips = median(cost.settled / ROUND_TRIP for cost in costs)
        say(f"{step.name}, round trips", trips, "x", step.trips)
    lag = median(cost.settled / ROUND_TRIP for cost in holds)
    say(f"{HELD} held, lag in round trips", lag, "x", 1.2)
    say(SHARED, median(shared), "x")


def main() -> int:
    """Prints all figures; the exit status is 1 if a goal is missed."""
    sys.setswitchinterval(0.0005)  # the thread that reads is not to wait for one that draws
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--vd", default=shutil.which("vd"), help="VisiData's command")
    options = parser.parse_args()
    load = "others ran {:.1f} processes on average before, on {} cores"
    print(load.format(os.getloadavg()[0], os.cpu_count()))
    with tempfile.TemporaryDirectory() as home:
        first_data(options.rounds, options.vd and shutil.which(options.vd), home)
        first_screen(options.rounds)
        keys(options.rounds)
        while_computing(options.rounds)
        over_ssh(options.rounds, Path(home))
    print(f"{len(missed)} goals missed: {', '.join(missed)}" if missed else "All goals are met.")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
