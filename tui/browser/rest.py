"""What is done once no key has come for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Rest:
    """One thing to do at rest; another one takes its place.

    Args:
        do: Takes what is to be done then, in its turn with the keys.
    """

    def __init__(self, do: Callable[[Callable[[], None]], object]) -> None:
        self._do = do
        self._handle: asyncio.TimerHandle | None = None

    def then(self, seconds: float, what: Callable[[], None]) -> None:
        """Does this if no key comes for so long. Asked at every key, so without a timer's task."""
        self.stop()
        self._handle = asyncio.get_running_loop().call_later(seconds, self._rested, what)

    def _rested(self, what: Callable[[], None]) -> None:
        self._handle = None
        self._do(what)

    def stop(self) -> None:
        """There is a key: nothing is done."""
        if self._handle:
            self._handle.cancel()
            self._handle = None
