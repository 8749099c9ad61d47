"""The first use is known once, and remembered by an empty file that nobody else can read."""

from __future__ import annotations

import pytest

from tui.browser.first_use import is_first


def test_the_first_use_is_the_first_alone_and_leaves_an_empty_file(tmp_path):
    environ = {"HOME": str(tmp_path)}
    assert [is_first(environ) for _ in range(3)] == [True, False, False]
    (path,) = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert path == tmp_path / ".local" / "state" / "trialdeck" / "tour-offered"
    assert path.read_bytes() == b""
    assert path.stat().st_mode & 0o777 == 0o600


def test_state_is_kept_where_the_desktop_specification_says(tmp_path):
    state = tmp_path / "state"
    assert is_first({"HOME": "/nowhere", "XDG_STATE_HOME": str(state)})
    assert (state / "trialdeck" / "tour-offered").exists()


@pytest.mark.parametrize(
    "environ",
    [{}, {"HOME": ""}, {"HOME": "/dev/null"}, {"HOME": "/proc/nowhere"}, {"HOME": "/a\0b"}],
)
def test_where_it_cannot_be_remembered_nothing_is_offered_and_nothing_breaks(environ):
    assert not is_first(environ)


def test_the_offer_can_be_turned_off_and_then_nothing_is_written(tmp_path):
    assert not is_first({"HOME": str(tmp_path), "TRIALDECK_NO_TOUR": "1"})
    assert list(tmp_path.iterdir()) == []
