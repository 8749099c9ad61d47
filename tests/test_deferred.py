"""Modules that are loaded on use: what stands for them becomes what it names."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

from tui import deferred


def printed(program: str) -> str:
    """What a program prints in which these modules are loaded on use."""
    start = "from tui import deferred; deferred.install()\nimport sys\n"
    done = subprocess.run(
        [sys.executable, "-c", start + program], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("name", deferred.MODULES)
def test_every_one_is_a_module_of_the_library_as_installed(name):
    assert importlib.util.find_spec(name)


def test_polars_and_textual_are_loaded_without_them():
    loaded = printed(
        "import polars, textual.app\n"
        "print([one for one in ('_ssl', 'subprocess', 'textual.widgets._directory_tree')"
        " if one in sys.modules])\n"
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


def test_a_class_can_be_derived_from_and_asked_about():
    assert printed(
        "from polars.sql import SQLContext\n"
        "print(isinstance(1, SQLContext))\n"
        "class Mine(SQLContext):\n    pass\n"
        "print(issubclass(Mine, SQLContext._real()), isinstance(Mine(), SQLContext))"
    ).split() == ["False", "True", "True"]  # fmt: skip


def test_a_union_of_types_is_made_when_it_is_asked_about():
    assert printed(
        "from polars.io.cloud.credential_provider import _providers\n"
        "one = _providers.CredentialProvider\n"
        "both = (one | int | None, None | one)\n"
        "print(deferred._root(one._module) is not None, isinstance(1, both[0]), "
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
