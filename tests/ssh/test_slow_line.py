"""150 ms for a round trip and 256 kbit/s: the screens are those of a terminal at the machine.

What the line costs is bytes; times are measured by tests/bench/bench_terminal.py.
"""

QUIET = 0.6  # seconds without a byte after which an answer counts as complete: four round trips
FIRST_SCREEN = 7_000
MOST = {"j": 50, "down": 50, "k": 50, "pagedown": 100, "c": 1_800, "v": 2_500, "4": 250}


def test_the_same_keys_lead_to_the_same_screens_in_the_bytes_that_a_slow_line_carries(
    login, line, server
):
    here, there = login(), login(port=line.port)
    here.wait_complete()
    there.wait_until(lambda: there.text == here.text)
    there.rest(QUIET)
    assert len(there.raw) <= FIRST_SCREEN
    for key, most in MOST.items():
        here.answer(key, quiet=QUIET)
        sent = there.answer(key, quiet=QUIET)
        there.wait_until(lambda: there.text == here.text)
        assert len(sent) <= most, (key, len(sent))
    for screen in (here, there):
        screen.press("2", "g", "p")
        screen.wait_for("Choose the endpoint")
        screen.press("gluc", "\r")
        screen.wait_for("Fasting plasma glucose")
    here.rest(QUIET)
    there.wait_until(lambda: there.text == here.text)
    for screen in (here, there):
        screen.press("q")
        assert screen.wait_ended() == 0
        assert screen.is_restored


def test_keys_that_are_held_are_all_taken_and_cost_no_more_than_they_show(login, line):
    screen = login(port=line.port)
    screen.wait_complete()
    screen.rest(QUIET)
    sent = screen.answer(*["down"] * 20, quiet=QUIET)
    screen.wait_for("visits 21/24")
    assert len(sent) <= 20 * MOST["j"]
