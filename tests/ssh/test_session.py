"""The program over SSH: logged in on a pty, without one, and in a shell with job control."""

import os
import signal
import subprocess

import pytest

from ..processes import alive, wait_gone

TO_SHELL = b"\x1b[?1049l"


def test_the_program_is_browsed_and_left_over_ssh(login, server):
    screen = login()
    screen.wait_complete()
    screen.press("j", "j")
    screen.wait_for("visits 3/24")
    screen.press("pagedown")
    screen.wait_for("visits 24/24")
    screen.press("p")
    screen.wait_for("Choose the endpoint")
    screen.press("gluc", "\r")
    screen.wait_for("Fasting plasma glucose")
    screen.wait_for("mg/dL")
    screen.press("q")
    assert screen.wait_ended() == 0
    assert screen.is_restored
    assert screen.modes_now == screen.modes
    wait_gone(server.processes)


@pytest.mark.parametrize("ending", ["SIGTERM", "SIGHUP"])
def test_a_signal_to_the_program_restores_the_terminal_it_was_started_from(login, server, ending):
    screen = login()
    screen.wait_complete()
    ours, parents = server.processes("tui"), alive()
    (program,) = {pid for pid in ours if parents[pid] not in ours}  # the other one is its engine
    os.kill(program, getattr(signal, ending))
    assert screen.wait_ended() == 0
    assert screen.is_restored
    assert screen.modes_now == screen.modes
    wait_gone(server.processes)


def test_a_shell_has_its_terminal_back_while_the_program_is_suspended_and_when_it_ended(
    login, server, program
):
    screen = login(command=("env", "PS1=ready> ", "sh", "-i"))

    def modes(after: str) -> str:
        """The modes of the terminal on the other side, as its shell sees them."""
        start = len(screen.raw)
        screen.press(f"clear; echo {after} $(stty -g)\r")
        screen.wait_until(lambda: screen.raw[start:].count(f"{after} ".encode()) == 2)
        screen.wait_for("ready>")
        return screen.raw[start:].decode().rpartition(f"{after} ")[2].split()[0]

    screen.wait_for("ready>")
    before = modes("before")
    screen.press(" ".join(program) + "\r")
    screen.wait_complete()
    screen.press("j", "j")
    screen.wait_for("visits 3/24")
    screen.rest()
    shown = screen.text
    screen.press("\x1a")
    screen.wait_until(lambda: TO_SHELL in screen.raw)
    screen.wait_for("ready>")
    assert screen.is_restored
    assert modes("suspended") == before
    screen.press("fg\r")
    screen.wait_until(lambda: screen.text == shown)
    screen.press("q")
    screen.wait_for("ready>")
    assert screen.is_restored
    assert modes("ended") == before
    screen.press("exit\r")
    assert screen.wait_ended() == 0
    wait_gone(server.processes)


@pytest.mark.parametrize("given", [{"LANG": None}, {"LANG": "C.UTF-8", "LC_ALL": "C"}])
def test_without_a_locale_of_utf_8_on_the_other_side_only_ascii_is_sent(login, given):
    screen = login(**given)
    screen.wait_complete()
    screen.press("?")
    screen.wait_until(lambda: screen.lines[-2].startswith("help "))
    screen.rest()
    assert screen.raw.isascii()


def test_a_locale_of_utf_8_that_the_other_side_does_not_know_is_one_all_the_same(login):
    screen = login(LANG="xx_XX.UTF-8")
    screen.wait_complete()
    assert not screen.text.isascii()
    assert "\ufffd" not in screen.text


def test_a_terminal_that_cannot_draw_is_refused_with_the_command_to_use_instead(login):
    screen = login(TERM="dumb")
    assert screen.wait_ended() == 2
    (said,) = screen.raw.decode().splitlines()
    assert said.startswith("trialdeck: The browser cannot draw on this terminal (TERM=dumb).")
    assert said.endswith("trialdeck show visits")


def test_without_a_terminal_the_browser_is_refused_with_the_command_to_use_instead(server, program):
    done = subprocess.run(server.client(*program), capture_output=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stdout == b""
    (said,) = done.stderr.decode().splitlines()
    assert said.startswith("trialdeck: The browser needs a terminal for input and output.")
    assert said.endswith("trialdeck show visits")


def test_without_a_terminal_the_same_is_printed_as_here(server, program, trialdeck):
    shown = ("show", "visits", "--visits", "12")
    done = subprocess.run(
        server.client(*program, *shown), capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == trialdeck(*shown, LANG="C").out
