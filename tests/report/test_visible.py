"""Text from data that would act on a terminal."""

import pytest

from tui.report.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("Größe 漢字 e\u0301 🙂 [bold]", "Größe 漢字 e\u0301 🙂 [bold]"),
        ("no\u00a0break", "no\u00a0break"),
        ("a\x1b[31mb", "a^[[31mb"),
        ("tab\tline\nend\r\0\x7f", "tab^Iline^Jend^M^@^?"),
        ("\x9b31m", "<U+009B>31m"),
        ("\u202e21\u202c", "<U+202E>21<U+202C>"),
        ("\u2066x\u2069", "<U+2066>x<U+2069>"),
        ("\udcff", "<U+DCFF>"),
    ],
)
def test_what_acts_on_a_terminal_is_shown_and_the_rest_is_left_alone(text, shown):
    assert visible(text) == shown
    visible(text).encode()
