"""The one table of keys, and that every key of it leads somewhere in a running browser."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tui.browser import help, keys
from tui.browser.actions import ACTIONS
from tui.browser.keys import DEFAULT
from tui.browser.pane import MOVES
from tui.browser.view import PANES, TABLE_PAGES, View

IDS = [key.id for key in keys.KEYS]
ENDS = ("quit", "interrupt", "suspend")
PLACES = [
    *(View(pane=name) for name in PANES),
    View(pane="events", incidence=True),
    *(View(page="help", about=page) for page in (*TABLE_PAGES, "power", "subject")),
]


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


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("j", "j"), ("G", "G"), ("+", "+"), ("ctrl+d", "Ctrl+D"),
        ("shift+tab", "Shift+Tab"), ("pagedown", "PgDn"), ("up", "↑"), ("f12", "F12"),
    ],
)  # fmt: skip
def test_a_key_is_shown_as_it_stands_on_a_keyboard(key, shown):
    assert keys.shown(key) == shown


def test_the_footer_fits_80_columns_and_is_ascii():
    assert len(DEFAULT.footer()) <= 80
    assert DEFAULT.footer().isascii()


def test_the_footer_leads_to_the_help_and_out():
    assert "? help" in DEFAULT.footer()
    assert "q quit" in DEFAULT.footer()


def test_the_help_lists_every_key_under_its_heading():
    lines = help.help_lines(View(), DEFAULT, False)
    lines = lines[lines.index("") :]
    for key in keys.KEYS:
        (line,) = [one for one in lines if re.split(" {2,}", one.strip()) == [key.shown, key.help]]
        heading = [one for one in lines[: lines.index(line)] if one and not one.startswith(" ")][-1]
        assert heading == key.group


@pytest.mark.parametrize("view", PLACES, ids=lambda view: view.about or view.table or view.pane)
def test_the_help_begins_with_the_keys_of_the_place_it_is_asked_on(view):
    place = view.about or view.table or view.pane
    name, said = help.PLACES.get(place, (f"The {place} page", None))
    lines = help.help_lines(view, DEFAULT, False)
    assert lines[0] == name
    shown = lines[1 : lines.index("")]
    assert len(shown) >= 2
    for id, text in said or ():
        assert any(DEFAULT.key(id).shown in line and line.endswith(text) for line in shown)
    assert len(shown) <= 12


def test_the_help_fits_80_columns_and_keeps_keys_apart_from_words():
    for view in PLACES:
        for line in help.help_lines(view, DEFAULT, False):
            assert len(line) <= 80
            assert not line.startswith("  ") or "  " in line[3:]


def test_help_and_tour_can_be_shown_in_ascii_alone():
    assert "".join(help.help_lines(View(), DEFAULT, True)).isascii()
    assert "  j Down     down" in help.help_lines(View(), DEFAULT, True)
    assert "".join(help.tour_lines(DEFAULT, True)).isascii()


def test_the_tour_fits_one_page_of_80x24_and_leads_to_the_help_and_out():
    lines = help.tour_lines(DEFAULT, False)
    assert len(lines) <= 24 - 6  # the header's three lines, the title, the status and the footer
    assert all(len(line) <= 80 for line in lines)
    text = "\n".join(lines)
    assert "Six keys" in text
    assert "q leaves" in text
    for key in ("open", "endpoint", "method", "details", "command", "help"):
        assert re.search(rf"^  .*{re.escape(DEFAULT.hint(key))} ", text, re.MULTILINE)


def test_the_readme_table_has_a_row_for_every_key():
    rows = DEFAULT.markdown().splitlines()
    assert len(rows) == 2 + len(keys.KEYS)
    assert all(row.startswith("| ") and row.endswith(" |") for row in rows)
    assert all(row.replace("\\|", "").count("|") == 4 for row in rows)


def test_keys_of_ones_own_are_those_of_the_footer_the_help_the_tour_and_the_table():
    keymap = DEFAULT.with_keys({"help": ("f2",), "down": ("é", "|"), "back": ()})
    assert "F2 help" in keymap.footer()
    assert "  é |        down" in help.help_lines(View(), keymap, False)
    assert "  (none)     the view before" in help.help_lines(View(), keymap, False)
    assert any(line.startswith("  F2 ") for line in help.tour_lines(keymap, False))
    assert "| `é \\|` | `down` | down |" in keymap.markdown()
    assert keymap.functions["é"] == "down"
    assert "j" not in keymap.functions


def test_every_key_is_acted_on_in_a_running_browser(browser):
    pressed = []

    async def press_all(app, pilot) -> None:
        for one in (one for one in IDS if one not in ENDS):
            await app.act(one)  # an id that nothing handles raises
            pressed.append(one)
            if app.prompting:
                app.asking.stop()
            await pilot.pause()

    browser(press_all)
    assert pressed == [one for one in IDS if one not in ENDS]
