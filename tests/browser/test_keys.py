"""The one table of keys, and that every key of it leads somewhere in a running browser."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tui.browser import keys
from tui.browser.actions import ACTIONS
from tui.browser.pane import MOVES

IDS = [key.id for key in keys.KEYS]
ENDS = ("quit", "interrupt", "suspend")


def test_no_id_is_there_twice():
    assert [one for one, count in Counter(IDS).items() if count > 1] == []


def test_no_key_is_there_twice():
    counted = Counter(name for key in keys.KEYS for name in key.keys)
    assert [name for name, count in counted.items() if count > 1] == []


def test_every_action_and_every_move_has_a_key():
    assert set(ACTIONS) | set(MOVES) <= set(IDS)


def test_no_id_is_both_a_move_and_an_action():
    assert not set(ACTIONS) & set(MOVES)


@pytest.mark.parametrize("key", keys.KEYS, ids=IDS)
def test_every_key_can_be_read_and_says_what_it_does(key):
    assert key.keys
    assert key.shown
    assert key.help
    assert key.help == key.help.strip()
    assert not key.help.endswith(".")


def test_the_footer_fits_80_columns_and_is_ascii():
    assert len(keys.footer()) <= 80
    assert keys.footer().isascii()


def test_the_footer_leads_to_the_help_and_out():
    assert "? help" in keys.footer()
    assert "q quit" in keys.footer()


def test_the_help_lists_every_key_once_under_its_heading():
    lines = keys.help_lines()
    for key in keys.KEYS:
        (line,) = [one for one in lines if re.split(" {2,}", one.strip()) == [key.shown, key.help]]
        heading = [one for one in lines[: lines.index(line)] if one and not one.startswith(" ")][-1]
        assert heading == key.group


def test_the_help_fits_80_columns_and_keeps_keys_apart_from_words():
    for line in keys.help_lines():
        assert len(line) <= 80
        assert not line.startswith("  ") or "  " in line[3:]


def test_the_help_can_be_shown_in_ascii_alone():
    assert "".join(keys.help_lines(ascii_only=True)).isascii()
    assert "  j Down     down" in keys.help_lines(ascii_only=True)


def test_the_readme_table_has_a_row_for_every_key():
    rows = keys.markdown().splitlines()
    assert len(rows) == 2 + len(keys.KEYS)
    assert all(row.startswith("| ") and row.endswith(" |") for row in rows)
    assert all(row.replace("\\|", "").count("|") == 3 for row in rows)


def test_every_key_is_acted_on_in_a_running_browser(browser):
    pressed = []

    async def press_all(app, pilot) -> None:
        for one in (one for one in IDS if one not in ENDS):
            app.action_key(one)  # an id that nothing handles raises
            pressed.append(one)
            if app.prompting:
                app.stop_prompt()
            await pilot.pause()

    browser(press_all)
    assert pressed == [one for one in IDS if one not in ENDS]
