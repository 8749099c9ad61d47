"""The programs that are held beside each other, and what is measured of each."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tui.study.builtin import folder

from .goals import NO_BOUND

HELD = 30


@dataclass(frozen=True)
class Step:
    """Keys that are measured, after others that lead there, and what they have to show.

    A key that is `held` is pressed so many times, and its time counts from the last of them.
    """

    name: str
    before: tuple[str, ...]
    keys: tuple[str, ...]
    most: int | None = None  # bytes
    within: float | None = None  # ms, until it is shown or, where nothing is named, complete
    shows: Callable[[str], bool] | None = None
    trips: float | None = None  # round trips over the slow line, until it is complete
    held: int = 0


@dataclass(frozen=True)
class Program:
    """A command, what it shows with its first data and once all is there, and its keys."""

    name: str
    command: tuple[str, ...]
    first: str
    complete: str
    steps: tuple[Step, ...] = ()
    bound: float | None = None  # how many times as long ours may take until its first data

    @property
    def slow_steps(self) -> tuple[Step, ...]:
        """Those that are measured over the slow line as well."""
        return tuple(step for step in self.steps if step.trips)


TRIALDECK = Program(
    "trialdeck",
    (sys.executable, "-m", "tui"),
    "8.23",  # a mean of the first table
    "(!)",  # the notes, which are counted last
    (
        Step(f"{HELD} held", ("4",), ("j",), trips=1.2, held=HELD),  # in a log of 41 events
        Step("cursor down", ("2",), ("j",), 60, 5, trips=1.2),
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
    ),
)
HELLO = Program(
    "Textual hello",
    (sys.executable, str(Path(__file__).with_name("hello.py"))),
    "Hello, world",
    "Hello, world",
    bound=1.15,
)


def visidata(command: str) -> Program:
    """VisiData with the file that our first table is of."""
    return Program(
        "VisiData",
        (command, str(folder() / "adlb.csv")),
        "MSB-DM003-01-001",
        "MSB-DM003-01-001",
        (
            Step("cursor down", (), ("j",), trips=NO_BOUND),
            Step("cursor right", (), ("l",), trips=NO_BOUND),
            Step("page down", (), ("pagedown",), trips=NO_BOUND),
            Step(f"{HELD} held", (), ("j",), trips=NO_BOUND, held=HELD),
        ),
        bound=1.0,
    )
