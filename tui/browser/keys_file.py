"""The user's own keys: `keys.toml`, read and checked as a whole before any of it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tui.browser.keys import FIXED, SHOWN, Keymap
from tui.errors import TrialdeckError, one_of
from tui.study import text_file

MOST = 65_536
"""Bytes of a keys.toml: there are some sixty functions to name."""

_HELD = ("ctrl", "shift")
_SAME = {"i": "tab", "m": "enter", "h": "backspace", "[": "escape"}
"""Keys that a terminal sends for ctrl and a letter: they cannot be told apart."""


def place(environ: Mapping[str, str]) -> Path | None:
    """Where the file is looked for; without a home there is none."""
    base, home = environ.get("XDG_CONFIG_HOME", ""), environ.get("HOME", "")
    if not base.startswith("/"):  # the specification has a relative one ignored
        base = f"{home}/.config" if home else ""
    return Path(base, "trialdeck", "keys.toml") if base else None


def load(environ: Mapping[str, str]) -> Keymap:
    """The keys in force: those of the program, with those of the user's file in their place.

    Raises:
        TrialdeckError: when the file cannot be read, or says something that cannot be.
    """
    path = place(environ)
    text = text_file.read(path, MOST) if path else None
    if text is None:
        return Keymap()
    try:
        return checked(_chosen(text))
    except TrialdeckError as error:
        raise TrialdeckError(f"{path}: {error}") from None


def _chosen(text: str) -> dict[str, Any]:
    tables = text_file.tables(text)
    if unknown := [name for name in tables if name != "keys"]:
        raise TrialdeckError(f"There is no table {unknown[0]!r}: there is [keys].")
    chosen = tables.get("keys", {})
    if not isinstance(chosen, dict):
        raise TrialdeckError("keys is a table: [keys].")
    return chosen


def checked(chosen: Mapping[str, Any], keymap: Keymap | None = None) -> Keymap:
    """The keys with those chosen by id, each a key or a list of keys.

    Raises:
        TrialdeckError: for an unknown function or key, or a key that two functions have.
    """
    keymap = keymap or Keymap()
    ids = [key.id for key in keymap.keys if key.id not in FIXED]
    read = {}
    for id, keys in chosen.items():
        if id in FIXED:
            raise TrialdeckError(f"{id} keeps its key: there is always a way out.")
        if id not in ids:
            raise TrialdeckError(f"There is no function {id!r}: there is {one_of(ids, 60)}.")
        keys = [keys] if isinstance(keys, str) else keys
        if not isinstance(keys, list) or not all(isinstance(one, str) for one in keys):
            raise TrialdeckError(f'{id} takes a list of keys: {id} = ["x", "ctrl+y"].')
        read[id] = tuple(dict.fromkeys(_key(id, one) for one in keys))
    made = keymap.with_keys(read)
    _refuse_conflict(made, read)
    return made


def _refuse_conflict(made: Keymap, read: Mapping[str, tuple[str, ...]]) -> None:
    """A key has one function: says which two have it, and what to do."""
    having = defaultdict(list)
    for one in made.keys:
        for name in one.keys:
            having[name].append(one.id)
    for name, ids in having.items():
        if len(ids) > 1:
            other = next((id for id in ids if id not in read), ids[0])
            change = "it keeps that" if other in FIXED else f"give {other} another key"
            raise TrialdeckError(f"The key {name!r} is that of {' and '.join(ids)}: {change}.")


def _key(id: str, text: str) -> str:
    """A key by its one name.

    Raises:
        TrialdeckError: when there is no such key, or a terminal sends another one for it.
    """
    if len(text) == 1:
        if text == " ":
            return "space"
        if text.isprintable():
            return text
    *held, last = text.lower().split("+")
    if not held and last in SHOWN:
        return last
    if held and list(held) == [one for one in _HELD if one in held]:
        same = _SAME.get(last) if held == ["ctrl"] else None
        if same:
            raise TrialdeckError(f"{id}: a terminal sends {same} for {text!r}; name that.")
        letter = len(last) == 1 and last.isascii() and last.isalpha()
        if (letter and held == ["ctrl"]) or (last in SHOWN and last != "space"):
            return "+".join([*held, last])
    raise TrialdeckError(
        f"{id}: there is no key {text!r}: a key is a character such as 'x', a name "
        f"({one_of([name for name in SHOWN if not name[1:].isdigit()], 20)}, f1 to f12), "
        "or ctrl+ and a letter."
    )
