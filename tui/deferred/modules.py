"""Modules of libraries that are loaded on the way, but only if something of them is used.

polars and Textual load all that they can do, and all of it takes time before the first data are on
the screen: of polars' 95 ms its readers of Iceberg, Delta, catalogs, databases and clouds take 30,
of Textual's 115 its palette of commands, the part of asyncio for TLS and widgets that are named in
a type take 30. The standard library's LazyLoader does not help: it loads a module when a name is
taken from it, and all of these are met in a `from ... import`. Here such a name stands for what it
names until that is called or asked for anything, and a class that is derived from it waits as well;
then the module is loaded, and all is as it would be.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType, new_class
from typing import Any

MODULES = (
    "ast",
    "asyncio.sslproto",
    "difflib",
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
    "rich.panel",
    "rich.table",
    "ssl",
    "textual.command",
    "textual.markup",
    "textual.types",
    "textwrap",
    "tokenize",
    "traceback",
    "urllib.parse",
    "uuid",
)
"""What no start makes use of. None of these is missed where a library no longer has it."""


def install() -> None:
    """From now on these modules are loaded when they are used."""
    if _finder not in sys.meta_path:
        finder: Any = _finder  # without its base class, of a module that takes 3 ms
        sys.meta_path.insert(0, finder)


def end() -> None:
    """What is loaded from now on meets the modules themselves.

    A start is over: libraries that come later need not wait, and look into modules in more ways.
    """
    if _finder in sys.meta_path:
        sys.meta_path.remove(_finder)
        for name in [name for name in sys.modules if _root(name)]:
            del sys.modules[name]
        _finder.waiting.clear()


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
        if name == "__all__":  # `from ... import *` takes what is there
            self.__dict__.update(_loaded(self.__name__).__dict__)
            if name in self.__dict__:
                return self.__dict__[name]
        if name.startswith("__"):  # the import system asks; it is not for use
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        if _root(self.__name__) is None:
            return getattr(import_module(self.__name__), name)
        return _Name(self.__name__, name)

    def __dir__(self) -> list[str]:
        return dir(_loaded(self.__name__))


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
        return (_BASE,) if bases == (self,) else (self._real(),)

    def __instancecheck__(self, value: object) -> bool:
        is_loaded = _root(self._module) is None and self._module in sys.modules
        return is_loaded and isinstance(value, self._real())

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


class _Derived(_Name):
    """A class that is derived from such a name alone: it is made when it is used."""

    def __init__(self, name: str, body: dict[str, Any], named: dict[str, Any]) -> None:
        (base,) = body["__orig_bases__"]
        for own, value in (("_module", base._module), ("_name", name), ("_made", None)):
            object.__setattr__(self, own, value)
        object.__setattr__(self, "_making", (base, body, named))

    def _real(self) -> Any:
        if self._made is None:
            base, body, named = self._making

            def fill(there: dict[str, Any]) -> None:
                for name, value in body.items():
                    there[name] = value

            made = new_class(self._name, (base._real(),), named, fill)
            object.__setattr__(self, "_made", made)
        return self._made

    def __getattribute__(self, name: str) -> Any:
        """What each object has, such as its module, is asked of the class, as a decorator does."""
        is_own = not name.startswith("__") or name == "__mro_entries__"
        return object.__getattribute__(self, name) if is_own else getattr(self._real(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._real(), name, value)


class _Deriving(type):
    """What makes a class of a class statement; this one lets it wait."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any], **named: Any) -> Any:
        return _Derived(name, body, named)


_BASE = type.__new__(_Deriving, "_Base", (), {})


def _root(name: str) -> str | None:
    """The module above that this is, or is in, if it is still to be loaded."""
    while name and name not in _finder.waiting:  # each import of a start asks
        name = name.rpartition(".")[0]
    return name or None


def _loaded(name: str) -> ModuleType:
    """The module itself, loaded now if it has not been."""
    if root := _root(name):
        _finder.waiting.discard(root)
        for one in [one for one in sys.modules if f"{one}.".startswith(f"{root}.")]:
            del sys.modules[one]
    return import_module(name)
