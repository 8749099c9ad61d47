"""Logging in to a server on this machine, over a line that may be slow."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ..terminal import Terminal
from .server import Server, why_not
from .slow_line import SlowLine

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where no server can be started, the tests of this folder say so."""
    if reason := why_not():
        for item in items:
            if HERE in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """An SSH server that ends with the test, and all that was started through it."""
    server = Server(tmp_path)
    yield server
    server.close()


@pytest.fixture
def line(server: Server) -> Iterator[SlowLine]:
    """A line to the server: 150 ms for a round trip, 256 kbit/s."""
    line = SlowLine(server.port)
    yield line
    line.close()


@pytest.fixture
def program() -> tuple[str, ...]:
    """The program as a command on the server."""
    return sys.executable, "-m", "tui"


@pytest.fixture
def login(server: Server, program: tuple[str, ...]) -> Iterator[Callable[..., Terminal]]:
    """Logs in on a terminal of its own: login("show", "visits", width=80, LANG="C").

    Args of what it gives: those of the program, or `command=` a whole other command; the size;
    `port=` that of a line; a variable of the client's environment, None takes it out.
    """
    started: list[Terminal] = []

    def start(
        *arguments: str,
        command: tuple[str, ...] | None = None,
        width: int = 120,
        height: int = 40,
        port: int = 0,
        **environ: str | None,
    ) -> Terminal:
        words = command or (*program, *arguments)
        client = server.client(*words, options=("-t",), port=port)
        started.append(Terminal(client, width, height, **environ))
        return started[-1]

    yield start
    for client in started:
        client.close()
