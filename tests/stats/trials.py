"""A made-up trial, and when two fits of it are the same."""

from __future__ import annotations

import numpy as np
import pytest

from tui.stats.ancova import Ancova


def trial(rows: int = 60, arms: int = 3, seed: int = 1) -> tuple[np.ndarray, ...]:
    """Response, arm, one covariate and one factor of a made-up trial."""
    random = np.random.default_rng(seed)
    arm, site = random.integers(0, arms, rows), random.integers(0, 4, rows)
    base = random.normal(50, 10, rows)
    return 0.5 * base + arm + site + random.normal(size=rows), arm, base, site


def same(one: Ancova, other: Ancova, scale: float = 1.0) -> None:
    """Two fits whose differences of arms agree, but for the units."""
    assert one.df == other.df
    assert one.sigma * scale == pytest.approx(other.sigma, rel=1e-9)
    ours, theirs = one.pairs, other.pairs
    assert ours.estimate * scale == pytest.approx(theirs.estimate, rel=1e-7, abs=1e-9, nan_ok=True)
    assert ours.se * scale == pytest.approx(theirs.se, rel=1e-9, nan_ok=True)
    assert ours.p == pytest.approx(theirs.p, rel=1e-6, abs=1e-12, nan_ok=True)
