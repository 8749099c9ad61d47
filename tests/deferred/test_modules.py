"""Modules that are loaded on use: what stands for them becomes what it names."""

from __future__ import annotations

import importlib.util

import pytest

from tui.deferred import modules

from . import programs

INSTALLED = "from tui.deferred import modules; modules.install()\n"


def printed(program: str) -> str:
    """What a program prints in which these modules are loaded on use."""
    return programs.printed(f"{INSTALLED}import sys\n{program}").strip()


@pytest.mark.parametrize("name", modules.MODULES)
def test_every_one_is_a_module_of_the_library_as_installed(name):
    assert importlib.util.find_spec(name)


def test_polars_and_textual_are_loaded_without_them():
    loaded = printed(
        "import polars, textual.app\n"
        "unused = '_ssl', 'subprocess', '_uuid', 'textual.widgets._input'\n"
        "print([one for one in unused if one in sys.modules])\n"
        "print(len(sys.modules['polars.sql'].__dict__) < 10)"
    )
    # asyncio loads `subprocess`; polars alone would load it for credentials in a cloud.
    assert loaded.splitlines() == ["['subprocess']", "True"]


def test_a_function_is_loaded_when_it_is_called():
    assert printed(
        "import polars as pl\n"
        "frame = pl.DataFrame({'x': [1, 2]})\n"
        "found = pl.SQLContext(frame=frame).execute('select sum(x) as s from frame')\n"
        "print(found.collect()['s'][0])"
    ) == "3"  # fmt: skip


def test_a_lazy_scan_which_asks_for_credentials_works(tmp_path):
    (tmp_path / "a.csv").write_text("x\n1\n2\n")
    path = str(tmp_path / "a.csv")
    assert printed(f"import polars as pl; print(pl.scan_csv({path!r}).collect()['x'].sum())") == "3"


def test_a_class_can_be_asked_about():
    assert printed(
        "from uuid import UUID\n"
        "print(isinstance(1, UUID))\n"
        "print(isinstance(UUID(int=3), UUID), isinstance(1, UUID))"
    ).split() == ["False", "True", "False"]  # fmt: skip


DERIVED = """
from uuid import UUID
class Mine(UUID):
    'Has a text.'
    @property
    def twice(self):
        return 2 * super().int
class Next(Mine):
    pass
print(%s)
"""


@pytest.mark.parametrize(
    "asked",
    [
        "isinstance(1, Mine)",
        "Mine(int=3).twice, Next(int=4).twice",
        "isinstance(Mine(int=3), Mine), isinstance(Next(int=3), (Mine, UUID))",
        "Mine.__name__, Mine.__qualname__, Mine.__doc__, Mine.__module__, Mine.__class__",
        "[one.__name__ for one in Next.__mro__]",
        "type(Mine(int=3)).__name__, Next(int=3) == Next(int=3), type(Next(int=3)).__mro__[1]",
    ],
)
def test_a_class_that_is_derived_waits_and_then_is_as_any_other(asked):
    waits = "print('_uuid' in sys.modules)\n"
    program = DERIVED % asked
    assert printed(program) == programs.printed(program).strip()
    assert printed(DERIVED.replace("print(%s)", waits)) == "False"


def test_a_class_that_is_derived_can_be_decorated_and_take_keywords():
    program = (
        "from ast import NodeVisitor\n"
        "from dataclasses import dataclass\n"
        "def named(one):\n    one.title = 'decorated'\n    return one\n"
        "@named\n@dataclass\nclass Mine(NodeVisitor):\n    a: int = 1\n"
        "print(Mine(), Mine(2) == Mine(2), Mine.title, isinstance(Mine(), NodeVisitor))\n"
        "from uuid import UUID\n"
        "class Told(UUID):\n"
        "    def __init_subclass__(cls, told=''):\n        cls.told = told\n"
        "class Twice(Told, told='twice'):\n    pass\n"
        "print(Twice.told)"
    )
    assert printed(program) == programs.printed(program).strip()


def test_a_module_can_be_looked_into():
    assert printed("import ast\nprint('NodeVisitor' in dir(ast), ast.PyCF_ONLY_AST)") == "True 1024"
    assert printed("from textwrap import *\nprint(dedent(' a'))") == "a"
    assert printed("from tokenize import *\nprint(NAME == 1)") == "True"


ENDED = """
import ast, uuid
from uuid import UUID
class Mine(UUID):
    pass
modules.end()
%s
"""


@pytest.mark.parametrize(
    ("program", "found"),
    [
        ("import ast as again; print(again is ast, type(again).__name__)", "False module"),
        ("from ast import PyCF_ONLY_AST as flag; print(flag)", "1024"),
        ("print(isinstance(1, UUID), 'uuid' in sys.modules)", "False False"),
        ("print(Mine(int=3).int, isinstance(Mine(int=3), UUID))", "3 True"),
        ("import uuid as own; print(own.UUID(int=3) == UUID(int=3), isinstance(own.uuid4(), UUID))",
         "True True"),
        ("print(uuid.UUID(int=3).int)", "3"),
        ("import uuid as own; print(own.UUID is uuid.UUID)", "True"),
        ("modules.end(); from polars.sql import SQLContext as one; print(one.__name__)",
         "SQLContext"),
    ],
)  # fmt: skip
def test_after_the_end_of_a_start_modules_are_themselves_and_what_waits_still_may(program, found):
    assert printed(ENDED % program) == found


def test_a_class_of_several_bases_is_made_at_once():
    assert printed(
        "from uuid import UUID\n"
        "class Other: pass\n"
        "class Mine(UUID, Other): pass\n"
        "print(isinstance(Mine, type), Mine(int=1).int)"
    ) == "True 1"  # fmt: skip


def test_a_union_of_types_is_made_when_it_is_asked_about():
    assert printed(
        "from polars.io.cloud.credential_provider import _providers\n"
        "one = _providers.CredentialProvider\n"
        "both = (one | int | None, None | one)\n"
        "print(modules._root(one._module) is not None, isinstance(1, both[0]), "
        "isinstance(1, both[1]), isinstance(_providers.CredentialProviderAWS.__mro__, both[0]))"
    ) == "True True False False"  # fmt: skip


def test_a_module_in_a_module_and_a_constant_of_one_are_the_real_ones():
    assert printed(
        "import ssl\nfrom ssl import SSLContext\nssl.create_default_context()\n"
        "print(ssl.CERT_NONE == 0, SSLContext(ssl.PROTOCOL_TLS_CLIENT).check_hostname)"
    ) == "True True"  # fmt: skip


def test_what_is_not_in_it_is_an_error_on_use():
    assert printed(
        "import polars.sql\n"
        "try:\n    polars.sql.nothing_of_this_name()\n"
        "except AttributeError as error:\n    print('nothing_of_this_name' in str(error))"
    ) == "True"  # fmt: skip
