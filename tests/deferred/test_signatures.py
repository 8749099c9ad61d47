"""Signatures that are read when they are looked at: nobody can tell them from others."""

from __future__ import annotations

import pytest

from .programs import printed

INSTALLED = "from tui.deferred import signatures; signatures.install()\n"

KINDS = """
import copy, functools, inspect, pickle

def plain(a, b: int = 1, /, *rest: str, c, d=None, **more) -> float: ...

def wrapped(function):
    @functools.wraps(function)
    def wrapper(*args, **named): ...
    return wrapper

@wrapped
def twice(x, y): ...

def keeps(a, b): ...
keeps.__signature__ = inspect.signature(keeps)

def other(a, b): ...
other.__signature__ = inspect.signature(other).replace(parameters=[])

def changed(a, b): ...
first = inspect.signature(changed)
changed.__signature__ = inspect.signature(plain)

class Class:
    def __init__(self, a, *, b=2): ...
    def method(self, c): ...

def made(n):
    return lambda m, k=n: n

KINDS = (plain, twice, keeps, other, changed, Class, Class.method, Class(1).method, made(3), len,
    functools.partial(plain, 1), max, type, 3)

def told(do):
    try:
        return str(do())
    except Exception as error:
        return f"{type(error).__name__}: {error}"
"""

USES = {
    "text": "inspect.signature(one)",
    "parameters": "list(inspect.signature(one).parameters.items())",
    "result": "inspect.signature(one).return_annotation",
    "call": "inspect.signature(one).bind(1, 2, c=3)",
    "equality": "[told(lambda: inspect.signature(one) == inspect.signature(two)) for two in KINDS]",
    "hash": "len({inspect.signature(one), inspect.signature(one)})",
    "change": "inspect.signature(one).replace(return_annotation=int)",
    "copy": "copy.deepcopy(inspect.signature(one))",
    "pickle": "pickle.loads(pickle.dumps(inspect.signature(one)))",
    "what is not there": "inspect.signature(one).nothing",
    "options": "inspect.signature(one, eval_str=True)",
    "as it was": "first",
}


@pytest.mark.parametrize("use", USES)
def test_a_signature_is_as_any_other(use):
    program = f"{KINDS}\nfor one in KINDS:\n    print(told(lambda: {USES[use]}))"
    others = printed(program)
    assert len(others.splitlines()) == 14
    assert printed(INSTALLED + program).replace("_Signature", "Signature") == others


def test_it_is_read_at_the_first_look_and_once():
    assert printed(
        f"{INSTALLED}"
        "import inspect\n"
        "from tui.deferred import signatures\n"
        "read, seen = signatures._read, []\n"
        "signatures._read = lambda one: [seen.append(one), read(one)][1]\n"
        "def plain(a): ...\n"
        "found = inspect.signature(plain)\n"
        "print(len(seen), found, found.parameters['a'].name, len(seen))"
    ) == "0 (a) a 1\n"  # fmt: skip
