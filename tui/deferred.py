"""Modules of libraries that are loaded on the way, but only if something of them is used.

polars and Textual load all that they can do, and all of it takes time before the first data are on
the screen: of polars' 95 ms its readers of Iceberg, Delta, catalogs, databases and clouds take 30,
of Textual's 115 the part of asyncio for TLS and widgets that are named in a type take 15. The
standard library's LazyLoader does not help: it loads a module when a name is taken from it, and all
of these are met in a `from ... import`. Here such a name stands for what it names until that is
called, derived from, or asked for anything; then the module is loaded, and all is as it would be.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from tui import late_methods

MODULES = (
    "platformdirs",
    "polars.catalog",
    "polars.convert.normalize",
    "polars.io.avro",
    "polars.io.clipboard",
    "polars.io.cloud.credential_provider._providers",
    "polars.io.database",
    "polars.io.delta",
    "polars.io.external_reader",
    "polars.io.iceberg",
    "polars.io.lance",
    "polars.io.partition",
    "polars.io.pyarrow_dataset",
    "polars.io.spreadsheet",
    "polars.sql",
    "ssl",
    "textual.types",
    "urllib.parse",
)
"""What this program makes no use of. None of these is missed where a library no longer has it."""


def install() -> None:
    """From now on these modules are loaded when they are used, and methods made when called."""
    late_methods.install()
    if _finder not in sys.meta_path:
        finder: Any = _finder  # without its base class, of a module that takes 3 ms
        sys.meta_path.insert(0, finder)


class _Finder:
    """Finds the modules named above and those in them, until one is used."""

    def __init__(self) -> None:
        self.waiting = set(MODULES)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        loader: Any = self
        return ModuleSpec(name, loader, is_package=True) if _root(name) else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing yet."""


_finder = _Finder()


class _Module(ModuleType):
    """A module that has not been loaded."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # the import system asks; it is not for use
            raise AttributeError(name)
        if _root(self.__name__) is None:
            return getattr(import_module(self.__name__), name)
        return _Name(self.__name__, name)


class _Name:
    """A name of such a module: a function, a class, or a constant."""

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name

    def _real(self) -> Any:
        return getattr(_loaded(self._module), self._name)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._real()(*arguments, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real(), name)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[Any, ...]:
        return (self._real(),)

    def __instancecheck__(self, value: object) -> bool:
        return _root(self._module) is None and isinstance(value, self._real())

    def __getitem__(self, item: Any) -> Any:
        return self._real()[item]

    def __or__(self, other: Any) -> Any:
        return _Either(self, other)

    def __ror__(self, other: Any) -> Any:
        return _Either(other, self)


class _Either(_Name):
    """`one | other` of such names, as types say it: of use to nobody at run time."""

    def __init__(self, one: Any, other: Any) -> None:
        self._both = one, other

    def _real(self) -> Any:
        one, other = (each._real() if isinstance(each, _Name) else each for each in self._both)
        return one | other

    def __instancecheck__(self, value: object) -> bool:
        return isinstance(value, self._real())


def _root(name: str) -> str | None:
    """The module above that this is, or is in, if it is still to be loaded."""
    return next((one for one in _finder.waiting if f"{name}.".startswith(f"{one}.")), None)


def _loaded(name: str) -> ModuleType:
    """The module itself, loaded now if it has not been."""
    if root := _root(name):
        _finder.waiting.discard(root)
        for one in [one for one in sys.modules if f"{one}.".startswith(f"{root}.")]:
            del sys.modules[one]
    return import_module(name)
