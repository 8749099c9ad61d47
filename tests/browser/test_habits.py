"""What hands are used to, on a terminal: counts, rows kept and sorted, Tab, copying, own keys."""

from __future__ import annotations

import base64
import re

import pytest

TUI = ["-m", "tui"]
LETTER = 400  # bytes for a letter of a command, its candidates included; measured: at most 191
CLIPBOARD = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


@pytest.fixture
def screen(terminal):
    """The built-in study, complete, at 120 x 40."""
    screen = terminal(TUI)
    screen.wait_complete()
    return screen


def sent(screen, *keys: str) -> str:
    """What a terminal's clipboard holds after keys."""
    start = len(screen.raw)
    screen.press(*keys)
    screen.wait_until(lambda: CLIPBOARD.search(screen.raw, start) is not None)
    screen.rest()
    found = CLIPBOARD.findall(screen.raw[start:])
    assert len(found) == 1
    return base64.b64decode(found[0], validate=True).decode()


# -- counts


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ("5j", "visits 6/24"),  # no pane has the digit: it begins a count by itself
        ("#12j", "visits 13/24"),
        ("#10G", "visits 10/24"),
        ("#10g", "visits 10/24"),
        ("G#20k", "visits 4/24"),
        ("#99999999999999999999j", "visits 24/24"),
        ("#0j", "visits 2/24"),
        ("9\x1bj", "visits 2/24"),  # Esc takes a count back
        (":12\r", "visits 12/24"),
        (":+5\r:-2\r", "visits 4/24"),
        (":0\r", "visits 1/24"),
    ],
)
def test_a_count_goes_to_the_key_after_it(screen, keys, place):
    screen.press("G", "g")
    screen.wait_for("visits 1/24")
    for key in re.findall(r":[^\r]*\r|.", keys, re.DOTALL):
        screen.press(key)
        screen.rest(0.15 if key == "\x1b" else 0.02)
    screen.wait_for(place)


def test_the_digits_of_the_panes_go_to_them_at_once_and_a_count_is_seen(screen):
    screen.press("1")
    screen.wait_for("arms 1/4")
    screen.press("#")
    screen.wait_for("count ...")
    screen.press("3")
    screen.wait_for("count 3")
    screen.press("j")
    screen.wait_for("arms 4/4")


def test_panes_on_other_keys_leave_all_digits_to_counts(terminal, tmp_path):
    lines = "".join(f'pane_{n} = ["f{n + 4}"]\n' for n in range(1, 5))
    own_keys(tmp_path, f"[keys]\n{lines}")
    screen = terminal(TUI, XDG_CONFIG_HOME=str(tmp_path))
    screen.wait_complete()
    screen.press(*"12j")
    screen.wait_for("visits 13/24")
    screen.press("\x1b[19~")  # F8
    screen.wait_for("events 1/41")


# -- rows kept and sorted


def test_rows_are_kept_sorted_and_shown_again_and_the_command_keeps_all(screen):
    screen.press("4", "&")
    screen.wait_for("keep the rows with this text")
    screen.press("moderate\r")
    screen.wait_for("only 'moderate': 10 of 41")
    screen.wait_for("events 1/10")
    screen.press("1")
    screen.wait_for("4 Adverse events by day of onset  only 'moderate': 10 of 41")
    screen.press("4", "s")
    screen.wait_for("sort ")
    screen.wait_for("Day  Subject  Arm")
    screen.press("te", "\t", "\r")
    screen.wait_for("Term ↑")
    screen.press("s")
    screen.wait_for("Term ↓")
    screen.press("Y")
    screen.wait_for("trialdeck show events (all rows, in their own order)")
    screen.rest()
    screen.press("\x1b")
    screen.wait_for("/41  by Term ↓")
    screen.press("s")
    screen.wait_until(lambda: "Term ↓" not in screen.text)


