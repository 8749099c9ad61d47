"""Methods of dataclasses that are compiled when they are first looked up.

`dataclasses` writes up to nine methods for a class and compiles each by itself: 0.35 ms for a small
frozen one, 15 ms in either process until the first data are on the screen, most of it for methods
that nothing calls. Here a descriptor stands in the place of a method, makes it when it is looked
up, by a call or by anything else, and leaves it there: nobody is ever given anything but the method
itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import Any


def install() -> None:
    """From now on the methods of dataclasses are made so.

    Python 3.13 no longer has the function that makes one, and compiles all of a class at once.
    """
    module: Any = dataclasses
    create = getattr(module, "_create_fn", None)
    if create and not isinstance(create, partial):
        module._create_fn = partial(_Method, create)


class _Method:
    """A method of a dataclass that has not been made; what it takes is what makes it."""

    __slots__ = ("__name__", "_make", "_real")

    def __init__(
        self, create: Callable[..., Any], name: str, *arguments: Any, **named: Any
    ) -> None:
        self.__name__ = name
        self._make = partial(create, name, *arguments, **named)
        self._real: Any = None

    def _made(self) -> Any:
        if self._real is None:
            self._real = self._make()
        return self._real

    def __get__(self, instance: object, owner: type) -> Any:
        real = self._made()
        for one in owner.__mro__:
            if one.__dict__.get(self.__name__) is self:
                real.__qualname__ = f"{one.__qualname__}.{self.__name__}"
                setattr(one, self.__name__, real)
        return real.__get__(instance, owner)

    def __call__(self, instance: object) -> Any:
        """As `dataclasses` itself calls the one that it has wrapped, for a repr."""
        return self._made()(instance)
