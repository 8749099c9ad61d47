"""study.toml, keys.toml and scripts at random and mutated: they hold, or one sentence says why not.

Fifty of each in a normal run; TRIALDECK_FUZZ=3000 makes it as many, at random.
"""

from __future__ import annotations

import copy
import datetime
import json
import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tui.analyses.answer import Question
from tui.analyses.session import Session
from tui.browser import keys_file, replay, script
from tui.browser.commands import WORDS
from tui.browser.keys import KEYS
from tui.errors import TrialdeckError
from tui.study import builtin
from tui.study.open import open_study

COUNT = int(os.environ.get("TRIALDECK_FUZZ", "0"))
FUZZ = settings(
    max_examples=COUNT or 50,
    derandomize=not COUNT,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

OWN = tomllib.loads((builtin.folder() / "study.toml").read_text(encoding="utf-8"))
MAPPED = {
    **OWN,
    "encoding": "windows-1252",
    "datasets": {
        "adsl": {
            "part": "subjects",
            "columns": {"TRT01P": "TRT01A", "AGE": "WEIGHTBL"},
            "values": {"SEX": {"F": "W", "M": "M"}, "ITTFL": {"Y": "Y"}},
        },
        "adlb": {"part": "findings", "columns": {"AVAL": "BASE"}, "encoding": "latin-1"},
        "adae": {"part": "adverse events"},
    },
}
KEYMAP = {"keys": {"quit": ["x", "ctrl+y"], "down": "n", "find_next": ["f2"], "copy": []}}
SCRIPT = (
    "study msb-dm003", "encoding latin-1", "endpoint GLUC", "arms 0,2.0", "visits", "sort -n",
    "keep Week 8", "values 8 Placebo", "subject 1", "show", "page power", "reset", "where AGE>=60",
    "undo", "back", "forward", "events", "text head", "export out.csv", "describe study.toml",
    "study",
)  # fmt: skip


class Bare(str):
    """What stands in TOML without quotation marks."""


SIGNS = st.characters(exclude_categories=["Cs"])
TEXT = st.text(SIGNS, max_size=8) | st.sampled_from(
    [
        "",
        ".",
        "..",
        "../adlb",
        "/etc/passwd",
        "ADLB",
        "AVAL",
        "Placebo",
        "x" * 10_000,
        "a\0b",
        "\x1b[2J",
    ]
)
PLAIN = (
    st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.dates().map(datetime.date.isoformat).map(Bare)
    | TEXT
    | st.sampled_from(["subjects", "findings", "adverse events", "time to event", "unused"])
)
VALUE = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


def toml(value: Any) -> str:
    """A value as TOML, tables in one line."""
    match value:
        case Bare():
            return str(value)
        case bool():
            return str(value).lower()
        case float() | int():
            return repr(value)
        case str():
            plain = value.isprintable() and value.isascii()
            return json.dumps(value) if plain else _escaped(value)
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return (
                "{"
                + ", ".join(f"{_escaped(name)} = {toml(one)}" for name, one in value.items())
                + "}"
            )
    return toml(str(value))


def _escaped(text: str) -> str:
    return '"' + "".join(f"\\U{ord(sign):08X}" for sign in text) + '"'


def file_of(tables: dict[str, Any]) -> str:
    return "".join(f"{_escaped(name)} = {toml(one)}\n" for name, one in tables.items())


@st.composite
def mutated(draw: st.DrawFn, tables: dict[str, Any]) -> str:
    """Tables with some of their values, or of their names, replaced by any others."""
    made = copy.deepcopy(tables)
    for _ in range(draw(st.integers(1, 3))):
        at = made
        while True:
            name = draw(st.sampled_from([*at, ""]) if at else TEXT)
            if isinstance(at.get(name), dict) and draw(st.integers(0, 4)):
                at = at[name]
                continue
            break
        if draw(st.integers(0, 3)) == 0:
            at[draw(TEXT)] = at.pop(name, None) or draw(VALUE)
        else:
            at[name] = draw(VALUE)
    return file_of(made)


@st.composite
def scrambled(draw: st.DrawFn, text: str) -> bytes:
    """A text with bytes taken out, put in and changed."""
    data = bytearray(text.encode())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 6))] = draw(
            st.binary(max_size=6)
            | st.sampled_from([b"[", b"[[", b'"""', b"=", b"\n", b"\0", b"{", b"\xff"])
        )
    return bytes(data)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in study's data, for another study.toml."""
    folder = tmp_path_factory.mktemp("study")
    for path in builtin.folder().glob("*.csv"):
        (folder / path.name).symlink_to(path)
    return folder