def test_enter_opens_what_is_at_the_cursor_of_the_rows_that_are_shown(screen):
    screen.press("4", "&")
    screen.wait_for("keep the rows")
    screen.press("rash\r")
    screen.wait_for("only 'rash': 1 of 41")
    (row,) = [line for line in screen.lines if "▸" in line and "Rash" in line]
    subject = re.search(r"MSB-DM003-\d\d-\d\d\d", row)[0]
    screen.press("\r")
    screen.wait_for(f"Subject {subject}")


def test_the_week_by_week_table_is_sorted_by_the_column_of_the_cursor(screen):
    screen.press("l", "l", "l", "s")
    screen.wait_for("Mean ↑")
    screen.press("g")
    screen.wait_for("Week 8    ◆ 2.0 M/kg  15 [  7.65]")
    screen.wait_for("visits 1/24  Observed, % Mean ↑")
    screen.press("c")  # the order stays when the columns change
    screen.wait_for("2 Visits  by Mean ↑")


def test_no_row_with_a_text_says_how_to_see_them_again(screen):
    screen.press("&", "nowhere\r")
    screen.wait_for("'nowhere' is in no row: Esc shows all")
    screen.press("\r", "y", "s", "j")
    screen.rest(0.3)
    screen.press("\x1b")
    screen.wait_for("visits 1/24")


@pytest.mark.parametrize(("keys", "page"), [("3", "trends"), ("B", "baseline")])
def test_where_there_is_no_table_the_keys_say_so(screen, keys, page):
    screen.press(keys)
    screen.wait_for(f"{page} ")
    for key, done in (("s", "sorted"), ("&", "kept")):
        screen.press(key)
        screen.wait_for(f"There is no table here whose rows could be {done}.")


# -- commands


def test_tab_completes_commands_and_values_in_few_bytes(screen):
    screen.press(":")
    screen.wait_for("a command")
    screen.rest()
    for letter in "endp":
        assert len(screen.answer(letter)) <= LETTER
    assert len(screen.answer("\t")) <= LETTER
    screen.wait_for("endpoint ")
    screen.wait_for("HBA1C  ")
    for letter in "gl":
        assert len(screen.answer(letter)) <= LETTER
    assert len(screen.answer("\t")) <= LETTER
    screen.wait_for("endpoint GLUC")
    screen.press("\r")
    screen.wait_for("Fasting plasma glucose")


def test_tab_goes_through_what_there_is_and_back(screen):
    screen.press(":theme ")
    screen.wait_for("neutral  dark  light")
    for key, shown in (("\t", "[neutral]"), ("\t", "[dark]"), ("\x1b[Z", "[neutral]")):
        assert len(screen.answer(key)) <= LETTER
        screen.wait_for(shown)
    screen.press("\t", "\r")
    screen.wait_for("theme dark: ")


def test_the_arrows_bring_back_what_was_said(screen):
    for words, said in (("visits 8", "visits 1/4"), ("reset visits", "/24")):
        screen.press(f":{words}\r")
        screen.wait_for(said)
    screen.press(":", "up")
    screen.wait_for("reset visits")
    screen.press("up", "up")
    screen.wait_for("visits 8")
    screen.press("down", "up", "\r")
    screen.wait_for("visits 1/4")


# -- copying


def test_a_cell_a_row_and_a_page_are_sent_to_the_terminal(screen):
    assert sent(screen, "y") == "Baseline"
    screen.wait_for("sent to the terminal: 8 characters")
    assert sent(screen, "l", "y") == "Placebo"
    rows = sent(screen, "#2y").splitlines()
    assert rows[0].startswith('Baseline,Placebo,16,8.22,0.84,0.21,8.25,"7.45, 8.60"')
    assert rows[1].startswith("Baseline,0.3 M/kg,15,8.31")
    assert sent(screen, "4", "y").startswith("-9,MSB-DM003-02-002,0.3 M/kg,Seasonal allergy,Mild")
    screen.press("B")
    screen.wait_for("Placebo (N=16)")
    page = sent(screen, "y")
    assert "Placebo (N=16)" in page
    assert "\x1b" not in page


