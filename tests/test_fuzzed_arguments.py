"""Argument vectors at random, and real ones mutated: an answer or one sentence, and no traceback.

A hundred in this process in a normal run and a few in real ones; TRIALDECK_FUZZ=3000 makes it as
many, at random, and a tenth of that in real processes.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tui import cli
from tui.analyses.answer import ANSWERS
from tui.parsers import OPTIONS
from tui.report.exports import EXPORTS
from tui.selection import CHOICES

COUNT = int(os.environ.get("TRIALDECK_FUZZ", "0"))
FUZZ = settings(
    max_examples=COUNT or 100,
    derandomize=not COUNT,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
IN_PROCESSES = settings(FUZZ, max_examples=COUNT // 10 or 8)

GOOD = {
    "endpoint": ("HBA1C", "GLUC", "ADLB.GLUC", "weight"),
    "arms": ("0,2.0", "Placebo", "2.0 M/kg,placebo"),
    "reference": ("0.3", "Placebo"),
    "population": ("ITTFL", "SAFFL", "all"),
    "records": ("auto", "all", "ANL01FL"),
    "visits": ("8", "4,8,12"),
    "where": ("AGE>=60", "SEX=F AGE<70", "RACE!=WHITE", "TRTSDT>2013-01-01", "AGE>900"),
    "unit": ("%", "mmol/mol"),
    "method": ("ancova", "mmrm", "welch", "student", "mann-whitney"),
    "covariates": ("AGE", "SEX,AGE", "USUBJID", "TRT01P", "age,AGE"),
    "alpha": ("0.1", "1e-300", "0.9999999999999999"),
    "covariance": ("ar1", "unstructured"),
    "strata": ("SEX", "USUBJID", "SITEID"),
    "responder": ("value<7", "change<=-0.5", "value<nan", "value<1e308"),
    "subgroup": ("SEX", "AGE", "USUBJID"),
    "power": ("0.9", "1e-300"),
    "wanted": ("0.4", "0", "-1", "1e308", "1e-308"),
    "text": ("head", "", "\x1b[2J"),
    "severity": ("MILD", "mild,SEVERE"),
    "days": ("1,28", "-1e300,1e300", "9,1"),
    **CHOICES,
}
SIGNS = (
    "\\,\"' =<>!.-+*%#~;:()[]{}\t\n\0\x1b\x9b\u202e漢é🙂\udc80"
    + string.ascii_letters
    + string.digits
)
ANYTHING = st.text(SIGNS, max_size=12) | st.sampled_from(
    [
        "",
        "-",
        "--",
        "-1",
        "nan",
        "inf",
        "1e999",
        "9" * 5000,
        "x" * 300,
        "(" * 2000,
        ",",
        "msb-dm003",
    ]
)  # no slash among the signs: files are written to this folder alone
FIELDS = {name: st.sampled_from(GOOD.get(name, ("x",))) for name, _, _ in OPTIONS}
STUDIES = st.sampled_from(
    [
        "msb-dm003",
        "msb-dm003",
        "msb-dm003",
        "nowhere",
        "empty",
        "file.txt",
        "broken",
        "script.txt",
        "",
        ".",
    ]
)
OUTPUTS = st.sampled_from(
    [
        *(f"out{ending}" for ending in (*EXPORTS, ".svg", "")),
        *("nowhere/out.csv", "file.txt", "empty", "/dev/null", "", "x" * 300 + ".csv", "a\0.csv"),
    ]
)


@st.composite
def chosen(draw: st.DrawFn) -> list[str]:
    """Options of a selection, most of them with a value that means something."""
    said = []
    for name in draw(st.lists(st.sampled_from(list(FIELDS)), max_size=3, unique=True)):
        value = draw(ANYTHING if draw(st.integers(0, 3)) == 0 else FIELDS[name])
        said += draw(st.sampled_from(([f"--{name}", value], [f"--{name}={value}"])))
    return said


@st.composite
def commands(draw: st.DrawFn) -> list[str]:
    """A command as somebody might give it."""
    study = [draw(STUDIES)] * draw(st.integers(0, 1))
    command = draw(
        st.sampled_from(["show"] * 6 + ["browse", "replay", "describe", "prepare", "keys"])
    )
    if command == "show":
        more = draw(st.sampled_from([[], [], ["--format"], ["--output"], ["--ascii"]]))
        if more == ["--format"]:
            more = [*more, draw(st.sampled_from(["text", "md", "csv", "json", "xml"]))]
        elif more == ["--output"]:
            more = [*more, draw(OUTPUTS)]
        subject = ["--subject", draw(st.sampled_from(["01-001", "x", ""]))] * draw(
            st.integers(0, 1)
        )
        return [
            "show",
            draw(st.sampled_from(list(ANSWERS))),
            *study,
            *more,
            *subject,
            *draw(chosen()),
        ]
    if command == "browse":
        return [
            *draw(st.sampled_from([[], ["--plain"], ["--mouse"], ["--theme", "dark"]])),
            *study,
            *draw(chosen()),
        ]
    if command == "replay":
        file = draw(st.sampled_from(["script.txt", "nowhere", "empty", "file.txt"]))
        return [
            "replay",
            file,
            *study,
            *draw(st.sampled_from([[], ["--screen"], ["--format", "csv"]])),
        ]
    if command == "describe":
        return ["describe", *study, *draw(st.sampled_from([[], ["--output", draw(OUTPUTS)]]))]
    if command == "prepare":
        return [
            "prepare",
            draw(STUDIES),
            draw(st.sampled_from(["out", "empty", "broken", "file.txt", "a\0", "x" * 300])),
        ]
    return ["keys", *draw(st.sampled_from([[], ["--format", "md"], ["--format", "xml"]]))]


@st.composite
def mutated(draw: st.DrawFn) -> list[str]:
    """One of these with words taken out, doubled, moved, changed or put in."""
    words = draw(commands())
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(words)))
        kind = draw(st.sampled_from(["out", "double", "put", "put", "cut", "--encoding"]))
        if kind == "put":
            words.insert(at, draw(ANYTHING))
        elif kind == "--encoding":
            words[at:at] = [
                kind,
                draw(st.sampled_from(["latin-1", "utf-16", "hex", "", "\0", "é"])),
            ]
        elif at < len(words):
            words[at : at + 1] = {
                "out": [],
                "double": words[at : at + 1] * 2,
                "cut": [words[at][:-1]],
            }[kind]
    return ["--nothing", *words] if words[:1] == ["validate"] else words


@dataclass
class Place:
    """A folder to be in, and what lies there."""

    folder: Path

    def __post_init__(self) -> None:
        (self.folder / "empty").mkdir()
        (self.folder / "broken").mkdir()
        (self.folder / "broken" / "adsl.csv").write_text('USUBJID,TRT01P\n1,"A\n', encoding="utf-8")
        (self.folder / "file.txt").write_text("not a dataset", encoding="utf-8")
        (self.folder / "script.txt").write_text("visits\nendpoint GLUC\n", encoding="utf-8")
        self._before = self._there()

    def _there(self) -> set[Path]:
        return {path.relative_to(self.folder) for path in self.folder.rglob("*")}

    @contextlib.contextmanager
    def nothing_but(self, asked: set[str]) -> Iterator[None]:
        """Nothing is written here but what was asked for; that is taken away again."""
        yield
        new = self._there() - self._before
        for one in new:
            if one.parts[0] in asked and (self.folder / one.parts[0]).exists():
                path = self.folder / one.parts[0]
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        if any(one.parts[0] == "empty" for one in new):
            (self.folder / "empty").mkdir()
        assert {one.parts[0] for one in new} <= asked
        assert self._there() == self._before


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setattr(sys, "stdin", None)
    return Place(tmp_path)


def ran(words: list[str]) -> tuple[int, str, str]:
    """The exit status of a command in this process, and what it wrote to both streams."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = cli.main(words)
        except SystemExit as ended:  # of --help and --version
            status = int(ended.code or 0)
    out.flush()
    err.flush()
    return status, out.buffer.getvalue().decode(), err.buffer.getvalue().decode()


