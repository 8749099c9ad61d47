"""The last results of a function, within a bound on what they hold."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Remembers the last results; the newest always, however large it is."""

    def __init__(
        self, compute: Callable[[K], V], size: Callable[[V], int], count: int, total: int
    ) -> None:
        """Takes the function, the size of a result, and how many and how much may be kept."""
        self._compute, self._size = compute, size
        self._count, self._total = count, total
        self._kept: OrderedDict[K, V] = OrderedDict()

    def __call__(self, key: K) -> V:
        """The function's result, computed now or earlier."""
        if key not in self._kept:
            self._kept[key] = self._compute(key)
        self._kept.move_to_end(key)
        while len(self._kept) > 1 and (
            len(self._kept) > self._count or sum(map(self._size, self._kept.values())) > self._total
        ):
            self._kept.popitem(last=False)
        return self._kept[key]
