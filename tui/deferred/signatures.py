"""Signatures of functions that are read when they are looked at.

Each decorator of polars keeps the signature of what it wraps: some 550, and reading them takes 6 of
the 50 ms in which polars is loaded. Nothing looks at one but a help text.
"""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import Any

_read = inspect.signature


def install() -> None:
    """From now on the signature of a plain function is read when it is looked at."""
    inspect.signature = _signature


def _signature(obj: Any, **options: Any) -> inspect.Signature:
    # What a function has of its own (what it wraps, a signature) tells another one.
    if type(obj) is not FunctionType or obj.__dict__ or options:
        return _read(obj, **options)
    late = _Signature.__new__(_Signature)
    late._of = obj
    return late


class _Signature(inspect.Signature):
    """The signature of a function; what it holds is there once it is asked for."""

    __slots__ = ("_of",)
    _of: Any  # the function

    def __getattr__(self, name: str) -> Any:
        """A slot that is empty: before the first look, that of the parameters or of the result."""
        if name in inspect.Signature.__slots__:
            real = _read(_alone(self._of))
            for slot in inspect.Signature.__slots__:
                setattr(self, slot, getattr(real, slot))
        return super().__getattribute__(name)


def _alone(function: Any) -> FunctionType:
    """The function without what it has been given since, which may be this very signature."""
    alone = FunctionType(
        function.__code__,
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    alone.__kwdefaults__ = function.__kwdefaults__
    alone.__annotations__ = function.__annotations__
    return alone
