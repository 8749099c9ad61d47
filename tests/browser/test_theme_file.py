"""The theme that was chosen is there again, where the user has a folder for it."""

from __future__ import annotations

import pytest

from tui.browser import theme_file
from tui.errors import TrialdeckError


@pytest.fixture
def environ(tmp_path):
    (tmp_path / "trialdeck").mkdir()
    return {"XDG_CONFIG_HOME": str(tmp_path)}


def test_a_theme_is_kept_beside_the_keys_for_its_owner_alone(environ, tmp_path):
    assert theme_file.load(environ) is None
    assert theme_file.keep(environ, "dark") == "kept for the next session"
    assert theme_file.keep(environ, "light") == "kept for the next session"
    assert theme_file.load(environ) == "light"
    (path,) = (tmp_path / "trialdeck").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("environ", [{}, {"HOME": "/nowhere"}, {"XDG_CONFIG_HOME": "/dev/null"}])
def test_without_the_folder_nothing_is_written_and_that_is_said(environ):
    assert theme_file.load(environ) is None
    assert theme_file.keep(environ, "dark").startswith("for this session, as there is no ")


@pytest.mark.parametrize("text", ["", "pink", "dark\nlight", "x" * 1000])
def test_a_file_that_names_no_theme_is_said_with_its_path(environ, text):
    path = theme_file.place(environ)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TrialdeckError, match=f"^{path}"):
        theme_file.load(environ)


def test_what_is_picked_is_there_at_the_next_start_unless_an_option_says_otherwise(
    terminal, environ
):
    def started(*options: str):
        screen = terminal(["-m", "tui", *options], 80, 24, **environ)
        screen.wait_for("ANCOVA at each visit")
        return screen

    screen = started()
    screen.press("Tmono\r")
    screen.wait_for("theme mono: no color at all; kept for the next session")
    screen.press("q")
    screen.wait_ended()
    colors = [b"\x1b[38;5;" in screen.raw for screen in (started(), started("--theme", "neutral"))]
    assert colors == [False, True]
