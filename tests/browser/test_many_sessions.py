"""Twenty people on one machine: each has a session that works and is of moderate size."""

import pytest

from ..processes import LIMIT, children, needs_proc, proportional_set_size

SESSIONS = 20
MEMORY = 200  # MB, in proportion to what is shared


@pytest.fixture
def sessions(terminal):
    screens = [terminal(["-m", "tui"], 80, 24) for _ in range(SESSIONS)]
    for screen in screens:
        screen.patience = SESSIONS / 2 * LIMIT  # they begin at once, perhaps on a single core
    return screens


@needs_proc
def test_twenty_sessions_at_once_all_answer_and_are_each_of_moderate_size(sessions):
    for screen in sessions:
        screen.wait_complete()
    for screen in sessions:
        screen.press("j", "v")
    for screen in sessions:
        screen.wait_for("visits 2/24")
        screen.wait_for("| value |")
    each = [[screen.pid, *children(screen.pid)] for screen in sessions]
    assert {len(processes) for processes in each} == {2}
    assert max(map(proportional_set_size, each)) < MEMORY
