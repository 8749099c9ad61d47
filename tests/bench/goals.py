"""Figures, each printed beside its goal and what other programs take."""

from __future__ import annotations

import math
from collections.abc import Mapping

NO_BOUND = math.inf

missed: list[str] = []


def say(
    what: str,
    figure: float,
    unit: str,
    goal: float | None = None,
    *,
    least: float | None = None,
    beside: Mapping[str, float] | None = None,
) -> None:
    """Prints a figure beside its goal, an upper bound or the `least` that it has to be."""
    bound = ""
    if goal is not None and goal < NO_BOUND:
        bound = f"goal {goal:g} {unit}" + _if_missed(what, figure > goal)
    elif least is not None:
        bound = f"at least {least:g} {unit}" + _if_missed(what, figure < least)
    others = ", ".join(f"{name} {written(one, unit)}" for name, one in (beside or {}).items())
    print(f"  {what:<50}{written(figure, unit):>13}  {bound:<24}{others}".rstrip(), flush=True)


def written(figure: float, unit: str) -> str:
    """A figure with its unit."""
    decimals = 0 if unit in ("B", "ms", "MB") and figure >= 20 else 2 if unit == "x" else 1
    return f"{figure:,.{decimals}f} {unit}"


def _if_missed(what: str, is_missed: bool) -> str:
    if is_missed:
        missed.append(what)
    return "  MISSED" if is_missed else ""


def conclude() -> int:
    """Prints whether all goals are met; the exit status: 1 if one is missed."""
    print(f"{len(missed)} goals missed: {', '.join(missed)}" if missed else "All goals are met.")
    return bool(missed)
