"""Dataclasses whose methods are made when they are looked up: nobody can tell them from others."""

from __future__ import annotations

import pytest

from .programs import printed

INSTALLED = "from tui.deferred import methods; methods.install()\n"

KINDS = """
import copy, inspect, pickle
from abc import ABC, abstractmethod
from dataclasses import (
    KW_ONLY, FrozenInstanceError, InitVar, asdict, astuple, dataclass, field, fields, replace
)
from typing import Generic, TypeVar, get_type_hints

T = TypeVar("T")

@dataclass
class Plain:
    a: int
    b: list[int] = field(default_factory=list)

@dataclass(frozen=True)
class Frozen:
    "With a text of its own."
    a: int
    b: str = "b"

@dataclass(frozen=True)
class Derived(Frozen):
    c: float = 0.5

@dataclass(order=True, slots=True, kw_only=True)
class Ordered:
    a: int
    b: int = 2

@dataclass(eq=False)
class Unequal:
    a: object

@dataclass(frozen=True, slots=True)
class Generous(Generic[T]):
    a: T
    _: KW_ONLY
    b: int = field(default=3, compare=False, repr=False)

@dataclass
class Later:
    a: int
    more: InitVar[int]
    sum: int = field(init=False)
    def __post_init__(self, more):
        self.sum = self.a + more

@dataclass(unsafe_hash=True)
class Own:
    a: int
    def __repr__(self):
        return f"own {self.a}"

class Base(ABC):
    @abstractmethod
    def value(self): ...

@dataclass(frozen=True)
class Concrete(Base):
    a: int
    def value(self):
        return self.a

def told(do):
    try:
        return repr(do())
    except Exception as error:
        return f"{type(error).__name__}: {error}"

def made():
    yield from (Plain(1), Plain(1, [2]), Frozen(1), Frozen(1, b="c"), Derived(1, c=2.5))
    yield from (Ordered(a=1), Ordered(b=3, a=1), Unequal("u"), Generous(1), Generous("g", b=4))
    yield from (Later(1, 2), Own(5), Concrete(6))
"""

USES = {
    "calls": "told(lambda: one)",
    "equality": "[told(lambda: one == two) for two in made()]",
    "order": "told(lambda: [one < two for two in made() if type(one) is type(two)])",
    "hashes": "told(lambda: type(hash(one)).__name__ + str(hash(one) == hash(copy.copy(one))))",
    "signature": "told(lambda: inspect.signature(type(one)))",
    "text": "type(one).__doc__",
    "hints": "told(lambda: get_type_hints(type(one).__init__))",
    "names": "[(name, getattr(getattr(type(one), name), '__qualname__', None)) for name in "
    "('__init__', '__eq__', '__repr__', '__setattr__', '__hash__', '__lt__')]",
    "setting": "told(lambda: setattr(one, 'a', 7)), told(lambda: delattr(one, 'a')), "
    "told(lambda: one.a)",
    "pickles": "told(lambda: pickle.loads(pickle.dumps(one)))",
    "copies": "told(lambda: replace(one, a=8)), told(lambda: copy.deepcopy(one)), "
    "told(lambda: asdict(one)), told(lambda: astuple(one)), [f.name for f in fields(one)]",
    "wrong calls": "told(lambda: type(one)()), told(lambda: type(one)(1, 2, 3, 4, nothing=1))",
    "parents": "told(lambda: super(type(one), one).__init__(1)), "
    "told(lambda: super(type(one), one).__eq__(one))",
}


@pytest.mark.parametrize("use", USES)
def test_a_dataclass_is_as_any_other(use):
    future = "from __future__ import annotations\n"
    program = f"{KINDS}\nfor one in made():\n    print({USES[use]})"
    others = printed(future + program)
    assert len(others.splitlines()) == 13
    assert printed(future + INSTALLED + program) == others


def test_methods_are_compiled_when_they_are_looked_up_and_once():
    assert printed(
        f"{INSTALLED}"
        "import builtins\n"
        "from dataclasses import dataclass\n"
        "run, texts = builtins.exec, []\n"
        "def counted(text, *rest):\n    texts.append(text)\n    run(text, *rest)\n"
        "builtins.exec = counted\n"
        "@dataclass(frozen=True)\nclass One:\n    'Has a text.'\n    a: int = 1\n"
        "print(len(texts))\n"
        "print(One(), One(2), One(3))\n"
        "print(len(texts), One.__dict__['__init__'] is One.__init__)\n"
        "print(One() == One(), len(texts))"
    ).splitlines() == [
        "0",
        "One(a=1) One(a=2) One(a=3)",
        "2 True",
        "True 3",
    ]
