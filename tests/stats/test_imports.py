from __future__ import annotations

import pkgutil
import subprocess
import sys

import tui.stats


def test_the_package_loads_neither_scipy_stats_nor_a_data_frame() -> None:
    modules = [f"tui.stats.{module.name}" for module in pkgutil.iter_modules(tui.stats.__path__)]
    assert "tui.stats.ancova" in modules
    code = f"import sys, {', '.join(modules)}; print('\\n'.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    forbidden = {"scipy.stats", "scipy.optimize", "polars", "pandas", "rich", "textual"}
    assert not forbidden & set(run.stdout.split())
