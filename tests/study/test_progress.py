"""A long read tells how far it has come; a short one says nothing."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tui.report.terminal import showing_progress
from tui.study import progress

FILE = Path("adlb.sas7bdat")


@pytest.fixture
def told():
    """What a listener is told of reports at these seconds."""

    def run(*reports):
        clock = iter([at for at, *_ in reports])
        heard = []
        with progress.told_to(lambda *said: heard.append(progress.said(*said)), clock.__next__):
            for _, done, total in reports:
                progress.report(FILE, done, total)
        return heard

    return run


def test_a_read_of_less_than_half_a_second_says_nothing(told):
    assert told((0, 1, 10), (0.2, 5, 10), (0.49, 10, 10)) == []


def test_a_longer_one_says_how_far_it_has_come_five_times_a_second_at_most(told):
    reports = [(0, 1, 10), (0.6, 4, 10), (0.7, 5, 10), (0.85, 6, 10)]
    assert told(*reports) == ["reading adlb.sas7bdat 40 %", "reading adlb.sas7bdat 60 %"]


def test_each_read_has_its_own_half_second(told):
    assert told((0, 1, 2), (0.4, 2, 2), (0.5, 1, 2), (0.9, 2, 2)) == []


def test_without_a_listener_nothing_is_kept():
    progress.report(FILE, 1, 2)
    with progress.told_to(lambda *said: None):
        pass
    progress.report(FILE, 2, 2)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_on_a_terminal_the_line_is_cleared_and_shows_no_control_sequence():
    clock = iter([0.0, 1.0])
    stream = Terminal()
    with showing_progress(stream, clock.__next__):
        progress.report(Path("a\x1b[31m.xpt"), 1, 4)
        progress.report(Path("a\x1b[31m.xpt"), 2, 4)
    assert stream.getvalue() == "\r\x1b[Kreading a^[[31m.xpt 50 %\r\x1b[K"


def test_elsewhere_nothing_is_written():
    stream = io.StringIO()
    with showing_progress(stream):
        progress.report(FILE, 1, 2)
    assert stream.getvalue() == ""
