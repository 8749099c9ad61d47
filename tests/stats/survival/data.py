"""Made-up times to an event."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tui.stats.arrays import Bools, Floats, Ints


class Trial(NamedTuple):
    time: Floats
    event: Bools
    arm: Ints
    numeric: Floats
    factor: Ints
    stratum: Ints

    def rows(self, which: Bools | Ints) -> Trial:
        return Trial(*(part[which] for part in self))

    def only(self, *arms: int) -> Trial:
        return self.rows(np.isin(self.arm, arms))


def trial(seed: int = 1, rows: int = 60, arms: int = 2, ties: bool = True) -> Trial:
    """Exponential times of arms that differ, a third of them censored; whole numbers with ties."""
    random = np.random.default_rng(seed)
    arm = np.arange(rows) % arms
    x, factor = random.normal(60, 9, (rows, 1)), random.integers(0, 3, rows)
    time = 10 * random.exponential(np.exp(-0.5 * arm + 0.02 * (x[:, 0] - 60)))
    time = np.ceil(time) if ties else time
    event = random.random(rows) < 0.67
    event[:2] = True
    return Trial(time, event, arm, x, factor, random.integers(0, 2, rows))