def is_sentence(error: TrialdeckError, about: str = "") -> None:
    said = str(error)
    assert said
    assert about in said
    assert "\n" not in said
    assert said.endswith(".")
    assert "should not happen" not in said


def opens_or_says_why(study: Path, content: bytes) -> None:
    (study / "study.toml").write_bytes(content)
    try:
        session = Session(open_study(str(study)))
    except TrialdeckError as error:
        is_sentence(error)
        return
    for kind in ("study", "visits", "events", "baseline"):
        try:
            session.answer(Question(kind))
        except TrialdeckError as error:
            is_sentence(error)


@FUZZ
@given(text=mutated(OWN) | mutated(MAPPED))
def test_a_study_toml_of_any_values_opens_or_says_why_not(study: Path, text: str):
    tomllib.loads(text)
    opens_or_says_why(study, text.encode())


@FUZZ
@given(content=scrambled(file_of(MAPPED)) | st.binary(max_size=60))
@example(content=b"a = " + b"[" * 100_000)
@example(content=b"a = " + b"9" * 100_000)
@example(content=b"a." * 100_000 + b"a = 1")
@example(content=b"x" * (1 << 21))
@example(content=b"\xef\xbb\xbfid = 'x'")
def test_a_study_toml_of_any_bytes_opens_or_says_why_not(study: Path, content: bytes):
    opens_or_says_why(study, content)


@FUZZ
@given(
    content=mutated(KEYMAP).map(str.encode) | scrambled(file_of(KEYMAP)) | st.binary(max_size=60)
)
@example(content=b"a." * 30_000 + b"a = 1")
@example(content=b"a = " + b"9" * 10_000)
def test_a_keys_toml_holds_or_says_why_not(tmp_path: Path, content: bytes):
    path = tmp_path / "trialdeck" / "keys.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    try:
        keymap = keys_file.load({"XDG_CONFIG_HOME": str(tmp_path)})
    except TrialdeckError as error:
        is_sentence(error)
    else:
        assert keymap.functions["ctrl+c"] == "interrupt"
        assert len(keymap.keys) == len(KEYS)
        assert keymap.text(ascii_only=True)


@pytest.fixture(scope="module")
def session() -> Session:
    return Session(open_study(None))


LINES = st.lists(
    st.sampled_from(SCRIPT)
    | st.builds("{} {}".format, st.sampled_from(WORDS), st.text(SIGNS, max_size=8))
    | st.text(SIGNS, max_size=12),
    max_size=6,
)


@FUZZ
@given(content=LINES.map("\n".join).map(str.encode) | scrambled("\n".join(SCRIPT)))
@example(content=b"where " + b"(" * 100_000)
@example(content=b"sort " + b"-" * 100_000)
@example(content=b"keep " + b"x" * 100_000)
@example(content=b"+" + b"9" * 10_000)
@example(content="values ٣ Placebo".encode())
@example(content="٣".encode())
def test_a_script_runs_or_says_which_line_cannot(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "script.txt"
    path.write_bytes(content)
    try:
        list(replay.printed(script.read(str(path)), session, lambda said: None))
    except TrialdeckError as error:
        is_sentence(error, str(path))
    for one in set(tmp_path.iterdir()) - {path}:
        one.unlink()
