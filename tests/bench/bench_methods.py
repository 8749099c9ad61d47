"""Time every method of comparison on a week-by-week table of 20 visits and 3 contrasts.

    python tests/bench/bench_methods.py

Medians of interleaved runs, in ms, and as multiples of Welch's t in the same run: times mean
little on a shared machine, ratios more. The rows below the methods are Mann-Whitney's of values
that were not rounded, and what Dunnett's adjustment of 4, 5 and 7 arms adds to a model. The goal
is 15 ms at 15 subjects an arm and 100 ms at 5,000 for every method but the MMRM and the
permutation test.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from tui.analyses.methods import METHODS, find
from tui.analyses.methods.method import Data, Options
from tui.stats.contrast import Contrast, t_contrast
from tui.stats.dunnett import difference_correlation, dunnett

VISITS, ARMS, ROUNDS = 20, 4, 5
GOALS = {15: 15.0, 5_000: 100.0}


def data(subjects: int, decimals: int = 1) -> Data:
    """A made-up trial with this many subjects an arm, values to 0.1 as HbA1c has them."""
    rng = np.random.default_rng(20_231_107)
    people = subjects * ARMS
    arm = np.repeat(np.arange(ARMS), subjects)
    base = np.round(rng.normal(8.3, 1.0, people), 1)
    change = rng.normal(0, 0.5, (VISITS, people)).cumsum(axis=0) / 3 - 0.05 * arm
    return Data(
        response=np.round(change, decimals).ravel(),
        base=np.tile(base, VISITS),
        baseline=np.zeros(VISITS * people, bool),
        subject=np.tile(np.arange(people), VISITS),
        visit=np.repeat(np.arange(VISITS), people),
        arm=np.tile(arm, VISITS),
        visits=tuple(f"Week {week}" for week in range(1, VISITS + 1)),
        arms=tuple(f"Arm {number}" for number in range(ARMS)),
        reference=0,
        numeric=np.empty((VISITS * people, 0)),
        factors=(),
        response_name="CHG",
        covariates=(),
        has_base=True,
        strata=np.zeros(VISITS * people, np.int64),
        strata_names=(),
        alpha=0.05,
        options=Options(),
    )


def main() -> None:
    """Prints a table for each size."""
    for subjects, goal in GOALS.items():
        trial = data(subjects)
        times: dict[str, list[float]] = {name: [] for name in METHODS}
        names = [name for name in METHODS if subjects <= 1_000 or name != "permutation"]
        for name in names:
            find(name).compare(trial)  # once, for what is loaded or remembered the first time
        for _ in range(ROUNDS):
            for name in names:
                start = time.perf_counter()
                find(name).compare(trial)
                times[name].append(1e3 * (time.perf_counter() - start))
        unit = statistics.median(times["welch"])
        print(f"{subjects:,} subjects an arm, {VISITS} visits; the goal is {goal:g} ms")
        for name in names:
            _print(name, statistics.median(times[name]), unit)
        unrounded = partial(find("mann-whitney").compare, data(subjects, decimals=15))
        _print("  unrounded", _median(unrounded), unit)
        for arms in (4, 5, 7):
            spent = _median(partial(dunnett, *contrasts(subjects, arms)))
            _print(f"dunnett, {arms}", spent, unit)


def contrasts(subjects: int, arms: int) -> tuple[Contrast, np.ndarray]:
    """Differences from the first arm at every visit, a covariate out of balance by chance."""
    rng = np.random.default_rng(20_231_107)
    n = rng.integers(subjects * 4 // 5, subjects + 1, (VISITS, arms))
    away = rng.normal(size=n.shape) / np.sqrt(n)
    covariance = np.eye(arms) / n[:, None] + away[:, :, None] * away[:, None] / n.sum()
    t = np.insert(rng.normal(1, 1, (VISITS, arms - 1)), 0, np.nan, axis=1)
    df = np.where(np.isnan(t), np.nan, float(subjects * arms))
    return t_contrast(t, 1.0, df), difference_correlation(covariance, 0)


def _median(work: Callable[[], object]) -> float:
    """The median time of a piece of work, in ms, once it has run."""
    work()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)


def _print(name: str, median: float, unit: float) -> None:
    print(f"  {name:<14}{median:>9.2f} ms {median / unit:>9.1f} x Welch")


if __name__ == "__main__":
    main()
