"""What `y` sends: the text of a cell or of rows, in which nothing acts on a terminal."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.browser.clipboard import MOST, cell, rows, sent
from tui.errors import TrialdeckError
from tui.report.table import Column, Table

COLUMNS = (Column("arm", "Arm", "left"), Column("term", "Term", "left"), Column("n", "n"))
TABLE = Table(
    "", COLUMNS, (("● 0.3 M/kg", "  Back pain, left", "3 (1.2%) "), ("  ?", "a\x1b]52;\tb", "-"))
)


def test_a_cell_is_sent_without_what_the_screen_adds_to_it():
    assert [cell(TABLE, 0, column) for column in range(3)] == [
        "0.3 M/kg", "Back pain, left", "3 (1.2%)",
    ]  # fmt: skip


def test_rows_are_sent_as_lines_of_csv_as_far_as_there_are_any():
    assert rows(TABLE, 0, 1) == '0.3 M/kg,"Back pain, left",3 (1.2%)'
    assert rows(TABLE, 0, 9).count("\n") == 1
    assert rows(TABLE, 1, 1) == "?,a^[]52;^Ib,-"


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), min_size=1, max_size=4))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_whatever_stands_in_the_data_nothing_that_is_sent_acts_on_a_terminal(data):
    text = rows(Table("", COLUMNS, tuple(data)), 0, len(data))
    assert all(one.isprintable() or one >= "\xa0" for one in text.replace("\n", ""))
    assert len(list(csv.reader(io.StringIO(text)))) <= len(data)


def test_it_is_said_to_be_sent_and_how_much():
    assert sent("8.22") == "sent to the terminal: 4 characters"
    assert sent("8") == "sent to the terminal: 1 character"
    assert sent("é" * (MOST // 2)).endswith(f" {MOST // 2} characters")


def test_more_than_a_terminal_takes_is_refused_with_what_to_do():
    with pytest.raises(TrialdeckError, match=r"74,996 bytes .* :copy FILE writes them"):
        sent("é" * (MOST // 2 + 1))
