"""The model by its definition: one covariance matrix of all rows, and no shortcut."""

from __future__ import annotations

from typing import Any

import numpy as np

from tui.stats.arrays import Floats


def blocks(sigma: Floats, subject: Any, visit: Any) -> Floats:
    """The covariance (or a derivative of it) of all rows."""
    return sigma[np.ix_(visit, visit)] * (subject[:, None] == subject)


def neg2_log_likelihood(y: Floats, x: Floats, v: Floats, reml: bool) -> float:
    """Of y with mean x b, b at its best, and covariance v."""
    inverse = np.linalg.inv(v)
    a = x.T @ inverse @ x
    r = y - x @ np.linalg.solve(a, x.T @ inverse @ y)
    value = np.linalg.slogdet(v)[1] + r @ inverse @ r
    free = len(y)
    if reml:
        value += np.linalg.slogdet(a)[1]
        free -= x.shape[1]
    return float(value + free * np.log(2 * np.pi))


def kenward_roger(
    x: Floats, v: Floats, first: list[Floats], second: Any, w: Floats
) -> tuple[Floats, Floats]:
    """Phi and the adjusted covariance, from derivatives of v and the covariance w of parameters."""
    inverse = np.linalg.inv(v)
    phi = np.linalg.inv(x.T @ inverse @ x)
    p = [-x.T @ inverse @ d @ inverse @ x for d in first]
    total = np.zeros_like(phi)
    for i, di in enumerate(first):
        for j, dj in enumerate(first):
            q = x.T @ inverse @ di @ inverse @ dj @ inverse @ x
            r = x.T @ inverse @ second[i][j] @ inverse @ x
            total += w[i, j] * (q - p[i] @ phi @ p[j] - r / 4)
    return phi, phi + 2 * phi @ total @ phi


def design(arrays: tuple[Any, ...]) -> Floats:
    """Columns for each arm at each visit and for the baseline at each visit."""
    _, _, visit, arm, visits, arms, base = arrays
    at = np.eye(visits)[visit]
    cells = np.eye(visits * arms)[visit * arms + arm]
    return np.hstack([cells, at * (base - base.mean())[:, None]])