def check(status: int, out: str, err: str) -> None:
    assert status in (0, 2)
    assert "Traceback" not in out + err
    assert "should not happen" not in out + err
    if status == 2:
        *before, said, end = err.split("\n")
        assert not end
        assert said.startswith("trialdeck: ")
        assert said.endswith(".") or " To print instead: trialdeck show visits" in said
        assert all(
            line.startswith("written to ") for line in before
        )  # by a script, before it failed
    else:
        assert all(line.startswith("written to ") for line in err.splitlines())


@FUZZ
@given(words=mutated())
@example(words=["x" * 300])
@example(words=["show", "visits", "x" * 300])
@example(words=["prepare", "msb-dm003", "a\0b"])
@example(words=["show", "visits", "--output", "\ud800.csv"])
@example(words=["show", "visits", "--strata", "USUBJID"])
@example(words=["show", "visits", "--covariates", "USUBJID"])
def test_any_arguments_are_answered_or_refused_in_one_sentence(place: Place, words: list[str]):
    with place.nothing_but(set(words) | {word.partition("=")[2] for word in words}):
        check(*ran(words))


@IN_PROCESSES
@given(words=mutated())
def test_in_a_process_of_its_own_they_are_too(place: Place, trialdeck, words: list[str]):
    words = [os.fsdecode(os.fsencode(word.replace("\0", ""))) for word in words]
    with place.nothing_but(set(words) | {word.partition("=")[2] for word in words}):
        run = trialdeck(*words, PYTHONPATH=str(Path(cli.__file__).parents[1]), cwd=place.folder)
        check(run.status, run.out, run.err)
