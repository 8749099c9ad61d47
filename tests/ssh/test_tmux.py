"""The program in tmux on the other side: detached, and attached again at another size."""

import shutil

import pytest

from ..processes import wait_gone

DETACH = "\x02d"


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_a_session_that_was_detached_is_whole_again_at_another_size(
    login, server, program, tmp_path
):
    (tmp_path / "tmux.conf").write_text("set -g status off\n")
    tmux = ("tmux", "-u", "-f", str(tmp_path / "tmux.conf"), "-S", str(tmp_path / "socket"))
    first = login(command=(*tmux, "new-session", *program))
    first.wait_complete()
    first.press("j", "j")
    first.wait_for("visits 3/24")
    first.press(DETACH)
    assert first.wait_ended() == 0
    assert server.processes("tui")

    plain = login(width=80, height=24)
    plain.wait_complete()
    plain.press("j", "j")
    plain.wait_for("visits 3/24")
    second = login(command=(*tmux, "attach"), width=80, height=24)
    second.wait_until(lambda: second.text == plain.text)
    plain.press("q")
    plain.wait_ended()

    second.press("q")
    assert second.wait_ended() == 0
    assert second.modes_now == second.modes
    wait_gone(server.processes)
