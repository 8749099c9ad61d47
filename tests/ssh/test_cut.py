"""A connection that ends in the middle, or is stuck: nothing is left that runs or grows."""

import signal

import pytest

from ..processes import proportional_set_size, wait_gone, wait_idle

MEMORY = 200  # MB


def drop_the_line(screen, line):
    line.cut()


def kill_the_client(screen, line):
    screen.signal(signal.SIGKILL)


@pytest.mark.parametrize("cut", [drop_the_line, kill_the_client])
def test_a_connection_that_is_cut_leaves_no_process(login, line, server, cut):
    screen = login(port=line.port)
    screen.wait_complete()
    assert len(server.processes()) >= 2  # the browser and its engine
    screen.press("c")
    cut(screen, line)
    screen.wait_ended()
    assert screen.modes_now[3] == screen.modes[3] or cut is kill_the_client
    wait_gone(server.processes)


def test_a_connection_that_is_cut_while_the_data_are_read_leaves_no_process(login, line, server):
    screen = login(port=line.port)
    screen.wait_until(lambda: len(server.processes("tui")) == 2)  # the browser and its engine
    line.cut()
    screen.wait_ended()
    wait_gone(server.processes)


def test_a_connection_that_is_cut_while_the_program_is_suspended_leaves_no_process(
    login, line, server, program
):
    screen = login(command=("env", "PS1=ready> ", "sh", "-i"), port=line.port)
    screen.wait_for("ready>")
    screen.press(" ".join(program) + "\r")
    screen.wait_complete()
    screen.press("\x1a")
    screen.wait_for("ready>")
    line.cut()
    screen.wait_ended()
    wait_gone(server.processes)


def test_a_line_that_is_stuck_stops_the_program_and_not_for_good(login, line, server):
    screen = login(port=line.port)
    screen.wait_complete()
    before = proportional_set_size(server.processes())
    screen.press(*"cccc" * 25)  # four sets of columns in turn: it ends where it began
    line.stall()
    screen.press("j")
    wait_idle(server.processes())
    assert proportional_set_size(server.processes()) < min(before + 20, MEMORY)
    line.go_on()
    screen.wait_for("visits 2/24")
    screen.press("v")
    screen.wait_for("| value |")


def test_a_line_that_is_stuck_and_then_cut_leaves_no_process(login, line, server):
    screen = login(port=line.port)
    screen.wait_complete()
    screen.press(*"c" * 100)
    line.stall()
    wait_idle(server.processes())
    line.cut()
    screen.wait_ended()
    wait_gone(server.processes)
