"""Keys of one's own: read from a file, and in force as a whole, or refused in a sentence."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.browser.keys import DEFAULT
from tui.browser.keys_file import MOST, checked, load, place
from tui.errors import TrialdeckError


@pytest.fixture
def keys(tmp_path):
    """Writes a keys.toml; gives the environment that leads to it."""

    def write(text: str | bytes) -> dict[str, str]:
        path = tmp_path / "trialdeck" / "keys.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return {"XDG_CONFIG_HOME": str(tmp_path), "HOME": "/nowhere"}

    return write


@pytest.mark.parametrize(
    ("environ", "path"),
    [
        ({"HOME": "/home/a"}, "/home/a/.config/trialdeck/keys.toml"),
        ({"HOME": "/home/a", "XDG_CONFIG_HOME": "/etc/a"}, "/etc/a/trialdeck/keys.toml"),
        ({"HOME": "/home/a", "XDG_CONFIG_HOME": "here"}, "/home/a/.config/trialdeck/keys.toml"),
        ({"HOME": "", "XDG_CONFIG_HOME": ""}, None),
        ({}, None),
    ],
)
def test_the_file_is_looked_for_where_the_desktop_specification_says(environ, path):
    found = place(environ)
    assert (found and str(found)) == path


def test_without_a_file_or_a_home_the_keys_are_those_of_the_program(tmp_path):
    assert load({"XDG_CONFIG_HOME": str(tmp_path)}) == DEFAULT
    assert load({"XDG_CONFIG_HOME": "/dev/null"}) == DEFAULT
    assert load({}) == DEFAULT


def test_a_function_has_the_keys_that_the_file_gives_it_and_the_others_keep_theirs(keys):
    keymap = load(keys('[keys]\nquit = ["x", "ctrl+Y"]\nfind = "F5"\nback = []\n'))
    assert keymap.key("quit").keys == ("x", "ctrl+y")
    assert keymap.key("find").keys == ("f5",)
    assert keymap.key("back").keys == ()
    assert "q" not in keymap.functions
    assert keymap.key("down") == DEFAULT.key("down")


def test_two_functions_may_change_places(keys):
    keymap = load(keys('[keys]\nmethod = ["p"]\nendpoint = ["m"]\n'))
    assert (keymap.functions["p"], keymap.functions["m"]) == ("method", "endpoint")


def test_digits_that_no_pane_has_are_free_for_counts(keys):
    lines = "".join(f"pane_{n} = ['f{n + 4}']\n" for n in range(1, 5))
    assert not set("1234") & set(load(keys(f"[keys]\n{lines}")).functions)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[keys]\nfind = ["j"]', "The key 'j' is that of down and find: give down another key."),
        (
            '[keys]\nfind = ["x"]\nquit = ["x"]',
            "The key 'x' is that of find and quit: give find another key.",
        ),
        (
            '[keys]\nquit = ["ctrl+c"]',
            "The key 'ctrl+c' is that of quit and interrupt: it keeps that.",
        ),
        ('[keys]\ninterrupt = ["x"]', "interrupt keeps its key: there is always a way out."),
        ('[keys]\nqiut = ["x"]', "There is no function 'qiut': there is down, up, left"),
        ('[keys]\nquit = ["Pgdown"]', "quit: there is no key 'Pgdown': a key is a character"),
        ('[keys]\nquit = [""]', "quit: there is no key '': a key is a character"),
        ('[keys]\nquit = ["alt+x"]', "quit: there is no key 'alt+x'"),
        ('[keys]\nquit = ["ctrl+ctrl+x"]', "quit: there is no key 'ctrl+ctrl+x'"),
        ('[keys]\nquit = ["\\u001b"]', "quit: there is no key '\\x1b'"),
        ('[keys]\nquit = ["ctrl+i"]', "quit: a terminal sends tab for 'ctrl+i'; name that."),
        ("[keys]\nquit = [1]", 'quit takes a list of keys: quit = ["x", "ctrl+y"].'),
        ("[keys]\nquit = 1", 'quit takes a list of keys: quit = ["x", "ctrl+y"].'),
        ("[key]\nquit = 'x'", "There is no table 'key': there is [keys]."),
        ("keys = 1", "keys is a table: [keys]."),
        ("quit: x", "This is not TOML: "),
        (f"a = {'[' * 20_000}", "This is not TOML: "),
        (b"\xff\xfe", " is not text in UTF-8."),
        (b"#" * (MOST + 1), f" has more than {MOST} bytes."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_that_names_the_file(keys, text, said):
    environ = keys(text)
    with pytest.raises(TrialdeckError) as raised:
        load(environ)
    message = str(raised.value)
    assert message.startswith(str(place(environ)))
    assert said in message
    assert message.endswith(".")
    assert "\n" not in message


def test_a_file_that_is_none_is_refused_and_not_waited_for(tmp_path):
    for name, make in (("pipe", os.mkfifo), ("folder", os.mkdir)):
        (tmp_path / name / "trialdeck").mkdir(parents=True)
        make(tmp_path / name / "trialdeck" / "keys.toml")
        with pytest.raises(TrialdeckError, match="is not a file"):
            load({"XDG_CONFIG_HOME": str(tmp_path / name)})


def test_the_example_of_the_readme_is_a_file_that_holds(keys):
    readme = Path(__file__).parents[2] / "README.md"
    (example,) = re.findall(r"```toml\n(\[keys\]\n.*?)```", readme.read_text(), re.DOTALL)
    keymap = load(keys(example))
    assert keymap.key("quit").keys == ("x", "ctrl+y")
    assert keymap != DEFAULT


IDS = [key.id for key in DEFAULT.keys]
SAID = st.dictionaries(
    st.sampled_from(IDS) | st.text(max_size=5),
    st.lists(st.text(max_size=8) | st.sampled_from(["x", "ctrl+y", "tab"])) | st.integers(),
    max_size=6,
)


@given(SAID)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_whatever_the_file_says_no_key_has_two_functions_and_ctrl_c_leaves(said):
    keymap, refused = DEFAULT, "."
    try:
        keymap = checked(said)
    except TrialdeckError as error:
        refused = str(error)
    assert refused.endswith(".")
    names = [name for key in keymap.keys for name in key.keys]
    assert len(set(names)) == len(names)
    assert keymap.functions["ctrl+c"] == "interrupt"
    assert [key.id for key in keymap.keys] == IDS


def test_the_command_prints_the_keys_in_force_and_refuses_a_conflict(trialdeck, keys):
    run = trialdeck("keys", **keys('[keys]\nquit = ["x"]\n'))
    assert run.status == 0
    assert "  x          quit           leave\n" in run.out
    assert all(len(line) <= 80 for line in run.out.splitlines())
    assert trialdeck("keys", LANG="C", **keys("")).out.isascii()
    assert trialdeck("keys", "--format", "md", **keys("")).out == DEFAULT.markdown() + "\n"
    refused = trialdeck("keys", **keys('[keys]\nquit = ["j"]\n'))
    assert (refused.status, refused.out) == (2, "")
    assert refused.err.endswith("The key 'j' is that of down and quit: give down another key.\n")