def test_the_command_of_the_view_is_shown_and_sent(screen):
    screen.press(":method welch\r")
    screen.wait_for("Welch")
    assert sent(screen, "Y") == "trialdeck show visits --method welch"
    screen.wait_for("sent to the terminal: trialdeck show visits --method welch")


def test_what_was_sent_is_written_to_a_file_for_its_owner_and_over_none(screen, tmp_path):
    path = tmp_path / "cell.txt"
    sent(screen, "l", "l", "l", "y")
    screen.press(f":copy {path}\r")
    screen.wait_for("written to")
    screen.press(f":copy {path}\r")
    screen.wait_for("is there already")
    screen.press("\x1b")
    assert path.read_text() == "8.22\n"
    assert path.stat().st_mode & 0o777 == 0o600


# -- help, the tour, keys of one's own


def own_keys(folder, text: str) -> None:
    (folder / "trialdeck").mkdir()
    (folder / "trialdeck" / "keys.toml").write_text(text)


def test_help_begins_with_the_keys_of_the_pane_and_leads_back_to_the_page(screen):
    screen.press("4", "?")
    screen.wait_for("The adverse-event log")
    screen.rest()
    screen.press("\x1b")
    screen.wait_for("events 1/41")
    screen.press("!")
    screen.wait_for("notes 1/")
    screen.press("?")
    screen.wait_for("The notes on the data")
    screen.press("?")
    screen.wait_for("notes 1/")


def test_the_tour_is_offered_at_the_first_use_alone(terminal, tmp_path):
    first = {"TRIALDECK_NO_TOUR": None, "XDG_STATE_HOME": str(tmp_path)}
    screen = terminal(TUI, 80, 24, **first)
    screen.wait_complete()
    assert "visits 1/24" in screen.text
    assert "First time here? :tour" in screen.lines[22]
    assert len(screen.raw) <= 5_000
    assert len(screen.answer("j")) <= 60
    screen.press(":tour\r")
    screen.wait_for("Six keys to begin with")
    screen.wait_for("tour 18/18")
    screen.press("\x1b")
    screen.wait_for("visits 2/24")
    assert "First time" not in screen.text
    screen = terminal(TUI, 80, 24, **first)
    screen.wait_complete()
    assert "First time" not in screen.text


def test_keys_of_ones_own_work_and_are_those_of_footer_and_help(terminal, tmp_path):
    own_keys(
        tmp_path, '[keys]\nquit = ["x", "f9"]\nclose = ["b"]\ndown = ["ctrl+n"]\nnotes = ["%"]'
    )
    screen = terminal(TUI, 80, 24, XDG_CONFIG_HOME=str(tmp_path))
    screen.wait_for("3 data notes (%)")
    screen.wait_for("x quit")
    screen.press("q", "j")
    screen.press("\x0e")
    screen.wait_for("visits 2/24")
    screen.press("?")
    screen.wait_for("(b goes back)")
    screen.press("b")
    screen.wait_for("visits 2/24")
    screen.press("/xb")  # letters are letters in a prompt, and Esc leaves it
    screen.wait_for("xb")
    screen.press("\x1b")
    screen.wait_for("x quit")
    screen.press("x")
    assert screen.wait_ended() == 0


def test_a_conflict_of_keys_ends_the_start_with_a_sentence_and_draws_nothing(terminal, tmp_path):
    own_keys(tmp_path, '[keys]\nquit = ["j"]\n')
    screen = terminal(TUI, XDG_CONFIG_HOME=str(tmp_path))
    assert screen.wait_ended() == 2
    said = screen.raw.decode()
    assert said.endswith("The key 'j' is that of down and quit: give down another key.\r\n")
    assert "\x1b" not in said
